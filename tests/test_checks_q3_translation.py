# ruff: noqa: E501 - student code stands in one line
"""Encoder, decoder and translator, on student code that was really measured: right ones, and every mistake that must be caught."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from autograder.checks import CheckFailed, Evidence, NotRun, Student, Undecided
from autograder.model.execution import Answer, Ending, Execution
from autograder.model.submission import Notebook, Section, Submission
from reference import probes
from reference.judging.expected import Expected

ROOT = Path(__file__).resolve().parents[1]
SEED = 3
PARTS = ("encoder", "decoder", "translator")
QUESTIONS = {"RNN": "3.2", "LSTM": "3.3"}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tested_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


student_code = loaded(ROOT / "tests" / "probed" / "translation.py")
CHECKS = {kind: loaded(ROOT / "tests" / "checks" / f"q{question.replace('.', '_')}.py") for kind, question in QUESTIONS.items()}


def evidence_of(answers: Mapping[str, Answer], data_folder: Path, question: str, seed: int = SEED) -> Evidence:
    notebook = Notebook((), (Section(question, "", ()),))
    submission = Submission("one", "", "hw4.ipynb", "", (), notebook, b"")
    return Evidence(submission, Execution(Ending.FINISHED, answers=answers), "replay", "sample", data_folder, seed)


def outcomes(kind: str, source: str, measure, staged: Path, seed: int = SEED) -> dict[str, tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Outcome and sentence of each part's check."""
    question = QUESTIONS[kind]
    asked = [probe for probe in probes.plan(seed, staged) if probe.question == question]
    answers = measure(source, asked)
    evidence = evidence_of(answers, staged, question, seed)
    found = {}
    for part in PARTS:
        try:
            getattr(CHECKS[kind], f"check_{part}")(evidence, Student(evidence), Expected(evidence))
            found[part] = ("passed", "")
        except CheckFailed as verdict:
            found[part] = ("failed", verdict.sentence)
        except Undecided as verdict:
            found[part] = ("review", verdict.sentence)
        except NotRun as verdict:
            found[part] = ("not run", verdict.sentence)
    return found


ENCODED, DECODED = student_code.ENCODED, student_code.DECODED
ENCODER_RNN = "self.rnn = nn.{kind}(embedding_size, hidden_size, num_layers, dropout=0.5)\n        self.dropout = nn.Dropout(0.5)\n\n    def forward(self, x):\n"
STATE = {"RNN": "hidden", "LSTM": "hidden, cell"}
FIRST_LAYERS = "        self.embedding = nn.Embedding(input_size, embedding_size)\n"

Changes = list[tuple[str, str]]


def both(changes: dict[str, str]) -> dict[str, Changes]:
    return {kind: [(text.format(kind=kind), new.format(kind=kind)) for text, new in changes.items()] for kind in QUESTIONS}


