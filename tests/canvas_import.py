"""Canvas's import of a gradebook, as far as it reads a file: written anew from the rules, to hold what we fill against them.

The rules are those of `gradebook_importer.rb`: how a header is recognised, how a column finds its assignment, which rows are no students,
how a student is found, and what counts as a change of a score.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

READ_ONLY = re.compile(r"(current|final|override) (points|score|grade|status)$", re.IGNORECASE)


@dataclass
class Course:
    """What Canvas knows: students by number with their other names, assignments by number, scores by student and assignment."""

    students: Mapping[int, tuple[str, str, str]]  # SIS id, login, sortable name
    assignments: Mapping[int, str]
    scores: dict[tuple[int, int], str] = field(default_factory=dict)
    custom_columns: Sequence[str] = ()


@dataclass
class Import:
    changes: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # old and new
    new_assignments: list[str] = field(default_factory=list)
    missing_students: list[str] = field(default_factory=list)


class Refused(Exception):
    """Canvas would not take the file."""


def read(content: bytes, course: Course) -> Import:
    """What an import of this file would change, before a person confirms it."""
    text = content.decode("utf-8-sig")
    lines = text.splitlines()[:3]
    separator = ";" if sum(line.count(";") for line in lines) > sum(line.count(",") for line in lines) else ","
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(cell.strip() for cell in row)]
    header = rows[0]
    student_columns = _student_columns(header)
    result = Import()
    columns: dict[int, int | None] = {}
    for at, heading in enumerate(header[student_columns:], student_columns):
        if READ_ONLY.search(heading) or not heading.strip() or heading in course.custom_columns:
            continue
        number = re.search(r"\A(.*)\s\((\d+)\)\Z", heading, re.DOTALL)
        same_title = [id for id, title in course.assignments.items() if title == heading]
        if number and int(number[2]) in course.assignments:
            columns[at] = int(number[2])
        elif same_title:
            columns[at] = same_title[0]
        else:
            result.new_assignments.append(heading)
    for row in rows[1:]:
        if "Points Possible" in row[0] or all(not cell.strip() or re.match(r"\s*(Muted|Manual Posting)", cell) for cell in row):
            continue
        student = _student(dict(zip(header, row, strict=False)), course)
        if student is None:
            result.missing_students.append(row[0])
            continue
        for at, assignment in columns.items():
            if assignment is not None and at < len(row):
                _compare(result, course, (student, assignment), row[at].strip())
    return result


def _student_columns(header: Sequence[str]) -> int:
    if "Student" not in header[0] or "ID" not in header[1] or len(header) <= 3:
        raise Refused("The first row is no header of a gradebook.")
    if "Section" not in header:
        raise Refused("There is no column of sections.")
    end = list(header).index("Section") + 1
    if list(header[2 : end - 1]) not in (
        [],
        ["SIS Login ID"],
        ["SIS User ID", "SIS Login ID"],
        ["SIS User ID", "SIS Login ID", "Integration ID"],
    ):
        raise Refused("The columns of the student are not those that Canvas knows.")
    return end


def _student(row: Mapping[str, str], course: Course) -> int | None:
    if row["ID"].strip().isdigit() and int(row["ID"]) in course.students:
        return int(row["ID"])
    for at, heading in enumerate(("SIS User ID", "SIS Login ID", "Student")):
        for number, names in course.students.items():
            if row.get(heading) and row[heading] == names[at]:
                return number
    return None


def _compare(result: Import, course: Course, place: tuple[int, int], new: str) -> None:
    old = course.scores.get(place, "")
    if new in ("", "-"):
        if old:
            result.changes[place] = (old, "")  # a blank for somebody who has a score takes it away
        return
    if new in ("EX", "N/A"):
        if new == "EX" and old != "EX":
            result.changes[place] = (old, "EX")
        return
    value = f"{float(new.replace(',', '.')):.2f}"
    if old in ("", "EX") or f"{float(old):.2f}" != value:
        result.changes[place] = (old, value)
