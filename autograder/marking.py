"""People's marks of one results folder: taken over from marks.csv before anything is graded and again after it, then written anew.

Marks of submissions that were not graded yet, for instance since grades.db was moved away, stay in the file until these are; so do marks
of submissions that a run did not find, since these may have other ids by now, and such marks would be missed by nobody.
People save the file whenever they like, also while a run goes on; what they saved is never overwritten unread. Raises `AssignmentError`
for a file that cannot be meant before grading; after it, such a file is left as it is, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.intake import marks as entered
from autograder.model.grading import GradeReport
from autograder.reports import marks
from autograder.reports.write import write_file
from autograder.store import Store

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose marks were taken over when marks.csv was written anew, and what a person has to do about it."""

    marked: frozenset[str]
    sentences: tuple[str, ...] = ()


def take_over(store: Store, out: Path) -> frozenset[str]:
    """Keep the marks that people have written into marks.csv since it was written; returns the ids of whom they are."""
    return _taken_over(store, out / marks.NAME)[0]


def settle(store: Store, out: Path) -> Settled:
    """Take over what was saved meanwhile, and write marks.csv with what waits now."""
    path = out / marks.NAME
    marked: frozenset[str] = frozenset()
    while True:
        before = _content(path)
        try:
            newly, left = _taken_over(store, path)
        except AssignmentError as error:
            said = f"{error} The file was left as it is, and what is new in it does not count yet; then give the same command again."
            return Settled(marked, (said,))
        marked |= newly
        found = [graded.report for graded in store.newest()]
        lost = _not_found(store, found)
        written = marks.render(found, [*(line for report in lost for line in marks.lines_of(report)), *left])
        if _content(path) == before:  # else somebody saved it within this moment
            # Without its first three bytes Excel takes the file for one of another alphabet, and saves it so.
            write_file(out, marks.NAME, written.encode("utf-8-sig", "replace"))
            return Settled(marked, (*_said_of_lost(path, lost), *_not_graded(path, left)))


def _not_found(store: Store, found: Sequence[GradeReport]) -> Sequence[GradeReport]:
    """The marked submissions of earlier runs that the latest one did not find. Who was found and not asked for by --only is not of them."""
    ids = {report.id for report in found}
    return [graded.report for id, graded in store.standing().items() if graded.report.marks and id not in ids]


def _said_of_lost(path: Path, lost: Sequence[GradeReport]) -> tuple[str, ...]:
    """What is to be said of marks that count for nobody now."""
    number = sum(len(report.marks) for report in lost)
    if not number:
        return ()
    whose = f"{number} marks are" if number > 1 else "1 mark is"
    what = "Such marks stay at the end of the file and do not count. Where grades.csv has another id now, enter them under it, and - here"
    return (f"{path}: {whose} of {_named([one.id for one in lost])}, which this run did not find. {what}.",)


def _not_graded(path: Path, left: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What is to be said of marks that wait for their submissions."""
    ids = list(dict.fromkeys(line.get("submission", "") for line in left if line.get("mark")))
    if not ids:
        return ()
    what = "Their marks stay at the end of the file and do not count yet. Grade these submissions into this folder"
    return (f"{path}: nothing was graded under {_named(ids)}. {what}, or give the ids as grades.csv does.",)


def _named(ids: Sequence[str]) -> str:
    return ", ".join(map(repr, ids[:_MOST_NAMED])) + (f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else "")


def _taken_over(store: Store, path: Path) -> tuple[frozenset[str], Sequence[Mapping[str, str]]]:
    """Whose marks are new in the store, and the lines of the file that it does not hold."""
    if not path.exists():
        return frozenset(), ()
    reports = {id: graded.report for id, graded in store.standing().items()}
    found = entered.read(path, reports)
    marked = set()
    for id, given in found.marks.items():
        changed = {item: mark for item, mark in given.items() if reports[id].marks.get(item) != mark}
        if changed:
            store.mark(id, changed, marks.NAME)
            marked.add(id)
    return frozenset(marked), found.left


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None  # not there; one that cannot be read is refused before this is compared
