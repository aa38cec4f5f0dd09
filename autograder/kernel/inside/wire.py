"""The kernel's side of requests and replies: a JSON body and numeric arrays, in a request as one line of text."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
from numpy import asarray  # as it is before a notebook's code runs, which can replace it

MIME = "application/vnd.autograder+json"
LOOPS = "application/vnd.autograder.loops+json"
_LARGEST_FLOAT = 8  # bytes


def pack(body: dict[str, Any], arrays: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The fields of a reply: the body as JSON; name, type and shape of each array. Beside them the bytes of all, one after the other."""
    plain = {name: _plain(array) for name, array in arrays.items()}
    headers = [[name, array.dtype.str, list(array.shape)] for name, array in plain.items()]
    return {"body": json.dumps(body, default=_number), "headers": headers}, b"".join(array.tobytes() for array in plain.values())


def _plain(values: Any) -> np.ndarray:
    """Numbers as any machine reads them."""
    array = asarray(values)
    if array.dtype.kind == "f" and array.dtype.itemsize > _LARGEST_FLOAT:
        array = array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _number(value: Any) -> Any:
    """Of a tensor or a NumPy number, such as the sizes that torch.jit.trace makes of a shape; None for what is no number."""
    try:
        return value.item()
    except (AttributeError, RuntimeError, ValueError):
        return None


def unpack(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Body and arrays of a request."""
    message = json.loads(text)
    packed = base64.b64decode(message["arrays"])
    arrays: dict[str, Any] = {}
    if packed:
        with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    return json.loads(message["body"]), arrays
