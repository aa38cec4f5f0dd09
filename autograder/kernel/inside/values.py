"""Reads tensors without changing them: fingerprints, first examples, the tensor that a call is about."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

SAMPLED = 4096  # values of a tensor that go into its fingerprint
SAMPLED_OF_PARAMETER = 64
EXAMPLES = 8  # of a batch that are kept

# As they are before a notebook's code runs, which can replace them: what is told must be what its own code computes with.
_tensor = torch.Tensor
_as_subclass, _detach, _float, _narrow = _tensor.as_subclass, _tensor.detach, _tensor.float, _tensor.narrow
_cpu, _conjugated, _negated, _numpy = _tensor.cpu, _tensor.resolve_conj, _tensor.resolve_neg, _tensor.numpy
_concatenate = np.concatenate


def first_tensor(value: Any, depth: int = 4) -> torch.Tensor | None:
    """The first tensor in a value, which may be nested."""
    if isinstance(value, torch.Tensor):
        return value
    if depth == 0:
        return None
    parts: Iterable[Any] = ()
    if isinstance(value, (tuple, list)):
        parts = value
    elif isinstance(value, dict):
        parts = value.values()
    return next((tensor for part in parts if (tensor := first_tensor(part, depth - 1)) is not None), None)


def fingerprint(tensor: Any) -> str:
    """Equal for equal values, whatever the shape's history; at most some thousands of values are looked at."""
    if isinstance(tensor, torch.Tensor):
        flat = tensor.detach().reshape(-1)
        sample = plain(flat[:: _stride(flat.numel(), tensor.shape)])
        shape = tuple(tensor.shape)
    else:
        values = np.asarray(tensor)
        shape = values.shape
        sample = np.ascontiguousarray(values.reshape(-1)[:: _stride(values.size, shape)])
    digest = hashlib.blake2b(repr((shape, str(sample.dtype))).encode(), digest_size=12)
    digest.update(sample.tobytes())
    return digest.hexdigest()


def parameters_fingerprint(parameters: Iterable[torch.Tensor]) -> str:
    """One fingerprint for all parameters of a network or an optimizer."""
    samples = []
    for parameter in parameters:
        flat = parameter.detach().reshape(-1)
        samples.append(flat[:: max(1, -(-flat.numel() // SAMPLED_OF_PARAMETER))])
    if not samples:
        return ""
    return hashlib.blake2b(plain(torch.cat(samples)).tobytes(), digest_size=12).hexdigest()


def examples(tensor: torch.Tensor, along: int = 0) -> np.ndarray:
    """The first examples and the last of a batch whose examples lie along dimension `along`; a whole tensor without a batch."""
    size = tensor.shape[along] if tensor.dim() > along else 0
    if size <= EXAMPLES:
        return plain(tensor).astype(np.float32)
    # The last one too: what a student adds to a batch of the data set stands at its end.
    with torch._C.DisableTorchFunctionSubclass():
        parts = [plain(_narrow(tensor, along, start, count)) for start, count in ((0, EXAMPLES - 1), (size - 1, 1))]
    return _concatenate(parts, axis=along).astype(np.float32)


def plain(tensor: torch.Tensor) -> np.ndarray:
    """The tensor as an array of numbers, whatever a subclass would answer for it."""
    with torch._C.DisableTorchFunctionSubclass():
        values = _as_subclass(_detach(tensor), _tensor)
        if values.dtype is torch.bfloat16:
            values = _float(values)
        return _numpy(_negated(_conjugated(_cpu(values))))


def _stride(count: int, shape: Iterable[int]) -> int:
    """A stride that visits all columns of a table, so that a one-hot code is not read at one place only."""
    stride = max(1, -(-count // SAMPLED))
    last = tuple(shape)[-1:] or (1,)
    while stride > 1 and math.gcd(stride, last[0] or 1) > 1:
        stride += 1
    return stride
