"""Reads what the observers say into records; everything they say is a claim of the student's kernel.

Receives the body and arrays of a reply; returns Observations. A record that does not have the fields, types and sizes that it should
have is dropped, and its kind noted in `truncated`. Never raises on a claim.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.model.observations import (
    DataPass,
    DrawnFigure,
    LossCall,
    Network,
    NetworkCall,
    Observations,
    Scalar,
    Step,
    Transform,
    TransformCall,
)

KINDS: Mapping[str, type] = {
    "networks": Network,
    "calls": NetworkCall,
    "losses": LossCall,
    "steps": Step,
    "passes": DataPass,
    "transforms": Transform,
    "transform_calls": TransformCall,
    "figures": DrawnFigure,
    "scalars": Scalar,
}
MOST_RECORDS = 20_000  # of one kind
MOST_PARTS = 2_000  # of one list, such as the points of a line
LONGEST = 500  # characters of a text
LARGEST_NUMBER = 2**53
LARGEST_ARRAY = 65_536  # values
ARRAY_NAMES = {"input", "output", "first", "second"}

Reader = Callable[[object], Any]


class _Unusable(ValueError):
    """A claim without the right type or size."""


def parse(body: object, arrays: Mapping[str, np.ndarray]) -> Observations:
    """All records that are well formed, and the arrays that they name."""
    claims = body if isinstance(body, dict) else {}
    usable = {name: array for name, array in arrays.items() if _is_usable(array)}
    said = claims.get("truncated")
    truncated = {text[:LONGEST] for text in said[:100] if isinstance(text, str)} if isinstance(said, list) else set()
    found: dict[str, tuple[Any, ...]] = {}
    for kind, record in KINDS.items():
        rows, cut = _rows(claims.get(kind), _reader(record))
        found[kind] = tuple(_with_known_arrays(row, usable) for row in rows)
        if cut:
            truncated.add(kind)
    return Observations(**found, arrays=usable, truncated=tuple(sorted(truncated)))


def _rows(claim: object, read: Reader) -> tuple[list[Any], bool]:
    if not isinstance(claim, dict):
        return [], claim is not None
    fields, rows = claim.get("fields"), claim.get("rows")
    if not isinstance(fields, list) or not isinstance(rows, list) or not all(isinstance(name, str) for name in fields):
        return [], True
    read_rows: list[Any] = []
    for row in rows[:MOST_RECORDS]:
        if isinstance(row, list) and len(row) == len(fields):
            try:
                read_rows.append(read(dict(zip(fields, row, strict=True))))
            except _Unusable:
                continue
    return read_rows, len(read_rows) < len(rows)


def _is_usable(array: object) -> bool:
    return isinstance(array, np.ndarray) and array.size <= LARGEST_ARRAY and array.dtype.kind in "fiub" and bool(np.isfinite(array).all())


def _with_known_arrays(record: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """The record without names of arrays that are not there."""
    unknown = {
        part.name: ""
        for part in dataclasses.fields(record)
        if part.name in ARRAY_NAMES and (name := getattr(record, part.name)) and name not in arrays
    }
    if isinstance(record, DrawnFigure):
        axes = tuple(dataclasses.replace(one, images=tuple(name if name in arrays else "" for name in one.images)) for one in record.axes)
        return dataclasses.replace(record, axes=axes)
    return dataclasses.replace(record, **unknown) if unknown else record


def _reader(kind: Any) -> Reader:
    """What turns a claim into a value of this type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if origin in (typing.Union, types.UnionType):
        inner = _reader(next(one for one in arguments if one is not type(None)))
        return lambda claim: None if claim is None else inner(claim)
    if origin is tuple and arguments[-1] is Ellipsis:
        part = _reader(arguments[0])
        return lambda claim: tuple(part(one) for one in _list(claim))
    if origin is tuple:
        parts = [_reader(one) for one in arguments]
        return lambda claim: tuple(read(one) for read, one in zip(parts, _list(claim, exactly=len(parts)), strict=True))
    return _record_reader(kind)


def _record_reader(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {part.name: _reader(hints[part.name]) for part in dataclasses.fields(kind)}

    def read(claim: object) -> Any:
        if not isinstance(claim, dict) or set(claim) != set(readers):
            raise _Unusable
        return kind(**{name: reader(claim[name]) for name, reader in readers.items()})

    return read


def _list(claim: object, *, exactly: int | None = None) -> list[object]:
    if not isinstance(claim, list) or len(claim) > MOST_PARTS or exactly not in (None, len(claim)):
        raise _Unusable
    return claim


def _whole(claim: object) -> int:
    if isinstance(claim, bool) or not isinstance(claim, int) or abs(claim) > LARGEST_NUMBER:
        raise _Unusable
    return claim


def _number(claim: object) -> float:
    """A number; None stands for one that is not finite."""
    if claim is None:
        return math.nan
    if isinstance(claim, bool) or not isinstance(claim, (int, float)) or abs(claim) > 1e300:
        raise _Unusable
    return float(claim)


def _text(claim: object) -> str:
    if not isinstance(claim, str):
        raise _Unusable
    return claim[:LONGEST].encode("utf-8", "replace").decode()


def _truth(claim: object) -> bool:
    if not isinstance(claim, bool):
        raise _Unusable
    return claim


_SIMPLE: Mapping[Any, Reader] = {int: _whole, float: _number, str: _text, bool: _truth}
