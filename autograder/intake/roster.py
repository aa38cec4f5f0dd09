"""Reads a course's roster: a CSV with a row for each student.

Columns are told by their headings, in any order and case. At least one names the student: `id` (Canvas's), `sis user id` or `sid`,
`sis login id`, `email`, `student` or `name`, `submission` (the id in the results). Of the others all may be missing: `late_days` that the
student may still use, `due`, `submitted_at`, `days_late`. Other columns are passed over. Raises `AssignmentError`, naming file and row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import spreadsheet
from autograder.model.roster import Roster, RosterEntry

_NAMES = frozenset({"id", "canvas id", "sis user id", "sid", "sis login id", "login", "email", "student", "name", "submission"})


def read(path: Path, *, zone: tzinfo) -> Roster:
    """The roster at `path`. Times without a distance from Greenwich are of `zone`."""
    table = spreadsheet.read(path, what="roster", advice="Name a CSV file with --roster.")
    if not _NAMES & set(table.headings):
        raise AssignmentError(f"{path}: no column names the students. Give one of these headings: {', '.join(sorted(_NAMES))}.")
    entries: dict[str, RosterEntry] = {}
    for line in table.lines:
        entry = _entry(line.cells, line.where, zone)
        for name in filter(None, (line.cells.get(heading, "").casefold() for heading in sorted(_NAMES))):
            if entries.setdefault(name, entry) != entry:
                raise AssignmentError(f"{line.where}: {name} stands there twice, with different entries. Keep one.")
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
