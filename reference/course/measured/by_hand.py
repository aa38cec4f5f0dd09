"""Puts the grader's weights into recurrences that a student wrote by hand, in each of the ways that their shapes allow.

A recurrence by hand multiplies the input and the state with matrices of its own: two for each layer, or one for both joined together, and
an LSTM may have those of its four gates in one or apart. Shapes do not tell which matrix is for what where a layer's input is as wide as
its state, nor in which order the gates stand. So all orders that people write are tried; the grader's side knows which result is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np
import torch
from torch import nn

from .outcomes import tensors
from .weights import Loading

KEPT = 4  # ways whose results are told, those nearest to torch's own layer first
Placed = list[tuple[torch.Tensor, np.ndarray]]


@dataclass(frozen=True)
class _Matrix:
    """A parameter (rows, columns), whether it may be kept transposed, and the bias that its linear layer has."""

    weight: torch.Tensor
    bias: torch.Tensor | None
    may_turn: bool


@dataclass(frozen=True)
class _Piece:
    """Some gates' weights for one layer's input ("x"), state ("h"), or both joined ("xh", "hx"), and the sum of their biases."""

    values: np.ndarray
    side: str
    bias: np.ndarray


@dataclass(frozen=True)
class Way:
    """Which values go into which parameters; `biases` False where the recurrence has none."""

    placed: Placed
    biases: bool

    def take(self) -> None:
        with torch.no_grad():
            for parameter, values in self.placed:
                parameter.copy_(torch.as_tensor(np.ascontiguousarray(values)))


def nearest_ways(
    module: nn.Module,
    loading: Loading,
    weights: Mapping[str, np.ndarray],
    called: Callable[[], Any],
    expected: Callable[[bool], Sequence[Any]],
) -> list[Way]:
    """The ways to fill the module after which `called()` returns states most like `expected(biases)`, those of torch's own layer."""
    if loading.layers:
        return []
    matrices, loose = _matrices(module, loading)
    ways = [way for pieces in _orders(weights) if (way := _way(matrices, loose, pieces)) is not None]
    right = {biases: expected(biases) for biases in {way.biases for way in ways}}
    distances = []
    for way in ways:
        way.take()
        states = tensors(called())[-len(right[way.biases]) :]
        distances.append(
            sum(
                float((one - other).abs().max()) if one.shape == other.shape else float("inf")
                for one, other in zip(states, right[way.biases], strict=False)
            )
        )
    return [ways[k] for k in sorted(range(len(ways)), key=lambda k: distances[k])[:KEPT]]


def torch_layer(kind: str, weights: Mapping[str, np.ndarray], biases: bool) -> nn.RNNBase:
    """torch's own layer with the weights."""
    size, read = weights["rnn.weight_hh_l0"].shape[1], weights["rnn.weight_ih_l0"].shape[1]
    layers = sum(name.startswith("rnn.weight_ih") for name in weights)
    layer: nn.RNNBase = getattr(nn, kind)(read, size, layers, bias=biases)
    own = {name.removeprefix("rnn."): torch.as_tensor(values) for name, values in weights.items() if name.startswith("rnn.")}
    layer.load_state_dict({name: values for name, values in own.items() if biases or "bias" not in name})
    return layer


def _matrices(module: nn.Module, loading: Loading) -> tuple[list[_Matrix], list[torch.Tensor]]:
    """All matrices without a role in order of definition, and the vectors that belong to no linear layer."""
    linear = {id(layer.weight): layer.bias for layer in module.modules() if isinstance(layer, nn.Linear)}
    biases = {id(bias) for bias in linear.values() if bias is not None}
    open_parameters = [one for one in module.parameters() if id(one) not in loading.filled]
    matrices = [_Matrix(one, linear.get(id(one)), id(one) not in linear) for one in open_parameters if one.ndim == 2]
    return matrices, [one for one in open_parameters if one.ndim == 1 and id(one) not in biases]


def _orders(weights: Mapping[str, np.ndarray]) -> Iterator[list[_Piece]]:
    """The pieces of all layers in the orders in which they may be defined."""
    layers = sum(name.startswith("rnn.weight_ih") for name in weights)
    gates = weights["rnn.weight_ih_l0"].shape[0] // weights["rnn.weight_hh_l0"].shape[1]
    for order in permutations(range(gates)):
        for sides in (("xh",), ("hx",), ("x", "h"), ("h", "x")):
            groups = [(order,)] if gates == 1 else [(order,), tuple((gate,) for gate in order)]
            for group in groups:
                for axes in _nestings(len(sides) > 1, len(group) > 1, layers > 1):
                    counts = {"layer": range(layers), "gates": group, "side": sides}
                    yield [_piece(weights, **dict(zip(axes, chosen, strict=True))) for chosen in product(*(counts[axis] for axis in axes))]


def _nestings(two_sides: bool, gates_apart: bool, several_layers: bool) -> list[tuple[str, ...]]:
    """Which of layer, gate and side changes slowest in the order of definition: layer by layer, or list by list."""
    found = [("layer", "gates", "side")]
    if several_layers and (two_sides or gates_apart):
        found.append(("gates", "side", "layer"))
    if two_sides and gates_apart:
        found.append(("layer", "side", "gates"))
    return found


def _piece(weights: Mapping[str, np.ndarray], *, layer: int, gates: Sequence[int], side: str) -> _Piece:
    size = weights["rnn.weight_hh_l0"].shape[1]
    rows = np.concatenate([np.arange(gate * size, (gate + 1) * size) for gate in gates])
    parts = {"x": "ih", "h": "hh"}
    values = np.concatenate([weights[f"rnn.weight_{parts[one]}_l{layer}"][rows] for one in side], axis=1)
    return _Piece(values, side, weights[f"rnn.bias_ih_l{layer}"][rows] + weights[f"rnn.bias_hh_l{layer}"][rows])


def _way(matrices: Sequence[_Matrix], loose: Sequence[torch.Tensor], pieces: Sequence[_Piece]) -> Way | None:
    """What goes where, or None where the shapes do not fit."""
    if len(matrices) != len(pieces):
        return None
    turned = any(
        matrix.may_turn and tuple(matrix.weight.shape) != piece.values.shape for matrix, piece in zip(matrices, pieces, strict=True)
    )
    placed = [
        (matrix.weight, piece.values.T if turned and matrix.may_turn else piece.values)
        for matrix, piece in zip(matrices, pieces, strict=True)
    ]
    # A layer's two biases are only ever added: one of them holds the sum.
    kept = [(matrix.bias, piece) for matrix, piece in zip(matrices, pieces, strict=True) if matrix.bias is not None]
    if loose:
        of_input = [piece for piece in pieces if "x" in piece.side]
        if kept or len(loose) not in (len(pieces), len(of_input)):
            return None
        kept = list(zip(loose, pieces if len(loose) == len(pieces) else of_input, strict=True))
    holder = "x" if any("x" in piece.side for _, piece in kept) else "h"
    placed += [(bias, piece.bias if holder in piece.side else np.zeros_like(piece.bias)) for bias, piece in kept]
    if any(tuple(parameter.shape) != values.shape for parameter, values in placed):
        return None
    return Way(placed, bool(kept))
