"""The translators against the recurrence equations written out in numpy, one step at a time."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from reference import text, translation
from reference.data.sample.captions import pairs
from reference.translation import LSTMDecoder, LSTMEncoder, LSTMTranslator, RNNDecoder, RNNEncoder, RNNTranslator

SOURCE_SIZE, TARGET_SIZE, EMBEDDING, HIDDEN, BATCH = 13, 11, 5, 7, 3
Weights = dict[str, np.ndarray]
State = list[np.ndarray]  # one row of (B, H) a layer


def weights(module: nn.Module) -> Weights:
    return {name: parameter.detach().double().numpy() for name, parameter in module.named_parameters()}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


def rnn_step(w: Weights, x: np.ndarray, hidden: State) -> State:
    """One time step through all layers: h = tanh(W x + b + U h + c)."""
    new = []
    for layer, before in enumerate(hidden):
        x = np.tanh(
            x @ w[f"rnn.weight_ih_l{layer}"].T
            + w[f"rnn.bias_ih_l{layer}"]
            + before @ w[f"rnn.weight_hh_l{layer}"].T
            + w[f"rnn.bias_hh_l{layer}"]
        )
        new.append(x)
    return new


def lstm_step(w: Weights, x: np.ndarray, hidden: State, cell: State) -> tuple[State, State]:
    """One time step through all layers, gates in torch's order: input, forget, candidate, output."""
    new_hidden, new_cell = [], []
    for layer, (h, c) in enumerate(zip(hidden, cell, strict=True)):
        gates = (
            x @ w[f"rnn.weight_ih_l{layer}"].T
            + w[f"rnn.bias_ih_l{layer}"]
            + h @ w[f"rnn.weight_hh_l{layer}"].T
            + w[f"rnn.bias_hh_l{layer}"]
        )
        i, f, g, o = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        x = sigmoid(o) * np.tanh(c)
        new_hidden.append(x)
        new_cell.append(c)
    return new_hidden, new_cell


def unrolled(model: RNNTranslator | LSTMTranslator, x: np.ndarray, y: np.ndarray, *, forced: bool) -> np.ndarray:
    """The whole translator by hand: scores (T, B, V)."""
    encoder, decoder = weights(model.encoder), weights(model.decoder)
    layers, gated = model.encoder.num_layers, isinstance(model, LSTMTranslator)
    hidden = [np.zeros((x.shape[1], HIDDEN)) for _ in range(layers)]
    cell = [state.copy() for state in hidden]

    def step(w: Weights, word: np.ndarray) -> None:
        nonlocal hidden, cell
        embedded = w["embedding.weight"][word]
        if gated:
            hidden, cell = lstm_step(w, embedded, hidden, cell)
        else:
            hidden = rnn_step(w, embedded, hidden)

    for word in x:
        step(encoder, word)
    scores = np.zeros((len(y), y.shape[1], TARGET_SIZE))
    word = y[0]
    for t in range(1, len(y)):
        step(decoder, word)
        scores[t] = hidden[-1] @ decoder["out_proj.weight"].T + decoder["out_proj.bias"]
        word = y[t] if forced else scores[t].argmax(axis=1)
    return scores


def small(kind: str, layers: int) -> RNNTranslator | LSTMTranslator:
    torch.manual_seed(layers)
    sizes = (EMBEDDING, HIDDEN, layers)
    model: RNNTranslator | LSTMTranslator
    if kind == "RNN":
        model = RNNTranslator(RNNEncoder(SOURCE_SIZE, *sizes), RNNDecoder(TARGET_SIZE, *sizes))
    else:
        model = LSTMTranslator(LSTMEncoder(SOURCE_SIZE, *sizes), LSTMDecoder(TARGET_SIZE, *sizes))
    for parameter in model.parameters():
        nn.init.uniform_(parameter, -0.8, 0.8)  # large enough that a wrong state changes the scores visibly
    return model.double().eval()


