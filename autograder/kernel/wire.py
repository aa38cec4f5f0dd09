"""Requests and replies as text: a JSON body and plain numeric arrays, never a pickle.

Receives bodies and arrays and returns text, or the other way round. Refuses text over its size limit, arrays of objects or text,
and archives whose headers promise more than the limit. `inside/wire.py` is the kernel's own twin of this module.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib import format as npy

from autograder.kernel import claims
from autograder.model.execution import Json

MIME = "application/vnd.autograder+json"
LOOPS = "application/vnd.autograder.loops+json"
LIMIT_MB = 32  # an honest reply holds up to 9
_MEMBERS = 4096
_PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, binascii.Error, OSError, EOFError),
    *(ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, SyntaxError, MemoryError),  # a header is text of the kernel's
)


class WireError(ValueError):
    """The text is not a message of ours. What a kernel sends is a claim, so this is data and never the harness' failure."""


def encode(body: Mapping[str, Json], arrays: Mapping[str, np.ndarray]) -> str:
    """One line of text for a body and its arrays."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: np.asarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]
    return json.dumps({"body": json.dumps(body), "arrays": base64.b64encode(packed.getvalue()).decode("ascii") if arrays else ""})


def decode(text: str, limit_mb: float = LIMIT_MB) -> tuple[dict[str, Json], dict[str, np.ndarray]]:
    """Body and arrays of a text; WireError when it is too large, malformed, or holds anything but numbers."""
    if len(text) > limit_mb * 2**20:
        raise WireError(f"a message of {len(text)} characters is over the limit of {limit_mb} MB")
    try:
        message = claims.parsed(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from error
    return unpacked(message, limit_mb)


def unpacked(message: Any, limit_mb: float = LIMIT_MB) -> tuple[dict[str, Json], dict[str, np.ndarray]]:
    """Body and arrays of a message whose text was read already; WireError as for `decode`."""
    try:
        body = claims.parsed(message["body"])
        packed = base64.b64decode(message["arrays"], validate=True)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from error
    if not isinstance(body, dict):
        raise WireError("the body of a message must be an object")
    return body, _unpack(packed, limit_mb) if packed else {}


def _unpack(packed: bytes, limit_mb: float) -> dict[str, np.ndarray]:
    left = int(limit_mb * 2**20)
    arrays: dict[str, np.ndarray] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS:
                raise WireError(f"{len(members)} arrays in one message")
            for member in members:
                if member.compress_type not in _PACKED_BY:
                    raise WireError(f"an archive packed by method {member.compress_type}")
                if member.file_size > left:
                    raise WireError("the arrays of a message are over the limit")
                left -= member.file_size
                with archive.open(member) as stream:
                    content = stream.read(member.file_size + 1)
                arrays[member.filename.removesuffix(".npy")] = _array(content)
    except _UNREADABLE as error:
        if isinstance(error, WireError):
            raise
        raise WireError(f"arrays that cannot be read: {type(error).__name__}") from error
    return arrays


def _array(content: bytes) -> np.ndarray:
    """One array; its header is held against the bytes that are there before anything is allocated."""
    stream = io.BytesIO(content)
    version = npy.read_magic(stream)
    read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read_header is None:
        raise WireError(f"an array of format {version}")
    shape, _, dtype = read_header(stream)
    if dtype.kind not in "biuf":
        raise WireError(f"an array of {dtype}")
    expected = dtype.itemsize
    for size in shape:
        expected *= size
    if expected != len(content) - stream.tell() or any(size < 0 for size in shape):
        raise WireError("an array whose header does not fit its content")
    stream.seek(0)
    array: np.ndarray = np.load(stream, allow_pickle=False)
    return array
