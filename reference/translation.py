"""3.2 and 3.3: an encoder reads a sentence into a state, a decoder writes the translation from it.

Follows Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks" (2014), arXiv:1409.3215, with two layers and
smaller sizes. All sequences are time first: x is (T, B), whole numbers, each sentence between the marks <sos> and <eos>.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from reference.showing import draw_curves, small_data
from reference.text import PADDING, START, Batch, Corpus, read

UNIFORM_LIMIT = 0.08  # Sutskever et al., section 3.4: all weights start uniform in ±0.08


class RNNEncoder(nn.Module):
    """Reads x with h_t = tanh(W x_t + b + U h_(t-1) + c) and keeps the last h of every layer (Elman 1990, eq. of `nn.RNN`)."""

    def __init__(self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int, *, dropout: float = 0.5) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=_between_layers(dropout, num_layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        embedded = self.dropout(self.embedding(x))  # (T, B) -> (T, B, E)
        _, hidden = self.rnn(embedded)  # -> (L, B, H)
        return torch.as_tensor(hidden)


class RNNDecoder(nn.Module):
    """Takes one word and the state, gives the scores of the next word and the next state: p(y_t | y_(t-1), h) of eq. 1."""

    def __init__(self, output_size: int, embedding_size: int, hidden_size: int, num_layers: int, *, dropout: float = 0.5) -> None:
        super().__init__()
        self.output_size = output_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=_between_layers(dropout, num_layers))
        self.out_proj = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))  # (B,) -> (1, B, E)
        output, hidden = self.rnn(embedded, hidden)  # -> (1, B, H) and (L, B, H)
        return self.out_proj(output.squeeze(0)), hidden  # -> (B, V) and (L, B, H)


class LSTMEncoder(nn.Module):
    """As `RNNEncoder`, with the gated cell of Hochreiter and Schmidhuber (1997): c_t = f·c_(t-1) + i·g and h_t = o·tanh(c_t)."""

    def __init__(self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int, *, dropout: float = 0.5) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=_between_layers(dropout, num_layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        embedded = self.dropout(self.embedding(x))  # (T, B) -> (T, B, E)
        _, (hidden, cell) = self.rnn(embedded)  # -> (L, B, H) each
        return hidden, cell


class LSTMDecoder(nn.Module):
    """As `RNNDecoder`; the cell is carried along beside the hidden state."""

    def __init__(self, output_size: int, embedding_size: int, hidden_size: int, num_layers: int, *, dropout: float = 0.5) -> None:
        super().__init__()
        self.output_size = output_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=_between_layers(dropout, num_layers))
        self.out_proj = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))  # (B,) -> (1, B, E)
        output, (hidden, cell) = self.rnn(embedded, (hidden, cell))  # -> (1, B, H) and (L, B, H) each
        return self.out_proj(output.squeeze(0)), hidden, cell  # -> (B, V) and (L, B, H) each


class RNNTranslator(nn.Module):
    """Encodes x, then decodes word by word. Row 0 of the result stays zero: nothing is predicted before <sos>."""

    def __init__(self, encoder: RNNEncoder, decoder: RNNDecoder, device: str | torch.device = "cpu") -> None:
        super().__init__()
        _agree(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, x: Tensor, y: Tensor, teacher_forcing_ratio: float = 0.5) -> Tensor:
        """Scores (T, B, V) of the words of y; each step sees y's own last word with probability `teacher_forcing_ratio`, else its guess."""
        hidden = self.encoder(x)  # (T of x, B) -> (L, B, H)
        word = y[0]  # (B,)
        rows = [torch.zeros(y.shape[1], self.decoder.output_size, device=y.device)]  # (B, V)
        for t in range(1, len(y)):
            logits, hidden = self.decoder(word, hidden)  # (B, V) and (L, B, H)
            rows.append(logits)
            word = y[t] if random.random() < teacher_forcing_ratio else logits.argmax(1)  # (B,)
        return torch.stack(rows)  # (T, B, V)


class LSTMTranslator(nn.Module):
    """As `RNNTranslator`; the state is two tensors."""

    def __init__(self, encoder: LSTMEncoder, decoder: LSTMDecoder, device: str | torch.device = "cpu") -> None:
        super().__init__()
        _agree(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, x: Tensor, y: Tensor, teacher_forcing_ratio: float = 0.5) -> Tensor:
        """Scores (T, B, V) of the words of y; each step sees y's own last word with probability `teacher_forcing_ratio`, else its guess."""
        hidden, cell = self.encoder(x)  # (T of x, B) -> (L, B, H) each
        word = y[0]  # (B,)
        rows = [torch.zeros(y.shape[1], self.decoder.output_size, device=y.device)]  # (B, V)
        for t in range(1, len(y)):
            logits, hidden, cell = self.decoder(word, hidden, cell)  # (B, V) and (L, B, H) each
            rows.append(logits)
            word = y[t] if random.random() < teacher_forcing_ratio else logits.argmax(1)  # (B,)
        return torch.stack(rows)  # (T, B, V)


class _Sized(Protocol):
    hidden_size: int
    num_layers: int


def _agree(encoder: _Sized, decoder: _Sized) -> None:
    if (encoder.hidden_size, encoder.num_layers) != (decoder.hidden_size, decoder.num_layers):
        raise ValueError("The encoder's state is handed to the decoder: both need the same hidden_size and num_layers.")


