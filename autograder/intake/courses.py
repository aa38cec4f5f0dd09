"""Tells the sections of a course from students who handed in several folders, by the folders' names.

Receives folders with the folders in them that hold work; returns those that are sections. In doubt a folder is one student's: what lies
in sections is not named as versions and parts of work are, and those that are not called sections outnumber the students beside them and
do not hold the same names for the most part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_SECTION = re.compile(r"(?:class|course|lab|recitation|sec|section|seminar|session|tut|tutorial|week)[\W_]*\w{1,3}", re.IGNORECASE)
_WORK = re.compile(
    "assignment|attempt|backup|bonus|code|copy|corrected|data|draft|end|ex|exercise|extra|figures|final|first|fixed|homework|hw|images|last"
    "|late|latest|main|nb|new|notebooks?|old|orig|original|outputs?|p|parts?|problem|project|q|question|report|results|resubmission|retry"
    "|revised|revision|second|solution|src|submissions?|submit|task|tests?|try|v|ver|version|work"
)
_COUNTED = re.compile(r"[^\W_]|\d\d|\d+(?:[\W_]+\d+)+")  # a, 2, 01, 2026-05-01
_NUMBER = re.compile(r"\d+|(?<![^\W\d_])[^\W\d_](?![^\W\d_])|(?<=[a-z])[A-Z](?![^\W\d_])")  # of lab1, lab-b and labC


def sections(inside: Mapping[Path, Sequence[Path]], *, notebooks_beside: bool) -> frozenset[Path]:
    """Those folders that are sections. One that holds a single student's folder is, where it is numbered as another section is."""
    people = {folder: inner for folder, inner in inside.items() if not _are_works(inner)}
    found = {folder for folder, inner in people.items() if len(inner) > 1}
    numbered = {_NUMBER.sub("#", folder.name).casefold() for folder in found}
    found |= {folder for folder in people if _NUMBER.sub("#", folder.name).casefold() in numbered}
    names = Counter(student.name for folder in found for student in inside[folder])
    repeated = sum(number > 1 for number in names.values())
    students = len(inside) - len(found) + notebooks_beside
    doubtful = len(found) <= students or 2 * repeated >= len(names)
    return frozenset(folder for folder in found if not doubtful or named_as_section(folder.name))


def named_as_section(name: str) -> bool:
    """Whether a folder's name says that it is a section, as `lab2` and `Section B` do."""
    return _SECTION.fullmatch(name) is not None


def _are_works(folders: Sequence[Path]) -> bool:
    """Whether half of some folders are called as works are; true of none."""
    return 2 * sum(_is_work(folder.name) for folder in folders) >= len(folders)


def _is_work(name: str) -> bool:
    """Whether a name is a version's or a part's of a student's work, and no student's: `v2`, `hw4_final`, `Part A`."""
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())
    others = [word for word in words if not _WORK.fullmatch(word)]
    counted = all(len(word) <= (4 if word.isdigit() else 1) for word in others)  # a student's number has more digits
    return (counted and len(others) < len(words)) or _COUNTED.fullmatch(name) is not None
