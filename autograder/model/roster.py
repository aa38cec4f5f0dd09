"""What a course's roster says of its students."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.model.submission import Person, Received


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One student. `late_days` may be used without a loss; `due` is a deadline of one's own; the rest is recorded by the course's staff."""

    late_days: int = 0
    due: datetime | None = None
    submitted_at: datetime | None = None
    days_late: int | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Entries by everything that names a student: numbers, addresses, names, ids of submissions; each in lower case."""

    entries: Mapping[str, RosterEntry] = field(default_factory=dict)

    def of(self, received: Received, *, id: str, student: str) -> RosterEntry | None:
        """The entry of who handed in; of a group's members the one with most to their credit, since they hand in one piece of work."""
        known = [entry for person in received.people if (entry := self._first(keys(person)))]
        if not known:
            known = [entry for entry in [self._first((id, student))] if entry]
        return max(known, key=lambda entry: (entry.due is not None, entry.due and entry.due.timestamp(), entry.late_days), default=None)

    def _first(self, names: Iterable[str]) -> RosterEntry | None:
        return next((self.entries[name.casefold()] for name in names if name and name.casefold() in self.entries), None)


def keys(person: Person) -> tuple[str, ...]:
    """All that names a person, the surest first."""
    return (person.user, person.school, person.email, person.name)
