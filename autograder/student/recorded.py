"""Answers of the reference, recorded once for the inputs of the public probes, so that the checks work where the reference is not.

Recorded are the calls that the checks make, by what they ask for; a check that asks for something else cannot decide here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.checks.verdicts import Undecided

DECIMALS = 6  # of values around 1, compared within 1e-4
UNKNOWN = "This is compared in another way than usual, which only happens when the notebook is graded."


class Recording:
    """Answers as `reference` does and keeps what was asked and answered."""

    def __init__(self, reference: object) -> None:
        self._reference = reference
        self.answers: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._reference, name)

        def answer(*arguments: Any, **options: Any) -> Any:
            asked = _key(name, arguments, options)
            if asked not in self.answers:
                self.answers[asked] = _packed(method(*arguments, **options))
            return _unpacked(self.answers[asked])

        return answer


class Recorded:
    """Answers what was recorded."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def answer(*arguments: Any, **options: Any) -> Any:
            asked = _key(name, arguments, options)
            if asked not in self._answers:
                raise Undecided(UNKNOWN, detail=name)
            return _unpacked(self._answers[asked])

        return answer


def _key(name: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    """The same for what is asked again, in whichever order names of weights are listed."""
    asked = json.dumps([name, [_sorted(one) for one in arguments], {key: _sorted(value) for key, value in options.items()}], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _sorted(value: Any) -> Any:
    packed = _packed(value)
    return sorted(packed) if isinstance(packed, list) and packed and all(isinstance(one, str) for one in packed) else packed


def _packed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        numbers = [round(float(one), DECIMALS) if value.dtype.kind == "f" else int(one) for one in value.ravel()]
        return {"shape": list(value.shape), "type": str(value.dtype), "values": numbers}
    if is_dataclass(value):
        return {"fields": {one.name: _packed(getattr(value, one.name)) for one in fields(value)}}
    if isinstance(value, dict):
        return {"items": {key: _packed(one) for key, one in value.items()}}
    if isinstance(value, list | tuple):
        return [_packed(one) for one in value]
    return float(value) if isinstance(value, np.floating) else value


def _unpacked(packed: Any) -> Any:
    match packed:
        case {"shape": shape, "type": kind, "values": values}:
            return np.array(values, kind).reshape(shape)
        case {"fields": parts}:
            return SimpleNamespace(**{name: _unpacked(value) for name, value in parts.items()})
        case {"items": items}:
            return {key: _unpacked(value) for key, value in items.items()}
        case list():
            return tuple(_unpacked(value) for value in packed)
    return packed
