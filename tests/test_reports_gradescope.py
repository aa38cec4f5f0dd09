"""results.json: Gradescope's schema, a row for everything, the automatic score as the total."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sample_reports as samples

from autograder.model.grading import GradeReport, Status
from autograder.model.settings import Platform
from autograder.reports import feedback
from autograder.reports.gradescope import results

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "gradescope_results.json").read_text(encoding="utf-8"))
ALL = [samples.ordinary, samples.hostile, samples.rejected, samples.in_progress, samples.nothing_asked]


def read(report: GradeReport, *, finished: bool = True) -> dict[str, Any]:
    document = json.loads(results(report, finished=finished))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("sample", ALL)
def test_every_report_is_valid(sample: Callable[[], GradeReport]) -> None:
    """Whatever happened, the file follows the platform's schema, finished or not."""
    for finished in (True, False):
        jsonschema.validate(read(sample(), finished=finished), SCHEMA)


@pytest.mark.parametrize("sample", ALL)
def test_everything_planned_has_a_row_and_the_rows_add_up(sample: Callable[[], GradeReport]) -> None:
    """No check or mark is lost, and the scores of the rows are the automatic score."""
    report = sample()
    document = read(report)
    assert len(document["tests"]) == len(report.checks) + len(report.manual)
    assert document["score"] == report.score.auto_earned / 100
    assert round(sum(row.get("score", 0) for row in document["tests"]), 2) == document["score"]
    assert round(sum(row.get("max_score", 0) for row in document["tests"]), 2) == report.score.auto_possible / 100
    numbers = [row["number"] for row in document["tests"]]
    assert len(set(numbers)) == len(numbers)


def test_a_row_says_what_became_of_its_check() -> None:
    """Passed and failed rows have numbers; a row left to a person has none and says that nothing is lost."""
    rows = {row["name"]: row for row in read(samples.ordinary())["tests"]}
    assert rows["The right half is kept."] == {
        "name": "The right half is kept.",
        "number": "1.1.2",
        "score": 0.1,
        "max_score": 0.1,
        "status": "passed",
        "output": "Passed: The right half is kept.",
        "visibility": "visible",
        "tags": ["probed"],
    }
    failed = rows["The size of the second network is right."]
    assert (failed["score"], failed["status"]) == (0.0, "failed")
    left = rows["Accuracy curves are shown for training and validation."]
    assert "score" not in left
    assert "status" not in left
    assert left["output"].endswith("so a person has to look for the curves. No points are lost. (0.30 wait for a person.)")
    marked = rows["Derives the sizes."]
    assert "score" not in marked
    assert marked["output"].startswith("A person marks this, for up to 0.40 points. No answer was found")


def test_what_was_not_run_says_why() -> None:
    """A check without evidence is a row with no points and its cause."""
    rows = {row["name"]: row for row in read(samples.hostile())["tests"]}
    assert rows["Was not run."]["output"] == "Not run: The time for this notebook was over before this check."
    assert (rows["Was not run."]["score"], rows["Was not run."]["max_score"]) == (0.0, 0.5)


@pytest.mark.parametrize("sample", ALL)
def test_nothing_hidden_is_in_it(sample: Callable[[], GradeReport]) -> None:
    """Hidden checks are rows without title or sentence, shown when grades are published; no detail is in the file."""
    text = results(sample(), finished=True)
    assert samples.SECRET not in text
    hidden = [row for row in json.loads(text)["tests"] if row["name"] == "A hidden check"]
    assert {row["visibility"] for row in hidden} <= {"after_published"}


def test_our_own_failure_names_no_check() -> None:
    """The reason for staff lists the checks that failed on us, hidden ones too: students read that we failed, and no more."""
    report = dataclasses.replace(samples.ordinary(), status=Status.NEEDS_REVIEW, reason="The grader itself failed on q9_9.secret.")
    assert "q9_9.secret" not in results(report, finished=True)
    assert "q9_9.secret" not in feedback.render(report)


def test_the_text_above_the_rows_escapes_markdown() -> None:
    """Sentences about a student's own text cannot bring in tags, links or emphasis."""
    output = read(samples.hostile())["output"]
    assert "<script" not in output
    assert "&lt;script&gt;" in output
    assert "\x1b" not in output
    assert "\u202e" not in output


def test_an_unfinished_file_says_so() -> None:
    """What a platform shows after stopping us is marked as unfinished."""
    document = read(samples.in_progress(), finished=False)
    assert "has not finished" in document["output"]
    assert document["extra_data"]["finished"] is False
    assert "has not finished" not in read(samples.ordinary())["output"]


def test_long_sentences_are_cut() -> None:
    """A row's output stays readable however long the sentence."""
    assert max(len(row["output"]) for row in read(samples.hostile())["tests"]) < 5_000


def test_a_leaderboard_is_there_where_it_was_asked_for() -> None:
    """A figure for each entry, the lowest first; without entries the platform is told of no leaderboard."""
    platform = Platform(Path("results.json"), leaderboard=(("3.2 test loss", 4.04),))
    document = json.loads(results(samples.ordinary(), finished=True, platform=platform))
    jsonschema.validate(document, SCHEMA)
    assert document["leaderboard"] == [{"name": "3.2 test loss", "value": 4.04, "order": "asc"}]
    assert "leaderboard" not in read(samples.ordinary())
