"""The checks of a translator's training: parameter count, given settings, reported loss and plot, on records and printed text."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import CheckFailed, Evidence, NotRun, Show, Student, Undecided
from autograder.model.execution import CellRun, CellStatus, Ending, Execution, Finding
from autograder.model.observations import Axes, DataPass, DrawnFigure, Line, LossCall, Network, Observations, RecurrentLayer, Step
from autograder.model.submission import Cell, CellKind, Figure, FigureOrigin, Notebook, Output, Section, Submission
from reference.judging.expected import Expected
from reference.judging.plots import judge_loss_plot, judge_reported_loss
from reference.judging.training import judge_parameter_count, judge_settings

CONSTANTS = {"HID_DIM": (512.0, 48.0), "ENC_EMB_DIM": (256.0, 32.0), "DEC_EMB_DIM": (256.0, 40.0)}
DATA = Finding("q3_1.data", {"sets": [{"vocabulary": {"source": 300, "target": 260}, "padding": {"source": 1, "target": 1}}]})
LOG = "The model has 8,381,701 trainable parameters\n" + "\n".join(
    f"Epoch: {n:02}\n\tTrain Loss: {5.1 - n / 10:.3f}\n\t Val. Loss: {5.3 + n / 100:.3f}" for n in range(1, 11)
)


def layer(kind: str, input_size: int, hidden_size: int = 48, num_layers: int = 2) -> RecurrentLayer:
    return RecurrentLayer(kind, input_size, hidden_size, num_layers, False, False, 0)


def network(
    kind: str = "RNN", *, source: int = 300, target: int = 260, decoder_words: int = 260, hidden: int = 48, layers: int = 2, more: int = 0
) -> Network:
    expected = Expected.__new__(Expected).parameter_count(
        kind, source=source, target=decoder_words, source_embedding=32, target_embedding=40, hidden=hidden, layers=layers
    )
    leaves = (
        ("Embedding", ((source, 32),)),
        (kind, ()),
        ("Embedding", ((decoder_words, 40),)),
        (kind, ()),
        ("Linear", ((decoder_words, hidden), (decoder_words,))),
    )
    return Network(1, f"{kind}Translator", expected + more, (layer(kind, 32, hidden, layers), layer(kind, 40, hidden, layers)), leaves)


def training(
    kind: str = "RNN",
    question: str = "3.2",
    *,
    epochs: int = 10,
    optimizer: str = "Adam",
    clip: float | None = 1.0,
    ignored: int | None = 1,
    loss: str = "cross_entropy",
    held: int = 1_000_000,
    limited: float | None = None,
) -> dict[str, Any]:
    """The records of a training with two steps an epoch, a pass over the validation data after each."""
    steps, passes, losses = [], [], []
    for epoch in range(epochs):
        start = 100 * epoch
        passes.append(DataPass(start, start + 50, 52, question, 1, 1, "Multi30k", 256, 128))
        passes.append(DataPass(start + 60, start + 90, 52, question, 2, 2, "Multi30k", 64, 128))
        for k in (1, 2):
            losses.append(LossCall(start + 10 * k, 52, question, loss, (9, 260), (9,), "a", "b", ignored, True, 5.0))
            taken = 2 * epoch + k - 1
            step = Step(start + 10 * k + 1, 52, question, 1, optimizer, held, (1,), 5.0, 9, 128, "a", "b", taken, clip, epoch > 3)
            steps.append(dataclasses.replace(step, limited_to=limited if taken == 1 else None))
    return {"steps": tuple(steps), "passes": tuple(passes), "losses": tuple(losses)}


def evidence(
    question: str = "3.2",
    *,
    seen: Observations | None = None,
    text: str = "",
    figures: tuple[Figure, ...] = (),
    constants: Mapping[str, tuple[float, float]] = CONSTANTS,
    error: str = "",
) -> Evidence:
    outputs = (Output("stream", "stdout", text),) if text else ()
    cell = Cell(52, CellKind.CODE, "train()", outputs, 1, figures)
    notebook = Notebook((cell,), (Section(question, "", (cell,)),))
    run = CellRun(52, question, CellStatus.ERROR if error else CellStatus.OK, 0.1, error)
    execution = Execution(Ending.FINISHED, (run,), seen or Observations(), {"q3_1.data": DATA}, constants)
    return Evidence(Submission("one", "", "hw4.ipynb", "", (), notebook, b""), execution, "replay", "sample", Path("unused"), 0)


def judged(judge: Any, given: Evidence, *more: object, question: str = "3.2") -> tuple[str, str]:
    try:
        judge(question, given, *more)
    except CheckFailed as verdict:
        return "failed", verdict.sentence
    except Undecided as verdict:
        return "review", verdict.sentence
    except NotRun as verdict:
        return "not run", verdict.sentence
    return "passed", ""


def count(given: Evidence, question: str = "3.2") -> tuple[str, str]:
    return judged(judge_parameter_count, given, Student(given), Expected(given), question=question)


def settings(given: Evidence, question: str = "3.2") -> tuple[str, str]:
    return judged(judge_settings, given, Student(given), question=question)


def test_an_optimizer_over_a_part_of_the_network_is_caught() -> None:
    """Parameters that no optimizer holds are never trained."""
    outcome, sentence = settings(evidence(seen=Observations(networks=(network(),), **training(held=9_000))))
    assert outcome == "failed"
    assert "holds only 9,000" in sentence


def test_a_training_that_stopped_in_the_replay_only_is_left_to_a_person() -> None:
    """Losses that are printed show that it ran once; without any, the error is the student's."""
    error = "RuntimeError: Expected hidden size (2, 128, 48)"
    assert settings(evidence(text=LOG, error=error))[0] == "review"
    assert settings(evidence(error=error))[0] == "failed"


