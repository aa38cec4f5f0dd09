"""The grader's side of a probe: an honest answer comes through, any other becomes data and never an exception."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.kernel import probe as probes
from autograder.model.execution import Absent, Finding, NotProbed, Probe, Raised

ASKED = Probe("one", "1.1", "measure_it", {"size": 3}, {"values": np.arange(3.0)})


def deep(levels: int) -> object:
    return [deep(levels - 1)] if levels else 1


def test_a_request_says_what_to_measure() -> None:
    """Name, measurement and settings as JSON, the arrays beside them."""
    body, arrays = probes.request(ASKED)
    assert body == {"probe": "one", "measurement": "measure_it", "settings": {"size": 3}}
    assert list(arrays) == ["values"]


def test_a_finding_comes_through() -> None:
    """Facts and arrays of an honest answer are kept as they are."""
    facts = {"count": 3, "names": ["a"], "right": True, "none": None, "mean": 0.5}
    found = probes.answer(ASKED, {"kind": "finding", "facts": facts}, {"x": np.ones((2, 3), np.float32), "y": np.array([True])})
    assert isinstance(found, Finding)
    assert found.facts == facts
    assert found.arrays["x"].shape == (2, 3)


def test_what_is_not_there_and_what_raised_come_through() -> None:
    """Sentences, error and traceback are kept, cut at their limits."""
    assert probes.answer(ASKED, {"kind": "absent", "sentence": "No f."}, {}) == Absent("one", "No f.", ASKED.question)
    raised = probes.answer(ASKED, {"kind": "raised", "sentence": "f stopped", "error": "E" * 9999, "traceback": ""}, {})
    assert isinstance(raised, Raised)
    assert raised.sentence == "f stopped"
    assert len(raised.error) < 9999


@pytest.mark.parametrize("values", [np.array([np.nan]), np.array([1.0, np.inf]), np.array([-np.inf], np.float16)])
def test_values_that_are_not_finite_are_the_students_error(values: np.ndarray) -> None:
    """A network that computes NaN has failed; nothing is compared with it."""
    raised = probes.answer(ASKED, {"kind": "finding", "facts": {}}, {"x": values})
    assert isinstance(raised, Raised)
    assert "not finite" in raised.sentence


@pytest.mark.parametrize(
    ("body", "arrays"),
    [
        (None, {}),
        ([], {}),
        ({}, {}),
        ({"kind": ["finding"]}, {}),
        ({"kind": "finding", "facts": [1]}, {}),
        ({"kind": "finding", "facts": {"x": float("nan")}}, {}),
        ({"kind": "finding", "facts": {"x": 2**80}}, {}),
        ({"kind": "finding", "facts": {"x": {1, 2}}}, {}),
        ({"kind": "finding", "facts": {1: 2}}, {}),
        ({"kind": "finding", "facts": {"x": deep(30)}}, {}),
        ({"kind": "finding", "facts": {"x": [0] * 200_000}}, {}),
        ({"kind": "absent"}, {}),
        ({"kind": "raised", "sentence": 3}, {}),
        ({"kind": "finding"}, {"x": np.array(["text"])}),
        ({"kind": "finding"}, {"x": np.array([None])}),
        ({"kind": "finding"}, {"x": np.array([1j])}),
        ({"kind": "finding"}, {"x": [1, 2]}),
        ({"kind": "finding"}, {"x": np.zeros(5_000_000, np.int8)}),
        ({"kind": "finding"}, {f"x{k}": np.zeros(3_000_000) for k in range(4)}),
        ({"kind": "finding"}, {f"x{k}": np.zeros(1) for k in range(100)}),
    ],
)
def test_anything_else_is_no_answer(body: object, arrays: dict[str, object]) -> None:
    """Malformed, too deep, too large or not numbers: said to be unusable, and kept out."""
    assert isinstance(probes.answer(ASKED, body, arrays), NotProbed)


def test_texts_that_are_no_unicode_do_no_harm() -> None:
    """Lone surrogates can be written into a report afterwards."""
    found = probes.answer(ASKED, {"kind": "absent", "sentence": "\ud800 gone"}, {})
    assert isinstance(found, Absent)
    found.sentence.encode("utf-8")
