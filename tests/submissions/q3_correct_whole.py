"""Right classes of 3.2 and 3.3, written as a whole in many ways; a case has one way in each of the two sections."""

from __future__ import annotations

from submissions.case import Case, Change, insert_after, replace
from submissions.q3_parts import L_DEC, L_ENC, L_TRA, R_DEC, R_ENC, R_TRA, fewer_parameters, lstm, rnn, swap
from submissions.q3_parts_by_hand import CAT_R_ENC, CHUNK_L_DEC, GATES_L_ENC, HAND_R_ENC, PARAM_R_DEC
from submissions.q3_parts_layers import (
    BEN_L,
    BEN_R,
    CELLS_L_DEC,
    CELLS_L_ENC,
    CELLS_R_DEC,
    CELLS_R_ENC,
    LAYERS_L_ENC,
    LAYERS_R_DEC,
    LAYERS_R_ENC,
    OLD_L_DEC,
    OLD_L_ENC,
    OLD_R_DEC,
    OLD_R_ENC,
)
from submissions.q3_parts_translators import (
    CAT_R_TRA,
    EOS_L_TRA,
    HALF_R_TRA,
    OWN_LOOP_L_TRA,
    SENTENCE_L_TRA,
    SOS_R_TRA,
    STACK_R_TRA,
    TRAIN_ONLY_R_TRA,
    VOCABULARY_L_TRA,
)

DATACLASS = '''
from dataclasses import dataclass
from typing import Tuple


@dataclass
class Sizes:
    vocabulary: int
    embedding: int
    hidden: int
    layers: int
    dropout: float = 0.5

    def recurrent(self, kind):
        return kind(self.embedding, self.hidden, num_layers=self.layers, dropout=self.dropout)


def embed(tokens, table, dropout):
    """Numbers of tokens (T, B) -> vectors (T, B, E)."""
    return dropout(table(tokens))
'''

DATACLASS_R = """
class RNNEncoder(nn.Module):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.sizes = Sizes(*sizes)
        self.hidden_size = self.sizes.hidden
        self.num_layers = self.sizes.layers
        self.table = nn.Embedding(self.sizes.vocabulary, self.sizes.embedding)
        self.network = self.sizes.recurrent(nn.RNN)
        self.dropout = nn.Dropout(self.sizes.dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.network(embed(x, self.table, self.dropout))[-1]


class RNNDecoder(nn.Module):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.sizes = Sizes(*sizes)
        self.hidden_size = self.sizes.hidden
        self.num_layers = self.sizes.layers
        self.output_size = self.sizes.vocabulary
        self.table = nn.Embedding(self.sizes.vocabulary, self.sizes.embedding)
        self.network = self.sizes.recurrent(nn.RNN)
        self.dropout = nn.Dropout(self.sizes.dropout)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(self.sizes.hidden, self.sizes.vocabulary))

    def forward(self, x: torch.Tensor, hidden: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        _, hidden = self.network(embed(x.reshape(1, -1), self.table, self.dropout), hidden)
        return self.head(hidden[-1]), hidden
"""

DATACLASS_L_ENC = """
class LSTMEncoder(nn.Module):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.sizes = Sizes(*sizes)
        self.hidden_size = self.sizes.hidden
        self.num_layers = self.sizes.layers
        self.table = nn.Embedding(self.sizes.vocabulary, self.sizes.embedding)
        self.network = self.sizes.recurrent(nn.LSTM)
        self.dropout = nn.Dropout(self.sizes.dropout)

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        final = self.network(embed(x, self.table, self.dropout))[-1]
        return final[0], final[1]
"""

NESTED_L_DEC = swap(L_DEC, "return prediction, hidden, cell", "return prediction, *(s.contiguous() for s in (hidden, cell))")

PACKED_R_ENC = swap(
    R_ENC,
    "output, hidden = self.rnn(embedded)",
    "lengths = (x != 1).sum(0)\n"
    "        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths.cpu().numpy().tolist(), enforce_sorted=False)\n"
    "        _, hidden = self.rnn(packed)",
)

