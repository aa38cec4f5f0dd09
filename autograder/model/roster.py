"""What a course's roster says of its students."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.model.directory import Directory, Row, by_name_alone
from autograder.model.submission import Person, Received


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One student. `late_days` may be used without a loss; `due` is a deadline of one's own; `submitted_at` and `days_late` are recorded by
    the course's staff. Who is in one `group` hands in together."""

    late_days: int = 0
    due: datetime | None = None
    submitted_at: datetime | None = None
    days_late: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """What stands in a roster, by everything that names one student. `groups` are the members of each group."""

    entries: Directory[RosterEntry] = field(default_factory=Directory)
    students: Directory[Person] = field(default_factory=Directory)
    groups: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    given: bool = False

    def of(self, received: Received, *, id: str, student: str) -> RosterEntry | None:
        """The entry of who handed in; of a group's members the one with most to their credit, since they hand in one piece of work."""
        known = self._known(received, id, student)
        return max(known, key=lambda entry: (entry.due is not None, entry.due and entry.due.timestamp(), entry.late_days), default=None)

    def people(self, received: Received, *, id: str, student: str) -> tuple[Person, ...]:
        """Who handed in by the platform's records, and then who is in a group with them by the roster."""
        named = received.people
        groups = dict.fromkeys(entry.group for entry in self._known(received, id, student) if entry.group)
        members = [member for group in groups for member in self.groups.get(group, ())]
        by_id = self.students.submitted(id) if named else _without_record(self.students, id, student)
        known = {by_id, *map(self.students.of, named)}
        others = [member for member in members if member not in known]
        return (*(named or (by_name_alone(student),)), *others) if others else named

    def unclear(self, received: Received, *, id: str, student: str) -> bool:
        """Whether several students of the roster bear the only names by which this one is known."""
        if self._known(received, id, student):
            return False
        if received.people:
            return any(map(self.entries.several, received.people))
        return any(map(self.entries.several_named, _texts(id, student)))

    def _known(self, received: Received, id: str, student: str) -> list[RosterEntry]:
        known = [entry for person in received.people if (entry := self.entries.of(person))]
        last = self.entries.submitted(id) if received.people else _without_record(self.entries, id, student)
        return known or [entry for entry in [last] if entry]


def _without_record(directory: Directory[Row], id: str, student: str) -> Row | None:
    """The row of a submission of which no platform says whose it is: the name of its file or folder may be anything."""
    found = (directory.submitted(id), *map(directory.named, _texts(id, student)))
    return next((row for row in found if row is not None), None)


def _texts(id: str, student: str) -> tuple[str, ...]:
    return (student, id, student.partition("@")[0])  # an id is plain letters: another student may be called so
