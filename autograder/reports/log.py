"""log.txt: how the grading of one submission went, for whoever has to find out why."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.model.grading import GradeReport
from autograder.reports.cleaning import clean, clean_each, one_line

LONGEST_LINE = 2_000
MOST_NOTES = 1_000


def render(report: GradeReport) -> str:
    """The log as plain text: nothing in it that a terminal would obey, and no text that could pass for a line of ours."""
    return "".join(clean(line, longest=LONGEST_LINE).replace("\n", "\n    ") + "\n" for line in _lines(report))


def _lines(report: GradeReport) -> Iterator[str]:
    run = report.run
    yield f"{one_line(report.id)}: {report.status.value}{': ' + report.reason if report.reason else ''}"
    yield f"{run.assignment}, version {run.assignment_version}"
    yield f"mode {run.mode}, device {run.device}, data {run.data}, isolation {run.isolation}, seed {run.seed}"
    yield f"notebook {one_line(report.notebook)}, sha256 {report.sha256 or 'unknown'}"
    if report.seconds:
        yield "seconds: " + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in report.seconds.items())
    yield f"peak memory: {report.peak_memory_mb:.0f} MB"
    yield from (f"note: {note}" for note in report.notes[:MOST_NOTES])
    if len(report.notes) > MOST_NOTES:
        yield f"{len(report.notes) - MOST_NOTES:,} more notes"
    for cell, said in zip(report.cells, clean_each(cell.traceback or cell.error for cell in report.cells), strict=True):
        where = f"cell {cell.index}" + (f" ({cell.question})" if cell.question else "")
        yield f"{where}: {cell.status.value}, {cell.seconds:.2f} s{', tried twice' if cell.attempts > 1 else ''}"
        yield from (f"    {line}" for line in said.splitlines())
    for check in report.checks:
        yield f"check {check.spec.id}: {check.outcome.value}, {check.seconds:.2f} s"
        yield from (f"    {line}" for line in clean(check.detail).splitlines())
    yield from report.log
