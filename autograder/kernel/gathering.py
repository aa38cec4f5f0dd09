"""Puts together what the kernels of one submission told: observations, scaled constants, skipped commands.

Receives replies, each a claim that is checked here; returns observations in which the records of a second kernel follow those of the first.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from autograder.kernel.observe import ARRAY_NAMES, ARRAYS_BYTES, KINDS, LISTS_OF_ARRAY_NAMES, parse
from autograder.model.execution import Json
from autograder.model.observations import Observations

_NUMBERED = re.compile(r"a([0-9]{1,9})")
_LONGEST = 500
_MOST = 500
_IDENTITIES = ("id", "network", "optimizer", "loader", "dataset", "transform")
_ORDERS = ("order", "end_order", "call")
_Record = TypeVar("_Record")

Reply = tuple[dict[str, Json], dict[str, np.ndarray]]


class Gathered:
    """The latest of each kernel. Its records come whole each time, so a later reply replaces the one before; its arrays come once."""

    def __init__(self) -> None:
        self.constants: dict[str, tuple[float, float]] = {}
        self.skipped: dict[str, None] = {}
        self.changes: dict[str, None] = {}
        self._replies: dict[int, Reply] = {}

    def observed(self, kernel: int, reply: Reply | None) -> None:
        """Take over what a kernel told: all that it still holds is named in it."""
        if reply is None:
            return
        body, new = reply
        _, known = self._replies.get(kernel, ({}, {}))
        named = body.get("arrays")
        held: dict[str, np.ndarray] = {}
        left = ARRAYS_BYTES
        for name in named if isinstance(named, list) else ():
            if not isinstance(name, str) or name in held:
                continue
            array = new.get(name, known.get(name))
            if array is not None and array.nbytes <= left:
                held[name] = array
                left -= array.nbytes
        self._replies[kernel] = body, held

    def latest_array(self, kernel: int) -> int:
        """The number of the latest array that has come from a kernel; they are named by their numbers."""
        _, held = self._replies.get(kernel, ({}, {}))
        return max((int(number[1]) for name in held if (number := _NUMBERED.fullmatch(name))), default=0)

    def finished(self, reply: Reply | None) -> None:
        body = reply[0] if reply is not None else {}
        self.skipped.update(dict.fromkeys(_texts(body.get("skipped"))))
        self.changes.update(dict.fromkeys(_texts(body.get("changes"))))
        constants = body.get("constants")
        for name, pair in constants.items() if isinstance(constants, dict) else ():
            if isinstance(pair, list) and len(pair) == 2 and len(self.constants) < _MOST:
                written, used = (_number(value) for value in pair)
                if written is not None and used is not None:
                    self.constants[name[:_LONGEST]] = (written, used)

    def observations(self) -> Observations:
        """All kernels' observations as one."""
        whole = Observations()
        for kernel in sorted(self._replies):
            body, arrays = self._replies[kernel]
            whole = joined(whole, parse(body, arrays))
        return whole


def joined(first: Observations, second: Observations) -> Observations:
    """`second` after `first`: its orders, identities and array names are moved behind those of `first`."""
    if not _all(first):
        return second
    order = 1 + max(int(getattr(record, "order", 0)) for record in _all(first))
    identity = 1 + max(int(getattr(record, name, 0)) for record in _all(first) for name in _IDENTITIES)
    renamed = {name: f"later.{name}" for name in second.arrays}
    moved: dict[str, Any] = {
        kind: (*getattr(first, kind), *(_moved(record, order, identity, renamed) for record in getattr(second, kind))) for kind in KINDS
    }
    return Observations(
        **moved,
        arrays={**first.arrays, **{renamed[name]: array for name, array in second.arrays.items()}},
        truncated=tuple(dict.fromkeys((*first.truncated, *second.truncated))),
    )


def _all(observations: Observations) -> list[object]:
    return [record for kind in KINDS for record in getattr(observations, kind)]


def _moved(record: _Record, order: int, identity: int, renamed: dict[str, str]) -> _Record:
    changes: dict[str, Any] = {}
    for part in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, part.name)
        if part.name in _ORDERS:
            changes[part.name] = value + order
        elif part.name in _IDENTITIES:
            changes[part.name] = value + identity
        elif part.name == "networks":
            changes[part.name] = tuple(network + identity for network in value)
        elif part.name in ARRAY_NAMES:
            changes[part.name] = renamed.get(value, value)
        elif part.name in LISTS_OF_ARRAY_NAMES:
            changes[part.name] = tuple(renamed.get(name, name) for name in value)
        elif part.name == "axes":
            changes[part.name] = tuple(
                dataclasses.replace(axes, images=tuple(renamed.get(image, image) for image in axes.images)) for axes in value
            )
    return dataclasses.replace(record, **changes)  # type: ignore[type-var]


def _texts(value: object) -> Sequence[str]:
    return (
        [text[:_LONGEST].encode("utf-8", "replace").decode() for text in value[:_MOST] if isinstance(text, str)]
        if isinstance(value, list)
        else []
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and abs(value) < 1e15 and math.isfinite(value) else None
