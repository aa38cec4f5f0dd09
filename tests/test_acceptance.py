"""The real homework, from a file to its reports: whole submissions, broken ones, and one graded twice.

All are graded in one run, two at a time, which takes about a minute. The finished submission is shared data; without it,
what rests on it is skipped.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import pipeline
from autograder.assignment import load
from autograder.batch import grade_found
from autograder.course import Settings
from autograder.kernel.replay import replay
from autograder.model.execution import Answer, Ending, Execution, Finding
from autograder.model.grading import GradeReport, Outcome, Status
from autograder.model.submission import Submission

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "submissions" / "seed" / "hw4.ipynb"
FILES = {"results.json", "report.json", "feedback.html", "staff.html", "log.txt"}
KEPT_BY_THE_SEED = {"q2_2.experiments_are_independent", "q3_4.target_in_english_order"}
# Far more than an honest cell takes on a slow and busy machine: only the notebook that never ends may meet them.
BUDGET_SECONDS, CELL_SECONDS = 600, 120


@dataclass(frozen=True)
class Graded:
    reports: Mapping[str, GradeReport]
    executions: Mapping[str, Execution]
    out: Path


def without_change(stored: dict[str, Any]) -> None:
    return None


def code_cell(stored: dict[str, Any], containing: str) -> dict[str, Any]:
    found = [cell for cell in stored["cells"] if cell["cell_type"] == "code" and containing in "".join(cell["source"])]
    assert found, f"no code cell holds {containing!r}"
    assert isinstance(found[0], dict)
    return found[0]


def first_cell_raises(stored: dict[str, Any]) -> None:
    first = next(cell for cell in stored["cells"] if cell["cell_type"] == "code")
    first["source"] = 'raise RuntimeError("first")'


def never_ends(stored: dict[str, Any]) -> None:
    code_cell(stored, "for epoch in range(epochs)")["source"] = "import time\nwhile True: time.sleep(0.1)"


def ends_its_kernel(stored: dict[str, Any]) -> None:
    cell = code_cell(stored, "for seq in sequences")
    cell["source"] = "import os; os._exit(1)\n" + "".join(cell["source"])


NOTEBOOKS: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "seed": without_change,
    "seed_again": without_change,
    "first_cell_raises": first_cell_raises,
    "never_ends": never_ends,
    "ends_its_kernel": ends_its_kernel,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Everything below, graded in one run."""
    base = tmp_path_factory.mktemp("acceptance")
    handed_in = base / "in"
    for name, content in {"not_json": b"{ this is no notebook", "empty": b""}.items():
        (handed_in / name).mkdir(parents=True)
        (handed_in / name / "hw4.ipynb").write_bytes(content)
    (handed_in / "no_notebook").mkdir()
    (handed_in / "no_notebook" / "answers.txt").write_text("my answers", encoding="utf-8")
    for name, path in {
        "solution": ROOT / "examples" / "correct" / "hw4.ipynb",
        "template": ROOT / "student_template" / "hw4.ipynb",
    }.items():
        (handed_in / name).mkdir()
        shutil.copy(path, handed_in / name / "hw4.ipynb")
    if SEED.exists():
        for name, change in NOTEBOOKS.items():
            stored = json.loads(SEED.read_text(encoding="utf-8"))
            change(stored)
            (handed_in / name).mkdir()
            (handed_in / name / "hw4.ipynb").write_text(json.dumps(stored), encoding="utf-8")

    assignment = load(ROOT / "reference" / "assignment.toml")
    limits = assignment.limits.model_copy(update={"cell_seconds": CELL_SECONDS})
    assignment = assignment.model_copy(update={"limits": limits})
    data = SHARED / "data" if SEED.exists() else None
    settings = Settings(out=base / "out", data=data, jobs=2, budget_seconds=BUDGET_SECONDS)
    course = pipeline.prepare(assignment, settings, environment={}, cache_folder=base / "cache")
    executions: dict[str, Execution] = {}

    with pytest.MonkeyPatch.context() as patch:

        def kept(item: Submission, **given: Any) -> Execution:
            execution = replay(item, **given)
            executions[item.id] = execution
            return execution

        patch.setattr("autograder.executing.replay", kept)
        found = pipeline.submissions([handed_in], course, base / "unpacked")
        reports = {report.id: report for report in grade_found(found, course, listen=lambda event: None)}
    named = {name: next(report for id, report in reports.items() if id.startswith(name)) for name in sorted(reports)}
    return Graded(named, executions, base / "out")


def report_of(graded: Graded, name: str) -> GradeReport:
    if name not in graded.reports:
        pytest.skip(f"{SEED} is not there")
    return graded.reports[name]


