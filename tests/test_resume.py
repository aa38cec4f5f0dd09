"""A later run redoes exactly what changed, on the tiny assignment; what is finished survives the end of the process at any moment."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_cli import run
from test_pipeline import ASSIGNMENT, RIGHT, notebook

import autograder
from autograder import batch, executing, pipeline, workers
from autograder.assignment import load
from autograder.errors import AssignmentError
from autograder.model.grading import GradeReport, Status
from autograder.resume import Versions

ROOT = Path(__file__).resolve().parents[1]
WRONG = "SIZE = 90\ndef square(x):\n    return x + x"
EVERYTHING = {"q1_1.squares", "q1_1.size_is_kept", "q1_1.left_open", "q1_2.explanation", "q1_2.of_ours_that_breaks", "q1_2.shouting"}
Again = Callable[..., dict[str, GradeReport]]


@pytest.fixture
def assignment(tmp_path: Path) -> Path:
    """A copy of the tiny assignment that a test may change."""
    shutil.copytree(ASSIGNMENT.parent, tmp_path / "assignment", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "assignment" / "assignment.toml"


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of what was replayed, as it happens."""
    names: list[str] = []
    honest = executing.replay

    def counted(item: object, **given: object) -> object:
        names.append(str(getattr(item, "id", "")))
        return honest(item, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(executing, "replay", counted)
    return names


@pytest.fixture
def again(tmp_path: Path, assignment: Path) -> Again:
    """Grades the same two submissions into the same folder once more."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT + "\n---\nprint('!!!')", answer="x times x !!!")
    notebook(tmp_path / "in" / "bob.ipynb", WRONG)

    def graded(**settings: object) -> dict[str, GradeReport]:
        given = autograder.Settings(out=tmp_path / "out", isolation="none", **settings)  # type: ignore[arg-type]
        reports = autograder.grade([tmp_path / "in"], given, assignment=assignment, cache_folder=tmp_path / "cache")
        return {report.id: report for report in reports}

    return graded


def judged_in(out: Path, run: int) -> dict[str, set[str]]:
    """What a run judged, by submission."""
    connection = sqlite3.connect(out / "grades.db")
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        "SELECT submission, judgements.id FROM judgements JOIN newest ON grade = newest.number WHERE judgements.run = ?", (run,)
    )
    for submission, id in rows:
        found.setdefault(submission, set()).add(id)
    connection.close()
    return found


def rows(out: Path) -> list[dict[str, str]]:
    """grades.csv, times aside."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def test_the_same_command_again_does_nothing(tmp_path: Path, again: Again, replayed: list[str]) -> None:
    """Nothing is replayed or judged, no page is written, and the table and the reports say the same."""
    first = again()
    table, pages = (tmp_path / "out" / "grades.csv").read_bytes(), (tmp_path / "out" / "ann" / "staff.html").stat().st_mtime_ns
    assert judged_in(tmp_path / "out", 1) == {"ann": EVERYTHING, "bob": EVERYTHING}
    second = again()
    assert sorted(replayed) == ["ann", "bob"]
    assert judged_in(tmp_path / "out", 2) == {}
    assert (tmp_path / "out" / "grades.csv").read_bytes() == table
    assert (tmp_path / "out" / "ann" / "staff.html").stat().st_mtime_ns == pages
    for id, report in first.items():
        assert [(check.spec, check.outcome, check.sentence) for check in report.checks] == [
            (check.spec, check.outcome, check.sentence) for check in second[id].checks
        ]
        assert (report.score, report.flags, report.manual) == (second[id].score, second[id].flags, second[id].manual)


def test_a_changed_check_is_judged_anew_alone_and_on_the_kept_evidence(
    tmp_path: Path, assignment: Path, again: Again, replayed: list[str]
) -> None:
    """One check's code changes: it alone is judged, for every submission, and nothing is replayed; a comment changes nothing."""
    again()
    path = assignment.parent / "checks" / "q1_1.py"
    path.write_text("# a remark\n" + path.read_text("utf-8"), encoding="utf-8")
    again()
    assert judged_in(tmp_path / "out", 2) == {}
    path.write_text(path.read_text("utf-8").replace("SIZE should be 100", "SIZE must be 100"), encoding="utf-8")
    reports = again()
    assert judged_in(tmp_path / "out", 3) == {"ann": {"q1_1.size_is_kept"}, "bob": {"q1_1.size_is_kept"}}
    assert sorted(replayed) == ["ann", "bob"]
    sentences = {check.spec.id: check.sentence for check in reports["bob"].checks}
    assert sentences["q1_1.size_is_kept"].startswith("SIZE must be 100")
    assert "SIZE must be 100" in (tmp_path / "out" / "bob" / "feedback.html").read_text("utf-8")
    assert [flag.id for flag in reports["ann"].flags] == ["shouting", "shouting"]
    assert "Squares" in (tmp_path / "out" / "ann" / "feedback.html").read_text("utf-8")


def test_a_changed_submission_is_graded_anew_alone(tmp_path: Path, again: Again, replayed: list[str]) -> None:
    """One notebook changes: that one is replayed and judged, and its earlier grade stays as history."""
    again()
    notebook(tmp_path / "in" / "bob.ipynb", RIGHT)
    reports = again()
    assert sorted(replayed) == ["ann", "bob", "bob"]
    assert judged_in(tmp_path / "out", 2) == {"bob": EVERYTHING}
    assert [row["auto_score"] for row in rows(tmp_path / "out")] == ["0.90", "0.90"]
    assert reports["bob"].score.auto_earned == 90
    with batch.Store(tmp_path / "out") as store:
        assert [graded.report.score.auto_earned for graded in store.history("bob")] == [90, 10]


@pytest.mark.parametrize("what", ["nothing", "seed", "budget", "course", "probes", "scale", "data"])
def test_what_all_grades_rest_on_asks_for_all_of_them_anew(tmp_path: Path, assignment: Path, again: Again, what: str) -> None:
    """Another seed, budget, measurement, probe, scale or data: the evidence of before is that of other circumstances."""

    def evidence(**settings: object) -> set[str]:
        given = autograder.Settings(out=tmp_path / "out", isolation="none", **settings)  # type: ignore[arg-type]
        course = pipeline.prepare(load(assignment), given, environment={}, cache_folder=tmp_path / "cache")
        if what == "data" and settings:
            (course.data_folder / "more.txt").write_text("1", encoding="utf-8")
        found = pipeline.submissions([tmp_path / "in"], course, tmp_path / "unpacked")
        return {Versions(course).task(item, None, wholly=False).evidence for item in found}

    before = evidence()
    if what == "course":
        path = assignment.parent / "course" / "measurements.py"
        path.write_text(path.read_text("utf-8") + "\nMORE = 1\n", encoding="utf-8")
    elif what == "probes":
        counting_probes = sys.modules["counting_probes"]
        changed = counting_probes.plan(1, tmp_path)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counting_probes, "plan", lambda *given: changed)
            assert not before & evidence()
        return
    elif what == "scale":
        assignment.write_text(assignment.read_text("utf-8").replace("SIZE = 4", "SIZE = 5"), encoding="utf-8")
    after = evidence(seed=7 if what == "seed" else 0, budget_seconds=50 if what == "budget" else None)
    assert len(before) == 2
    assert before == after if what == "nothing" else not before & after


