"""What crosses between the grader and a kernel is plain, small and checked."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.kernel import wire
from autograder.kernel.inside import wire as inside


def message(*headers: object, content: bytes = b"", body: str = "{}") -> tuple[object, bytes]:
    return {"body": body, "headers": list(headers)}, content


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
    arrays = {
        "numbers": np.arange(6, dtype=np.int64).reshape(2, 3),
        "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
        "one": np.asarray(True),
        "none": np.zeros((0, 4), np.uint8),
        "bytes the other way round": np.arange(3, dtype=">f8"),
        "half": np.ones(3, np.float16),
    }
    body, received = wire.unpacked(*inside.pack({"kind": "finding"}, {**arrays, "list": [1, 2], "long": np.ones(2, np.longdouble)}))
    assert body == {"kind": "finding"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(received[name], array)
        assert received[name].dtype == array.dtype.newbyteorder("<")
    assert (received["list"].tolist(), received["long"].dtype) == ([1, 2], np.float64)
    received["numbers"][0, 0] = 7  # whoever receives an array may write to it
    assert wire.unpacked(*inside.pack({}, {})) == ({}, {})


def test_one_value_that_is_no_json_does_not_cost_the_reply() -> None:
    """Numbers of NumPy and PyTorch are taken as numbers; what is none is told as null, and the rest arrives."""
    body, _ = wire.unpacked(*inside.pack({"shape": [np.int64(3), torch.tensor(28)], "odd": object(), "cell": 4}, {}))
    assert body == {"shape": [3, 28], "odd": None, "cell": 4}


class _Canary:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("/tmp/canary-of-the-autograder"),)  # type: ignore[return-value]


REFUSED = {
    "nothing": (None, b""),
    "a text": ("{}", b""),
    "a list": ([], b""),
    "an empty object": ({}, b""),
    "a body that is a list": message(body="[1]"),
    "a body that is no JSON": message(body="{"),
    "a body nested without end": message(body="[" * 100_000),
    "a body that is no text": ({"body": 3, "headers": []}, b""),
    "headers that are no list": ({"body": "{}", "headers": {"a": 1}}, b""),
    "very many headers": message(*[["a", "|u1", [0]]] * 10_000),
    "a header that is a text": message("a", content=b"a"),
    "a header without a shape": message(["a", "|u1"], content=b"a"),
    "a name that is no text": message([1, "|u1", [1]], content=b"a"),
    "objects": message(["a", "|O", [1]], content=pickle.dumps(_Canary())),
    "text": message(["a", "<U4", [1]], content=b"a" * 16),
    "records": message(["a", "V8", [1]], content=b"a" * 8),
    "complex numbers": message(["a", "<c8", [1]], content=b"a" * 8),
    "a type that is code": message(["a", "__import__('os').getcwd()", [1]], content=b"a"),
    "a list of types": message(["a", ["|u1"], [1]], content=b"a"),
    "less than is promised": message(["a", "<f8", [10**12]], content=b"a" * 8),
    "a shape beyond all bounds": message(["a", "<f8", [10**4000, 10**4000]], content=b"a" * 8),
    "an empty array beyond all bounds": message(["a", "<f8", [0, 2**31, 2**31, 2**31]]),
    "too many dimensions": message(["a", "|u1", [1] * 100], content=b"a"),
    "a negative size": message(["a", "|u1", [-1]], content=b"a"),
    "a size that is no whole number": message(["a", "|u1", [1.0]], content=b"a"),
    "a size that is a truth value": message(["a", "|u1", [True]], content=b"a"),
    "more than is promised": message(["a", "|u1", [1]], content=b"ab"),
    "content without a header": message(content=pickle.dumps(_Canary())),
}


@pytest.mark.parametrize(("fields", "content"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_without_being_run(fields: object, content: bytes) -> None:
    """Malformed fields, pickles, arrays of anything but numbers, headers that do not fit the content: refused, and no code in them runs."""
    with pytest.raises(wire.WireError):
        wire.unpacked(fields, content)
    assert not Path("/tmp/canary-of-the-autograder").exists()


def test_whatever_byte_is_changed_there_are_arrays_or_a_refusal() -> None:
    """A damaged reply raises nothing else, and what is read of it are numbers."""
    fields, content = inside.pack({"n": 1}, {"a": np.arange(4.0), "b": np.asarray([True, False])})
    whole = json.dumps(fields).encode()
    for place in range(len(whole)):
        for change in (1, 2, 0x10, 0x40):
            damaged = bytearray(whole)
            damaged[place] ^= change
            try:
                _, arrays = wire.unpacked(json.loads(damaged), content)
            except ValueError:  # a WireError, or no JSON
                continue
            assert all(array.dtype.kind in "biuf" for array in arrays.values())


def test_sizes_are_limited() -> None:
    """Arrays over the limit are refused."""
    with pytest.raises(wire.WireError, match="limit"):
        wire.unpacked(*inside.pack({}, {"zeros": np.zeros(1_000_000)}), limit_mb=1)
