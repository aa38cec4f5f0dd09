"""grades.csv: one row a submission, in the order given, quoted as RFC 4180 says and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from autograder.model.grading import GradeReport, Question
from autograder.quoting import FORMULA_STARTS
from autograder.reports.cleaning import clean
from autograder.reports.words import points

COLUMNS = ("submission", "student", "status", "auto_score", "auto_possible", "manual_possible", "score", "possible", "flags", "seconds")
LATE_COLUMNS = ("submitted_at", "days_late", "late_days_used", "late_deduction", "score_after_late")
# What begins a cell where the list separator is a semicolon, or where a quoted line end is taken for a new row.
INNER_START = re.compile(r"([;\n\t]\s*)(?=[=+\-@＝＋－＠])")


def render(reports: Iterable[GradeReport], questions: Sequence[Question]) -> str:
    """The table as text. `score` is what has been given so far: the automatic points, and those that people have given.

    Where anything is known of when it was handed in, columns for that stand behind all others; `score` is the same with and without.
    """
    reports = list(reports)
    late = LATE_COLUMNS if any(report.received.late for report in reports) else ()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *(f"q{question.number}" for question in questions), *late])
    for report in reports:
        writer.writerow([*_row(report, questions), *(_late(report) if late else ())])
    return text.getvalue()


def neutral(text: str) -> str:
    """The cleaned text, with an apostrophe before what would start a formula in any spreadsheet."""
    shown = INNER_START.sub(r"\1'", clean(text, longest=1_000))
    return f"'{shown}" if text.startswith(FORMULA_STARTS) or shown.startswith(FORMULA_STARTS) else shown


def _late(report: GradeReport) -> list[str]:
    late = report.received.late
    if late is None:
        return ["", "", "", "", points(report.earned)]
    at = late.at.isoformat(timespec="seconds") if late.at else ""
    days = "" if late.days is None else str(late.days)
    return [at, days, str(late.free), points(late.deduction), points(late.taken_off(report.earned))]


def _row(report: GradeReport, questions: Sequence[Question]) -> list[str]:
    score = report.score
    return [
        neutral(report.id),
        neutral(report.student),
        report.status.value,
        points(score.auto_earned),
        points(score.auto_possible),
        points(score.manual_possible),
        points(report.earned),
        points(score.possible),
        neutral(";".join(dict.fromkeys(flag.id for flag in report.flags))),
        f"{report.seconds.get('total', 0.0):.1f}",
        *(points(report.scores[question.number].auto_earned + report.given(question.number)) for question in questions),
    ]