def outcomes(report: GradeReport) -> dict[str, str]:
    return {check.spec.id: check.outcome.value for check in report.checks}


def test_every_submission_has_its_reports(graded: Graded) -> None:
    """Whatever was handed in, there is a row and a report, and no check of ours failed."""
    for report in graded.reports.values():
        written = {path.name for path in (graded.out / report.id).iterdir()}
        assert written >= FILES, report.id
        assert [check.spec.id for check in report.checks if check.outcome is Outcome.ERROR] == [], report.id
        assert report.score.possible == 1100


@pytest.mark.parametrize("name", ["not_json", "empty", "no_notebook"])
def test_what_cannot_be_read_is_rejected_with_a_reason(graded: Graded, name: str) -> None:
    """No notebook, no score, and a sentence that says why."""
    report = graded.reports[name]
    assert report.status is Status.REJECTED
    assert report.reason
    assert set(outcomes(report).values()) == {"not_run"}


def test_the_solution_gets_all_automatic_points(graded: Graded) -> None:
    """7.10 of 7.10."""
    report = graded.reports["solution"]
    assert (report.score.auto_earned, report.score.auto_possible) == (710, 710)


def test_the_template_gets_nothing_and_a_sentence_for_each_check(graded: Graded) -> None:
    """0 of 7.10, without an error and without work for a person."""
    report = graded.reports["template"]
    assert (report.score.auto_earned, report.score.auto_possible) == (0, 710)
    assert set(outcomes(report).values()) == {"failed"}
    assert all(check.sentence for check in report.checks)


def test_the_seed_fails_two_checks_only(graded: Graded) -> None:
    """6.80 of 7.10, each failed sentence in the student's terms, and 3.90 points left to a person."""
    report = report_of(graded, "seed")
    assert (report.score.auto_earned, report.score.auto_possible, report.score.manual_possible) == (680, 710, 390)
    failed = {check.spec.id: check.sentence for check in report.checks if check.outcome is not Outcome.PASSED}
    assert set(failed) == KEPT_BY_THE_SEED
    assert "length" in failed["q2_2.experiments_are_independent"]
    assert "German" in failed["q3_4.target_in_english_order"]


def test_the_seed_has_its_flags(graded: Graded) -> None:
    """Cells out of order, a name that is imported later, and no explanation in 3.4."""
    report = report_of(graded, "seed")
    sentences = {flag.id: [one.sentence for one in report.flags if one.id == flag.id] for flag in report.flags}
    assert {"out_of_order", "needs_later_cell", "answer_empty"} <= set(sentences)
    assert any(" nn" in sentence for sentence in sentences["needs_later_cell"])
    assert any("3.4" in sentence for sentence in sentences["answer_empty"])


def test_grading_twice_gives_the_same(graded: Graded) -> None:
    """Equal verdicts, and equal values of every probe."""
    first, second = report_of(graded, "seed"), report_of(graded, "seed_again")
    assert outcomes(first) == outcomes(second)
    assert [flag.sentence for flag in first.flags] == [flag.sentence for flag in second.flags]
    one, two = (graded.executions[report.id].answers for report in (first, second))
    assert one.keys() == two.keys()
    assert [name for name in one if not same(one[name], two[name])] == []


def same(one: Answer, two: Answer) -> bool:
    if isinstance(one, Finding) and isinstance(two, Finding):
        return one.facts == two.facts and all(np.array_equal(one.arrays[name], two.arrays[name], equal_nan=True) for name in one.arrays)
    return one == two


@pytest.mark.parametrize(
    ("name", "spared"),
    [
        ("first_cell_raises", ("q2_2", "q3_2", "q3_3", "q4")),
        ("never_ends", ("q2_2", "q3_2", "q3_3", "q4")),
        ("ends_its_kernel", ("q1_1", "q3_3", "q4")),
    ],
)
def test_one_broken_cell_costs_only_its_own_question(graded: Graded, name: str, spared: tuple[str, ...]) -> None:
    """The other questions come out as without it."""
    whole, broken = report_of(graded, "seed"), report_of(graded, name)
    kept = {check: outcome for check, outcome in outcomes(whole).items() if check.startswith(spared)}
    assert {check: outcomes(broken)[check] for check in kept} == kept
    assert broken.status is Status.GRADED


def test_a_kernel_that_ends_itself_is_named(graded: Graded) -> None:
    """What was lost with it is not failed."""
    report = report_of(graded, "ends_its_kernel")
    assert graded.executions[report.id].ending is Ending.DIED
    assert "kernel_died" in {flag.id for flag in report.flags}
