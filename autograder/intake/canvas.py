"""What Canvas writes into the names of a download's files: whose each is, and which came later.

Receives names and paths; returns what the names say. A name is read by itself, but whether it is Canvas's at all, and where a group's name
ends, only the names around it tell: `cs_4650_4_jane.ipynb` is a course's number, and `team_7_15_312_hw4.ipynb` comes of the group `team_7`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low

from autograder.intake.found import HANDED_IN, is_notebook, without_version
from autograder.model.submission import Person, Received

_NAME = re.compile(
    r"^(?:(?!LATE_|anon_)(?P<name>\w+?)_)?(?P<late>LATE_)?(?:anon_(?P<anonymous>\w+?)|(?P<user>\d+))_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<kind>text|link)\.html)$"
)
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class CanvasName:
    """A file's name in a Canvas download: whose it is and how the student named it. `attachment` grows with time, 0: a text or a link."""

    student: str
    user: str
    file: str
    attachment: int
    late: bool

    @property
    def owner(self) -> str:
        """The same for all files of one student."""
        return "_".join(part for part in (self.student, self.user) if part)


@dataclass(slots=True)
class CanvasUpload:
    """All that a Canvas download holds of one student, by the names that the student gave."""

    student: str
    received: Received
    files: dict[str, Path] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)


def canvas_name(name: str) -> CanvasName | None:
    """Take apart `doejane_LATE_12345_678901_hw1.ipynb`; None for any other name."""
    name = unicodedata.normalize("NFC", name[:400])  # macOS parts letters and their accents
    found = _NAME.match("".join(map(_as_word, name)))
    if found is None:
        return None

    def part(group: str) -> str:
        start, end = found.span(group)
        return name[start:end] if start >= 0 else ""

    user = part("user") or f"anon_{part('anonymous')}"
    file = part("file") or f"{part('kind')}.html"
    return CanvasName(part("name"), user, file, int(part("attachment") or 0), bool(found["late"]))


def owners(names: Iterable[str]) -> frozenset[str]:
    """Who handed in the files of a Canvas download, told by its names; nobody where they are another folder's.

    A few names that look like Canvas's make no download: most of the notebooks must, its numbers of files must be those of one file each,
    and one user's notebooks, where there is no other user, versions of one. A group's file comes once for each member, under one number.
    """
    on_top = [name for name in names if "/" not in name]
    read = _read(on_top)
    claims: dict[int, list[CanvasName]] = defaultdict(list)
    for one in read.values():
        claims[one.attachment].append(one)
    several = len(claims.keys() - {0}) > 1
    of_one_file = {number for number, those in claims.items() if not number or _one_file(those, several)}
    borne_out = {name: one for name, one in read.items() if one.attachment in of_one_file}
    if not _most(borne_out, [name for name in on_top if is_notebook(name)] or on_top):
        return frozenset()
    works = [one for name, one in borne_out.items() if is_notebook(name) or Path(name).suffix.lower() in HANDED_IN]
    if len({one.user for one in works}) <= 1:
        versions = {(one.student, without_version(one.file)) for one in works if is_notebook(one.file)}
        if len(versions) > 1 or not _most(borne_out, on_top):
            return frozenset()
    return frozenset(one.owner for one in borne_out.values())


def uploads(files: Iterable[Path]) -> dict[str, CanvasUpload]:
    """The files of each student; of two with one name the later one keeps it."""
    paths = list(files)
    read = _read([path.name for path in paths])
    named: dict[str, list[tuple[CanvasName, Path]]] = defaultdict(list)
    for path in paths:
        if name := read.get(path.name):
            named[name.owner].append((name, path))
    return {owner: _upload(sorted(of_owner, key=lambda one: -one[0].attachment)) for owner, of_owner in named.items()}


def _upload(named: list[tuple[CanvasName, Path]]) -> CanvasUpload:
    first, _ = named[0]
    student = first.student or first.user
    received = Received((Person(student, first.user),), None, first.attachment, any(name.late for name, _ in named))
    upload = CanvasUpload(student, received)
    for name, path in named:
        kept = name.file
        while kept in upload.files:
            kept = f"earlier-{kept}"
        upload.files[kept] = path
        upload.uploads[kept] = name.attachment
    return upload


def _read(names: Sequence[str]) -> dict[str, CanvasName]:
    """The names that can be Canvas's. Where one can be read with a group's number or without, the others of the download decide."""
    read = {name: one for name in names if (one := canvas_name(name))}
    of_group = {name: group for name, one in read.items() if (group := _group(one))}
    others = [one.attachment for name, one in read.items() if one.attachment and name not in of_group]
    users: dict[str, set[str]] = defaultdict(set)
    for name in of_group:
        users[read[name].student].add(read[name].user)
    apart = len({group.attachment for group in of_group.values()}) == len(of_group)  # a 4 in all of them is the homework's number
    for name, group in of_group.items():
        one = read[name]
        if others:  # a download's files were all handed in within some weeks, so their numbers are of one size
            usual = median_low(others)
            if _distance(group.attachment, usual) < _distance(one.attachment, usual):
                read[name] = group
        elif len(users[one.student]) > 1 and apart:
            read[name] = group
    return read


def _group(one: CanvasName) -> CanvasName | None:
    """The other reading of team_7_15_312_hw4.ipynb; people's names have no underscores in Canvas."""
    found = re.match(r"(\d+)_(.+)$", one.file)
    if found is None or not one.student or one.late or one.user.startswith("anon_"):
        return None
    return CanvasName(f"{one.student}_{one.user}", str(one.attachment), found[2], int(found[1]), False)


def _one_file(claims: Sequence[CanvasName], several: bool) -> bool:
    """Whether all names with one number are one file's: of one user or, where a download has `several` numbers, of each of a group."""
    if len({without_version(one.file) for one in claims}) > 1:
        return False
    users, students = {one.user for one in claims}, {one.student or one.user for one in claims}
    return len(users) == 1 or (several and len(users) == len(students) == len({one.owner for one in claims}))


def _distance(number: int, usual: int) -> float:
    return abs(math.log(max(number, 1)) - math.log(max(usual, 1)))


def _most(these: Mapping[str, CanvasName], names: Sequence[str]) -> bool:
    return 2 * sum(name in these for name in names) > len(names)


def _as_word(character: str) -> str:
    """A letter for what Ruby, in which Canvas is written, takes for a part of words and Python does not: marks on letters, joiners."""
    if character in _JOINERS or (character != "_" and unicodedata.category(character) in ("Mn", "Mc", "Me", "Pc")):
        return "a"
    return character
