"""What the terminal shows of finished submissions: a line each as they finish, a table of all at the end."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.model.grading import GradeReport, Status
from autograder.reports.cleaning import one_line
from autograder.reports.words import count, points, report_verdict, waiting

STYLES = {"passed": "green", "partly": "yellow", "failed": "red", "error": "bold magenta", "not_run": "bold red"}


def line(report: GradeReport) -> str:
    """How one submission came out, in one line."""
    name = one_line(report.id, longest=60)
    if report.status is Status.REJECTED:
        return f"{name}: rejected. {one_line(report.reason)}"
    score = report.score
    parts = [f"{points(score.auto_earned)} of {points(score.auto_possible)}"]
    if report.waiting:
        parts.append(waiting(report.waiting))
    if report.flags:
        parts.append(count(len(report.flags), "flag"))
    parts.append(f"{report.seconds.get('total', 0.0):.0f} s")
    reason = f". {one_line(report.reason)}" if report.reason else ""
    return f"{name}: {', '.join(parts)}{reason}"


def table(reports: Sequence[GradeReport]) -> Table:
    """All submissions of a run. Cells are plain text: nothing in them is read as markup."""
    shown = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    shown.add_column("submission", overflow="fold")
    shown.add_column("verdict", no_wrap=True)
    for heading in ("automatic", "for a person", "flags", "seconds"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for report in reports:
        verdict = report_verdict(report)
        score = report.score
        shown.add_row(
            Text(one_line(report.id, longest=60)),
            Text(verdict.word, style=STYLES[verdict.kind]),
            Text(f"{points(score.auto_earned)} / {points(score.auto_possible)}"),
            Text(points(report.waiting)),
            Text(str(len(report.flags)) if report.flags else ""),
            Text(f"{report.seconds.get('total', 0.0):.1f}"),
        )
    return shown
