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
    """Rows by what names their students. A row is kept with Canvas's number and the names of its student, where there are any.

    Canvas's order is followed: its number, the school's number, the login, the name; then what stands before the `@` of an address. Another
    student's name is no substitute for a number: a row that has another one is nobody's whose number is known. Nor is half an address one
    for a name: jane@gmail.com may be anybody, so that a row of somebody who is called otherwise is not found by it.
    """

    _rows: dict[tuple[Kind, str], set[tuple[Row, str, frozenset[str]]]] = field(default_factory=dict)

    def add(self, row: Row, names: Iterable[tuple[Kind, str]], *, user: str = "") -> None:
        """Let a row be found by all these names; `user` is Canvas's number of its student."""
        given = [(kind, text) for kind, text in names if text]
        called = frozenset(name_of(text) for kind, text in given if kind is Kind.NAME)
        for kind, text in given:
            self._rows.setdefault((kind, _key(kind, text)), set()).add((row, _key(Kind.USER, user), called))

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
        login, at, _ = person.email.partition("@")
        keys = [(Kind.USER, person.user), (Kind.SCHOOL, person.school), (Kind.LOGIN, person.school), (Kind.LOGIN, person.email)]
        found = [self._at(kind, text, person.user) for kind, text in [*keys, (Kind.NAME, person.name)]]
        return [*found, self._at(Kind.LOGIN, login if at else "", person.user, person.name)]

    def _called(self, text: str) -> set[Row]:
        return {row for kind in Kind for row in self._at(kind, text)}

    def _at(self, kind: Kind, text: str, user: str = "", name: str = "") -> set[Row]:
        """The rows that a text names, without those of other numbers and of other names, where such are known."""
        found = self._rows.get((kind, _key(kind, text)), set()) if text else set()
        numbered = [(row, called) for row, own, called in found if not user or not own or own == _key(Kind.USER, user)]
        return {row for row, called in numbered if not called or any(_may_be(name_of(name), other) for other in called)}


def by_name_alone(name: str) -> Person:
    """Whoever no platform speaks of: the name of the file or folder may be a number, a login or a name."""
    return Person(name, "", name, name)


def name_of(text: str) -> str:
    """`Doe, Jane` and `Jane Doe` are the same."""
    last, comma, first = text.partition(",")
    ordered = f"{first} {last}" if comma else text
    return " ".join(unicodedata.normalize("NFC", ordered).casefold().split())


def _may_be(name: str, other: str) -> bool:
    """Whether two names may be one student's: the same, or with words left out or as initials. An address or nothing may be anybody's."""
    if not name or "@" in name:
        return True
    fewer, more = sorted((name.replace(".", " ").split(), other.replace(".", " ").split()), key=len)
    return all(any(word == full or (1 in (len(word), len(full)) and word[0] == full[0]) for full in more) for word in fewer)


def _key(kind: Kind, text: str) -> str:
    return name_of(text) if kind is Kind.NAME else text.strip().casefold()


def _first(found: list[set[Row]]) -> Row | None:
    return next((row for rows in found if len(rows) == 1 for row in rows), None)
