"""Holds what the observers see while the notebook's own cells run. It measures and decides nothing.

Records are rows with the fields of the grader's own record types; arrays are kept apart, small and few. Nothing is recorded between
cells, so measurements leave no trace. Whatever goes wrong in an observer stays in it: a notebook never sees an error of ours.
"""

from __future__ import annotations

import functools
import itertools
import math
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

LIMITS = {
    "networks": 500,
    "calls": 20_000,
    "losses": 20_000,
    "steps": 20_000,
    "passes": 5_000,
    "transforms": 500,
    "transform_calls": 2_000,
    "figures": 200,
    "scalars": 5_000,
}
KEPT_BYTES = 4_000_000  # of all arrays of one submission
EXAMPLES = 8  # of a batch, at most
LARGEST = 16_384  # values of one kept array

Record = dict[str, Any]


class Seen:
    """Everything seen so far, and which cell is running."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = {kind: [] for kind in LIMITS}
        self.truncated: set[str] = set()
        self.arrays: dict[str, np.ndarray] = {}
        self.kept_bytes = 0
        self.cell = -1
        self.question = ""
        self.active = False
        self.settings: dict[str, Any] = {}
        self.trained: dict[str, dict[int, Any]] = {}
        self.called: dict[str, dict[int, Any]] = {}
        self.datasets: dict[str, dict[int, Any]] = {}
        self.at_cell_begin: list[Callable[[], None]] = []
        self.at_cell_end: list[Callable[[], None]] = []


seen = Seen()
_orders = itertools.count()
_numbers = itertools.count(1)
_names = itertools.count()
_identities: dict[int, tuple[Callable[[], Any], int]] = {}


def install(settings: dict[str, Any]) -> None:
    """Begin to observe torch and matplotlib."""
    from . import fast_forward, observe_data, observe_figures, observe_networks, observe_scalars, observe_training, observe_transforms

    seen.settings.update(settings)
    fast_forward.install(settings.get("fast_forward_after", 40))
    for observer in (observe_networks, observe_training, observe_data, observe_transforms, observe_figures, observe_scalars):
        observer.install()


def begin_section(question: str) -> None:
    """A section begins; its question marks every record until the next one."""
    seen.question = question


def begin_cell(index: int, question: str) -> None:
    """A cell begins: from here on everything is recorded."""
    seen.cell, seen.question, seen.active = index, question, True
    for begin in seen.at_cell_begin:
        begin()


def end_cell() -> None:
    """The cell has ended: what it left open is taken, and nothing is recorded any more."""
    for end in seen.at_cell_end:
        end()
    seen.active = False


def take() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Everything recorded so far: for each kind its fields and rows, and the kept arrays."""
    body: dict[str, Any] = {"truncated": sorted(seen.truncated)}
    for kind, records in seen.records.items():
        fields = [name for name in records[0] if not name.startswith("_")] if records else []
        body[kind] = {"fields": fields, "rows": [[record[name] for name in fields] for record in records]}
    return body, dict(seen.arrays)


def trained(question: str) -> list[Any]:
    """The networks whose parameters an optimizer moved in `question`, latest last."""
    return list(seen.trained.get(question, {}).values())


def called(question: str) -> list[Any]:
    """The networks that were called in `question`, latest last."""
    return list(seen.called.get(question, {}).values())


def datasets(question: str) -> list[Any]:
    """The data sets that were gone through in `question`, latest last."""
    return list(seen.datasets.get(question, {}).values())


def identity(thing: Any) -> int:
    """A number for this object and no other, even after it is gone."""
    known = _identities.get(id(thing))
    if known is not None and known[0]() is thing:
        return known[1]
    number = next(_numbers)
    try:
        reference: Callable[[], Any] = weakref.ref(thing)
    except TypeError:
        reference = functools.partial(_itself, thing)
    _identities[id(thing)] = (reference, number)
    return number


def _itself(thing: Any) -> Any:
    return thing


def remember(where: dict[str, dict[int, Any]], thing: Any, *, most: int = 16) -> None:
    """Keep `thing` as the latest of the running question."""
    things = where.setdefault(seen.question, {})
    things.pop(identity(thing), None)
    things[identity(thing)] = thing
    while len(things) > most:
        things.pop(next(iter(things)))


def order() -> int:
    """The next number of the one counter over all records."""
    return next(_orders)


def add(kind: str, /, **fields: Any) -> Record | None:
    """Record something of the running cell; None when there is no room for more of its kind."""
    records = seen.records[kind]
    if len(records) >= LIMITS[kind]:
        seen.truncated.add(kind)
        return None
    record = fields if kind == "networks" else {"order": order(), "cell": seen.cell, "question": seen.question, **fields}
    records.append(record)
    return record


def keep(array: Any, *, whole: bool = False) -> str:
    """Keep an array, or the first examples of a batch, as float32 and return its name; "" when it is too large or there is no room."""
    values = np.asarray(array)
    if values.ndim > 1 and not whole:
        values = values[:EXAMPLES]
    if values.size > LARGEST or values.dtype.kind not in "fiub":
        return ""
    values = np.array(values, dtype=np.float32)
    if seen.kept_bytes + values.nbytes > KEPT_BYTES:
        seen.truncated.add("arrays")
        return ""
    name = f"a{next(_names)}"
    seen.arrays[name] = values
    seen.kept_bytes += values.nbytes
    return name


def drop(name: str) -> None:
    """Give up a kept array."""
    array = seen.arrays.pop(name, None)
    if array is not None:
        seen.kept_bytes -= array.nbytes


def number(value: Any) -> float | None:
    """A finite number, or None."""
    plain = float(value)
    return plain if math.isfinite(plain) else None


def quietly(observer: Callable[..., Any]) -> Callable[..., Any]:
    """Run an observer only while a cell runs, without ever letting an error of ours into the notebook."""

    @functools.wraps(observer)
    def observe(*args: Any, **kwargs: Any) -> Any:
        if not seen.active:
            return None
        try:
            return observer(*args, **kwargs)
        except Exception:  # noqa: BLE001 - see the module's docstring
            seen.truncated.add(observer.__name__)
            return None

    return observe
