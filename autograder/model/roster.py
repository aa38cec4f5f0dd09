"""What a course's roster says of its students."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

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
    """Entries by everything that names one student: numbers, addresses, names, ids of submissions; each in lower case.

    `groups` are the members of each group, `twice` the names that several students bear, and by which none of them can be told.
    """

    entries: Mapping[str, RosterEntry] = field(default_factory=dict)
    groups: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    twice: frozenset[str] = frozenset()

    def of(self, received: Received, *, id: str, student: str) -> RosterEntry | None:
        """The entry of who handed in; of a group's members the one with most to their credit, since they hand in one piece of work."""
        known = self._known(received, id, student)
        return max(known, key=lambda entry: (entry.due is not None, entry.due and entry.due.timestamp(), entry.late_days), default=None)

    def people(self, received: Received, *, id: str, student: str) -> tuple[Person, ...]:
        """Who handed in by the platform's records, and then who is in a group with them by the roster."""
        named = received.people
        groups = dict.fromkeys(entry.group for entry in self._known(received, id, student) if entry.group)
        members = [member for group in groups for member in self.groups.get(group, ())]
        known = {key.casefold() for person in named or (Person(student),) for key in keys(person) if key}
        others = [member for member in members if not known & {key.casefold() for key in keys(member) if key}]
        return (*(named or (Person(student, "", student, student),)), *others) if others else named

    def unclear(self, received: Received, *, id: str, student: str) -> bool:
        """Whether several students of the roster bear the only name by which this one is known."""
        names = {name.casefold() for name in (id, student, *(person.name for person in received.people))}
        return not self._known(received, id, student) and bool(names & self.twice)

    def _known(self, received: Received, id: str, student: str) -> list[RosterEntry]:
        known = [entry for person in received.people if (entry := self._first(keys(person)))]
        return known or [entry for entry in [self._first((id, student))] if entry]

    def _first(self, names: Iterable[str]) -> RosterEntry | None:
        return next((self.entries[name.casefold()] for name in names if name and name.casefold() in self.entries), None)


def keys(person: Person) -> tuple[str, ...]:
    """All that names a person, the surest first."""
    return (person.user, person.school, person.email, person.name)
