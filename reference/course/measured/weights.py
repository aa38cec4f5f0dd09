"""Puts the grader's weights into a student's module by role and shape, whatever its attributes are called.

Roles are named as in a plain implementation: `embedding.weight` (V, E), `rnn.weight_ih_l0` … `rnn.bias_hh_l2` as in `torch.nn`'s
recurrent layers, `out_proj.weight` (V, H) and `out_proj.bias`. Recurrent layers may be one `nn.RNN` with many layers, a list of
one-layer ones, or cells; the embedding may be a linear layer over one-hot vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@dataclass
class Loading:
    """`missing` are roles that found no place, `leftover` parameters that no role was given to, `layers` the recurrent ones."""

    missing: list[str] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)
    layers: list[nn.Module] = field(default_factory=list)
    called: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)

    def watch(self, layer: nn.Module) -> None:
        """Note when a recurrent layer is called."""
        self.layers.append(layer)
        layer.register_forward_pre_hook(lambda one, _: self.called.add(id(one)))

    def seen_recurrent(self) -> list[dict[str, Any]]:
        """The recurrent layers that were called, or all when no call was seen."""
        return [_described(layer) for layer in self.layers if not self.called or id(layer) in self.called]

    def fill(self, parameter: torch.Tensor | None, values: np.ndarray) -> bool:
        """Copy `values` into a parameter of the same shape that has none yet."""
        if parameter is None or id(parameter) in self.filled or tuple(parameter.shape) != values.shape:
            return False
        with torch.no_grad():
            parameter.copy_(torch.as_tensor(values))
        self.filled.add(id(parameter))
        return True


def load(module: nn.Module, weights: Mapping[str, np.ndarray]) -> Loading:
    """Fill `module` and say what did not fit."""
    loading = Loading()
    for layer in module.modules():
        if isinstance(layer, nn.RNNBase | nn.RNNCellBase):
            loading.watch(layer)
    placed = _fill_recurrent(module, weights, loading) | _fill_embedding(module, weights, loading) | _fill_output(module, weights, loading)
    loading.missing = [role for role in weights if role not in placed]
    loading.leftover = [name for name, parameter in module.named_parameters() if id(parameter) not in loading.filled]
    return loading


def silence(module: nn.Module) -> None:
    """Take all dropout out, so that training mode and evaluation mode compute the same."""
    for layer in module.modules():
        if isinstance(layer, nn.modules.dropout._DropoutNd):
            layer.p = 0.0
        elif isinstance(layer, nn.RNNBase):
            layer.dropout = 0.0


def _described(layer: nn.Module) -> dict[str, Any]:
    kind = type(layer).__name__
    for base, name in (
        (nn.LSTM, "LSTM"),
        (nn.GRU, "GRU"),
        (nn.RNN, "RNN"),
        (nn.LSTMCell, "LSTM"),
        (nn.GRUCell, "GRU"),
        (nn.RNNCell, "RNN"),
    ):
        if isinstance(layer, base):
            kind = name
    return {
        "kind": kind,
        "input_size": int(layer.input_size),
        "hidden_size": int(layer.hidden_size),
        "num_layers": int(getattr(layer, "num_layers", 1)),
        "batch_first": bool(getattr(layer, "batch_first", False)),
        "bidirectional": bool(getattr(layer, "bidirectional", False)),
        "nonlinearity": str(getattr(layer, "nonlinearity", "tanh")),
        "bias": bool(layer.bias),
    }


def _slots(module: nn.Module) -> list[dict[str, torch.Tensor | None]]:
    """One entry a recurrent layer, in order of definition: its parameters by part."""
    slots: list[dict[str, torch.Tensor | None]] = []
    for layer in module.modules():
        if isinstance(layer, nn.RNNBase):
            slots += [{part: getattr(layer, f"{part}_l{k}", None) for part in PARTS} for k in range(layer.num_layers)]
        elif isinstance(layer, nn.RNNCellBase):
            slots.append({part: getattr(layer, part, None) for part in PARTS})
    return slots


def _fill_recurrent(module: nn.Module, weights: Mapping[str, np.ndarray], loading: Loading) -> set[str]:
    first = weights["rnn.weight_ih_l0"].shape
    state = weights["rnn.weight_hh_l0"].shape
    fitting = [slot for slot in _slots(module) if slot["weight_hh"] is not None and tuple(slot["weight_hh"].shape) == state]
    # The layer that reads the embedding has a shape of its own, so it comes first even when it was defined last.
    slots = sorted(fitting, key=lambda slot: slot["weight_ih"] is None or tuple(slot["weight_ih"].shape) != first)
    return {
        role
        for k, slot in enumerate(slots)
        for part in PARTS
        if (role := f"rnn.{part}_l{k}") in weights and loading.fill(slot[part], weights[role])
    }


def _fill_embedding(module: nn.Module, weights: Mapping[str, np.ndarray], loading: Loading) -> set[str]:
    values = weights["embedding.weight"]
    for layer in module.modules():
        if isinstance(layer, nn.Embedding) and loading.fill(layer.weight, values):
            return {"embedding.weight"}
    for layer in module.modules():
        if isinstance(layer, nn.Linear) and loading.fill(layer.weight, values.T):
            if layer.bias is not None:
                loading.fill(layer.bias, np.zeros(tuple(layer.bias.shape), np.float32))
            return {"embedding.weight"}
    for parameter in module.parameters():
        if loading.fill(parameter, values):
            return {"embedding.weight"}
    return set()


def _fill_output(module: nn.Module, weights: Mapping[str, np.ndarray], loading: Loading) -> set[str]:
    if "out_proj.weight" not in weights:
        return set()
    for layer in module.modules():
        if isinstance(layer, nn.Linear) and loading.fill(layer.weight, weights["out_proj.weight"]):
            filled = loading.fill(layer.bias, weights["out_proj.bias"])
            return {"out_proj.weight", "out_proj.bias"} if filled else {"out_proj.weight"}
    return set()
