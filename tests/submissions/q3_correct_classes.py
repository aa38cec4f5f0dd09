"""Right encoders, decoders and translators in other words."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q3_class_mutants import (
    LSTM_ENCODED,
    LSTM_ENCODER_LAYER,
    LSTM_RETURNED,
    LSTM_STEPPED,
    RNN_ENCODED,
    RNN_ENCODER_LAYER,
    RNN_RETURNED,
    RNN_STEPPED,
)
from submissions.q3_rewritten import CELLS, INHERITED, PAIRS, SHARED, SHARED_LSTM, classes


def _case(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_right_{name}", about, 3, changes)


LISTED_LAYERS = """for k, layer in enumerate(self.rnn):
            embedded, last = layer(embedded if k == 0 else nn.functional.dropout(embedded, 0.5, self.training))
            states.append(last)
        return torch.cat(states)"""

CASES: tuple[Case, ...] = (
    _case(
        "names",
        "Other names for attributes.",
        replace("self.rnn", "self.recurrent_layer"),
        replace("self.out_proj", "self.fc"),
        replace("self.embedding", "self.emb"),
    ),
    _case("dropout_0", "No dropout between the layers.", replace("num_layers, dropout=0.5)", "num_layers)")),
    _case("dropout_01", "Little dropout everywhere.", replace("0.5)", "0.1)")),
    _case("dropout_missing", "No dropout on the embedded words.", replace("self.dropout(self.embedding(x))", "self.embedding(x)")),
    _case(
        "dropout_function",
        "Dropout as a function call.",
        replace("self.dropout(self.embedding(x))", "nn.functional.dropout(self.embedding(x), 0.5, self.training)"),
    ),
    _case(
        "keywords",
        "Keywords in another order.",
        replace(
            "(embedding_size, hidden_size, num_layers, dropout=0.5)",
            "(dropout=0.5, num_layers=num_layers, hidden_size=hidden_size, input_size=embedding_size)",
        ),
    ),
    _case(
        "batch_first",
        "Batch first, with the transposes that make it right.",
        replace("num_layers, dropout=0.5)", "num_layers, dropout=0.5, batch_first=True)"),
        replace("self.rnn(embedded", "self.rnn(embedded.transpose(0, 1)"),
        replace("output.squeeze(0)", "output.squeeze(1)"),
    ),
    _case(
        "batch_first_encoder",
        "Batch first from the words on, in the encoder.",
        replace(RNN_ENCODER_LAYER, RNN_ENCODER_LAYER.replace("0.5)", "0.5, batch_first=True)")),
        replace(LSTM_ENCODER_LAYER, LSTM_ENCODER_LAYER.replace("0.5)", "0.5, batch_first=True)")),
        replace(
            "embedded = self.dropout(self.embedding(x))  # (in_seq_len, batch_size, embedding_size)",
            "embedded = self.dropout(self.embedding(x.permute(1, 0)))",
        ),
    ),
    _case(
        "padding_index",
        "The embedding knows the padding.",
        replace("nn.Embedding(input_size, embedding_size)", "nn.Embedding(input_size, embedding_size, padding_idx=1)"),
    ),
    _case(
        "word_by_word",
        "The encoder goes word by word.",
        replace(
            RNN_ENCODED,
            "hidden = None\n        for word in embedded:\n            _, hidden = self.rnn(word[None], hidden)\n        return hidden",
        ),
        replace(
            LSTM_ENCODED,
            "h = torch.zeros(self.num_layers, x.shape[1], self.hidden_size, device=x.device)\n        c = torch.zeros_like(h)\n"
            "        for word in embedded:\n            _, (h, c) = self.rnn(word.unsqueeze(0), (h, c))\n        return h, c",
        ),
    ),
    _case(
        "zero_start",
        "The encoder starts from explicit zeros.",
        replace(
            "_, hidden = self.rnn(embedded)",
            "h0 = torch.zeros(self.num_layers, x.size(1), self.hidden_size).to(x.device)\n        _, hidden = self.rnn(embedded, h0)",
        ),
    ),
    _case("list_of_states", "States as a list.", replace("return hidden, cell\n", "return [hidden, cell]\n")),
    _case(
        "scores_of_hidden",
        "Scores from the last layer's new hidden state.",
        replace("self.out_proj(output.squeeze(0))", "self.out_proj(hidden[-1])"),
    ),
    _case(
        "scores_indexed",
        "The time step is indexed, or reshaped.",
        replace(RNN_RETURNED, "return self.out_proj(output[0]), hidden\n"),
        replace(LSTM_RETURNED, "return self.out_proj(output).view(x.shape[0], -1), hidden, cell\n"),
    ),
    _case(
        "log_softmax",
        "Log probabilities with the negative log likelihood.",
        replace("return self.out_proj(output.squeeze(0)),", "return nn.functional.log_softmax(self.out_proj(output.squeeze(0)), dim=1),"),
        replace("nn.CrossEntropyLoss(ignore_index", "nn.NLLLoss(ignore_index"),
    ),
    _case(
        "log_softmax_module",
        "Log probabilities, and still the cross entropy.",
        replace("return self.out_proj(output.squeeze(0)),", "return nn.LogSoftmax(dim=-1)(self.out_proj(output.squeeze(0))),"),
    ),
    _case(
        "head",
        "The head is a Sequential.",
        replace(
            "self.out_proj = nn.Linear(hidden_size, output_size)",
            "self.out_proj = nn.Sequential(nn.Dropout(0.2), nn.Linear(hidden_size, output_size))",
        ),
    ),
    _case("shared_base", "One base class for both kinds, and a while loop.", classes("RNN", SHARED), classes("LSTM", SHARED_LSTM)),
    _case("inherited", "The LSTM classes inherit from the RNN classes.", classes("LSTM", INHERITED)),
    _case("cells", "Cells of each layer, called by hand.", classes("RNN", CELLS)),
    _case("state_pair", "The LSTM's state is one pair.", classes("LSTM", PAIRS)),
    _case(
        "torch_rand",
        "Teacher forcing drawn with torch.",
        replace("random.random() < teacher_forcing_ratio", "torch.rand(()).item() < teacher_forcing_ratio"),
    ),
    _case(
        "numpy_rand",
        "Teacher forcing drawn with numpy.",
        replace("random.random() < teacher_forcing_ratio", "np.random.rand() < teacher_forcing_ratio"),
    ),
    _case(
        "forced_by_sentence",
        "Teacher forcing drawn for each sentence.",
        replace(
            "teacher_forced = random.random() < teacher_forcing_ratio",
            "teacher_forced = torch.rand(batch_size, device=y.device) < teacher_forcing_ratio",
        ),
        replace(
            "token = y[t] if teacher_forced else outputs[t].argmax(1)", "token = torch.where(teacher_forced, y[t], outputs[t].argmax(1))"
        ),
    ),
    _case(
        "forced_by_batch",
        "Teacher forcing drawn once for a batch.",
        replace("            teacher_forced = random.random() < teacher_forcing_ratio\n", ""),
        replace("        token = y[0]\n", "        teacher_forced = random.random() < teacher_forcing_ratio\n        token = y[0]\n"),
    ),
    _case("without_device", "The translator takes no device along.", replace("device=self.device)", "device=x.device)")),
    _case(
        "list_of_layers",
        "A list of layers, with dropout between them.",
        replace(
            RNN_ENCODER_LAYER,
            "self.rnn = nn.ModuleList(nn.RNN(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers))",
        ),
        replace(RNN_ENCODED, f"states = []\n        {LISTED_LAYERS}"),
    ),
    _case(
        "stepped_with_names",
        "Keyword arguments between the parts.",
        replace("self.decoder(token, hidden)", "self.decoder(x=token, hidden=hidden)"),
        replace("self.decoder(token, hidden, cell)", "self.decoder(token, hidden=hidden, cell=cell)"),
        replace(RNN_STEPPED, "output, hidden = self.rnn(embedded, hx=hidden)"),
        replace(LSTM_STEPPED, "output, (hidden, cell) = self.rnn(input=embedded, hx=(hidden, cell))"),
    ),
)