@pytest.mark.parametrize(("kind", "question"), [("RNN", "3.2"), ("LSTM", "3.3")])
def test_the_counts_of_the_replayed_network_follow_from_its_sizes(kind: str, question: str) -> None:
    """A network of an embedding, two recurrent layers and a linear layer on each side is right at any scale."""
    seen = Observations(networks=(network(kind),), **training(kind, question))
    assert count(evidence(question, seen=seen), question) == ("passed", "")


@pytest.mark.parametrize(
    "changes",
    [{"more": 96}, {"decoder_words": 300}, {"source": 260, "decoder_words": 300}],
    ids=["a layer more", "source vocabulary in the decoder", "vocabularies exchanged"],
)
def test_other_counts_are_caught(changes: dict[str, Any]) -> None:
    """One layer more, or the decoder made for the source's words."""
    outcome, sentence = count(evidence(seen=Observations(networks=(network(**changes),), **training())))
    assert outcome == "failed"
    assert "parameters" in sentence


def test_an_embedding_for_other_words_than_passed_is_not_charged_twice() -> None:
    """The decoder's own check fails for it; the count then follows from the embedding that is there."""
    wrong = network()
    leaves = (*wrong.leaves[:2], ("Embedding", ((300, 40),)), *wrong.leaves[3:])
    wrong = dataclasses.replace(wrong, leaves=leaves, parameter_count=wrong.parameter_count + 40 * 40)
    given = evidence(seen=Observations(networks=(wrong,), **training()))
    assert count(given)[0] == "failed"
    recurrent = [{"kind": "RNN", "input_size": 10, "hidden_size": 8, "num_layers": 1}]
    probed = Finding("q3_2.decoder.one_layer", {"recurrent": recurrent, "embeddings": ["30 x 10"]})
    execution = dataclasses.replace(given.execution, answers={**given.execution.answers, probed.probe: probed})
    assert count(dataclasses.replace(given, execution=execution)) == ("passed", "")


@pytest.mark.parametrize(
    ("question", "text", "outcome"),
    [
        ("3.2", "The model has 8,381,701 trainable parameters", "passed"),
        ("3.2", "8381701", "passed"),
        ("3.2", "8 390 000 parameters", "passed"),
        ("3.3", "The model has 13,899,013 trainable parameters", "passed"),
        ("3.3", "The model has 8,381,701 trainable parameters", "failed"),
        ("3.2", "The model has 13,899,013 trainable parameters", "failed"),
        ("3.2", "", "failed"),
    ],
)
def test_without_a_replay_the_printed_count_decides(question: str, text: str, outcome: str) -> None:
    """With any separators, and within one per cent because vocabularies depend on the tokenizer's version."""
    assert count(evidence(question, text=text), question)[0] == outcome


def test_vocabularies_printed_in_3_1_count() -> None:
    """On other data the printed sizes lead to the printed count."""
    given = evidence(text="The model has 2,241,909 trainable parameters")
    assert count(given)[0] == "failed"
    size = Expected(given).parameter_count("RNN", source=1200, target=900, source_embedding=256, target_embedding=256, hidden=512, layers=2)
    given = evidence(text=f"The model has {size:,} trainable parameters")
    cell = Cell(40, CellKind.CODE, "", (Output("stream", "stdout", "Unique tokens (de): 1,200\nUnique tokens (en): 900"),))
    notebook = Notebook((cell,), (Section("3.1", "", (cell,)), *given.submission.notebook.sections))
    given = dataclasses.replace(given, submission=dataclasses.replace(given.submission, notebook=notebook))
    assert count(given)[0] == "passed"


