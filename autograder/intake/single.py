"""Makes one submission of a folder or a zip that is one student's, whatever it holds.

Receives a path; returns a `Found` with all its files, and with what is wrong with it. Zips are unpacked where no notebook lies beside them,
each into a folder of its own.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import names
from autograder.intake.archive import TOTAL_BYTES, Left, unpack
from autograder.intake.folder import Tree, tree
from autograder.intake.found import Found, is_notebook, notebooks_in, without_notebook
from autograder.model.submission import Remark

ZIPS_IN_ZIPS = 2
_ZIPS = 20  # that are opened of one submission


class Single:
    """Looks into the folders and zips of single students; `without` is a folder that is passed over."""

    def __init__(self, unpack_folder: Path, without: Path | None) -> None:
        self._unpack_folder = unpack_folder
        self.without = without
        self._numbers = itertools.count(1)

    def folder(self, path: Path, label: str, left: Left) -> Found:
        """A folder that is one submission, with all it holds; zips in it are unpacked when there is no notebook beside them."""
        try:
            found = self._tree(path)
        except SubmissionError as error:
            return Found(label, label, problem=str(error))
        links = tuple(sorted((*left, *found.odd)))
        spoiled = next(filter(None, left.values()), "")
        return self.with_zips_named(self.opened(Found(label, label, found.files, links, spoiled), spoiled, f"The folder {label}"))

    def packed(self, path: Path, label: str) -> Found:
        """A zip that is one submission."""
        opened = self.opened(Found(label, label, {path.name: path}), "", path.name)
        return opened if opened.problem else replace(opened, files={name: one for name, one in opened.files.items() if one != path})

    def opened(self, found: Found, problem: str, what: str = "") -> Found:
        """With the zips unpacked where there is no notebook; with what is wrong with it, `problem` in the first place."""
        files, links = dict(found.files), list(found.odd)
        opened: set[str] = set()
        for _ in range(ZIPS_IN_ZIPS):
            zips = {name: one for name, one in files.items() if is_zip(one) and name not in opened}
            if problem or not zips or any(map(is_notebook, files)):
                break
            for name, one in itertools.islice(zips.items(), _ZIPS - len(opened)):
                opened.add(name)
                try:
                    folder, left = self.unpacked(one)
                    inside = tree(folder)
                except SubmissionError as error:
                    problem = problem or str(error)
                    continue
                files.update((_free(inner, files), path) for inner, path in inside.files.items())
                links += [*left, *inside.odd]
                problem = problem or next(filter(None, left.values()), "")
        odd_names = tuple(sorted(links))
        if notebooks_in(files):
            return replace(found, files=files, odd=odd_names, problem=problem)
        return replace(found, files=files, odd=odd_names, problem=problem or without_notebook(what or found.label, files, odd_names))

    def with_zips_named(self, found: Found) -> Found:
        """With a remark on zips that nobody looked into, since a notebook lay beside them."""
        zips = [name for name, path in found.files.items() if "/" not in name and is_zip(path)]
        if found.problem or not zips or not any(is_notebook(name) and "/" not in name for name in found.files):
            return found
        said = f"{', '.join(zips)} was handed in beside the notebook and was not opened."
        return replace(found, remarks=(*found.remarks, Remark("zip_not_opened", said)))

    def holds_work(self, folder: Path) -> bool:
        """Whether a notebook or a zip lies anywhere in the folder; one that cannot be looked through counts, so that it gets a row."""
        try:
            found = self._tree(folder)
        except SubmissionError:
            return True
        return any(name.lower().endswith((".ipynb", ".zip")) for name in (*found.files, *found.odd))

    def unpacked(self, path: Path, *, most_bytes: int = TOTAL_BYTES) -> tuple[Path, Left]:
        folder = self._unpack_folder / f"{next(self._numbers):05d}-{names.safe(path.stem)}"
        return folder, unpack(path, folder, most_bytes=most_bytes)

    def _tree(self, folder: Path) -> Tree:
        return tree(folder, without=self.without)


def _free(name: str, taken: Mapping[str, Path]) -> str:
    while name in taken:
        name = f"other-{name}"
    return name


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by its name, or by what it holds where its name has no ending."""
    try:
        return path.suffix.lower() == ".zip" or (path.suffix == "" and zipfile.is_zipfile(path))
    except zipfile.BadZipFile:  # raised instead of an answer for a zip of several parts
        return True
