"""How a measurement ends early, and how what a student's code returned becomes plain arrays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

LARGEST = 1_000_000  # values of one result; what is probed returns some thousands

# As they are before a notebook's code runs, which can replace them.
_tensor = torch.Tensor
_as_subclass, _detach, _numel, _float = _tensor.as_subclass, _tensor.detach, _tensor.numel, _tensor.float
_array = np.array
_cpu, _conjugated, _negated, _numpy = _tensor.cpu, _tensor.resolve_conj, _tensor.resolve_neg, _tensor.numpy


class NotThere(Exception):
    """The student has not defined what is asked for. `sentence` says what."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StudentError(Exception):
    """The student's code raised (the cause) or returned something that is no result. `sentence` says when, for the student."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def trying(sentence: str) -> Iterator[None]:
    """Run student code; whatever it raises becomes a StudentError with `sentence`."""
    try:
        yield
    except (NotThere, StudentError):
        raise
    except (Exception, SystemExit) as problem:  # student code may raise anything
        raise StudentError(sentence) from problem


def tensors(value: Any, depth: int = 0) -> list[torch.Tensor]:
    """All tensors in a nest of tuples, lists and dicts, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if depth < 4 and isinstance(value, (tuple, list)):
        return [tensor for part in value for tensor in tensors(part, depth + 1)]
    if depth < 4 and isinstance(value, dict):
        return [tensor for part in value.values() for tensor in tensors(part, depth + 1)]
    return []


def structure(value: Any, depth: int = 0) -> str:
    """What a function returned, in words: "tensor (2, 3)", "(tensor (4, 11), (tensor (2, 4, 7), tensor (2, 4, 7)))"."""
    if isinstance(value, torch.Tensor):
        return f"tensor {tuple(value.shape)}"
    if depth < 3 and isinstance(value, (tuple, list)) and len(value) <= 6:
        return "(" + ", ".join(structure(part, depth + 1) for part in value) + ")"
    return "None" if value is None else type(value).__name__


def as_array(value: Any, what: str = "The result") -> np.ndarray:
    """A plain copy of a tensor's values. A subclass of Tensor is asked through the base class, so that it cannot answer for itself."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if not isinstance(value, torch.Tensor):
        raise StudentError(f"{what} is {structure(value)}, not a tensor")
    with torch._C.DisableTorchFunctionSubclass():
        plain = _as_subclass(_detach(value), _tensor)
        size, shape = _numel(plain), tuple(plain.shape)
        if size > LARGEST:
            raise StudentError(f"{what} has {size:,} values in the shape {shape}, far more than were asked for")
        if plain.is_floating_point() and plain.dtype is not torch.float64:
            plain = _float(plain)
        return _numpy(_negated(_conjugated(_cpu(plain)))).copy()
