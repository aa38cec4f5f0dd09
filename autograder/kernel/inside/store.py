"""Holds what the observers saw, in the order in which it happened, with limits on how much is kept.

Observers add records here and never raise into a student's code. Nothing here keeps a student's objects alive but the networks that
were stepped in the running section, and the data sets that were gone through in it.
"""

from __future__ import annotations

import functools
import math
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

LIMITS = {
    "networks": 500,
    "calls": 30_000,
    "lessons": 500,
    "readings": 200,
    "losses": 30_000,
    "steps": 50_000,
    "passes": 4_000,
    "transforms": 500,
    "transform_calls": 2_000,
    "figures": 200,
    "scalars": 5_000,
}
ARRAYS_BYTES = 8 * 2**20
ARRAY_BYTES = 256 * 2**10

# What reading a student's objects can raise. Interrupts and exits are the student's own and pass through.
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, BufferError, ImportError, LookupError, NameError),
    *(OSError, ReferenceError, RuntimeError, TypeError, ValueError, MemoryError),
)

Record = dict[str, Any]
_Observer = TypeVar("_Observer", bound=Callable[..., Any])


class Identities:
    """Numbers for objects, from 1 on; a number is never given again, and no object is kept alive by having one."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._last = 0

    def of(self, thing: Any, owner: Any = None) -> int:
        """The number of `thing`; `owner` lives as long as it does, for things without weak references such as lists."""
        number, _ = self.of_new(thing, owner)
        return number

    def of_new(self, thing: Any, owner: Any = None) -> tuple[int, bool]:
        """The number of `thing`, and whether it was given just now."""
        key = id(thing)
        known = self._known.get(key)
        if known is not None and known[0]() is not None:
            return known[1], False
        self._last += 1
        try:
            reference = weakref.ref(thing)
        except TypeError:
            if owner is None:
                return self._last, True
            reference = weakref.ref(owner)
        self._known[key] = (reference, self._last)
        return self._last, True


class Store:
    """All records of one kernel. While `active` is false nothing is recorded: between cells, and while probes are taken."""

    def __init__(self) -> None:
        self.active = False
        self.cell = -1
        self.question = ""
        self.records: dict[str, list[Record]] = {kind: [] for kind in LIMITS}
        self.arrays: dict[str, np.ndarray] = {}
        self.truncated: dict[str, None] = {}
        self._order = 0
        self._bytes = 0
        self._names = 0

    @property
    def watching(self) -> bool:
        """Whether what happens now is the student's doing. Threads of loaders and progress bars are not watched."""
        return self.active and threading.current_thread() is threading.main_thread()

    def tick(self) -> int:
        """The next order number."""
        self._order += 1
        return self._order

    def add(self, kind: str, /, **fields: Any) -> Record | None:
        """Append a record with its place in time; None when its kind is full."""
        records = self.records[kind]
        if len(records) >= LIMITS[kind]:
            self.truncated[kind] = None
            return None
        record = {"order": fields.pop("order", None) or self.tick(), "cell": self.cell, "question": self.question, **fields}
        records.append(record)
        return record

    def keep(self, values: np.ndarray | None, largest: int = ARRAY_BYTES) -> str:
        """Keep an array and return its name; "" when there is none, or no room."""
        if values is None or not values.size or values.nbytes > largest:
            return ""
        if self._bytes + values.nbytes > ARRAYS_BYTES:
            self.truncated["arrays"] = None
            return ""
        self._bytes += values.nbytes
        self._names += 1
        name = f"a{self._names}"
        self.arrays[name] = values.copy()
        return name

    def drop(self, name: str) -> None:
        """Let a kept array go."""
        values = self.arrays.pop(name, None)
        if values is not None:
            self._bytes -= values.nbytes

    def take(self, after: int = 0) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Everything so far: of each kind of record its fields as columns, in order; the names of all arrays, and those after `after`."""
        body: dict[str, Any] = {}
        for kind, records in self.records.items():
            ordered = sorted(records, key=lambda record: record.get("order", 0))
            fields = list(ordered[0]) if ordered else []
            body[kind] = {name: [_plain(record[name]) for record in ordered] for name in fields}
        body["truncated"] = list(self.truncated)
        body["arrays"] = list(self.arrays)
        return body, {name: values for name, values in self.arrays.items() if int(name[1:]) > after}


def _plain(value: Any) -> Any:
    """Losses on a GPU are read only when they are asked for, so that recording them does not wait for it."""
    if hasattr(value, "item"):
        try:
            return float(value.item())
        except FAULTS:
            return math.nan
    return value


store = Store()


def guarded(kind: str) -> Callable[[_Observer], _Observer]:
    """Make an observer return None and mark `kind` as incomplete where it would raise."""

    def decorate(observer: _Observer) -> _Observer:
        @functools.wraps(observer)
        def observe(*args: Any, **kwargs: Any) -> Any:
            try:
                return observer(*args, **kwargs)
            except FAULTS:
                store.truncated[kind] = None
                return None

        return observe  # type: ignore[return-value]

    return decorate