ACCEPTED: dict[str, dict[str, Changes]] = {
    "as it is": {"RNN": [], "LSTM": []},
    "other attribute names, defined in another order": {
        kind: [
            ("self.rnn", "self.recurrent_part"),
            ("self.embedding", "self.words"),
            ("self.out(", "self.to_vocabulary("),
            ("self.out =", "self.to_vocabulary ="),
        ]
        for kind in QUESTIONS
    },
    "log-softmax outputs": {
        kind: [("self.out(output).squeeze(0)", "torch.log_softmax(self.out(output).squeeze(0), dim=1)")] for kind in QUESTIONS
    },
    "batch first with the right transposes": {
        "RNN": [
            ("dropout=0.5)", "dropout=0.5, batch_first=True)"),
            ("self.rnn(embedded)", "self.rnn(embedded.transpose(0, 1))"),
            (
                "output, after = self.rnn(embedded, hidden)",
                "output, after = self.rnn(embedded.transpose(0, 1), hidden)\n        output = output.transpose(0, 1)",
            ),
        ],
        "LSTM": [
            ("dropout=0.5)", "dropout=0.5, batch_first=True)"),
            ("self.rnn(embedded)", "self.rnn(embedded.transpose(0, 1))"),
            (
                DECODED["LSTM"],
                "output, (after, cell_after) = self.rnn(embedded.transpose(0, 1), (hidden, cell))\n        output = output.transpose(0, 1)",
            ),
        ],
    },
    "dropout as a function that knows the mode": {
        kind: [("self.dropout(self.embedding(x))", "torch.nn.functional.dropout(self.embedding(x), 0.5, self.training)")]
        for kind in QUESTIONS
    },
    "padding passed over": {
        "RNN": [
            (
                "output, hidden = self.rnn(embedded)",
                "output, hidden = self.rnn(nn.utils.rnn.pack_padded_sequence(embedded, (x != 1).sum(0), enforce_sorted=False))",
            )
        ],
        "LSTM": [
            (
                "output, (hidden, cell) = self.rnn(embedded)",
                "output, (hidden, cell) = self.rnn(nn.utils.rnn.pack_padded_sequence(embedded, (x != 1).sum(0), enforce_sorted=False))",
            )
        ],
    },
    "the start by its number": {kind: [("word = y[0]", "word = torch.full((batch,), 2)")] for kind in QUESTIONS},
    "batch first between the classes": {
        "RNN": [
            ("dropout=0.5)", "dropout=0.5, batch_first=True)"),
            ("self.encoder(x)", "self.encoder(x.t())"),
            ("x.unsqueeze(0)", "x"),
            ("self.decoder(word, hidden)", "self.decoder(word.unsqueeze(1), hidden)"),
            ("self.out(output).squeeze(0)", "self.out(output).squeeze(1)"),
        ],
        "LSTM": [
            ("dropout=0.5)", "dropout=0.5, batch_first=True)"),
            ("self.encoder(x)", "self.encoder(x.t())"),
            ("x.unsqueeze(0)", "x"),
            ("self.decoder(word, hidden, cell)", "self.decoder(word.unsqueeze(1), hidden, cell)"),
            ("self.out(output).squeeze(0)", "self.out(output).squeeze(1)"),
        ],
    },
    "classes made by functions": {
        kind: [
            (f"class {kind}Encoder(nn.Module)", "class Reader(nn.Module)"),
            (f"class {kind}Decoder", f"{kind}Encoder = lambda *sizes: Reader(*sizes)\n\nclass {kind}Decoder"),
        ]
        for kind in QUESTIONS
    },
    "other names of classes": {
        kind: [
            (f"class {kind}Encoder", "class Encoder"),
            (f"class {kind}Decoder", f"class Decoder{kind}"),
            (f"class {kind}Translator", "class Seq2Seq"),
        ]
        for kind in QUESTIONS
    },
    "a layer of the other kind that is not used": {
        kind: [("        self.dropout = nn.Dropout(0.5)\n", "        self.old = nn.GRU(2, 3)\n        self.dropout = nn.Dropout(0.5)\n")]
        for kind in QUESTIONS
    },
    "a dropout on the scores": {kind: [("self.out(output)", "self.dropout(self.out(output))")] for kind in QUESTIONS},
    "lists instead of tuples": {
        "RNN": [("return prediction, after", "return [prediction, after]")],
        "LSTM": [
            ("return prediction, after, cell_after", "return [prediction, after, cell_after]"),
            ("return hidden, cell", "return [hidden, cell]"),
        ],
    },
    "the state as one pair": {
        "RNN": [],
        "LSTM": [
            ("def forward(self, x, hidden, cell):", "def forward(self, x, state):"),
            ("self.rnn(embedded, (hidden, cell))", "self.rnn(embedded, state)"),
            ("return prediction, after, cell_after", "return prediction, (after, cell_after)"),
            ("hidden, cell = self.encoder(x)", "state = self.encoder(x)"),
            ("output, hidden, cell = self.decoder(word, hidden, cell)", "output, state = self.decoder(word, state)"),
        ],
    },
    "cells by hand, one a layer": {
        "RNN": [
            (
                "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)",
                "self.cells = nn.ModuleList([nn.RNNCell(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers)])",
            ),
            (
                ENCODED["RNN"],
                "states = [torch.zeros(x.shape[1], self.hidden_size) for _ in self.cells]\n        for step in embedded:\n            for k, cell in enumerate(self.cells):\n                states[k] = step = cell(step, states[k])\n        return torch.stack(states)",
            ),
            (
                "output, after = self.rnn(embedded, hidden)\n        prediction = self.out(output).squeeze(0)",
                "step, states = embedded[0], []\n        for k, cell in enumerate(self.cells):\n            step = cell(step, hidden[k])\n            states.append(step)\n        prediction, after = self.out(step), torch.stack(states)",
            ),
        ],
        "LSTM": [
            (
                "self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)",
                "self.cells = nn.ModuleList([nn.LSTMCell(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers)])",
            ),
            (
                ENCODED["LSTM"],
                "states = [(torch.zeros(x.shape[1], self.hidden_size),) * 2 for _ in self.cells]\n        for step in embedded:\n            for k, cell in enumerate(self.cells):\n                states[k] = cell(step, states[k])\n                step = states[k][0]\n        return torch.stack([h for h, c in states]), torch.stack([c for h, c in states])",
            ),
            (
                DECODED["LSTM"] + "\n        prediction = self.out(output).squeeze(0)",
                "step, states = embedded[0], []\n        for k, one in enumerate(self.cells):\n            states.append(one(step, (hidden[k], cell[k])))\n            step = states[-1][0]\n        prediction, after, cell_after = self.out(step), torch.stack([h for h, c in states]), torch.stack([c for h, c in states])",
            ),
        ],
    },
    "one layer after the other": {
        "RNN": [
            (
                "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)",
                "self.rnn = nn.ModuleList([nn.RNN(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers)])",
            ),
            (
                ENCODED["RNN"],
                "states = []\n        for layer in self.rnn:\n            embedded, state = layer(embedded)\n            states.append(state)\n        return torch.cat(states)",
            ),
            (
                DECODED["RNN"],
                "states, output = [], embedded\n        for k, layer in enumerate(self.rnn):\n            output, state = layer(output, hidden[k:k + 1])\n            states.append(state)\n        after = torch.cat(states)",
            ),
        ],
        "LSTM": [],
    },
    "one-hot vectors and a linear layer": {
        kind: [
            ("nn.Embedding(input_size, embedding_size)", "nn.Linear(input_size, embedding_size, bias=False)"),
            (
                "self.embedding(x))\n        " + ENCODED[kind].split("\n")[0],
                "self.embedding(torch.nn.functional.one_hot(x, self.embedding.in_features).float()))\n        "
                + ENCODED[kind].split("\n")[0],
            ),
        ]
        for kind in QUESTIONS
    },
    "layers without biases": {kind: [("dropout=0.5)", "dropout=0.5, bias=False)")] for kind in QUESTIONS},
    "teacher forcing in training only": {kind: [("force = random", "force = self.training and random")] for kind in QUESTIONS},
    "one draw a sentence, by torch": {
        kind: [
            ("        word = y[0]\n", "        word = y[0]\n        force = bool(torch.rand(1) < teacher_forcing_ratio)\n"),
            ("            force = random.random() < teacher_forcing_ratio\n", ""),
        ]
        for kind in QUESTIONS
    },
    "arguments in another order, given by name": {
        kind: [("input_size, embedding_size, hidden_size, num_layers):", "input_size, hidden_size, embedding_size, num_layers, dropout):")]
        for kind in QUESTIONS
    },
    "the encoder returns its outputs too and the translator knows": {
        "RNN": [("return hidden\n", "return output, hidden\n"), ("hidden = self.encoder(x)", "_, hidden = self.encoder(x)")],
        "LSTM": [
            ("return hidden, cell\n", "return output, (hidden, cell)\n"),
            ("hidden, cell = self.encoder(x)", "_, (hidden, cell) = self.encoder(x)"),
        ],
    },
    "the scores keep their time step and the translator knows": {
        kind: [
            ("self.out(output).squeeze(0)", "self.out(output)"),
            ("            outputs[t] = output\n", "            output = output[0]\n            outputs[t] = output\n"),
        ]
        for kind in QUESTIONS
    },
    "no device in the translator": {
        kind: [("encoder, decoder, device)", "encoder, decoder)"), ("self.device = device", "self.device = 'cpu'")] for kind in QUESTIONS
    },
    "a subclass of Tensor": {
        kind: [
            (f"return {STATE[kind]}\n", "return {}\n".format(", ".join(f"Own({part})" for part in STATE[kind].split(", ")))),
            ("import random\n", "import random, torch\nclass Own(torch.Tensor):\n    def __new__(cls, x): return x.as_subclass(cls)\n"),
        ]
        for kind in QUESTIONS
    },
}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, variant in ACCEPTED.items() for kind in variant if variant[kind] or name == "as it is"]
)
def test_right_solutions_pass(name: str, kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """However it is written, what computes the right values earns encoder, decoder and translator."""
    found = outcomes(kind, student_code.changed(kind, ACCEPTED[name][kind]), measure, staged)
    assert found == dict.fromkeys(PARTS, ("passed", ""))


# name: (changes by kind, {part: words of the sentence}); all other parts have to pass.
CAUGHT: dict[str, tuple[dict[str, Changes], dict[str, str]]] = {
    "dropout as a function that forgets evaluation mode": (
        {kind: [("self.dropout(self.embedding(x))", "torch.nn.functional.dropout(self.embedding(x), 0.5)")] for kind in QUESTIONS},
        {"encoder": "evaluation mode"},
    ),
    "dropout made anew in forward": (
        {kind: [("self.out(output).squeeze(0)", "self.out(nn.Dropout(0.3)(output)).squeeze(0)")] for kind in QUESTIONS},
        {"decoder": "evaluation mode"},
    ),
    "the embedding of the other vocabulary": (
        {
            kind: [
                (
                    f"class {kind}Decoder(nn.Module):\n    def __init__(self, output_size, embedding_size, hidden_size, num_layers):\n        super().__init__()",
                    f"class {kind}Decoder(nn.Module):\n    def __init__(self, output_size, embedding_size, hidden_size, num_layers):\n        super().__init__()\n        input_size = 30",
                ),
                ("nn.Embedding(output_size,", "nn.Embedding(input_size,"),
            ]
            for kind in QUESTIONS
        },
        {"decoder": "embedding is for 30 words"},
    ),
    "an embedding size of its own": (
        {
            kind: [
                (
                    "self.embedding = nn.Embedding(input_size, embedding_size)",
                    "embedding_size = 25\n        self.embedding = nn.Embedding(input_size, embedding_size)",
                )
            ]
            for kind in QUESTIONS
        },
        {"encoder": "vectors of size 25"},
    ),
    "the decoder's new state cut off": (
        {
            "RNN": [("return prediction, after", "return prediction, after.detach()")],
            "LSTM": [("return prediction, after, cell_after", "return prediction, after, cell_after.detach()")],
        },
        {"decoder": "no gradient goes back"},
    ),
    "the embedding cut off": (
        {kind: [(ENCODED[kind], ENCODED[kind].replace("(embedded)", "(embedded.detach())"))] for kind in QUESTIONS},
        {"encoder": "no gradient reaches embedding.weight"},
    ),
    "the state cut off between two words": (
        {
            "RNN": [("            outputs[t] = output\n", "            outputs[t] = output\n            hidden = hidden.detach()\n")],
            "LSTM": [("            outputs[t] = output\n", "            outputs[t] = output\n            cell = cell.detach()\n")],
        },
        {"translator": "part of the gradient"},
    ),
    "the encoder's state cut off": (
        {"RNN": [("return hidden\n", "return hidden.detach()\n")], "LSTM": [("return hidden, cell\n", "return hidden, cell.detach()\n")]},
        {"encoder": "no gradient goes back"},
    ),
    "the decoder's state cut off": (
        {
            "RNN": [("self.rnn(embedded, hidden)", "self.rnn(embedded, hidden.detach())")],
            "LSTM": [("self.rnn(embedded, (hidden, cell))", "self.rnn(embedded, (hidden, cell.detach()))")],
        },
        {"decoder": "no gradient goes back"},
    ),
    "encoding without gradients": (
        {
            kind: [(f"{STATE[kind]} = self.encoder(x)", f"with torch.no_grad():\n            {STATE[kind]} = self.encoder(x)")]
            for kind in QUESTIONS
        },
        {"translator": "no gradient goes back"},
    ),
    "the least likely word taken": (
        {kind: [("argmax(1)", "argmin(1)")] for kind in QUESTIONS},
        {"translator": "how the next word is chosen"},
    ),
    "output returned for hidden": (
        {"RNN": [("return hidden\n", "return output\n")], "LSTM": [("return hidden, cell\n", "return output, cell\n")]},
        {"encoder": "outputs of all"},
    ),
    "only the last layer's state": (
        {"RNN": [("return hidden\n", "return hidden[-1:]\n")], "LSTM": [("return hidden, cell\n", "return hidden[-1:], cell[-1:]\n")]},
        {"encoder": "last layer's state only"},
    ),
    "the last layer's state copied to all": (
        {
            "RNN": [("return hidden\n", "return hidden[-1:].repeat(self.num_layers, 1, 1)\n")],
            "LSTM": [
                ("return hidden, cell\n", "return hidden[-1:].repeat(self.num_layers, 1, 1), cell[-1:].repeat(self.num_layers, 1, 1)\n")
            ],
        },
        {"encoder": "copy of the last layer's"},
    ),
    "the state is not carried in the encoder": (
        {
            "RNN": [
                ("output, hidden = self.rnn(embedded)", "for step in embedded:\n            output, hidden = self.rnn(step.unsqueeze(0))")
            ],
            "LSTM": [
                (
                    "output, (hidden, cell) = self.rnn(embedded)",
                    "for step in embedded:\n            output, (hidden, cell) = self.rnn(step.unsqueeze(0))",
                )
            ],
        },
        {"encoder": "last word only"},
    ),
    "the prior state ignored": (
        {
            "RNN": [("self.rnn(embedded, hidden)", "self.rnn(embedded)")],
            "LSTM": [("self.rnn(embedded, (hidden, cell))", "self.rnn(embedded)")],
        },
        {"decoder": "ignored: it starts from zero"},
    ),
    "the old state returned": (
        {
            "RNN": [("return prediction, after", "return prediction, hidden")],
            "LSTM": [("return prediction, after, cell_after", "return prediction, hidden, cell")],
        },
        {"decoder": "passed in, not the new one"},
    ),
    "the state not carried from step to step": (
        {
            "RNN": [("output, hidden = self.decoder(word, hidden)", "output, _ = self.decoder(word, hidden)")],
            "LSTM": [("output, hidden, cell = self.decoder(word, hidden, cell)", "output, _, _ = self.decoder(word, hidden, cell)")],
        },
        {"translator": "not handed to its next step"},
    ),
    "the cell not carried from step to step": (
        {"LSTM": [("output, hidden, cell = self.decoder(word, hidden, cell)", "output, hidden, _ = self.decoder(word, hidden, cell)")]},
        {"translator": "cell state that the decoder returns"},
    ),
    "hidden and cell swapped in the encoder": ({"LSTM": [("return hidden, cell\n", "return cell, hidden\n")]}, {"encoder": "other order"}),
    "hidden and cell swapped in the decoder": (
        {"LSTM": [("self.rnn(embedded, (hidden, cell))", "self.rnn(embedded, (cell, hidden))")]},
        {"decoder": "exchanged"},
    ),
    "hidden and cell swapped on return": (
        {"LSTM": [("return prediction, after, cell_after", "return prediction, cell_after, after")]},
        {"decoder": "other order"},
    ),
    "hidden and cell swapped in the translator": (
        {"LSTM": [("hidden, cell = self.encoder(x)", "cell, hidden = self.encoder(x)")]},
        {"translator": "word by word"},
    ),
    "the cell dropped in the encoder": ({"LSTM": [("return hidden, cell\n", "return hidden, hidden\n")]}, {"encoder": "returned twice"}),
    "the cell zeroed in the encoder": (
        {"LSTM": [("return hidden, cell\n", "return hidden, torch.zeros_like(cell)\n")]},
        {"encoder": "all zero"},
    ),
    "the cell zeroed in the decoder": (
        {"LSTM": [("self.rnn(embedded, (hidden, cell))", "self.rnn(embedded, (hidden, torch.zeros_like(cell)))")]},
        {"decoder": "cell state that is passed in is ignored"},
    ),
    "the cell lost in the decoder": (
        {"LSTM": [("return prediction, after, cell_after", "return prediction, after, cell")]},
        {"decoder": "cell state is the one that was passed in"},
    ),
    "the number of layers ignored": (
        {kind: [("hidden_size, num_layers, dropout=0.5)", "hidden_size, 2, dropout=0.5)")] for kind in QUESTIONS},
        {"encoder": "number of layers", "decoder": ""},
    ),
    "the hidden size ignored": (
        {
            kind: [("hidden_size, num_layers, dropout=0.5)", "32, num_layers, dropout=0.5)"), ("nn.Linear(hidden_size,", "nn.Linear(32,")]
            for kind in QUESTIONS
        },
        {"encoder": "hidden size", "decoder": ""},
    ),
    "softmax before the loss": (
        {kind: [("self.out(output).squeeze(0)", "torch.softmax(self.out(output).squeeze(0), dim=1)")] for kind in QUESTIONS},
        {"decoder": "softmax is applied"},
    ),
    "an activation after the last layer": (
        {kind: [("self.out(output).squeeze(0)", "torch.relu(self.out(output).squeeze(0))")] for kind in QUESTIONS},
        {"decoder": "ReLU"},
    ),
    "a tanh after the last layer": (
        {kind: [("self.out(output).squeeze(0)", "torch.tanh(self.out(output).squeeze(0))")] for kind in QUESTIONS},
        {"decoder": "tanh"},
    ),
    "softmax along the batch": (
        {kind: [("self.out(output).squeeze(0)", "torch.softmax(self.out(output).squeeze(0), dim=0)")] for kind in QUESTIONS},
        {"decoder": "along the batch"},
    ),
    "batch first without transposes": (
        {kind: [("dropout=0.5)", "dropout=0.5, batch_first=True)")] for kind in QUESTIONS},
        {"encoder": "Batch and time", "decoder": ""},
    ),
    "reshaped instead of transposed": (
        {
            "RNN": [(ENCODED["RNN"], "embedded = embedded.reshape(x.shape[1], x.shape[0], -1).transpose(0, 1)\n        " + ENCODED["RNN"])],
            "LSTM": [
                (ENCODED["LSTM"], "embedded = embedded.reshape(x.shape[1], x.shape[0], -1).transpose(0, 1)\n        " + ENCODED["LSTM"])
            ],
        },
        {"encoder": "not transposing"},
    ),
    "the source's first word as start": (
        {kind: [("word = y[0]", "word = x[0] % self.decoder.output_size")] for kind in QUESTIONS},
        {"translator": "word by word"},
    ),
    "teacher forcing always on": (
        {kind: [("word = y[t] if force else output.argmax(1)", "word = y[t]")] for kind in QUESTIONS},
        {"translator": "even when the teacher forcing ratio is 0"},
    ),
    "teacher forcing always off": (
        {kind: [("word = y[t] if force else output.argmax(1)", "word = output.argmax(1)")] for kind in QUESTIONS},
        {"translator": "even when the teacher forcing ratio is 1"},
    ),
    "the ratio the wrong way round": (
        {kind: [("word = y[t] if force else", "word = y[t] if not force else")] for kind in QUESTIONS},
        {"translator": "wrong way round"},
    ),
    "the ratio taken as yes or no": (
        {kind: [("random.random() < teacher_forcing_ratio", "teacher_forcing_ratio > 0")] for kind in QUESTIONS},
        {"translator": "every time"},
    ),
    "the ratio rounded down": (
        {kind: [("random.random() < teacher_forcing_ratio", "int(teacher_forcing_ratio) == 1")] for kind in QUESTIONS},
        {"translator": "never"},
    ),
    "no row for the start": (
        {kind: [("return outputs", "return outputs[1:]")] for kind in QUESTIONS},
        {"translator": "row of the first word is missing"},
    ),
    "rows one too early": ({kind: [("outputs[t] = output", "outputs[t - 1] = output")] for kind in QUESTIONS}, {"translator": "first row"}),
    "the state of the encoder not used": (
        {
            "RNN": [("hidden = self.encoder(x)", "hidden = torch.zeros_like(self.encoder(x))")],
            "LSTM": [("hidden, cell = self.encoder(x)", "hidden, cell = [torch.zeros_like(part) for part in self.encoder(x)]")],
        },
        {"translator": "word by word"},
    ),
    "another kind of layer": (
        {
            "RNN": [("nn.RNN(", "nn.GRU(")],
            "LSTM": [
                ("nn.LSTM(embedding_size", "nn.GRU(embedding_size"),
                ("output, (hidden, cell) = self.rnn(embedded)", "output, hidden = self.rnn(embedded)\n        cell = hidden"),
                (DECODED["LSTM"], "output, after = self.rnn(embedded, hidden)\n        cell_after = cell"),
            ],
        },
        {"encoder": "nn.GRU", "decoder": "nn.GRU"},
    ),
    "both directions": (
        {
            "RNN": [
                (
                    "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)\n        self.dropout = nn.Dropout(0.5)\n\n    def forward(self, x):",
                    "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5, bidirectional=True)\n        self.dropout = nn.Dropout(0.5)\n\n    def forward(self, x):",
                )
            ]
        },
        {"encoder": "both directions"},
    ),
    "the scores keep their time step": (
        {kind: [("self.out(output).squeeze(0)", "self.out(output)")] for kind in QUESTIONS},
        {"decoder": "single time step"},
    ),
    "no linear layer": ({kind: [("self.out(output).squeeze(0)", "output.squeeze(0)")] for kind in QUESTIONS}, {"decoder": "linear layer"}),
    "values that are not numbers": (
        {kind: [("return prediction, after", "return prediction / 0 * 0, after")] for kind in QUESTIONS},
        {"decoder": "not finite"},
    ),
}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, (variant, _) in CAUGHT.items() for kind in variant])
def test_mistakes_are_caught_once(name: str, kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Each mistake fails the part that it is in, with a sentence that hints at it, and no other."""
    variants, expected = CAUGHT[name]
    found = outcomes(kind, student_code.changed(kind, variants[kind]), measure, staged)
    assert {part for part, (outcome, _) in found.items() if outcome != "passed"} == set(expected), found
    for part, words in expected.items():
        outcome, sentence = found[part]
        assert outcome == "failed"
        assert words in sentence
        assert f"{kind}{part.capitalize()}" in sentence or "not finite" in sentence


BY_HAND = """
import torch
import torch.nn as nn

class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.steps = nn.ModuleList([nn.Linear((embedding_size if k == 0 else hidden_size) + hidden_size, hidden_size) for k in range(num_layers)])

    def forward(self, x):
        states = [torch.zeros(x.shape[1], self.hidden_size) for _ in self.steps]
        for word in self.embedding(x):
            for k, step in enumerate(self.steps):
                states[k] = word = torch.tanh(step(torch.cat((word, states[k]), 1)))
        return torch.stack(states)

class RNNDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers, self.output_size = hidden_size, num_layers, output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.steps = nn.ModuleList([nn.Linear((embedding_size if k == 0 else hidden_size) + hidden_size, hidden_size) for k in range(num_layers)])
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden):
        word, states = self.embedding(x), []
        for k, step in enumerate(self.steps):
            word = torch.tanh(step(torch.cat((word, hidden[k]), 1)))
            states.append(word)
        return self.out(word), torch.stack(states)