PACKED_L_ENC = swap(
    L_ENC,
    "output, (hidden, cell) = self.lstm(embedded)",
    "lengths = (x != source_field.vocab.stoi[source_field.pad_token]).sum(dim=0).cpu()\n"
    "        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, enforce_sorted=False)\n"
    "        packed_output, (hidden, cell) = self.lstm(packed)",
)

EITHER_R_DEC = swap(
    R_DEC,
    "        assert x.ndim == 1\n        embedded = self.dropout(self.embedding(x.unsqueeze(0)))",
    "        if x.ndim == 1:\n            x = x.unsqueeze(0)\n        embedded = self.dropout(self.embedding(x))",
    "self.fc(output.squeeze(0))", "self.fc(output).squeeze(0)",
)  # fmt: skip

CALLS_ITSELF_R_DEC = swap(
    R_DEC,
    "output, hidden = self.rnn(embedded, hidden)\n        prediction = self.fc(output.squeeze(0))",
    "output, hidden = self.rnn(embedded, hidden)\n        prediction = self.fc(hidden[-1])",
)

FACTORY = """
class _Encoder(nn.Module):
    def __init__(self, layer, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.layer = layer(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        return self.layer(self.dropout(self.embedding(x)))[1]


from functools import partial

RNNEncoder = partial(_Encoder, nn.RNN)
"""

FACTORY_L = """
def LSTMEncoder(input_size, embedding_size, hidden_size, num_layers):
    return _Encoder(nn.LSTM, input_size, embedding_size, hidden_size, num_layers)
"""

# everything batch first, the translator turns
TURNED_R = (
    swap(R_ENC, "num_layers, dropout=0.5)", "num_layers, batch_first=True, dropout=0.5)"),
    swap(R_DEC, "num_layers, dropout=0.5)", "num_layers, batch_first=True, dropout=0.5)", "assert x.ndim == 1", "assert x.ndim == 2",
         "x.unsqueeze(0)", "x", "output.squeeze(0)", "output.squeeze(1)"),
    swap(R_TRA, "self.encoder(x)", "self.encoder(x.t())", "self.decoder(token, hidden)", "self.decoder(token.unsqueeze(1), hidden)"),
)  # fmt: skip

ROWS_L = (
    L_ENC,
    swap(L_DEC, "assert x.ndim == 1", "assert x.ndim == 2", "x.unsqueeze(0)", "x"),
    swap(L_TRA, "self.decoder(token, hidden, cell)", "self.decoder(token.unsqueeze(0), hidden, cell)"),
)

LOCKED_R_ENC = """
class LockedDropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        mask = x.new_empty(1, x.size(1), x.size(2)).bernoulli_(1 - self.p) / (1 - self.p)
        return x * mask

""" + swap(R_ENC, "nn.Dropout(0.5)", "LockedDropout(0.5)")

KEYWORDS_R_ENC = swap(
    R_ENC,
    "self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int",
    "self, input_size: int, emb: int, hidden_size: int, num_layers: int = 2, dropout: float = 0.5, **kwargs",
    "embedding_size", "emb", "dropout=0.5)", "dropout=dropout)", "nn.Dropout(0.5)", "nn.Dropout(p=dropout)",
)  # fmt: skip

CLIPPED_L_ENC = swap(L_ENC, "        return hidden, cell", "        state = tuple(s.clone() for s in (hidden, cell))\n        return state")

LENGTHS_L = (
    swap(
        L_ENC,
        "def forward(self, x: torch.Tensor)", "def forward(self, x, lengths)",
        "output, (hidden, cell) = self.lstm(embedded)",
        "packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, enforce_sorted=False)\n"
        "        _, (hidden, cell) = self.lstm(packed)",
    ),
    L_DEC,
    swap(L_TRA, "self.encoder(x)", "self.encoder(x, (x != 1).sum(0).cpu())"),
)  # fmt: skip

