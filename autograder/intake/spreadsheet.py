"""Reads tables that staff keep in a spreadsheet: CSV with commas, semicolons or tabs, as UTF-8 or as what Excel calls Unicode text.

Headings are told in any case, with blanks or underscores. Raises `AssignmentError`, which names the file and what to do.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK = b"PK\x03\x04"
_SAVE = "Save it as “CSV UTF-8”."


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the headings: where it stands, for messages, and its cells by heading, trimmed and as they are.

    A row may be short, so that headings are missing; `beyond` is what stands after the last heading.
    """

    where: str
    cells: Mapping[str, str]
    untrimmed: Mapping[str, str]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read(path: Path, *, what: str, advice: str = "Name a CSV file.") -> Table:
    """The table at `path`; `what` it is, and what to do where there is none, for messages. Rows without any text are passed over."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AssignmentError(f"{path}: the {what} cannot be read ({error.strerror}). {advice}") from error
    rows = csv.reader(io.StringIO(text := _text(content, path, what), newline=""), delimiter=_separator(text))
    try:
        headings = tuple(heading.strip().casefold().replace("_", " ") for heading in next(rows, []))
        return Table(headings, tuple(_lines(rows, headings, path)))
    except csv.Error as error:
        raise AssignmentError(f"{path}, line {rows.line_num}: the {what} is no table ({error}). {_SAVE}") from error


def _lines(rows: Iterator[list[str]], headings: tuple[str, ...], path: Path) -> Iterator[Line]:
    for row in rows:
        if any(cell.strip() for cell in row):
            cells = dict(zip(headings, row, strict=False))
            trimmed = {heading: cell.strip() for heading, cell in cells.items()}
            yield Line(f"{path}, line {rows.line_num}", trimmed, cells, tuple(row[len(headings) :]))  # type: ignore[attr-defined]


def _text(content: bytes, path: Path, what: str) -> str:
    if content.startswith(_WORKBOOK):
        raise AssignmentError(f"{path}: the {what} is a workbook of a spreadsheet, not a CSV. {_SAVE}")
    try:
        return content.decode("utf-16" if content[:2] in _WIDE else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: the {what} is not UTF-8. {_SAVE}") from error


def _separator(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text).partition("\n")[0]  # a heading may hold a separator
    return max(",;\t", key=first.count)
