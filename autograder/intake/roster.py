"""Reads a course's roster: a CSV with a row for each student.

Columns are told by their headings, in any order and case. At least one names the student: `id` (Canvas's), `sis user id` or `sid`,
`sis login id`, `email`, `student` or `name`, `submission` (the id in the results); those of Canvas's own list of a group set are known too.
A column `id` without one of the school's numbers may hold these; `sid` never holds Canvas's.
Of the others all may be missing: `late_days` that the student may still use, `due`, `submitted_at`, `days_late`, and `group`: who bears the
same one hands in together. The same number in two columns is of two students. Other columns are passed over. Raises `AssignmentError`,
naming file and row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import spreadsheet
from autograder.model.directory import Kind, name_of
from autograder.model.roster import Roster, RosterEntry
from autograder.model.submission import Person

_KINDS = {
    Kind.SUBMISSION: ("submission",),
    Kind.USER: ("id", "canvas id", "canvas user id"),
    Kind.SCHOOL: ("sis user id", "sid", "user id"),
    Kind.LOGIN: ("email", "sis login id", "login", "login id"),
    Kind.NAME: ("student", "name"),
}
_NAMES = frozenset(heading for headings in _KINDS.values() for heading in headings)
_NUMBERS = (Kind.USER, Kind.SCHOOL)
_GROUP = ("group", "group name")
_NOBODY = Person("")


def read(path: Path, *, zone: tzinfo) -> Roster:
    """The roster at `path`. Times without a distance from Greenwich are of `zone`."""
    table = spreadsheet.read(path, what="roster", advice="Name a CSV file with --roster.")
    if not _NAMES & set(table.headings):
        raise AssignmentError(f"{path}: no column names the students. Give one of these headings: {', '.join(sorted(_NAMES))}.")
    numbers = [kind for kind in _NUMBERS if set(_KINDS[kind]) & set(table.headings)]
    groups: dict[str, tuple[Person, ...]] = {}
    roster = Roster(groups=groups, given=True)
    seen: dict[tuple[str, str], RosterEntry] = {}
    for line in table.lines:
        entry, person = _entry(line.cells, line.where, zone), _person(line.cells)
        _refuse_twice(line, entry, seen)
        names = [(kind, line.cells.get(heading, "")) for kind, headings in _KINDS.items() for heading in headings]
        if numbers == [Kind.USER]:
            names += [(Kind.SCHOOL, text) for kind, text in names if kind is Kind.USER]
        roster.entries.add(entry, names, user=person.user)
        roster.students.add(person, names, user=person.user)
        if entry.group and person != _NOBODY:
            groups[entry.group] = (*groups.get(entry.group, ()), person)
    return roster


def _refuse_twice(line: spreadsheet.Line, entry: RosterEntry, seen: dict[tuple[str, str], RosterEntry]) -> None:
    """Two rows of one number with different entries. Two students of one name are told apart by their numbers, if they have any."""
    there = [(heading, line.cells[heading]) for heading in sorted(_NAMES) if line.cells.get(heading)]
    own = [(heading, text.casefold()) for heading, text in there if heading not in _KINDS[Kind.NAME]]
    shared = [(Kind.NAME.value, name_of(text)) for heading, text in there if heading in _KINDS[Kind.NAME]]
    for name in (*own, *shared):
        if seen.setdefault(name, entry) != entry and (name in own or not own):
            raise AssignmentError(f"{line.where}: {name[1]} stands there twice, with different entries. Keep one.")


def _person(cells: Mapping[str, str]) -> Person:
    return Person(*(_first(cells, _KINDS[kind]) for kind in (Kind.NAME, Kind.USER, Kind.SCHOOL, Kind.LOGIN)))


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