RENAMED = (
    rnn(R_ENC.replace("RNNEncoder", "Encoder"), R_DEC.replace("RNNDecoder", "Decoder"), R_TRA.replace("RNNTranslator", "Seq2Seq")),
    replace("enc = RNNEncoder(", "enc = Encoder("),
    replace("dec = RNNDecoder(", "dec = Decoder("),
    replace("model = RNNTranslator(", "model = Seq2Seq("),
)

SIZES_CELL = insert_after("source_field.build_vocab(train_data, min_freq=2)", DATACLASS)


# torch's layers have two biases where these recurrences have one: the counts that the notebook printed are others.
FEWER_BIASES = fewer_parameters(0, 4096)
FEWER_BIASES_TWICE = fewer_parameters(2048, 4096)


def _case(name: str, about: str, *changes: Change, reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q3_whole_{name}", about, 3, changes, reviews=reviews)


CASES = (
    _case("cells", "One cell for each layer.", rnn(CELLS_R_ENC, CELLS_R_DEC), lstm(CELLS_L_ENC, CELLS_L_DEC)),
    _case("layers", "One-layer networks in a list, or as attributes with numbers.", rnn(LAYERS_R_ENC, LAYERS_R_DEC), lstm(LAYERS_L_ENC)),
    _case(
        "old", "Old idioms: Variable, init_hidden, LogSoftmax, weights drawn anew.", rnn(OLD_R_ENC, OLD_R_DEC), lstm(OLD_L_ENC, OLD_L_DEC)
    ),
    _case("tutorial", "The names of a well-known tutorial, in the translator too.", rnn(BEN_R, "", ""), lstm(BEN_L, "", "")),
    _case("stacked", "The scores are stacked at the end.", rnn(translator=STACK_R_TRA), lstm(translator=SENTENCE_L_TRA)),
    _case(
        "training_only",
        "Forces in training only; makes the scores late.",
        rnn(translator=TRAIN_ONLY_R_TRA),
        lstm(translator=OWN_LOOP_L_TRA),
    ),
    _case("dataclass", "Sizes in a dataclass, in a cell of 3.1.", rnn(DATACLASS_R, ""), lstm(DATACLASS_L_ENC, NESTED_L_DEC), SIZES_CELL),
    _case(
        "by_hand",
        "Two linear layers for each layer; four gates.",
        rnn(HAND_R_ENC),
        lstm(GATES_L_ENC),
        FEWER_BIASES,
    ),
    _case(
        "by_hand_joined",
        "Input and state joined; gates in one.",
        rnn(CAT_R_ENC, PARAM_R_DEC),
        lstm(decoder=CHUNK_L_DEC),
        FEWER_BIASES_TWICE,
    ),
    _case("packed", "Packs the sentences; takes words with or without a time step.", rnn(PACKED_R_ENC, EITHER_R_DEC), lstm(PACKED_L_ENC)),
    _case("start_by_name", "The start token by its name; sizes from layers.", rnn(translator=SOS_R_TRA), lstm(translator=VOCABULARY_L_TRA)),
    _case(
        "joined", "Joins the scores; stops at the end.", rnn(decoder=CALLS_ITSELF_R_DEC, translator=CAT_R_TRA), lstm(translator=EOS_L_TRA)
    ),
    _case("factory", "Encoders from functions.", rnn(FACTORY), lstm(FACTORY_L)),
    _case("turned", "Batch first between the classes; a row of words.", rnn(*TURNED_R), lstm(*ROWS_L)),
    _case("own_dropout", "A dropout of its own.", rnn(LOCKED_R_ENC)),
    _case("keywords", "Further keyword arguments.", rnn(KEYWORDS_R_ENC, translator=HALF_R_TRA), lstm(CLIPPED_L_ENC)),
    _case("renamed", "Other names of the classes.", *RENAMED),
    _case("lengths", "The encoder wants the lengths too, and the translator gives them.", lstm(*LENGTHS_L), reviews=("q3_3.encoder",)),
)
