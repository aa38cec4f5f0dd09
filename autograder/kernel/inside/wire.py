"""The kernel's side of requests and replies: a JSON body and numeric arrays as one line of text."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np

MIME = "application/vnd.autograder+json"
LOOPS = "application/vnd.autograder.loops+json"


def pack(body: dict[str, Any], arrays: dict[str, Any]) -> dict[str, str]:
    """The two fields of a reply."""
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    archive = io.BytesIO()
    if plain:
        np.savez(archive, **plain)  # type: ignore[arg-type]
    return {"body": json.dumps(body, default=_number), "arrays": base64.b64encode(archive.getvalue()).decode("ascii")}


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
