"""marks.csv: a line for everything that waits for a person, to be filled in with a spreadsheet and read by the next run.

The answers of one question stand below one another, so that they are marked by one measure. What has been marked stands there too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autograder.model.grading import GradeReport, Status
from autograder.reports.cleaning import one_line
from autograder.reports.table import neutral
from autograder.reports.words import points

NAME = "marks.csv"
COLUMNS = ("submission", "student", "question", "item", "title", "possible", "mark", "comment")


def render(reports: Sequence[GradeReport]) -> str:
    """The table as text. Of submissions that were rejected there is nothing to mark."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    lines = []
    for report in reports:
        places = {question.number: place for place, question in enumerate(report.questions)}
        for spec in () if report.status is Status.REJECTED else report.left_to_people:
            if not spec.points:
                continue
            mark = report.marks.get(spec.id)
            given = (points(mark.points), neutral(mark.comment)) if mark else ("", "")
            what = (spec.question, spec.id, one_line(spec.title), points(spec.points))
            lines.append(((places[spec.question], spec.id), [neutral(report.id), neutral(report.student), *what, *given]))
    writer.writerows(line for _, line in sorted(lines, key=lambda line: line[0]))
    return text.getvalue()
