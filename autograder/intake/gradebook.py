"""Reads the gradebook that Canvas exports, down to the place of each cell, and finds the assignment's column in it.

What Canvas would not read back is refused with an `AssignmentError` before anything is graded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.model.gradebook import Gradebook, GradebookCell

_BOM = b"\xef\xbb\xbf"
_CELL = {
    separator: re.compile(rb'("(?:[^"]|"")*"|(?!")[^' + separator + rb"\r\n]*)(" + separator + rb"|\r\n|\r|\n|\Z)")
    for separator in (b",", b";")
}
_QUOTED = re.compile(rb'"[^"]*"')
_ASSIGNMENT = re.compile(r"^(?P<title>.*)\s\((?P<id>\d+)\)$", re.DOTALL)
_NO_STUDENT = re.compile(r"^\s*(?:points possible|muted|manual posting.*)?\s*$", re.IGNORECASE)
_AS_EXPORTED = "Give the file as Canvas exported it (Grades, Export entire gradebook)."


def read(path: Path, *, assignment: str, wanted: str = "") -> Gradebook:
    """The gradebook at `path`, with the column of the assignment: the `wanted` one by title or number, else the one of its name."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AssignmentError(
            f"{path}: the gradebook cannot be read ({error.strerror}). Name Canvas's export with --fill-canvas."
        ) from error
    rows = list(_rows(content, path))
    headings = tuple(cell.text for cell in rows[0]) if rows else ()
    names = 2 if headings[:1] == ("LastName",) else 1
    if len(headings) < 4 or "Student" not in headings[0] + "Student" * (names - 1) or "ID" not in headings[names]:
        raise AssignmentError(f"{path}: not a gradebook of Canvas: its first row does not begin with Student, ID. {_AS_EXPORTED}")
    column, by_name = _column(headings, path, assignment, wanted)
    possible = next((row[column].text.strip() for row in rows[1:] if len(row) > column and "Points Possible" in row[0].text), "")
    students = tuple(row for row in rows[1:] if _is_student(row))
    short = next((row for row in students if len(row) <= column), None)
    if short is not None:
        raise AssignmentError(f"{path}: the row of {short[0].text!r} ends before the column to fill. {_AS_EXPORTED}")
    return Gradebook(path.name, content, headings, students, column, possible, by_name)


def _rows(content: bytes, path: Path) -> Iterator[list[GradebookCell]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:1000]:
        raise AssignmentError(f"{path}: the gradebook is not UTF-8. {_AS_EXPORTED}")
    place = len(_BOM) if content.startswith(_BOM) else 0
    first = re.split(rb"[\r\n]", _QUOTED.sub(b"", content[place : place + 100_000]), maxsplit=1)[0]  # a title may hold either separator
    pattern = _CELL[b";" if first.count(b";") > first.count(b",") else b","]
    row: list[GradebookCell] = []
    while place < len(content):
        found = pattern.match(content, place)
        if found is None:
            raise AssignmentError(f"{path}: a quote is not closed or is followed by more text, at byte {place}. {_AS_EXPORTED}")
        row.append(GradebookCell(_text(found[1], path), found.start(1), found.end(1)))
        if found[2] in (b",", b";"):
            place = found.end()
            if place < len(content):
                continue
            row.append(GradebookCell("", place, place))
        place = found.end()
        yield row
        row = []


def _text(cell: bytes, path: Path) -> str:
    try:
        text = cell.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: the gradebook is not UTF-8. {_AS_EXPORTED}") from error
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _is_student(row: Sequence[GradebookCell]) -> bool:
    """Whether a row stands for a student: not the points possible, nor one of blanks and notes on posting."""
    return "Points Possible" not in row[0].text and not all(_NO_STUDENT.match(cell.text) for cell in row)


def _column(headings: Sequence[str], path: Path, assignment: str, wanted: str) -> tuple[int, bool]:
    """The column to fill, and whether it was named; the only one of another name is not."""
    found = {at: match for at, heading in enumerate(headings) if (match := _ASSIGNMENT.match(heading))}
    if wanted:
        chosen = [at for at, match in found.items() if wanted in (match["id"], match["title"], headings[at])]
    else:
        chosen = [at for at, match in found.items() if _folded(match["title"]) == _folded(assignment)]
    if len(chosen) == 1:
        return chosen[0], True
    if len(found) == 1 and not wanted:
        return next(iter(found)), False
    there = "; ".join(headings[at] for at in found) or "none, and one without a number would be made anew"
    said = "several columns of assignments" if not wanted and found else f"no single column for {wanted or assignment!r}"
    raise AssignmentError(f"{path}: {said}. Name one with --canvas-column, by title or number. There are: {there}.")


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
