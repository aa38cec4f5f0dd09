"""Reads marks.csv: what people have given for the answers and checks that were left to them.

Receives the file as `reports/marks` has written it, filled in by hand in a spreadsheet; returns marks by submission and item. Points are
numbers with at most two decimals, with a point or a comma; an empty cell says nothing, `-` takes a mark back. A comment is read to the
letter; without a mark it stands in the file alone. Raises `AssignmentError`, naming file and line, for what cannot be meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import spreadsheet
from autograder.model.grading import GradeReport, Mark
from autograder.quoting import unquoted

_POINTS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2})0*)?$")
_TAKEN_BACK = "-"
_NO_MARK = "so a mark for it does not count. Empty this cell; other points are given by a change of the check, or in the gradebook."
Marks = Mapping[str, Mapping[str, Mark | None]]


@dataclass(frozen=True, slots=True)
class Entered:
    """Marks by submission and item, None for one that is taken back; and as texts by heading the lines that the file alone keeps.

    These are comments without a mark, and all that is said of submissions that were not graded.
    """

    marks: Marks
    left: tuple[Mapping[str, str], ...] = ()


def read(path: Path, reports: Mapping[str, GradeReport]) -> Entered:
    """What is in the file at `path`; the marks are of submissions of which there are `reports`."""
    table = spreadsheet.read(path, what="table of marks")
    if not {"submission", "item", "mark"} <= set(table.headings):
        raise AssignmentError(f"{path}: the headings submission, item and mark are not all there. Remove the file to have it written anew.")
    found: dict[str, dict[str, Mark | None]] = {}
    left: list[Mapping[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for line in table.lines:
        if any(cell.strip() for cell in line.beyond):  # part of a comment would be lost
            raise AssignmentError(f"{line.where}: more cells than headings. Put a text with separators into double quotes.")
        texts = {heading: unquoted(line.cells.get(heading, "")) for heading in table.headings}
        id, item, given = (texts[heading] for heading in ("submission", "item", "mark"))
        comment = unquoted(line.untrimmed.get("comment", ""))
        if not given and not comment.strip():
            continue
        if (id, item) in seen:
            raise AssignmentError(f"{line.where}: {item} of {id} is marked twice, or commented on. Keep one of the two lines.")
        seen.add((id, item))
        if id not in reports:  # not graded yet, or not here: kept until it is
            if given != _TAKEN_BACK or comment.strip():
                left.append({**texts, "mark": "" if given == _TAKEN_BACK else given, "comment": comment})
            continue
        report, before = reports[id], reports[id].marks.get(item)
        if given and given != _TAKEN_BACK:
            mark = Mark(_hundredths(given, line.where), comment)
            if before is None or before.points != mark.points:  # what was given while it could be may stay
                _refuse_unmarked(report, item, line.where)
            if mark.points > (possible := _possible(report).get(item, mark.points)):
                most = f"the {possible / 100:.2f} that there are to give"
                raise AssignmentError(f"{line.where}: the mark {given} is more than {most}. Mend this cell.")
            found.setdefault(id, {})[item] = mark
        elif given:
            if before is None and item not in _possible(report):
                _refuse_unmarked(report, item, line.where)
            found.setdefault(id, {})[item] = None
        elif before:
            found.setdefault(id, {})[item] = replace(before, comment=comment)
        if comment.strip() and not found.get(id, {}).get(item):
            left.append({**texts, "mark": "", "comment": comment})
    return Entered(found, tuple(left))


def _refuse_unmarked(report: GradeReport, item: str, where: str) -> None:
    if item not in _possible(report):
        raise AssignmentError(f"{where}: {item!r} is nothing that is marked in {report.id}. Give it as the file had it.")
    for check in report.checks:
        if check.spec.id == item and not check.outcome.is_left_to_a_person:
            outcome = check.outcome.value.replace("_", " ")
            raise AssignmentError(f"{where}: the grader has decided {item} of {report.id} itself ({outcome}), {_NO_MARK}")


def _possible(report: GradeReport) -> dict[str, int]:
    return {**{one.spec.id: one.spec.points for one in report.manual}, **{one.spec.id: one.spec.points for one in report.checks}}


def _hundredths(given: str, where: str) -> int:
    number = _POINTS.match(given)
    if number is None:
        raise AssignmentError(f"{where}: the mark {given!r} is not a number like 0.25. Mend this cell, or empty it.")
    return int(number[1]) * 100 + int((number[2] or "0").ljust(2, "0"))
