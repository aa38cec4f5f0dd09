"""What networks are made of, the sizes of their recurrent layers, and the length and batch of what such a layer is given."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from torch import nn
from torch.nn.utils.rnn import PackedSequence

from .store import Record

LAYERS = (nn.RNN, nn.LSTM, nn.GRU)
CELLS = (nn.RNNCell, nn.LSTMCell, nn.GRUCell)
RECURRENT = (*LAYERS, *CELLS)
MOST_LEAVES = 200


def description(module: nn.Module, used: Collection[int] = ()) -> Record:
    """The record of a network: its size, its recurrent layers, its leaves and whatever else has parameters of its own.

    `used` holds the ids of the layers that were called: a network may hold an RNN and an LSTM and use one of them.
    """
    leaves: list[Any] = []
    recurrent: list[Record] = []
    for part in module.modules():
        own = [list(parameter.shape) for parameter in part.parameters(recurse=False)]
        if (own or not any(True for _ in part.children())) and len(leaves) < MOST_LEAVES:
            leaves.append([type(part).__name__, own])
        if isinstance(part, RECURRENT) and (not used or id(part) in used):
            recurrent.append(sizes(part))
    count = sum(parameter.numel() for parameter in module.parameters())
    return {"class_name": type(module).__name__, "parameter_count": count, "recurrent": recurrent, "leaves": leaves}


def sizes(part: Any) -> Record:
    """The record of a recurrent layer; a cell is a layer of its own."""
    kind = next(cls.__name__.removesuffix("Cell") for cls in RECURRENT if isinstance(part, cls))
    return {
        "kind": kind,
        "input_size": part.input_size,
        "hidden_size": part.hidden_size,
        "num_layers": getattr(part, "num_layers", 1),
        "batch_first": bool(getattr(part, "batch_first", False)),
        "bidirectional": bool(getattr(part, "bidirectional", False)),
        "parameter_count": sum(parameter.numel() for parameter in part.parameters()),
    }


def length_and_batch(module: Any, given: Any) -> tuple[int, int, int]:
    """Time steps, batch size, and the dimension of the batch. Without a batch, its size is 1."""
    if isinstance(given, PackedSequence):
        return len(given.batch_sizes), int(given.batch_sizes[0]), 0
    if isinstance(module, CELLS):
        return 1, given.shape[0] if given.dim() == 2 else 1, 0
    if given.dim() == 2:
        return given.shape[0], 1, 0
    return (given.shape[1], given.shape[0], 0) if module.batch_first else (given.shape[0], given.shape[1], 1)


def work(module: Any, positions: int) -> int:
    """Multiplications of a forward pass over so many positions, which no clock tells and no machine changes."""
    return positions * int(sum(parameter.numel() for parameter in module.parameters()))
