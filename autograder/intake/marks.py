"""Reads marks.csv: what people have given for the answers and checks that were left to them.

Receives the file as `reports/marks` has written it, filled in by hand in a spreadsheet; returns marks by submission and item. Points are
numbers with at most two decimals, with a point or a comma; an empty cell says nothing, `-` takes a mark back. Raises `AssignmentError`,
naming file and line, for what cannot be meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import spreadsheet
from autograder.model.grading import GradeReport, Mark

_POINTS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2})0*)?$")
_TAKEN_BACK = "-"
Marks = Mapping[str, Mapping[str, Mark | None]]


def read(path: Path, reports: Mapping[str, GradeReport]) -> Marks:
    """The marks in the file at `path`, of submissions of which there are `reports`; None for a mark that is taken back."""
    table = spreadsheet.read(path, what="table of marks")
    if not {"submission", "item", "mark"} <= set(table.headings):
        raise AssignmentError(f"{path}: the headings submission, item and mark are not all there. Remove the file to have it written anew.")
    found: dict[str, dict[str, Mark | None]] = {}
    for line in table.lines:
        id, item, given = (line.cells.get(heading, "") for heading in ("submission", "item", "mark"))
        if not given:
            continue
        report = reports.get(id)
        if report is None:
            raise AssignmentError(f"{line.where}: nothing was graded under the id {id!r}. Give it as grades.csv does.")
        possible = {**{one.spec.id: one.spec.points for one in report.manual}, **{one.spec.id: one.spec.points for one in report.checks}}
        if item not in possible:
            raise AssignmentError(f"{line.where}: {item!r} is nothing that is marked in {id}. Give it as the file had it.")
        if item in found.setdefault(id, {}):
            raise AssignmentError(f"{line.where}: {item} of {id} is marked twice. Keep one of the two lines.")
        comment = line.cells.get("comment", "").removeprefix("'")
        found[id][item] = None if given == _TAKEN_BACK else Mark(_hundredths(given, possible[item], line.where), comment)
    return found


def _hundredths(given: str, possible: int, where: str) -> int:
    number = _POINTS.match(given)
    if number is None:
        raise AssignmentError(f"{where}: the mark {given!r} is not a number like 0.25. Mend this cell, or empty it.")
    points = int(number[1]) * 100 + int((number[2] or "0").ljust(2, "0"))
    if points > possible:
        raise AssignmentError(f"{where}: the mark {given} is more than the {possible / 100:.2f} that there are to give. Mend this cell.")
    return points