def test_the_given_settings_pass() -> None:
    """Ten epochs, Adam, clipping at 1, the padding ignored, the given sizes scaled by the replay."""
    assert settings(evidence(seen=Observations(networks=(network(),), **training()))) == ("passed", "")


def test_log_softmax_with_the_matching_loss_passes() -> None:
    """nll_loss on log-probabilities is the same loss."""
    assert settings(evidence(seen=Observations(networks=(network(),), **training(loss="nll_loss"))))[0] == "passed"


def test_clipping_by_hand_is_as_good_as_torchs() -> None:
    """It shows in what becomes of large gradients; where that could not be seen, a person looks."""
    for limited, outcome in ((1.0, "passed"), (0.999999, "passed"), (None, "review")):
        observed = Observations(networks=(network(),), **training(clip=None, limited=limited))
        assert settings(evidence(seen=observed))[0] == outcome


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 5}, "5 times"),
        ({"optimizer": "SGD"}, "SGD"),
        ({"clip": None, "limited": 4096.0}, "for 8 of 8 steps"),
        ({"clip": None, "limited": 5.0}, "at 5"),
        ({"clip": 5.0}, "at 5"),
        ({"ignored": -100}, "padding"),
        ({"loss": "mse_loss"}, "mse_loss"),
    ],
)
def test_changed_settings_are_caught(changes: dict[str, Any], words: str) -> None:
    """Each setting by itself, with what was seen."""
    outcome, sentence = settings(evidence(seen=Observations(networks=(network(),), **training(**changes))))
    assert outcome == "failed"
    assert words in sentence


def test_a_smaller_network_than_given_is_caught() -> None:
    """The written value counts, not the one that the replay put in its place."""
    seen = Observations(networks=(network(),), **training())
    outcome, sentence = settings(evidence(seen=seen, constants={**CONSTANTS, "HID_DIM": (256.0, 48.0)}))
    assert outcome == "failed"
    assert "512" in sentence


def test_an_rnn_trained_in_3_3_is_caught() -> None:
    """The layers that were trained are named."""
    seen = Observations(networks=(network("RNN"),), **training("RNN", "3.3"))
    outcome, sentence = settings(evidence("3.3", seen=seen), "3.3")
    assert outcome == "failed"
    assert "nn.RNN" in sentence


def test_a_section_that_stopped_names_the_error() -> None:
    """Without any training the check fails with what stopped the cell."""
    outcome, sentence = settings(evidence(error="NotImplementedError"))
    assert outcome == "failed"
    assert "NotImplementedError" in sentence


def loss(given: Evidence) -> tuple[str, str]:
    return judged(judge_reported_loss, given, Show())


def test_the_last_training_loss_counts_and_validation_never_costs() -> None:
    """A right plain RNN stays above 5.0 in validation."""
    assert loss(evidence(text=LOG)) == ("passed", "")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Train Loss: 6.2\nTrain Loss: 5.4", "failed"),
        ("Train Loss: 4.2\nTrain Loss: nan", "failed"),
        ("Train Loss: 4.2\n Val. Loss: inf", "failed"),
        ("Loss: 5.3\nLoss: 4.7", "passed"),
        ("| Test Loss: 5.4", "review"),
        ("| Test Loss: 4.4", "passed"),
        ("done", "review"),
        ("", "failed"),
    ],
)
def test_printed_losses(text: str, outcome: str) -> None:
    """Too high or not finite fails; nothing printed is left to a person where something ran, and fails where nothing did."""
    assert loss(evidence(text=text))[0] == outcome


def drawn(*values: float) -> Observations:
    axes = Axes("", "epoch", "loss", (Line("training", tuple(map(float, range(len(values)))), values),), (), ())
    return Observations(figures=(DrawnFigure(1, 52, "3.2", (axes,)),))


def test_plots() -> None:
    """A stored picture or a replayed falling line of ten points; no other."""
    picture = Figure(52, FigureOrigin.OUTPUT, "image/png", b"")
    falling = [5.0 - n / 10 for n in range(10)]
    assert judged(judge_loss_plot, evidence(figures=(picture,)))[0] == "passed"
    assert judged(judge_loss_plot, evidence(seen=drawn(*falling)))[0] == "passed"
    assert judged(judge_loss_plot, evidence(seen=drawn(*falling[:5])))[0] == "failed"
    assert judged(judge_loss_plot, evidence(seen=drawn(*reversed(falling))))[0] == "failed"
    assert judged(judge_loss_plot, evidence())[0] == "failed"
    static = dataclasses.replace(evidence(), mode="static")
    assert judged(judge_loss_plot, static)[0] == "review"
