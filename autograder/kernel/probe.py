"""The grader's side of a probe: what is sent, and the answer made of what came back.

What comes back is a claim of the student's kernel. Types, sizes and finiteness are checked here; whether it is right is for the checks.
Anything that no honest measurement sends becomes `NotProbed`; nothing here raises on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from autograder.model.execution import Absent, Answer, Finding, Json, NotProbed, Probe, Raised

MOST_ARRAYS = 64
MOST_VALUES = 4_000_000  # of one array
MOST_BYTES = 64 * 1024 * 1024  # of all arrays of an answer
DEEPEST = 10
MOST_FACTS = 100_000
LONGEST_TEXT = 2_000
LONGEST_TRACEBACK = 20_000


class _Malformed(Exception):
    """The claim is not of the agreed form."""


def request(probe: Probe) -> tuple[dict[str, Json], dict[str, np.ndarray]]:
    """The message that asks for a measurement: a body for JSON, and arrays."""
    return {"probe": probe.name, "measurement": probe.measurement, "settings": dict(probe.settings)}, dict(probe.arrays)


def answer(probe: Probe, body: object, arrays: Mapping[str, object]) -> Answer:
    """Validate what came back for `probe`."""
    try:
        return _answer(probe, body, arrays)
    except _Malformed as problem:
        return NotProbed(probe.name, f"the kernel's answer could not be used ({problem})")


def _answer(probe: Probe, body: object, arrays: Mapping[str, object]) -> Answer:
    if not isinstance(body, dict):
        raise _Malformed("not a message")
    match body.get("kind"):
        case "absent":
            return Absent(probe.name, _text(body.get("sentence"), LONGEST_TEXT), probe.question)
        case "raised":
            return Raised(
                probe.name,
                _text(body.get("sentence"), LONGEST_TEXT),
                _text(body.get("error", ""), LONGEST_TEXT),
                _text(body.get("traceback", ""), LONGEST_TRACEBACK),
            )
        case "finding":
            pass
        case _:
            raise _Malformed("of no known kind")
    facts = _json(body.get("facts", {}), 0, [0])
    if not isinstance(facts, dict):
        raise _Malformed("facts are not named")
    checked = _arrays(arrays)
    for name, values in checked.items():
        if not np.isfinite(values).all():
            return Raised(probe.name, f"The result holds values that are not finite numbers (NaN or infinity), in {name}")
    return Finding(probe.name, facts, checked)


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise _Malformed("a text is missing")
    return value[:longest].encode("utf-8", "replace").decode("utf-8")


def _json(value: object, depth: int, seen: list[int]) -> Json:
    seen[0] += 1
    if depth > DEEPEST or seen[0] > MOST_FACTS:
        raise _Malformed("too many or too deep facts")
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > 2**63:
                raise _Malformed("a number is too large")
            return value
        case float():
            if not math.isfinite(value):
                raise _Malformed("a number is not finite")
            return value
        case str():
            return _text(value, LONGEST_TEXT)
        case list():
            return [_json(part, depth + 1, seen) for part in value]
        case dict():
            return {_text(name, LONGEST_TEXT): _json(part, depth + 1, seen) for name, part in value.items()}
    raise _Malformed("a fact is of no JSON type")


def _arrays(arrays: Mapping[str, object]) -> dict[str, np.ndarray]:
    if len(arrays) > MOST_ARRAYS:
        raise _Malformed("too many arrays")
    checked: dict[str, np.ndarray] = {}
    total = 0
    for name, values in arrays.items():
        if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
            raise _Malformed("an array is not of numbers")
        total += values.nbytes
        if values.size > MOST_VALUES or total > MOST_BYTES:
            raise _Malformed("too large arrays")
        checked[_text(name, LONGEST_TEXT)] = values
    return checked