""" + student_code.RIGHT["RNN"][student_code.RIGHT["RNN"].index("class RNNTranslator") :].replace(
    "random.random", "__import__('random').random"
)


def test_a_recurrence_by_hand_passes(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """The weights find their place in the matrices of the student's own step."""
    assert outcomes("RNN", BY_HAND, measure, staged) == dict.fromkeys(PARTS, ("passed", ""))


def test_a_recurrence_that_cannot_be_placed_is_left_to_a_person(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Behaviour is looked at, the translator is judged by its own parts."""
    scaled = BY_HAND.replace("torch.tanh(step(", "torch.tanh(0.9 * step(")
    found = outcomes("RNN", scaled, measure, staged)
    assert [found[part][0] for part in PARTS] == ["review", "review", "passed"], found


@pytest.mark.parametrize(
    ("text", "replacement", "part", "words"),
    [
        ("for word in self.embedding(x):", "for word in self.embedding(x)[-1:]:", "encoder", "last word only"),
        ("for word in self.embedding(x):", "for word in 0.9 * self.embedding(x)[-1:]:", "encoder", "does not depend on all of its input"),
        ("torch.cat((word, hidden[k]), 1)", "torch.cat((word, torch.zeros_like(hidden[k])), 1)", "decoder", "starts from zero"),
        (
            "torch.cat((word, hidden[k]), 1)",
            "torch.cat((0.9 * word, torch.zeros_like(hidden[k])), 1)",
            "decoder",
            "does not depend on all of its input",
        ),
        ("return torch.stack(states)\n\nclass", "return torch.stack(states[-1:])\n\nclass", "encoder", "instead of"),
        ("return torch.stack(states)\n\nclass", "return torch.stack(states).detach().requires_grad_()\n\nclass", "encoder", "never learn"),
    ],
)
def test_a_wrong_recurrence_by_hand_fails(text: str, replacement: str, part: str, words: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Known mistakes, inputs that change nothing, wrong shapes and parameters that never learn are clearly wrong."""
    assert text in BY_HAND
    outcome, sentence = outcomes("RNN", BY_HAND.replace(text, replacement), measure, staged)[part]
    assert outcome == "failed"
    assert words in sentence


@pytest.mark.parametrize("kind", QUESTIONS)
def test_more_parameters_than_asked_are_left_to_a_person(kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """A second linear layer in the decoder cannot be compared; it is neither right nor wrong by itself."""
    changes = [
        ("self.out(output)", "self.out(torch.tanh(self.between(output)))"),
        ("        self.out = nn", "        self.between = nn.Linear(hidden_size, hidden_size)\n        self.out = nn"),
    ]
    found = outcomes(kind, student_code.changed(kind, changes), measure, staged)
    assert [found[part][0] for part in PARTS] == ["passed", "review", "passed"]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_parameters_that_are_not_used_do_no_harm(kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """A layer left over from trying things out changes no value."""
    found = outcomes(
        kind,
        student_code.changed(kind, [("        self.out = nn", "        self.unused = nn.Linear(3, 3)\n        self.out = nn")]),
        measure,
        staged,
    )
    assert found == dict.fromkeys(PARTS, ("passed", ""))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_untouched_template_fails_kindly(kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Blanks that raise: each sentence names its class and the blank."""
    source = student_code.RIGHT[kind]
    for blank in (
        f"self.rnn = nn.{kind}(embedding_size, hidden_size, num_layers, dropout=0.5)",
        "hidden = self.encoder(x)",
        "hidden, cell = self.encoder(x)",
    ):
        source = source.replace(blank, 'raise NotImplementedError("a blank")')
    found = outcomes(kind, source, measure, staged)
    for part, (outcome, sentence) in found.items():
        assert outcome == "failed"
        assert sentence.startswith(f"{kind}{part.capitalize()}")
        assert sentence.endswith("(NotImplementedError: a blank).")


@pytest.mark.parametrize("kind", QUESTIONS)
def test_classes_that_are_not_there_fail_kindly(kind: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """An empty section."""
    found = outcomes(kind, "import torch", measure, staged)
    assert {outcome for outcome, _ in found.values()} == {"failed"}
    assert all("is defined" in sentence for _, sentence in found.values())


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_verdict_does_not_depend_on_the_seed(kind: str, seed: int, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """A right solution passes whatever is drawn."""
    assert outcomes(kind, student_code.RIGHT[kind], measure, staged, seed) == dict.fromkeys(PARTS, ("passed", ""))


def test_without_an_execution_a_person_decides(staged: Path) -> None:
    """In static mode nothing was probed; a kernel that died leaves the check not run."""
    evidence = evidence_of({}, staged, "3.2")
    static = dataclasses.replace(evidence, mode="static")
    elsewhere = evidence_of({}, staged, "4.1")
    for given, ending in ((evidence, NotRun), (static, Undecided), (elsewhere, Undecided)):
        with pytest.raises(ending):
            CHECKS["RNN"].check_encoder(given, Student(given), Expected(given))
