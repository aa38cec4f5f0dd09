"""People's marks of one results folder: taken over from marks.csv before anything is graded and again after it, then written anew.

People save the file whenever they like, also while a run goes on; what they saved is never overwritten unread. Raises `AssignmentError`
for a file that cannot be meant before grading; after it, such a file is left as it is, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import marks as entered
from autograder.model.grading import GradeReport
from autograder.reports import marks
from autograder.reports.write import write_file
from autograder.store import Store


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose marks were taken over when marks.csv was written anew, and what a person has to do about it."""

    marked: frozenset[str]
    sentences: tuple[str, ...] = ()


def take_over(store: Store, out: Path) -> frozenset[str]:
    """Keep the marks that people have written into marks.csv since it was written; returns the ids of whom they are."""
    path = out / marks.NAME
    return _kept(store, path, _standing(store)) if path.exists() else frozenset()


def settle(store: Store, out: Path) -> Settled:
    """Take over what was saved meanwhile, and write marks.csv with what waits now."""
    path = out / marks.NAME
    marked: frozenset[str] = frozenset()
    while True:
        before = _content(path)
        try:
            marked |= take_over(store, out)
        except AssignmentError as error:
            said = f"{error} It was saved while the run went on, so it was left as it is, and none of its new marks counts yet. "
            return Settled(marked, (said + "Then give the same command again.",))
        written = marks.render([graded.report for graded in store.newest()])
        if _content(path) == before:  # else somebody saved it within this moment
            write_file(out, marks.NAME, written)
            return Settled(marked)


def _kept(store: Store, path: Path, reports: Mapping[str, GradeReport]) -> frozenset[str]:
    marked = set()
    for id, given in entered.read(path, reports).items():
        changed = {item: mark for item, mark in given.items() if reports[id].marks.get(item) != mark}
        if changed:
            store.mark(id, changed, marks.NAME)
            marked.add(id)
    return frozenset(marked)


def _standing(store: Store) -> dict[str, GradeReport]:
    return {id: graded.report for id, graded in store.standing().items()}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None  # not there; one that cannot be read is refused before this is compared