def _between_layers(dropout: float, num_layers: int) -> float:
    return dropout if num_layers > 1 else 0.0  # with one layer there is nothing between, and torch warns


def initialise(model: nn.Module) -> None:
    """Draw every weight and bias uniformly from ±0.08."""
    for parameter in model.parameters():
        nn.init.uniform_(parameter, -UNIFORM_LIMIT, UNIFORM_LIMIT)


def parameter_count(*, kind: str, source_size: int, target_size: int, embedding_size: int, hidden_size: int, num_layers: int) -> int:
    """How many numbers a translator learns; an LSTM ("LSTM") has four times the recurrent weights of a plain network ("RNN")."""
    gates = {"RNN": 1, "LSTM": 4}[kind]
    first = hidden_size * (embedding_size + hidden_size) + 2 * hidden_size  # torch keeps two bias vectors a layer
    further = (num_layers - 1) * (hidden_size * 2 * hidden_size + 2 * hidden_size)
    embeddings = (source_size + target_size) * embedding_size
    return embeddings + 2 * gates * (first + further) + target_size * (hidden_size + 1)


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean cross entropy of each epoch, in nats a word. Validation is without teacher forcing and so lies higher."""

    training: tuple[float, ...]
    validation: tuple[float, ...]


def train(
    model: nn.Module,
    corpus: Corpus,
    *,
    epochs: int = 10,
    batch_size: int = 128,
    clip: float = 1.0,
    seed: int = 0,
    after_epoch: Callable[[int, float], None] | None = None,
) -> Losses:
    """Train with Adam's defaults and teacher forcing of one half; gradients longer than `clip` are scaled down to it (section 3.4)."""
    optimizer = torch.optim.Adam(model.parameters())
    order = random.Random(seed)
    training, validation = [], []
    for epoch in range(epochs):
        training.append(train_epoch(model, corpus.training.batches(batch_size, shuffled_by=order), optimizer, clip=clip))
        validation.append(evaluate(model, corpus.validation.batches(batch_size)))
        if after_epoch is not None:
            after_epoch(epoch + 1, training[-1])
    return Losses(tuple(training), tuple(validation))


def train_epoch(model: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, *, clip: float) -> float:
    """One pass over `batches`; returns the mean of their losses."""
    model.train()
    losses: list[Tensor] = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = cross_entropy(model(x, y), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).double().mean().item()


@torch.no_grad()
def evaluate(model: nn.Module, batches: Iterable[Batch]) -> float:
    """Mean loss when the decoder reads only its own guesses."""
    model.eval()
    return torch.stack([cross_entropy(model(x, y, 0.0), y) for x, y in batches]).double().mean().item()


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """Of the words after <sos>, padding left out: logits (T, B, V) against y (T, B)."""
    return nn.functional.cross_entropy(logits[1:].flatten(0, 1), y[1:].flatten(), ignore_index=PADDING)


@torch.no_grad()
def translate(model: nn.Module, corpus: Corpus, sentence: Sequence[int], *, longest: int = 30) -> str:
    """The greedy translation of one sentence of word numbers, up to <eos>."""
    model.eval()
    x = torch.tensor(sentence).unsqueeze(1)  # (T, 1)
    y = torch.full((longest, 1), START)  # (longest, 1): its length is the limit, its first row the start
    scores = model(x, y, 0.0)  # (longest, 1, V)
    return corpus.target.decode(scores[1:].argmax(-1).flatten().tolist())


def build(
    kind: str, corpus: Corpus, *, embedding_size: int = 256, hidden_size: int = 512, num_layers: int = 2, dropout: float = 0.5
) -> RNNTranslator | LSTMTranslator:
    """A fresh "RNN" or "LSTM" translator for the corpus, its weights drawn from torch's seed."""
    sizes = (embedding_size, hidden_size, num_layers)
    model: RNNTranslator | LSTMTranslator
    if kind == "LSTM":
        model = LSTMTranslator(
            LSTMEncoder(len(corpus.source), *sizes, dropout=dropout), LSTMDecoder(len(corpus.target), *sizes, dropout=dropout)
        )
    else:
        model = RNNTranslator(
            RNNEncoder(len(corpus.source), *sizes, dropout=dropout), RNNDecoder(len(corpus.target), *sizes, dropout=dropout)
        )
    initialise(model)
    return model


def main(*, pairs: int = 1500, epochs: int = 8) -> None:
    """Train both kinds on the data that is found, small, and show what they make of two test sentences."""
    folder = small_data(pairs=pairs, validation_pairs=100, test_pairs=50)
    corpus = read(folder)
    curves: dict[str, Sequence[float]] = {}
    for kind in ("RNN", "LSTM"):
        random.seed(0)
        torch.manual_seed(0)
        model = build(kind, corpus, embedding_size=64, hidden_size=128, dropout=0.1)
        losses = train(model, corpus, epochs=epochs, batch_size=32)
        curves |= {f"{kind}, training": losses.training, f"{kind}, validation": losses.validation}
        print(f"{kind}: training loss {losses.training[0]:.3f} -> {losses.training[-1]:.3f}, validation {losses.validation[-1]:.3f}")
        for source, target in corpus.test.encoded[:2]:
            print(f"    {corpus.source.decode(source)}\n    is  {corpus.target.decode(target)}\n    got {translate(model, corpus, source)}")
    draw_curves("translation", curves, x_label="epoch", y_label="cross entropy a word")


if __name__ == "__main__":
    main()
