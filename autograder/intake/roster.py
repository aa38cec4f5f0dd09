"""Reads a course's roster: a CSV with a row for each student.

Columns are told by their headings, in any order and case. At least one names the student: `id` (Canvas's), `sis user id` or `sid`,
`sis login id`, `email`, `student` or `name`, `submission` (the id in the results); those of Canvas's own list of a group set are known too.
Of the others all may be missing: `late_days` that the student may still use, `due`, `submitted_at`, `days_late`, and `group`: who bears the
same one hands in together. Other columns are passed over. Raises `AssignmentError`, naming file and row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import spreadsheet
from autograder.model.roster import Roster, RosterEntry
from autograder.model.submission import Person

_USER, _SCHOOL = ("id", "canvas id", "canvas user id"), ("sis user id", "sid", "user id")
_LOGIN, _SHARED = ("email", "sis login id", "login", "login id"), ("student", "name")
_NAMES = frozenset({*_USER, *_SCHOOL, *_LOGIN, *_SHARED, "submission"})
_GROUP = ("group", "group name")


def read(path: Path, *, zone: tzinfo) -> Roster:
    """The roster at `path`. Times without a distance from Greenwich are of `zone`."""
    table = spreadsheet.read(path, what="roster", advice="Name a CSV file with --roster.")
    if not _NAMES & set(table.headings):
        raise AssignmentError(f"{path}: no column names the students. Give one of these headings: {', '.join(sorted(_NAMES))}.")
    entries: dict[str, RosterEntry] = {}
    groups: dict[str, tuple[Person, ...]] = {}
    twice: set[str] = set()
    for line in table.lines:
        entry = _entry(line.cells, line.where, zone)
        if entry.group:
            groups[entry.group] = (*groups.get(entry.group, ()), _person(line.cells))
        own = [line.cells[heading].casefold() for heading in sorted(_NAMES.difference(_SHARED)) if line.cells.get(heading)]
        shared = [line.cells[heading].casefold() for heading in _SHARED if line.cells.get(heading)]
        for name in (*own, *shared):
            if entries.setdefault(name, entry) == entry:
                continue
            if name in own or not own:
                raise AssignmentError(f"{line.where}: {name} stands there twice, with different entries. Keep one.")
            twice.add(name)  # two students of one name, told apart by their numbers
    return Roster({name: entry for name, entry in entries.items() if name not in twice}, groups, frozenset(twice))


def _person(cells: Mapping[str, str]) -> Person:
    name, user, school, login = (_first(cells, headings) for headings in (_SHARED, _USER, _SCHOOL, _LOGIN))
    return Person(name, user, school, login)


def _first(cells: Mapping[str, str], headings: Sequence[str]) -> str:
    return next((cells[heading] for heading in headings if cells.get(heading)), "")


def _entry(fields: Mapping[str, str], where: str, zone: tzinfo) -> RosterEntry:
    days = fields.get("days late", "")
    return RosterEntry(
        _whole(fields.get("late days", "") or "0", "late_days", where),
        _time(fields.get("due", ""), "due", where, zone),
        _time(fields.get("submitted at", ""), "submitted_at", where, zone),
        _whole(days, "days_late", where) if days else None,
        _first(fields, _GROUP),
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
