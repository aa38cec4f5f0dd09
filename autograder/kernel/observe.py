"""Turns what a student's kernel says it observed into `Observations`.

Receives the body and the arrays of a reply; returns whatever of it is well formed. Records that are not are left out, with their kind
named in `truncated`: what a kernel says is a claim, and a bad claim is no failure of ours.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from autograder.model.observations import (
    DataPass,
    DrawnFigure,
    Lesson,
    LossCall,
    Network,
    NetworkCall,
    Observations,
    Reading,
    Scalar,
    Step,
    Transform,
    TransformCall,
)

KINDS: Mapping[str, type[Any]] = {
    "networks": Network,
    "calls": NetworkCall,
    "lessons": Lesson,
    "readings": Reading,
    "losses": LossCall,
    "steps": Step,
    "passes": DataPass,
    "transforms": Transform,
    "transform_calls": TransformCall,
    "figures": DrawnFigure,
    "scalars": Scalar,
}
MOST_RECORDS = 50_000
MOST_PARTS = 5_000  # of a list within a record
LONGEST_TEXT = 1_000
LARGEST_NUMBER = 2**53
ARRAYS_BYTES = 16 * 2**20
ARRAY_NAMES = frozenset({"input", "output", "first", "second", "taught", "sequences", "uses", "entries"})  # fields that name a kept array
LISTS_OF_ARRAY_NAMES = frozenset({"images", "numbers"})
MAY_BE_INFINITE = frozenset({"loss", "value", "x", "y"})  # a training that diverges says so

_Record = TypeVar("_Record")


class _Malformed(ValueError):
    """A claim that has not the form of its record."""


def parse(body: object, arrays: Mapping[str, np.ndarray]) -> Observations:
    """The well-formed records of a reply, and the arrays that hold finite numbers."""
    claims = body if isinstance(body, dict) else {}
    truncated = dict.fromkeys(_texts(claims.get("truncated")))
    kept = _finite(arrays, truncated)
    found: dict[str, Any] = {}
    for kind, record in KINDS.items():
        found[kind] = _records(record, claims.get(kind), kind, frozenset(kept), truncated)
    return Observations(**found, arrays=kept, truncated=tuple(truncated))


def _finite(arrays: Mapping[str, np.ndarray], truncated: dict[str, None]) -> dict[str, np.ndarray]:
    kept: dict[str, np.ndarray] = {}
    left = ARRAYS_BYTES
    for name, array in arrays.items():
        values = np.asarray(array)
        if values.dtype.kind not in "biuf" or values.ndim > 8 or values.nbytes > left or not np.isfinite(values).all():
            truncated["arrays"] = None
            continue
        left -= values.nbytes
        kept[name] = values.astype(np.float32) if values.dtype == np.float16 else values
    return kept


def _records(record: type[_Record], columns: object, kind: str, arrays: frozenset[str], truncated: dict[str, None]) -> tuple[_Record, ...]:
    """Rows from columns of equal length."""
    if columns is None or columns == {}:
        return ()
    names = [part.name for part in dataclasses.fields(record)]  # type: ignore[arg-type]
    if not isinstance(columns, dict) or not all(isinstance(column, list) for column in columns.values()):
        truncated[kind] = None
        return ()
    rows = min((len(column) for column in columns.values()), default=0)
    if any(len(column) != rows for column in columns.values()) or rows > MOST_RECORDS:
        truncated[kind] = None
    found: list[_Record] = []
    for row in range(min(rows, MOST_RECORDS)):
        try:
            found.append(_made(record, {name: columns[name][row] for name in names if name in columns}, arrays))
        except _Malformed:
            truncated[kind] = None
    return tuple(found)


def _made(record: type[_Record], claims: object, arrays: frozenset[str]) -> _Record:
    if not isinstance(claims, dict):
        raise _Malformed
    hints = _hints(record)
    values: dict[str, Any] = {}
    for part in dataclasses.fields(record):  # type: ignore[arg-type]
        if part.name in claims:
            value = _converted(claims[part.name], hints[part.name], part.name, arrays)
            values[part.name] = _known(part.name, value, arrays)
        elif part.default is dataclasses.MISSING:
            raise _Malformed
    return record(**values)


def _known(name: str, value: Any, arrays: frozenset[str]) -> Any:
    """Names of arrays that are not there are blanked."""
    if name in ARRAY_NAMES:
        return value if value in arrays else ""
    if name in LISTS_OF_ARRAY_NAMES:
        return tuple(one if one in arrays else "" for one in value)
    return value


def _converted(value: object, hint: Any, name: str, arrays: frozenset[str]) -> Any:
    if dataclasses.is_dataclass(hint):
        return _made(hint, value, arrays)  # type: ignore[arg-type]
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _converted(value, next(part for part in parts if part is not type(None)), name, arrays)
    if origin is tuple:
        if not isinstance(value, list) or len(value) > MOST_PARTS:
            raise _Malformed
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_converted(part, parts[0], name, arrays) for part in value)
        if len(value) != len(parts):
            raise _Malformed
        return tuple(_converted(part, one, name, arrays) for part, one in zip(value, parts, strict=True))
    return _plain(value, hint, name)


def _plain(value: object, hint: Any, name: str) -> Any:
    if hint is bool and isinstance(value, bool):
        return value
    if hint is str and isinstance(value, str):
        return value[:LONGEST_TEXT]
    if hint is int and isinstance(value, int) and not isinstance(value, bool) and -LARGEST_NUMBER < value < LARGEST_NUMBER:
        return value
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) < LARGEST_NUMBER:
            return float(value)
        if name in MAY_BE_INFINITE:
            return float(value) if isinstance(value, float) else float("inf")
    raise _Malformed


def _texts(value: object) -> list[str]:
    return [text[:LONGEST_TEXT] for text in value[:100] if isinstance(text, str)] if isinstance(value, list) else []


_HINTS: dict[type[Any], dict[str, Any]] = {}


def _hints(record: type[Any]) -> dict[str, Any]:
    if record not in _HINTS:
        _HINTS[record] = typing.get_type_hints(record)
    return _HINTS[record]
