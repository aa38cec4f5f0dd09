"""The whole way through, with real kernels, on the tiny assignment."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest

from autograder import executing
from autograder.assignment import load
from autograder.batch import grade_found
from autograder.course import Begun, Course, Progress, Settings
from autograder.model.grading import GradeReport, Outcome, Status
from autograder.pipeline import prepare, submissions
from autograder.reports.write import write_table

ASSIGNMENT = Path(__file__).parent / "second_assignment" / "assignment.toml"
RIGHT = "SIZE = 100\ndef square(x):\n    return x * x"


def notebook(path: Path, code: str, *, answer: str = "x times x") -> Path:
    cells = [
        nbformat.v4.new_markdown_cell("### 1.1 Squares\n\nWrite `square`."),
        *(nbformat.v4.new_code_cell(part) for part in code.split("\n---\n")),
        nbformat.v4.new_markdown_cell("### 1.2 In words"),
        nbformat.v4.new_markdown_cell(answer),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def course(out: Path, **settings: object) -> Course:
    return prepare(load(ASSIGNMENT), Settings(out=out, **settings), environment={}, cache_folder=out / "cache")  # type: ignore[arg-type]


def graded(paths: Sequence[Path], out: Path, **settings: object) -> dict[str, GradeReport]:
    shared = course(out, **settings)
    found = submissions(paths, shared, out / "unpacked")
    return {report.id: report for report in grade_found(found, shared, listen=lambda event: None)}


def outcomes(report: GradeReport) -> dict[str, str]:
    return {check.spec.id.split(".")[1]: check.outcome.value for check in report.checks}


def test_a_right_a_wrong_and_a_broken_notebook_are_told_apart(tmp_path: Path) -> None:
    """Three submissions, three rows, each with its own verdict, in one run of two at a time."""
    folder = tmp_path / "handed-in"
    notebook(folder / "ann.ipynb", RIGHT)
    notebook(folder / "bob.ipynb", "SIZE = 90\ndef square(x):\n    return x + x")
    (folder / "eve.ipynb").write_text("not a notebook", encoding="utf-8")
    reports = graded([folder], tmp_path / "out", jobs=2)
    by_student = {report.notebook.removesuffix(".ipynb"): report for report in reports.values()}
    assert outcomes(by_student["ann"]) == {
        "squares": "passed",
        "size_is_kept": "passed",
        "left_open": "review",
        "of_ours_that_breaks": "passed",
    }
    assert outcomes(by_student["bob"])["squares"] == "failed"
    assert outcomes(by_student["bob"])["size_is_kept"] == "failed"
    assert by_student["eve"].status is Status.REJECTED
    assert {report.score.possible for report in reports.values()} == {150}
    assert (by_student["ann"].score.auto_earned, by_student["ann"].score.manual_possible) == (90, 60)


def test_every_file_is_written_and_valid(tmp_path: Path) -> None:
    """Each submission has its six files; the table has one row for each and nothing temporary is left."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    out = tmp_path / "out"
    reports = graded([tmp_path / "in"], out)
    write_table(list(reports.values()), load(ASSIGNMENT).questions, out)
    (report,) = reports.values()
    names = {path.name for path in (out / report.id).iterdir()}
    assert names == {"results.json", "report.json", "feedback.html", "staff.html", "replayed.ipynb", "log.txt"}
    machine = json.loads((out / report.id / "report.json").read_text(encoding="utf-8"))
    assert machine["score"] == {"auto_earned": 0.9, "auto_possible": 0.9, "manual_possible": 0.6, "possible": 1.5}
    assert set(machine["seconds"]) == {"total", "start", "replay", "probes", "checks", "reports"}
    replayed = nbformat.read(out / report.id / "replayed.ipynb", as_version=4)
    nbformat.validate(replayed)
    with (out / "grades.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [(row["submission"], row["status"], row["q1.1"]) for row in rows] == [(report.id, "graded", "0.80")]


def test_results_are_there_before_the_replay_ends(tmp_path: Path) -> None:
    """results.json lists every check from the moment grading starts."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    shared = course(tmp_path / "out")
    found = submissions([tmp_path / "in"], shared, tmp_path / "unpacked")
    seen: list[int] = []

    def listen(step: Progress | Begun) -> None:
        if isinstance(step, Begun):
            return
        path = tmp_path / "out" / step.id / "results.json"
        if step.share < 0.9:
            seen.append(len(json.loads(path.read_text(encoding="utf-8"))["tests"]))

    list(grade_found(found, shared, listen=listen))
    assert seen
    assert set(seen) == {5}


@pytest.mark.parametrize(
    ("code", "squares", "size"),
    [
        ("raise RuntimeError('first cell')\n---\n" + RIGHT, "passed", "passed"),
        (RIGHT + "\n---\nimport os; os._exit(1)", "not_run", "passed"),
        (RIGHT + "\n---\nwhile True: pass", "passed", "passed"),
        ("def square(x):\n    return later(x)\n---\nSIZE = 100\ndef later(x): return x * x", "passed", "passed"),
        ("y = later(2)\n---\nSIZE = 100\ndef later(x): return x * x\nsquare = later", "passed", "passed"),
        ("square = 'not a function'\nSIZE = 100", "failed", "passed"),
        ("", "failed", "failed"),
    ],
    ids=["raises first", "exits", "never ends", "later name in a function", "later name retried", "not callable", "empty"],
)
def test_what_goes_wrong_in_one_place_costs_only_what_rests_on_it(tmp_path: Path, code: str, squares: str, size: str) -> None:
    """Whatever a cell does, there is a report, no check of ours fails, and the rest is judged."""
    notebook(tmp_path / "in" / "ann.ipynb", code)
    (report,) = graded([tmp_path / "in"], tmp_path / "out").values()
    assert report.status is Status.GRADED
    assert outcomes(report)["squares"] in {squares, "passed"} if squares == "not_run" else outcomes(report)["squares"] == squares
    assert outcomes(report)["size_is_kept"] == size


def test_the_same_seed_gives_the_same_verdicts(tmp_path: Path) -> None:
    """Two runs say the same, to the letter."""
    notebook(tmp_path / "in" / "ann.ipynb", "SIZE = 100\ndef square(x):\n    return x * x + 1e-3")
    said = [
        [
            (check.outcome, check.sentence)
            for report in graded([tmp_path / "in"], tmp_path / name, seed=7).values()
            for check in report.checks
        ]
        for name in ("first", "second")
    ]
    assert said[0] == said[1]
    assert said[0][0][0] is Outcome.FAILED


def test_each_notebook_is_asked_something_of_its_own(tmp_path: Path) -> None:
    """What is asked depends on the code and on the run's seed, and is the same again for the same two; what is stored changes nothing."""
    same, other = notebook(tmp_path / "in" / "ann.ipynb", RIGHT), notebook(tmp_path / "in" / "bob.ipynb", f"{RIGHT} # mine")
    stored = notebook(tmp_path / "in" / "eve.ipynb", RIGHT, answer="x squared")
    shared = course(tmp_path / "out", seed=3)
    asked = {
        item.notebook_name: [probe.arrays["values"].tolist() for probe in shared.probes_for(item)]  # type: ignore[arg-type, union-attr]
        for item in submissions([same, other, stored], shared, tmp_path / "unpacked")
    }
    assert asked["ann.ipynb"] == asked["eve.ipynb"] != asked["bob.ipynb"]
    (again,) = submissions([same], course(tmp_path / "out", seed=4), tmp_path / "unpacked")
    assert [probe.arrays["values"].tolist() for probe in course(tmp_path / "out", seed=4).probes_for(again)] != asked["ann.ipynb"]  # type: ignore[arg-type]


def test_static_mode_runs_nothing(tmp_path: Path) -> None:
    """Without a replay what needs one is left to a person, and no code is executed."""
    canary = tmp_path / "canary"
    notebook(tmp_path / "in" / "ann.ipynb", f"open({str(canary)!r}, 'w')\n---\n{RIGHT}")
    (report,) = graded([tmp_path / "in"], tmp_path / "out", mode="static").values()
    assert not canary.exists()
    assert outcomes(report)["size_is_kept"] == "review"


def test_a_failure_of_ours_is_never_a_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the harness itself fails on one submission, its points wait for a person and the others are graded."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", RIGHT)

    honest = executing.replay

    def fails_for_ann(item: object, **arguments: object) -> object:
        if getattr(item, "notebook_name", "") == "ann.ipynb":
            raise OSError("the disk is gone")
        return honest(item, **arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(executing, "replay", fails_for_ann)
    reports = {report.notebook: report for report in graded([tmp_path / "in"], tmp_path / "out").values()}
    assert reports["ann.ipynb"].status is Status.NEEDS_REVIEW
    assert reports["ann.ipynb"].score.auto_possible == 0
    assert reports["ann.ipynb"].score.manual_possible == 150
    assert any("the disk is gone" in line for line in reports["ann.ipynb"].log)
    assert reports["bob.ipynb"].status is Status.GRADED


def test_a_report_that_cannot_be_written_does_not_end_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing one submission's report fails, that one needs a person and the rest is graded."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", RIGHT)
    import autograder.batch as batch

    honest = batch.write

    def fails_once_for_ann(report: GradeReport, folder: Path) -> None:
        if report.notebook == "ann.ipynb" and report.status is Status.GRADED:
            raise ValueError("a page that cannot be drawn")
        honest(report, folder)

    monkeypatch.setattr(batch, "write", fails_once_for_ann)
    reports = graded([tmp_path / "in"], tmp_path / "out", mode="static")
    assert {id: report.status for id, report in reports.items()} == {"ann": Status.NEEDS_REVIEW, "bob": Status.GRADED}
    assert (tmp_path / "out" / "ann" / "report.json").exists()
