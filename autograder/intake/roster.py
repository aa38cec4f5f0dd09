"""Reads a course's roster: a CSV with a row for each student.

Columns are told by their headings, in any order and case. At least one names the student: `id` (Canvas's), `sis user id` or `sid`,
`sis login id`, `email`, `student` or `name`, `submission` (the id in the results). Of the others all may be missing: `late_days` that the
student may still use, `due`, `submitted_at`, `days_late`. Other columns are passed over. Raises `AssignmentError`, naming file and row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.model.roster import Roster, RosterEntry

_NAMES = frozenset({"id", "canvas id", "sis user id", "sid", "sis login id", "login", "email", "student", "name", "submission"})


def read(path: Path, *, zone: tzinfo) -> Roster:
    """The roster at `path`. Times without a distance from Greenwich are of `zone`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AssignmentError(f"{path}: the roster cannot be read ({error.strerror}). Name a CSV file with --roster.") from error
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: the roster is not UTF-8. Save it as “CSV UTF-8”.") from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    headings = [heading.strip().casefold().replace("_", " ") for heading in next(rows, [])]
    if not _NAMES & set(headings):
        raise AssignmentError(f"{path}: no column names the students. Give one of these headings: {', '.join(sorted(_NAMES))}.")
    entries: dict[str, RosterEntry] = {}
    for row in rows:
        fields = {heading: cell.strip() for heading, cell in zip(headings, row, strict=False)}
        where = f"{path}, line {rows.line_num}"
        entry = _entry(fields, where, zone)
        for name in filter(None, (fields.get(heading, "").casefold() for heading in sorted(_NAMES))):
            if entries.setdefault(name, entry) != entry:
                raise AssignmentError(f"{where}: {name} stands there twice, with different entries. Keep one.")
    return Roster(entries)


def _entry(fields: Mapping[str, str], where: str, zone: tzinfo) -> RosterEntry:
    days = fields.get("days late", "")
    return RosterEntry(
        _whole(fields.get("late days", "") or "0", "late_days", where),
        _time(fields.get("due", ""), "due", where, zone),
        _time(fields.get("submitted at", ""), "submitted_at", where, zone),
        _whole(days, "days_late", where) if days else None,
    )


def _whole(text: str, heading: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise AssignmentError(f"{where}: {heading} is {text!r}, not a whole number. Mend this cell.")
    return int(text)


def _time(text: str, heading: str, where: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith(("Z", "z")) else text)
    except ValueError as error:
        raise AssignmentError(f"{where}: {heading} is {text!r}, not a time like 2026-05-01 23:59. Mend this cell.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
