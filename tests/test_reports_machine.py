"""report.json: its schema, its points, and that it is strict JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import sample_reports as samples

from autograder.model.grading import GradeReport
from autograder.reports.machine import render, summary

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", [samples.ordinary, samples.hostile, samples.rejected, samples.in_progress, samples.nothing_asked])
def test_every_report_is_valid(sample: Callable[[], GradeReport]) -> None:
    """Whatever happened, the file has every field of its schema and its parts add up."""
    document = json.loads(render(sample()), parse_constant=pytest.fail)
    jsonschema.validate(document, SCHEMA)
    score = document["score"]
    assert round(score["auto_possible"] + score["manual_possible"], 2) == score["possible"]
    assert round(sum(question["auto_earned"] for question in document["questions"].values()), 2) == score["auto_earned"]
    assert round(sum(check["earned"] for check in document["checks"]), 2) == score["auto_earned"]


def test_points_are_numbers_with_two_decimals() -> None:
    """155 hundredths are 1.55, times are rounded, and a stage that was not timed is 0."""
    document = json.loads(render(samples.ordinary()))
    assert document["score"] == {"auto_earned": 1.55, "auto_possible": 1.85, "manual_possible": 1.7, "possible": 3.55}
    assert document["seconds"] == {"total": 15.12, "start": 0.42, "replay": 12.9, "probes": 0.91, "checks": 0.5, "reports": 0.0}
    assert document["cells"][1] == {
        "index": 12,
        "question": "1.1",
        "status": "error",
        "seconds": 0.1,
        "error": "NameError: name 'nn' is not defined",
    }


def test_the_details_for_staff_are_in_it() -> None:
    """report.json is for the staff's own programs: it holds hidden checks and details."""
    checks = {check["id"]: check for check in json.loads(render(samples.ordinary()))["checks"]}
    assert checks["q1_1.secret"]["visibility"] == "hidden"
    assert samples.SECRET in checks["q1_1.secret"]["detail"]


def test_a_summary_is_one_line() -> None:
    """The line for a finished submission holds its score and flags and no line break, whatever its text."""
    line = json.dumps(summary(samples.hostile()), ensure_ascii=False)
    assert "\n" not in line
    assert json.loads(line)["flags"] == ["shouting", "flag_failed", "shouting"]
