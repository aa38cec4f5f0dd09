"""Puts together what was named on the command line one by one, as a shell does it for `dl/*.ipynb` and `students/*/hw4.ipynb`.

Receives paths; returns those that are looked at together, and tells things of one name apart by the folders that they were found in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.intake import exports, names
from autograder.intake.courses import named_as_section
from autograder.intake.folder import kind_of
from autograder.intake.found import Found
from autograder.intake.single import is_zip


def groups(paths: Iterable[Path]) -> list[tuple[Path, ...]]:
    """The paths, each by itself but for the files of one folder, and for the folders that a Gradescope export names."""
    paths = tuple(paths)
    exported = {path.parent for path in paths if path.name == exports.METADATA}
    grouped: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        kind = kind_of(path)
        joined = (kind == "file" and not is_zip(path)) or (kind == "folder" and path.parent in exported)
        grouped[path.parent / "*" if joined else path].append(path)
    return [tuple(group) for group in grouped.values()]


def told_apart(found: Sequence[tuple[Found, Path]], *, in_sections: bool = False) -> list[Found]:
    """The things found in some folders, with the folder's name for those that bear the name of a thing in another folder.

    A number would not do: it would be another student's when another file is named the next time. The folder is the student's where the
    name is the homework's: all bear it, or it lies in most of three folders or more. It is not where they are sections of a course.
    """
    places: dict[str, set[Path]] = defaultdict(set)
    for item, place in found:
        places[_id(item)].add(place)
    sizes = Counter(place for _, place in found)

    def apart(item: Found, place: Path) -> Found:
        around = places[_id(item)]
        telling = {one.name.casefold() for one in around if one.name}
        # What a platform calls by one name is one student's; folders of one name (a/hw4, b/hw4) tell nothing apart.
        if len(around) == 1 or item.received.people or not place.name or 2 * len(telling) <= len(around):
            return item
        of_section = in_sections or all(named_as_section(one.name) for one in around)
        label = place.name if sizes[place] == 1 and not of_section else f"{place.name}-{item.label}"
        of_homework = len(places) == 1 or (len(around) > 2 and 2 * len(around) > len(sizes))
        named = of_homework and not of_section and item.student == item.label
        return replace(item, label=label, student=place.name if named else item.student)

    return [apart(item, place) for item, place in found]


def place_of(item: Found, group: Sequence[Path]) -> Path:
    """The folder that tells an item from others of its name: the one it was found in, or the one around it where it has that one's name."""
    first = group[0]
    if len(group) > 1 or item.label in (first.name, first.stem):
        return first.parent
    if is_zip(first):
        return first.with_suffix("")
    return first if kind_of(first) == "folder" else first.parent


def _id(item: Found) -> str:
    return names.safe(item.label).lower()