def sentences(length: int, size: int) -> Tensor:
    return torch.randint(size, (length, BATCH), generator=torch.Generator().manual_seed(length))


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
@pytest.mark.parametrize("forced", [True, False])
def test_a_translator_equals_the_unrolled_equations(kind: str, layers: int, forced: bool) -> None:
    """The loop over torch's layers gives what the equations give step by step, with teacher forcing always and never."""
    model, x, y = small(kind, layers), sentences(6, SOURCE_SIZE), sentences(8, TARGET_SIZE)
    with torch.no_grad():
        scores = model(x, y, 1.0 if forced else 0.0).numpy()
    expected = unrolled(model, x.numpy(), y.numpy(), forced=forced)
    # row 0 is filled in single precision and exactly zero; double precision leaves about 1e-15 elsewhere
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-10)
    assert (scores[0] == 0).all()


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_an_encoder_returns_the_last_state_of_every_layer(kind: str) -> None:
    """Hidden state (L, B, H), for an LSTM followed by the cell state, layer by layer as the equations give them."""
    model, x = small(kind, 2), sentences(5, SOURCE_SIZE)
    w = weights(model.encoder)
    hidden = [np.zeros((BATCH, HIDDEN)) for _ in range(2)]
    cell = [state.copy() for state in hidden]
    for word in x.numpy():
        if kind == "LSTM":
            hidden, cell = lstm_step(w, w["embedding.weight"][word], hidden, cell)
        else:
            hidden = rnn_step(w, w["embedding.weight"][word], hidden)
    with torch.no_grad():
        returned = model.encoder(x)
    states = returned if kind == "LSTM" else (returned,)
    for state, expected in zip(states, (hidden, cell), strict=False):
        np.testing.assert_allclose(state.numpy(), np.stack(expected), rtol=0, atol=1e-10)


def test_half_teacher_forcing_mixes_both_ways() -> None:
    """With a ratio of one half some steps see the target's word and some the guess, chosen by Python's random numbers."""
    model, x, y = small("RNN", 1), sentences(6, SOURCE_SIZE), sentences(12, TARGET_SIZE)
    with torch.no_grad():
        random.seed(0)
        mixed = model(x, y, 0.5)
        random.seed(0)
        again = model(x, y, 0.5)
        forced, greedy = model(x, y, 1.0), model(x, y, 0.0)
    assert torch.equal(mixed, again)
    assert not torch.allclose(mixed, forced)
    assert not torch.allclose(mixed, greedy)


@pytest.mark.parametrize(
    ("kind", "target_size", "expected"), [("RNN", 5893, 8_381_701), ("LSTM", 5893, 13_899_013), ("LSTM", 5923, 13_922_083)]
)
def test_parameter_counts_at_full_size(kind: str, target_size: int, expected: int) -> None:
    """The formula and the module itself have the homework's number of parameters."""
    formula = translation.parameter_count(
        kind=kind, source_size=7855, target_size=target_size, embedding_size=256, hidden_size=512, num_layers=2
    )
    with torch.device("meta"):  # sizes without memory
        encoder, decoder = (RNNEncoder, RNNDecoder) if kind == "RNN" else (LSTMEncoder, LSTMDecoder)
        counted = sum(p.numel() for m in (encoder(7855, 256, 512, 2), decoder(target_size, 256, 512, 2)) for p in m.parameters())
    assert formula == counted == expected


def test_encoder_and_decoder_must_fit() -> None:
    """A decoder cannot take over a state of another size."""
    with pytest.raises(ValueError, match="same hidden_size"):
        RNNTranslator(RNNEncoder(9, 4, 8, 1), RNNDecoder(9, 4, 6, 1))


def test_weights_start_within_the_limit() -> None:
    """Every parameter, biases included, is drawn from ±0.08, and the whole range is used."""
    model = small("LSTM", 2)
    translation.initialise(model)
    values = torch.cat([parameter.flatten() for parameter in model.parameters()])
    assert values.abs().max() <= 0.08
    assert values.abs().max() > 0.07


def test_padding_does_not_count_in_the_loss() -> None:
    """Changing the scores at padded places changes nothing; changing others does."""
    y = torch.tensor([[2, 2], [5, 6], [3, 7], [text.PADDING, 3]])
    logits = torch.randn(4, 2, TARGET_SIZE, generator=torch.Generator().manual_seed(0))
    loss = translation.cross_entropy(logits, y)
    probabilities = torch.log_softmax(logits, -1)
    counted = [(1, 0), (1, 1), (2, 0), (2, 1), (3, 1)]
    assert loss.item() == pytest.approx(-sum(probabilities[t, b, y[t, b]].item() for t, b in counted) / 5, abs=1e-6)


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_a_small_corpus_is_learned(kind: str, tmp_path: Path) -> None:
    """A few epochs on some sentences bring the training loss well below that of guessing a word at random."""
    (tmp_path / "multi30k").mkdir()
    chosen = list(pairs(96, seed=1))
    for split in text.SPLITS:
        for position, language in enumerate(("de", "en")):
            (tmp_path / "multi30k" / f"{split}.{language}").write_text("\n".join(pair[position] for pair in chosen), encoding="utf-8")
    corpus = text.read(tmp_path)
    random.seed(0)
    torch.manual_seed(0)
    model = translation.build(kind, corpus, embedding_size=32, hidden_size=64)
    losses = translation.train(model, corpus, epochs=6, batch_size=16)
    assert len(losses.training) == len(losses.validation) == 6
    assert losses.training[-1] < losses.training[0] - 0.5
    assert isinstance(translation.translate(model, corpus, corpus.test.encoded[0][0]), str)
