"""Who is who: finds the rows of a table of students by what a platform says of a person, the same for the gradebook and the roster."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from autograder.model.submission import Person

Row = TypeVar("Row", bound=Hashable)


class Kind(Enum):
    """What a text names a student by; the same number of two kinds means two students."""

    SUBMISSION = "submission"
    USER = "user"
    SCHOOL = "school"
    LOGIN = "login"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Directory(Generic[Row]):
    """Rows by what names their students. A row is kept with Canvas's number of its student, where there is one.

    Canvas's order is followed: its number, the school's number, the login (an address, or what stands before its `@`), the name. Another
    student's name is no substitute for a number: a row that has another one is nobody's whose number is known.
    """

    _rows: dict[tuple[Kind, str], set[tuple[Row, str]]] = field(default_factory=dict)

    def add(self, row: Row, names: Iterable[tuple[Kind, str]], *, user: str = "") -> None:
        """Let a row be found by all these names; `user` is Canvas's number of its student."""
        for kind, text in names:
            if text:
                self._rows.setdefault((kind, _key(kind, text)), set()).add((row, _key(Kind.USER, user)))

    def of(self, person: Person) -> Row | None:
        """The person's row; None where nobody or more than one answers to what is known."""
        return _first(self._of(person))

    def named(self, text: str) -> Row | None:
        """The row of whoever is called so in any way; None where several are, or nobody."""
        return _first([self._called(text)])

    def several(self, person: Person) -> bool:
        """Whether more than one row answers to something that is known of the person."""
        return any(len(rows) > 1 for rows in self._of(person))

    def several_named(self, text: str) -> bool:
        """Whether more than one row is called so."""
        return len(self._called(text)) > 1

    def submitted(self, id: str) -> Row | None:
        """The row that names a submission by its id."""
        return _first([self._at(Kind.SUBMISSION, id)])

    def _of(self, person: Person) -> list[set[Row]]:
        login = person.email.split("@")[0]
        keys = [(Kind.USER, person.user), (Kind.SCHOOL, person.school), (Kind.LOGIN, person.school), (Kind.LOGIN, person.email)]
        return [self._at(kind, text, person.user) for kind, text in [*keys, (Kind.LOGIN, login), (Kind.NAME, person.name)]]

    def _called(self, text: str) -> set[Row]:
        return {row for kind in Kind for row in self._at(kind, text)}

    def _at(self, kind: Kind, text: str, user: str = "") -> set[Row]:
        found = self._rows.get((kind, _key(kind, text)), set()) if text else set()
        return {row for row, own in found if not user or not own or own == _key(Kind.USER, user)}


def by_name_alone(name: str) -> Person:
    """Whoever no platform speaks of: the name of the file or folder may be a number, a login or a name."""
    return Person(name, "", name, name)


def name_of(text: str) -> str:
    """`Doe, Jane` and `Jane Doe` are the same."""
    last, comma, first = text.partition(",")
    ordered = f"{first} {last}" if comma else text
    return " ".join(unicodedata.normalize("NFC", ordered).casefold().split())


def _key(kind: Kind, text: str) -> str:
    return name_of(text) if kind is Kind.NAME else text.strip().casefold()


def _first(found: list[set[Row]]) -> Row | None:
    return next((row for rows in found if len(rows) == 1 for row in rows), None)