def test_only_some_leave_the_rows_of_the_others(tmp_path: Path, again: Again, replayed: list[str]) -> None:
    """With `only` and without `resume` one is graded wholly again, and the table still has all."""
    again()
    assert list(again(only=("ann",), resume=False)) == ["ann"]
    assert sorted(replayed) == ["ann", "ann", "bob"]
    assert [row["submission"] for row in rows(tmp_path / "out")] == ["ann", "bob"]


def test_a_failure_of_ours_is_tried_again(tmp_path: Path, again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the grader failed on is not taken for done."""
    with monkeypatch.context() as patch:
        patch.setattr(batch, "judge_one", lambda *given: 1 / 0)
        assert {report.status for report in again().values()} == {Status.NEEDS_REVIEW}
    assert {report.status for report in again().values()} == {Status.GRADED}
    assert judged_in(tmp_path / "out", 2) == {"ann": EVERYTHING, "bob": EVERYTHING}


def test_lost_pages_are_written_again_without_grading(tmp_path: Path, again: Again, replayed: list[str]) -> None:
    """A page that is gone is drawn from what is kept."""
    again()
    page = tmp_path / "out" / "ann" / "staff.html"
    before = page.read_text("utf-8")
    page.unlink()
    again()
    assert len(page.read_text("utf-8")) == pytest.approx(len(before), rel=0.01)
    assert sorted(replayed) == ["ann", "bob"]
    assert judged_in(tmp_path / "out", 2) == {}


@pytest.mark.parametrize("lost", [False, True], ids=["", "evidence lost"])
def test_another_late_policy_rewrites_the_pages_and_runs_nothing(
    tmp_path: Path, again: Again, replayed: list[str], monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    """Roster or policy change: pages, table and reports say so; nothing is executed or judged, and no process is started for it."""
    (tmp_path / "in" / "eve.ipynb").write_text("{", encoding="utf-8")
    again()
    if lost:
        shutil.rmtree(tmp_path / "out" / ".evidence")
    monkeypatch.setattr(batch, "warm", lambda preload: pytest.fail("judges are got ready"))
    (tmp_path / "roster.csv").write_text("submission,days_late\nann,2\neve,1\n", encoding="utf-8")
    reports = again(roster=tmp_path / "roster.csv", late="points_per_day=0.05")
    assert sorted(replayed) == ["ann", "bob"]
    assert judged_in(tmp_path / "out", 2) == {}
    for name in ("feedback.html", "staff.html"):
        assert "0.10 points are taken off" in (tmp_path / "out" / "ann" / name).read_text("utf-8")
    assert [(row["late_deduction"], row["score_after_late"]) for row in rows(tmp_path / "out")][:2] == [("0.10", "0.80"), ("", "0.10")]
    assert [flag.id for flag in reports["ann"].flags] == ["shouting", "shouting"]
    assert "!!!" in (tmp_path / "out" / "ann" / "replayed.ipynb").read_text("utf-8")
    assert list(again(roster=tmp_path / "roster.csv", late="points_per_day=0.05")) == ["ann", "bob", "eve"]


def test_a_hung_submission_needs_a_person_and_the_others_go_on(tmp_path: Path, again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing gets on for longer than the budget and some grace, that submission is given up, with one thread at that."""
    released, late = threading.Event(), [0.0]
    honest = executing.replay
    monkeypatch.setattr(workers, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + late[0]))

    def hangs_for_ann(item: object, **given: object) -> object:
        if getattr(item, "id", "") == "ann":
            late[0] += 100 + batch.GRACE_SECONDS + 1
            released.wait(60)
        return honest(item, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(executing, "replay", hangs_for_ann)
    reports = again(budget_seconds=100)
    released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("submission-"):
            thread.join(60)
    assert (reports["ann"].status, reports["bob"].status) == (Status.NEEDS_REVIEW, Status.GRADED)
    assert "sign of life" in reports["ann"].reason
    assert [row["status"] for row in rows(tmp_path / "out")] == ["needs_review", "graded"]


def test_two_runs_into_one_folder_are_refused(tmp_path: Path, again: Again) -> None:
    """A second process does not write between the first one's lines."""
    (tmp_path / "out").mkdir()
    with batch.sole_writer(tmp_path / "out"), pytest.raises(AssignmentError, match="another run"):
        again()


def test_regrade_redoes_what_changed_or_what_is_named(tmp_path: Path, assignment: Path) -> None:
    """`regrade OUT` needs no path: it finds the submissions where the latest run did."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", WRONG)
    out = tmp_path / "out"
    assert run("grade", "in", "--out", "out", "--isolation", "none", "--assignment", assignment, cwd=tmp_path).returncode == 0
    notebook(tmp_path / "in" / "bob.ipynb", RIGHT)
    assert run("regrade", "out", cwd=tmp_path).returncode == 0
    assert judged_in(out, 2) == {"bob": EVERYTHING}
    assert run("regrade", "out", "ann", cwd=tmp_path).returncode == 0
    assert judged_in(out, 3) == {"ann": EVERYTHING}
    refused = run("regrade", "in", cwd=tmp_path)
    assert refused.returncode == 2
    assert "grades.db" in refused.stderr


def test_regrade_says_what_is_gone_and_takes_another_place(tmp_path: Path, assignment: Path) -> None:
    """Submissions that were moved since: one sentence with what to do, and nothing is graded again for having moved."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", WRONG)
    arguments = ["--out", "out", "--isolation", "none", "--assignment", assignment]
    assert run("grade", "in", *arguments, cwd=tmp_path).returncode == 0
    (tmp_path / "in").rename(tmp_path / "moved")
    for command in (["regrade", "out"], ["regrade", "out", "--at", "elsewhere"]):
        refused = run(*command, cwd=tmp_path)
        assert refused.returncode == 2
        assert "--at PATH" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert run("regrade", "out", "--at", "moved", cwd=tmp_path).returncode == 0
    assert judged_in(tmp_path / "out", 2) == {}
    assert [row["submission"] for row in rows(tmp_path / "out")] == ["ann", "bob"]


