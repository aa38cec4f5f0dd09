"""marks.csv: a line for everything that waits for a person, to be filled in with a spreadsheet and read by the next run.

The answers of one question stand below one another, so that they are marked by one measure. What has been marked stands there too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from autograder.model.grading import CheckSpec, GradeReport, ManualSpec, Status
from autograder.quoting import quoted
from autograder.reports.cleaning import one_line
from autograder.reports.table import neutral
from autograder.reports.words import points

NAME = "marks.csv"
COLUMNS = ("submission", "student", "question", "item", "title", "possible", "mark", "comment")


def render(reports: Sequence[GradeReport], left: Sequence[Mapping[str, str]] = ()) -> str:
    """The table as text. Of submissions that were rejected nothing waits to be marked.

    `left` are earlier lines that nothing else keeps: their comments stand where there is no mark, and what has no line any more at the end.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    waiting = {(line["submission"], line["item"]): line for line in left}
    lines = []
    for report in reports:
        places = {question.number: place for place, question in enumerate(report.questions)}
        for spec in report.left_to_people:
            if spec.id not in report.marks and (report.status is Status.REJECTED or not spec.points):
                continue
            mark, before = report.marks.get(spec.id), waiting.pop((report.id, spec.id), None)
            given = (points(mark.points), mark.comment) if mark else ("", before["comment"] if before else "")
            what = (spec.question, spec.id, one_line(spec.title), points(spec.points))
            lines.append(((places[spec.question], spec.id), [report.id, *what, *given], neutral(report.student)))
    for _, (id, *cells), student in sorted(lines, key=lambda line: line[0]):
        writer.writerow([quoted(id), student, *map(quoted, cells)])
    writer.writerows([quoted(line.get(heading, "")) for heading in COLUMNS] for line in waiting.values())
    return text.getvalue()


def lines_of(report: GradeReport) -> list[dict[str, str]]:
    """The marks of one submission as texts by heading, whatever is still asked of it."""
    specs: dict[str, ManualSpec | CheckSpec] = {one.spec.id: one.spec for one in report.manual}
    specs.update((one.spec.id, one.spec) for one in report.checks)
    found = []
    for item, mark in report.marks.items():
        what = {"submission": report.id, "student": one_line(report.student), "item": item}
        if spec := specs.get(item):
            what |= {"question": spec.question, "title": one_line(spec.title), "possible": points(spec.points)}
        found.append({**what, "mark": points(mark.points), "comment": mark.comment})
    return found
