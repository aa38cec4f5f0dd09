"""Short names for tensors' values: equal names, equal values. Cheap, and without a trace in the random state or the graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import torch

SAMPLED = 4096  # values of an input
PARAMETERS = 4  # tensors of a network
EACH = 16  # values of each


def of_values(tensor: Any) -> str:
    """The name of a tensor's values; its shape does not matter, so a flattened batch has the name of the batch."""
    if not isinstance(tensor, torch.Tensor) or tensor.numel() == 0:
        return ""
    flat = torch.Tensor.detach(tensor).reshape(-1)
    sample = flat[:: max(1, flat.numel() // SAMPLED)]
    return hashlib.blake2b(f"{flat.numel()}".encode() + _bytes(sample), digest_size=8).hexdigest()


def of_parameters(parameters: Iterable[Any]) -> str:
    """The name of a few values of the last parameters, which every optimizer step and every fresh start changes."""
    tensors = [one for one in parameters if one.numel() > 1][-PARAMETERS:]
    if not tensors:
        return ""
    sample = torch.cat([torch.Tensor.detach(one).reshape(-1)[:EACH].float().cpu() for one in tensors])
    return hashlib.blake2b(_bytes(sample), digest_size=8).hexdigest()


def _bytes(sample: torch.Tensor) -> bytes:
    plain = sample.float() if sample.is_floating_point() else sample.long()
    return bytes(plain.cpu().contiguous().numpy().tobytes())
