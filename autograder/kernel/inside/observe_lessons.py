"""Records which numbers a network was given, and what its output was taught: read from the gradient that comes back to it.

The gradient of a cross entropy is the softmax less the one-hot target, whichever way the loss is written. So it tells for each place
of the output whether it counts, and which class is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from .store import Record, guarded, store
from .values import plain

CALLS_KEPT = 2  # of one network in a section with gradient, and as many without
FEWEST_CLASSES = 3
LARGEST = 20_000  # numbers in one tensor that is kept
NORMALISED = 1e-3
UNEXPLAINED = 0.05  # of a place's gradient; float32 leaves 1e-5, a squared difference some tenths

_kept: Counter[tuple[str, int, bool]] = Counter()


def numbers(network: int, args: Any, kwargs: Any) -> list[str]:
    """Keep the tensors of whole numbers among a call's arguments, for the first calls of a network; the names they are kept by."""
    key = (store.question, network, torch.is_grad_enabled())
    if _kept[key] >= CALLS_KEPT:
        return []
    found = [tensor for tensor in _tensors([*args, *kwargs.values()]) if _holds_numbers(tensor)]
    _kept[key] += bool(found)
    return [store.keep(plain(tensor).astype(np.int32)) for tensor in found[:4]]


def _tensors(values: Any, depth: int = 3) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)) and depth:
            yield from _tensors(value, depth - 1)


def _holds_numbers(tensor: torch.Tensor) -> bool:
    return tensor.dtype in (torch.int64, torch.int32) and 1 <= tensor.dim() <= 2 and 0 < tensor.numel() <= LARGEST


@guarded("lessons")
def watch(network: int, call: int, output: torch.Tensor) -> None:
    """Wait for the gradient of a training call's output, whose last dimension holds the scores of classes."""
    if not output.is_floating_point() or output.dim() < 2 or output.shape[-1] < FEWEST_CLASSES:
        return
    record = store.add("lessons", network=network, call=call, rule="", scores="", taught="")
    if record is not None:
        scores = output.detach()
        output.register_hook(lambda gradient: _taught(record, scores, gradient))


@guarded("lessons")
def _taught(record: Record, scores: torch.Tensor, gradient: torch.Tensor) -> None:
    if record["rule"] or gradient is None:
        return
    classes = scores.shape[-1]
    gradients, rows = gradient.detach().reshape(-1, classes).float(), scores.reshape(-1, classes).float()
    asked, target = gradients.abs().amax(1) > 0, gradients.argmin(1)
    record["taught"] = store.keep(plain(torch.where(asked, target, -1).reshape(scores.shape[:-1])).astype(np.int32))
    record["scores"] = kind = _kind(rows[asked])
    record["rule"] = "cross_entropy" if _of_cross_entropy(rows[asked], gradients[asked], target[asked], kind) else "other"


def _kind(rows: torch.Tensor) -> str:
    if len(rows) and bool((rows >= 0).all()) and bool(((rows.sum(1) - 1).abs() < NORMALISED).all()):
        return "probabilities"
    return "log_probabilities" if len(rows) and bool(((rows.exp().sum(1) - 1).abs() < NORMALISED).all()) else "scores"


def _of_cross_entropy(rows: torch.Tensor, gradients: torch.Tensor, target: torch.Tensor, kind: str) -> bool:
    """Each gradient is a multiple of softmax less target, which adds up to zero; of less the target alone for log-probabilities."""
    if not len(rows):
        return False
    wanted = torch.nn.functional.one_hot(target, rows.shape[-1]).float()
    adds_up_to = float((gradients.sum(1) / gradients.abs().amax(1)).abs().max())
    if adds_up_to < UNEXPLAINED and _unexplained(gradients, rows.softmax(1) - wanted) < UNEXPLAINED:
        return True
    return kind == "log_probabilities" and _unexplained(gradients, -wanted) < UNEXPLAINED


def _unexplained(gradients: torch.Tensor, direction: torch.Tensor) -> float:
    """The largest share of a gradient that does not lie along its direction."""
    along = (gradients * direction).sum(1, keepdim=True) / (direction * direction).sum(1, keepdim=True).clamp_min(1e-30)
    rest = (gradients - along.clamp_min(0) * direction).abs().amax(1)
    return float((rest / gradients.abs().amax(1)).max())
