"""Requests and replies: a JSON body and plain numeric arrays, never a pickle.

Makes text of what a kernel is asked, and reads what it replies. Refuses what is over the size limit and anything but arrays of numbers
that are there in full. `inside/wire.py` is the kernel's own twin of this module: requests are encoded here and
unpacked there, replies packed there and unpacked here.
"""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.kernel import claims
from autograder.model.execution import Json

MIME = "application/vnd.autograder+json"
LOOPS = "application/vnd.autograder.loops+json"
LIMIT_MB = 32  # an honest reply holds up to 9
_MOST_ARRAYS = 4096
_MOST_DIMENSIONS, _MOST_NUMBERS = 32, 2**31
_KINDS = frozenset({"|b1", "|i1", "|u1", *(f"<{kind}{size}" for kind in "iuf" for size in (2, 4, 8))})


class WireError(ValueError):
    """What came is no reply of ours. What a kernel sends is a claim, so this is data and never the harness' failure."""


def encode(body: Mapping[str, Json], arrays: Mapping[str, np.ndarray]) -> str:
    """One line of text for a body and its arrays."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: np.asarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]
    return json.dumps({"body": json.dumps(body), "arrays": base64.b64encode(packed.getvalue()).decode("ascii") if arrays else ""})


def unpacked(fields: Any, content: bytes, limit_mb: float = LIMIT_MB) -> tuple[dict[str, Json], dict[str, np.ndarray]]:
    """Body and arrays of a reply, of which `content` is the arrays' bytes; WireError when it is too large, malformed, or not of numbers."""
    try:
        body = claims.parsed(fields["body"])
        headers = fields["headers"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from error
    if not isinstance(body, dict):
        raise WireError("the body of a message must be an object")
    if not isinstance(headers, list) or len(headers) > _MOST_ARRAYS:
        raise WireError("the headers of a message's arrays must be a list that is not too long")
    if len(content) > limit_mb * 2**20:
        raise WireError("the arrays of a message are over the limit")
    return body, _arrays(headers, content)


def _arrays(headers: Sequence[object], content: bytes) -> dict[str, np.ndarray]:
    """Each header is held against the bytes that are there before anything is made of it."""
    arrays: dict[str, np.ndarray] = {}
    start = 0
    for header in headers:
        match header:
            case [str(name), str(kind), [*sizes]] if kind in _KINDS and (shape := _shape(sizes)) is not None:
                dtype = np.dtype(kind)
                end = start + math.prod(shape) * dtype.itemsize
            case _:
                raise WireError("an array of no known kind")
        if end > len(content):
            raise WireError("an array whose header promises more than its content")
        numbers = np.frombuffer(memoryview(content)[start:end], np.uint8 if dtype.kind == "b" else dtype)
        arrays[name] = (numbers != 0 if dtype.kind == "b" else numbers.copy()).reshape(shape)
        start = end
    if start != len(content):
        raise WireError("more content than the headers of the arrays tell of")
    return arrays


def _shape(sizes: Sequence[object]) -> tuple[int, ...] | None:
    """The shape of an array that NumPy can make, empty ones included."""
    shape = tuple(size for size in sizes if type(size) is int and size >= 0)
    can_be_made = len(shape) == len(sizes) <= _MOST_DIMENSIONS and math.prod(max(1, size) for size in shape) < _MOST_NUMBERS
    return shape if can_be_made else None
