"""A translator's training, faster than step by step and with the same losses.

Which steps of the decoder are taught by the target's own words is drawn before the first. From one guess to the next all words are thus
known, and the decoder goes through such a stretch (two steps on average) at once: one call of torch's kernel for a layer, one product with
the output layer. Sentences that have ended are left out of it, since padding is in no loss. On a CPU what is dropped out is drawn in the
order in which the single steps draw it, so that the losses are equal to rounding; a GPU's kernel draws by itself, and the losses are equal
without dropout and equally distributed with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TypeVar

import torch
from torch import Tensor, nn

from reference.text import PADDING, Batch
from reference.translation import LSTMDecoder, LSTMTranslator, RNNDecoder, RNNTranslator

State = TypeVar("State", Tensor, tuple[Tensor, Tensor])  # (L, B, H), of an LSTM hidden and cell


def train_epoch(model: RNNTranslator | LSTMTranslator, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, *, clip: float) -> float:
    """What `reference.translation.train_epoch` does: one pass over `batches`; returns the mean of their losses."""
    model.train()
    losses: list[Tensor] = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_of(model, x, y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).double().mean().item()


def loss_of(model: RNNTranslator | LSTMTranslator, x: Tensor, y: Tensor, teacher_forcing_ratio: float = 0.5) -> Tensor:
    """Mean cross entropy of the words of y (T, B) after <sos>, padding left out, given x (T of x, B)."""
    taught = [random.random() < teacher_forcing_ratio for _ in range(1, len(y))]
    order = (y != PADDING).sum(0).argsort(descending=True)  # (B,), the longest first, so that ended sentences are cut off at the end
    y = y[:, order]
    going = (y != PADDING).sum(1).tolist()  # of how many sentences each row holds a word
    decoder, state = model.decoder, _of(model.encoder(x), order)
    word = y[0]  # (B,)
    total = torch.zeros((), device=y.device)
    first = 1
    while first < len(y):
        last = first
        while last < len(y) - 1 and taught[last - 1]:
            last += 1
        left = slice(going[first])  # B of them, from here on
        words = torch.cat([word[left].unsqueeze(0), y[first:last, left]])  # (S, B), the words before y[first] to y[last]
        output, state = _through(decoder, words, _of(state, left), order)  # (S, B, H)
        logits = decoder.out_proj(output)  # (S, B, V)
        total = total + nn.functional.cross_entropy(
            logits.flatten(0, 1), y[first : last + 1, left].flatten(), ignore_index=PADDING, reduction="sum"
        )
        word = logits[-1].argmax(1)  # (B,)
        first = last + 1
    return total / (y[1:] != PADDING).sum()


def _of(state: State, sentences: Tensor | slice) -> State:
    """The state of these sentences only, in this order."""
    if isinstance(state, Tensor):
        return state[:, sentences].contiguous()
    return state[0][:, sentences].contiguous(), state[1][:, sentences].contiguous()


def _through(decoder: RNNDecoder | LSTMDecoder, words: Tensor, state: State, order: Tensor) -> tuple[Tensor, State]:
    """What the decoder's layers give for all `words` (S, B), one after the other: (S, B, H) and the state after the last.

    `order` has the places of all of the batch's sentences, of which the first B are left.
    """
    value = decoder.embedding(words)  # (S, B, E)
    dropped = decoder.dropout.p if decoder.training else 0.0
    if not dropped or value.is_cuda:
        output, state = decoder.rnn(decoder.dropout(value), state)
        return output, state
    sizes = [value.shape[-1], *[decoder.hidden_size] * (decoder.num_layers - 1)]
    drawn = [[_kept(len(order), size, dropped)[:, order[: words.shape[1]]] for size in sizes] for _ in words]
    states = []
    for layer in range(decoder.num_layers):
        value = value * torch.cat([step[layer] for step in drawn])
        weights = [getattr(decoder.rnn, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        value, *after = _layer(value, state, layer, weights)
        states.append(after)
    parts = [torch.cat(part) for part in zip(*states, strict=True)]  # (L, B, H) each
    return value, parts[0] if isinstance(state, Tensor) else (parts[0], parts[1])


def _layer(value: Tensor, state: State, layer: int, weights: list[Tensor]) -> tuple[Tensor, ...]:
    """One layer's output (S, B, H) and its state after the last word, (1, B, H) once or twice."""
    settings = (weights, True, 1, 0.0, True, False, False)  # with biases, one layer, no dropout, training, one direction, time first
    at = slice(layer, layer + 1)
    if isinstance(state, Tensor):
        return torch.rnn_tanh(value, state[at], *settings)
    return torch.lstm(value, (state[0][at], state[1][at]), *settings)


def _kept(batch: int, size: int, dropped: float) -> Tensor:
    """As torch's dropout draws it for one step: zero for what is dropped, (1, B, size)."""
    return torch.empty(1, batch, size).bernoulli_(1 - dropped).div_(1 - dropped)
