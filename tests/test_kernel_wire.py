"""What crosses between the grader and a kernel is plain, small and checked."""

from __future__ import annotations

import base64
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.kernel import wire
from autograder.kernel.inside import wire as inside


def message(packed: bytes, body: str = "{}") -> str:
    return json.dumps({"body": body, "arrays": base64.b64encode(packed).decode()})


def archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(name, content)
    return stream.getvalue()


def test_a_request_arrives_as_it_was_sent() -> None:
    """Body and arrays are the same on the kernel's side, types and shapes included."""
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b.c": np.asarray(True), "empty": np.zeros((0, 4), np.int64)}
    body, received = inside.unpack(wire.encode({"n": 1, "list": [1.5, "x"]}, arrays))
    assert body == {"n": 1, "list": [1.5, "x"]}
    assert {name: (array.dtype, array.shape, array.tolist()) for name, array in received.items()} == {
        name: (array.dtype, array.shape, array.tolist()) for name, array in arrays.items()
    }


def test_a_reply_arrives_as_it_was_sent() -> None:
    """The other way round as well, with and without arrays."""
    body, received = wire.decode(json.dumps(inside.pack({"kind": "finding"}, {"x": [1, 2]})))
    assert (body, received["x"].tolist()) == ({"kind": "finding"}, [1, 2])
    assert wire.decode(json.dumps(inside.pack({}, {}))) == ({}, {})


def test_one_value_that_is_no_json_does_not_cost_the_reply() -> None:
    """Numbers of NumPy and PyTorch are taken as numbers; what is none is told as null, and the rest arrives."""
    body, _ = wire.decode(json.dumps(inside.pack({"shape": [np.int64(3), torch.tensor(28)], "odd": object(), "cell": 4}, {})))
    assert body == {"shape": [3, 28], "odd": None, "cell": 4}


class _Canary:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("/tmp/canary-of-the-autograder"),)  # type: ignore[return-value]


def _object_array() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray([_Canary()], dtype=object), allow_pickle=True)
    return stream.getvalue()


def _huge_header() -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    return stream.getvalue() + b"\0" * 8


def _text_array() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(["text"]))
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"body": "[1]", "arrays": ""}',
        '{"body": "{}", "arrays": "***"}',
        '{"body": 3, "arrays": ""}',
        message(b"not an archive"),
        message(pickle.dumps(_Canary())),
        message(archive("a.npy", pickle.dumps(_Canary()))),
        message(archive("a.npy", _object_array())),
        message(archive("a.npy", _huge_header())),
        message(archive("a.npy", _text_array())),
        message(archive("a.npy", b"\x93NUMPY\x09\x00garbage")),
        "[" * 100_000,
    ],
    ids=range(14),
)
def test_anything_else_is_refused_without_being_run(text: str) -> None:
    """Malformed text, pickles, arrays of objects or text, and headers that promise too much are refused; no code in them runs."""
    with pytest.raises(wire.WireError):
        wire.decode(text)
    assert not Path("/tmp/canary-of-the-autograder").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_refused_and_nothing_else_is_raised(method: int) -> None:
    """Whatever byte is changed, there are arrays or a refusal."""
    content, packed = io.BytesIO(), io.BytesIO()
    np.save(content, np.arange(4.0))
    with zipfile.ZipFile(packed, "w", method) as made:
        made.writestr("a.npy", content.getvalue())
    whole = packed.getvalue()
    for place in range(len(whole)):
        for change in (1, 0x80):
            damaged = bytearray(whole)
            damaged[place] ^= change
            try:
                _, arrays = wire.decode(message(bytes(damaged)))
            except wire.WireError:
                continue
            assert all(array.dtype.kind in "biuf" for array in arrays.values())


def test_sizes_are_limited_before_anything_is_unpacked() -> None:
    """A message over the limit is refused, and so is a small one that unpacks to more."""
    with pytest.raises(wire.WireError, match="limit"):
        wire.decode("x" * 2_000_000, limit_mb=1)
    zeros = wire.encode({}, {"zeros": np.zeros(1_000_000)})
    assert len(zeros) < 100_000
    with pytest.raises(wire.WireError, match="limit"):
        wire.decode(zeros, limit_mb=1)
