"""Writing the files whole, and what the terminal shows."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import sample_reports as samples
from rich.console import Console

from autograder.model.execution import CellRun, CellStatus
from autograder.model.grading import GradeReport
from autograder.reports.terminal import line, table
from autograder.reports.write import write, write_results, write_table

FILES = ["feedback.html", "log.txt", "replayed.ipynb", "report.json", "results.json", "staff.html"]


@pytest.mark.parametrize("sample", [samples.ordinary, samples.hostile, samples.rejected, samples.nothing_asked])
def test_all_files_are_there_and_valid(sample: Callable[[], GradeReport], tmp_path: Path) -> None:
    """Six files, nothing temporary left, text in UTF-8, JSON that reads, a notebook that validates."""
    folder = tmp_path / "out" / "ann"
    write(sample(), folder)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    for path in folder.iterdir():
        path.read_text(encoding="utf-8")
    json.loads((folder / "results.json").read_text(encoding="utf-8"))
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["seconds"]["reports"] >= 0
    nbformat.validate(nbformat.read(folder / "replayed.ipynb", as_version=4))


def test_early_results_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each new results.json takes the place of the last in one step: at no moment is there half a file."""
    write_results(samples.in_progress(), tmp_path)
    before = (tmp_path / "results.json").read_text(encoding="utf-8")
    renamed: list[str] = []
    real = os.replace

    def watched(source: Path, target: Path) -> None:
        assert Path(target).read_text(encoding="utf-8") == before
        json.loads(Path(source).read_text(encoding="utf-8"))
        assert Path(source).parent == Path(target).parent
        renamed.append(Path(target).name)
        real(source, target)

    monkeypatch.setattr(os, "replace", watched)
    write_results(samples.ordinary(), tmp_path)
    assert renamed == ["results.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails the last good results stay, and nothing half written lies beside them."""
    write_results(samples.in_progress(), tmp_path)
    before = (tmp_path / "results.json").read_bytes()

    def broken(source: Path, target: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        write_results(samples.ordinary(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    assert (tmp_path / "results.json").read_bytes() == before


def test_the_table_is_written(tmp_path: Path) -> None:
    """grades.csv keeps its line ends."""
    write_table([samples.ordinary()], samples.QUESTIONS, tmp_path / "new")
    assert (tmp_path / "new" / "grades.csv").read_bytes().count(b"\r\n") == 2


def test_the_log_tells_what_happened(tmp_path: Path) -> None:
    """Cells, their tracebacks, checks and details are in log.txt, and nothing that a terminal would obey."""
    write(samples.ordinary(), tmp_path)
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "cell 12 (1.1): error, 0.10 s, tried twice\n    Traceback\n" in log
    assert "check q2_2.independent: failed" in log
    assert "note: SIZE was 100 and is 12." in log
    write(samples.hostile(), tmp_path)
    assert "\x1b" not in (tmp_path / "log.txt").read_text(encoding="utf-8")


def test_no_text_of_a_student_passes_for_a_line_of_the_log(tmp_path: Path) -> None:
    """What follows a line end in a student's text is indented, so that only the grader's own lines begin a line."""
    forged = dataclasses.replace(
        samples.ordinary(), reason="a\ncheck q9: passed", notes=("b\rcheck q9: passed",), log=("c\u2028check q9: passed",)
    )
    write(forged, tmp_path)
    lines = (tmp_path / "log.txt").read_text(encoding="utf-8").splitlines()
    assert lines.count("    check q9: passed") == 3
    assert "check q9: passed" not in lines


def test_a_report_of_very_much_stays_small(tmp_path: Path) -> None:
    """Thousands of long tracebacks, notes, files and figures give pages that open; the first of each are shown and the rest counted."""
    cells = tuple(CellRun(number, "1.1", CellStatus.ERROR, 0.1, "E" * 500, f"{number}" * 20_000) for number in range(1_000))
    files = tuple(f"{number}.txt" for number in range(20_000))
    write(dataclasses.replace(samples.ordinary(), cells=cells, notes=("n" * 500,) * 20_000, files=files), tmp_path)
    assert all(path.stat().st_size < 3_000_000 for path in tmp_path.iterdir())
    page = (tmp_path / "staff.html").read_text(encoding="utf-8")
    assert "19800 more changes, not listed here." in page
    assert "19800 more files, not listed here." in page
    assert "19,000 more notes" in (tmp_path / "log.txt").read_text(encoding="utf-8")


def test_a_name_is_no_markup_in_the_notebook_of_a_rejected_submission(tmp_path: Path) -> None:
    """Markdown shows HTML, so what was not executed says why with everything in it escaped."""
    write(dataclasses.replace(samples.rejected(), reason="<img src=x onerror=alert(1)> [x](javascript:1).ipynb is not JSON."), tmp_path)
    (cell,) = nbformat.read(tmp_path / "replayed.ipynb", as_version=4).cells
    assert cell.source == r"This notebook was not executed. &lt;img src=x onerror=alert(1)&gt; \[x\](javascript:1).ipynb is not JSON."


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (samples.ordinary, "ann-lee_1042: 1.55 of 1.85, 1.70 wait for a person, 2 flags, 15 s"),
        (samples.rejected, "bob: rejected. bob.ipynb is not JSON. Save the notebook again and hand it in once more."),
        (samples.nothing_asked, "ann-lee_1042: 0.00 of 0.00, 15 s"),
    ],
)
def test_a_finished_submission_is_one_line(sample: Callable[[], GradeReport], said: str) -> None:
    """The line names the submission, its points, what waits, and how long it took."""
    assert line(sample()) == said


def test_the_table_at_the_end() -> None:
    """One row a submission, with its verdict in words; what looks like markup is shown as it is."""
    console = Console(width=110, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - closed below
    odd = dataclasses.replace(samples.hostile(), id="[red]x[/red]\x1b[2J")
    console.print(table([samples.ordinary(), odd, samples.rejected()]))
    console.file.close()
    text = console.export_text()
    assert "points missing" in text
    assert "needs review" in text
    assert "rejected" in text
    assert "1.55 / 1.85" in text
    assert "[red]x[/red] " in text
    assert "\x1b" not in text