def test_regrade_takes_what_was_moved_from_another_place(tmp_path: Path, assignment: Path) -> None:
    """The roster, the gradebook and the assignment: the sentence names an option, and the option is there."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", WRONG)
    (tmp_path / "roster.csv").write_text("name,days_late\nann,3\n", encoding="utf-8")
    (tmp_path / "export.csv").write_text("Student,ID,Section,Counting (7)\nann,1,A,\n", encoding="utf-8")
    given = ["--roster", "roster.csv", "--fill-canvas", "export.csv", "--late", "points_per_day=0.01", "--assignment", assignment]
    assert run("grade", "in", "--out", "out", "--mode", "static", *given, cwd=tmp_path).returncode == 0
    moved: list[str | Path] = []
    for option, old in (
        ("--assignment", assignment.parent),
        ("--roster", tmp_path / "roster.csv"),
        ("--fill-canvas", tmp_path / "export.csv"),
    ):
        new = old.rename(old.with_name(f"moved-{old.name}"))
        refused = run("regrade", "out", *moved, cwd=tmp_path)
        assert refused.returncode == 2
        assert option in refused.stderr
        moved += [option, new / assignment.name if option == "--assignment" else new]
    done = run("regrade", "out", *moved, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["late_deduction"] for row in rows(tmp_path / "out")] == ["0.03", ""]
    assert run("regrade", "out", cwd=tmp_path).returncode == 0


def test_a_run_that_is_killed_ten_times_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    """kill -9 at random moments, then the same command: each submission was graded once, and the table equals an undisturbed run's."""
    for number in range(6):
        notebook(tmp_path / "in" / f"student{number}.ipynb", f"{RIGHT if number % 2 else WRONG}\n---\nimport time; time.sleep(0.4)")
    arguments = ["grade", "in", "--isolation", "none", "--jobs", "2", "-q", "--assignment", str(ASSIGNMENT)]
    assert run(*arguments, "--out", "undisturbed", cwd=tmp_path).returncode == 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    chance = random.Random(0)
    finished: list[int] = []
    for _ in range(10):
        command = [sys.executable, "-m", "autograder", *arguments, "--out", "out"]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + chance.uniform(1.5, 5.0)
            while process.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
        finished.append(grades(tmp_path / "out"))
    assert finished == sorted(finished)
    assert run(*arguments, "--out", "out", cwd=tmp_path).returncode == 0
    assert grades(tmp_path / "out") == 6
    assert rows(tmp_path / "out") == rows(tmp_path / "undisturbed")


def grades(out: Path) -> int:
    """How many grades were ever given."""
    if not (out / "grades.db").exists():
        return 0
    connection = sqlite3.connect(out / "grades.db")
    try:
        return int(connection.execute("SELECT count(*) FROM grades").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # killed before the tables were made
    finally:
        connection.close()
