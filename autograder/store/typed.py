"""Frozen dataclasses as JSON and back, led by their type hints: a reader that checks every value and makes nothing but these types.

Arrays and bytes are kept apart, in `Parts`, and named in the JSON. Raises `Unreadable` for whatever does not fit the type.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from autograder.model.execution import Json

Value = TypeVar("Value")
_PLAIN: tuple[type, ...] = (bool, int, float, str)


class Unreadable(ValueError):
    """What was kept is damaged, or of another version."""


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """What JSON cannot hold, by name."""

    arrays: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    files: dict[str, bytes] = dataclasses.field(default_factory=dict)


def dump(value: object, parts: Parts) -> Json:
    """A value as JSON; dataclasses become lists of their fields, with their name first."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Enum():
            return str(value.value)
        case datetime():
            return value.isoformat()
        case bytes():
            return _put(parts.files, value)
        case np.ndarray():
            return _put(parts.arrays, value)
        case tuple() | list():
            return [dump(item, parts) for item in value]
        case Mapping():
            return {str(name): dump(item, parts) for name, item in value.items()}
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} cannot be kept")
    return [type(value).__name__, *(dump(getattr(value, part.name), parts) for part in dataclasses.fields(value))]


def load(kind: type[Value], value: Json, parts: Parts) -> Value:
    """The value of type `kind` that was dumped."""
    read: Value = _load(kind, value, parts)
    return read


def _load(kind: Any, value: Any, parts: Parts) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, value, parts)
    if origin is tuple:
        items = _expect(list, value)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_load(arguments[0], item, parts) for item in items)
        if len(items) != len(arguments):
            raise Unreadable(f"{len(items)} values for {len(arguments)}")
        return tuple(_load(argument, item, parts) for argument, item in zip(arguments, items, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {name: _load(arguments[1], item, parts) for name, item in _expect(dict, value).items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, _expect(list, value), parts)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(kind, value)
    if kind is datetime:
        return _moment(value)
    if kind is bytes:
        return _get(parts.files, value)
    if kind is np.ndarray:
        return _get(parts.arrays, value)
    if kind is float and type(value) is int:
        return value
    return _expect(kind, value)


def _one_of(kinds: tuple[Any, ...], value: Any, parts: Parts) -> Any:
    """A value of a union: of dataclasses by their name, of plain types by their own."""
    if value is None and type(None) in kinds:
        return None
    named: dict[str, Any] = {str(kind.__name__): kind for kind in kinds if isinstance(kind, type) and dataclasses.is_dataclass(kind)}
    if named:
        name = value[0] if isinstance(value, list) and value else ""
        if not isinstance(name, str) or name not in named:
            raise Unreadable(f"none of {', '.join(named)}")
        return _load(named[name], value, parts)
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) == 1:
        return _load(others[0], value, parts)
    if any(get_origin(kind) is list for kind in others):
        return value  # of JSON, which any value read from JSON is
    return value if type(value) in others else _load(others[0], value, parts)


def _dataclass(kind: Any, values: list[Any], parts: Parts) -> Any:
    hints = _hints(kind)
    if not values or values[0] != kind.__name__ or len(values) != len(hints) + 1:
        raise Unreadable(f"not a {kind}")
    return kind(**{name: _load(hint, value, parts) for (name, hint), value in zip(hints.items(), values[1:], strict=True)})


@lru_cache(maxsize=256)
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in dataclasses.fields(kind)}


def _member(kind: type[Enum], value: Any) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        raise Unreadable(f"no {kind.__name__}: {value!r:.50}") from error


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(_expect(str, value))
    except ValueError as error:
        raise Unreadable(f"no moment: {value!r:.50}") from error


def _expect(kind: Any, value: Any) -> Any:
    if kind not in (*_PLAIN, list, dict) or type(value) is not kind:
        raise Unreadable(f"{type(value).__name__} in place of {getattr(kind, '__name__', kind)}")
    return value


def _put(kept: dict[str, Any], value: Any) -> str:
    name = str(len(kept))
    kept[name] = value
    return name


def _get(kept: dict[str, Any], name: Any) -> Any:
    if not isinstance(name, str) or name not in kept:
        raise Unreadable("a part is missing")
    return kept[name]
