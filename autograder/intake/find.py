"""Finds the submissions at the given paths.

Receives a notebook, a folder of notebooks, a folder with one folder per student, a zip of these, a Canvas download or a Gradescope
export, packed or not. Returns a `Submission` or a `Rejected` for each thing handed in, with unique safe ids. Raises
`SubmissionError` only for a path that does not exist.

What is one submission:
- a notebook lying among others, with the files of the same name (`jane.ipynb`, `jane.pdf`) and the pictures and data that lie around;
- a folder with exactly one notebook and no folders with notebooks: everything in it;
- a folder inside a folder of students, or a zip inside one, whatever it holds;
- the files that a Canvas download gives one user, or the folder that a Gradescope export gives one submission.
Where one holds several notebooks, `choose` says which is graded.
"""

from __future__ import annotations

import itertools
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import exports, names
from autograder.intake.archive import COURSE_BYTES, TOTAL_BYTES, Left, unpack
from autograder.intake.beside import matched
from autograder.intake.choose import read_found
from autograder.intake.folder import Folder, Tree, kind_of, listed, read_bytes, tree
from autograder.intake.found import HANDED_IN, NO_NOTEBOOK, Found, file, is_notebook, odd, without_notebook, written_on_canvas
from autograder.model.grading import Question
from autograder.model.submission import Rejected, Remark, Submission

_WRAPPERS = 6  # folders that hold nothing but one folder
_ZIPS_IN_ZIPS = 2
_ZIPS = 20  # that are opened of one submission


def find(
    paths: Sequence[Path], *, unpack_folder: Path, questions: Sequence[Question], without: Path | None = None
) -> tuple[Submission | Rejected, ...]:
    """Everything handed in at `paths`, in order; zips are unpacked below `unpack_folder`; the results in `without` are passed over."""
    search = _Search(unpack_folder, without.resolve() if without else None)
    found: list[Found] = []
    seen: set[Path] = set()
    for path in paths:
        if not os.path.exists(path):  # unlike Path.exists, False for a name that the system refuses
            raise SubmissionError(f"{path}: there is no such file or folder. Name a notebook, a folder or a zip.")
        real = path.resolve()
        if real == search.without:
            raise SubmissionError(f"{path}: the results would be written among the submissions. Name another folder with --out.")
        if real not in seen:
            seen.add(real)
            found += search.at(real)
    ids = names.unique(item.label for item in found)
    return tuple(read_found(item, id, questions) for item, id in zip(found, ids, strict=True))


def find_one(path: Path, *, id: str, unpack_folder: Path, questions: Sequence[Question]) -> Submission | Rejected:
    """The one submission that a folder is, whatever it holds: of several notebooks `choose` takes one."""
    return read_found(_Search(unpack_folder, None).student(path.resolve(), "submission"), names.safe(id), questions)


class _Search:
    """Looks into folders and zips. Each zip gets a folder of its own."""

    def __init__(self, unpack_folder: Path, without: Path | None) -> None:
        self._unpack_folder = unpack_folder
        self.without = without
        self._numbers = itertools.count(1)

    def at(self, path: Path) -> Iterator[Found]:
        """What is handed in at a path that was named on the command line."""
        match kind_of(path):
            case "folder":
                yield from self._several(path, path.name or "submissions", 0, {})
            case "file" if _is_zip(path):
                yield from self._packed_course(path, 0)
            case "file":
                beside = {other.name: other for other in listed(path.parent).files if other.stem == path.stem}
                yield file(path, {path.name: path, **beside} if is_notebook(path.name) else {path.name: path})
            case kind:
                yield odd(path, kind)

    def _packed_course(self, path: Path, depth: int) -> Iterator[Found]:
        """A zip that may hold many submissions."""
        try:
            folder, left = self._unpacked(path, most_bytes=COURSE_BYTES)
        except SubmissionError as error:
            yield Found(path.stem, path.stem, {path.name: path}, problem=str(error))
        else:
            yield from self._several(folder, path.stem, depth, left)

    def _several(self, path: Path, label: str, depth: int, left: Left) -> Iterator[Found]:
        """A folder that may hold many submissions, or be one. `left` are files that stayed packed, by name relative to it."""
        folder = listed(path, without=self.without)
        if folder.problem:
            yield Found(label, label, problem=folder.problem)
            return
        if any(one.name == exports.METADATA for one in folder.files):
            yield from self._gradescope(folder, label, left)
            return
        if len(folder.folders) == 1 and not folder.files and depth < _WRAPPERS and not self._outside(folder.folders[0], left):
            inner = folder.folders[0]
            yield from self._several(inner, inner.name, depth + 1, _below(inner.name, left))
            return
        if any(map(exports.canvas_name, (*(one.name for one in folder.files), *left))):
            yield from self._canvas(folder, left)
            return
        notebooks = [one for one in folder.files if is_notebook(one.name)]
        students = [inner for inner in folder.folders if self._holds_work(inner)]
        zips = [one for one in folder.files if _is_zip(one)]
        if len(notebooks) <= 1 and not students and (notebooks or not zips):
            empty_students = [inner for inner in folder.folders if not notebooks and not folder.files]
            if not empty_students:
                yield self._student(path, label, left)
                return
        yield from self._cohort(folder, notebooks, zips, set(students), left, depth)

    def _cohort(
        self, folder: Folder, notebooks: list[Path], zips: list[Path], students: set[Path], left: Left, depth: int
    ) -> Iterator[Found]:
        apart = {*notebooks, *zips}
        loose = [one for one in folder.files if one not in apart]
        owned = matched(notebooks, loose)
        with_owner = {one for files in owned.values() for one in files}
        shared = {one.name: one for one in loose if one not in with_owner and one.suffix.lower() not in HANDED_IN}
        for inner in folder.folders:
            if inner in students or not notebooks:
                yield self._student(inner, inner.name, _below(inner.name, left))
            elif self._handed_in_without_notebook(inner):
                yield Found(inner.name, inner.name, problem=f"The folder {inner.name} {NO_NOTEBOOK}")
            else:
                shared.update({f"{inner.name}/{name}": one for name, one in self._tree(inner).files.items()})
        for notebook in notebooks:
            yield file(notebook, {notebook.name: notebook, **{one.name: one for one in owned[notebook]}, **shared})
        for one in zips:
            if depth < _ZIPS_IN_ZIPS and exports.is_export(one):  # the downloads of several sections, or one that was zipped again
                yield from self._packed_course(one, depth + 1)
            else:
                yield self._packed_student(one, one.stem)
        for one in loose:
            if one not in with_owner and one.suffix.lower() in HANDED_IN:
                yield Found(one.stem, one.stem, {one.name: one}, problem=f"{one.name} is not a notebook. Hand in the .ipynb file.")
        yield from self._others((), folder, left)

    def _canvas(self, folder: Folder, left: Left) -> Iterator[Found]:
        uploads = exports.canvas((*folder.files, *(Path(name) for name in left if exports.canvas_name(name))))
        for owner, upload in uploads.items():
            files = {name: path for name, path in upload.files.items() if str(path) not in left}
            packed = {name: left[str(path)] for name, path in upload.files.items() if str(path) in left}
            found = Found(owner, upload.student, files, tuple(packed), "", upload.received, upload.uploads)
            if not any(map(is_notebook, files)):
                reasons = [reason for name, reason in packed.items() if is_notebook(name) or not files]
                found = self._opened(found, next(filter(None, reasons), "") or written_on_canvas(files))
            yield self._with_zips_named(found)
        others = [one for one in folder.files if not exports.canvas_name(one.name)]
        yield from (self._student(inner, inner.name, _below(inner.name, left)) for inner in folder.folders)
        yield from self._others(others, folder, {name: reason for name, reason in left.items() if not exports.canvas_name(name)})

    def _gradescope(self, folder: Folder, label: str, left: Left) -> Iterator[Found]:
        metadata = read_bytes(folder.path / exports.METADATA, limit=exports.METADATA_BYTES) or b""
        entries = exports.gradescope(metadata.decode("utf-8", "replace"))
        if not entries and not folder.folders and len(folder.files) == 1:
            yield Found(label, label, {exports.METADATA: folder.files[0]}, problem=f"{label} {NO_NOTEBOOK}")
        for inner in folder.folders:
            found, entry = self._student(inner, inner.name, _below(inner.name, left)), entries.get(inner.name)
            if entry is not None:
                remarks = (*found.remarks, *entry.remarks)
                found = replace(found, student=entry.student or found.student, received=entry.received, remarks=remarks)
            yield found
        others = [one for one in folder.files if one.name != exports.METADATA]
        there = {path.name for path in (*folder.folders, *others)}
        for name in entries.keys() - there:
            problem = f"The export names {name}, but holds no folder for it. Export the submissions again."
            yield Found(name, entries[name].student, problem=problem, received=entries[name].received)
        for found in self._others(others, folder, left):
            entry = entries.get(next(iter(found.files), ""))
            yield replace(found, student=entry.student or found.student, received=entry.received) if entry else found

    def _others(self, files: Sequence[Path], folder: Folder, left: Left) -> Iterator[Found]:
        """A row each for what belongs to nobody: stray files, links, and what could not be unpacked."""
        yield from (file(one, {one.name: one}) for one in files)
        yield from (odd(path, kind_of(path)) for path in folder.odd)
        inside = {inner.name for inner in folder.folders}
        for name, reason in left.items():
            if name.partition("/")[0] not in inside:
                stem = Path(name).stem
                yield Found(stem, stem, odd=(name,), problem=reason or f"{name} is a link or very large and was not unpacked.")

    def _student(self, path: Path, label: str, left: Left) -> Found:
        """A folder that is one submission, with all it holds; zips in it are unpacked when there is no notebook beside them."""
        try:
            found = self._tree(path)
        except SubmissionError as error:
            return Found(label, label, problem=str(error))
        links = tuple(sorted((*left, *found.odd)))
        spoiled = next(filter(None, left.values()), "")
        return self._with_zips_named(self._opened(Found(label, label, found.files, links, spoiled), spoiled, f"The folder {label}"))

    def student(self, path: Path, label: str) -> Found:
        """A folder that is one submission."""
        return self._student(path, label, {})

    def _packed_student(self, path: Path, label: str) -> Found:
        """A zip that is one submission."""
        opened = self._opened(Found(label, label, {path.name: path}), "", path.name)
        return opened if opened.problem else replace(opened, files={name: one for name, one in opened.files.items() if one != path})

    def _opened(self, found: Found, problem: str, what: str = "") -> Found:
        """With the zips unpacked where there is no notebook; with what is wrong with it, `problem` in the first place."""
        files, links = dict(found.files), list(found.odd)
        opened: set[str] = set()
        for _ in range(_ZIPS_IN_ZIPS):
            zips = {name: one for name, one in files.items() if _is_zip(one) and name not in opened}
            if problem or not zips or any(map(is_notebook, files)):
                break
            for name, one in itertools.islice(zips.items(), _ZIPS - len(opened)):
                opened.add(name)
                try:
                    folder, left = self._unpacked(one)
                    inside = tree(folder)
                except SubmissionError as error:
                    problem = problem or str(error)
                    continue
                files.update((_free(inner, files), path) for inner, path in inside.files.items())
                links += [*left, *inside.odd]
                problem = problem or next(filter(None, left.values()), "")
        odd_names = tuple(sorted(links))
        if any(map(is_notebook, files)):
            return replace(found, files=files, odd=odd_names, problem=problem)
        return replace(found, files=files, odd=odd_names, problem=problem or without_notebook(what or found.label, files, odd_names))

    def _with_zips_named(self, found: Found) -> Found:
        """With a remark on zips that nobody looked into, since a notebook lay beside them."""
        zips = [name for name, path in found.files.items() if "/" not in name and _is_zip(path)]
        if found.problem or not zips or not any(is_notebook(name) and "/" not in name for name in found.files):
            return found
        said = f"{', '.join(zips)} was handed in beside the notebook and was not opened."
        return replace(found, remarks=(*found.remarks, Remark("zip_not_opened", said)))

    def _tree(self, folder: Path) -> Tree:
        return tree(folder, without=self.without)

    def _holds_work(self, folder: Path) -> bool:
        """Whether a notebook or a zip lies anywhere in the folder; one that cannot be looked through counts, so that it gets a row."""
        try:
            found = self._tree(folder)
        except SubmissionError:
            return True
        return any(name.lower().endswith((".ipynb", ".zip")) for name in (*found.files, *found.odd))

    def _handed_in_without_notebook(self, folder: Path) -> bool:
        files = self._tree(folder).files
        return not files or any(Path(name).suffix.lower() in HANDED_IN for name in files)

    def _unpacked(self, path: Path, *, most_bytes: int = TOTAL_BYTES) -> tuple[Path, Left]:
        folder = self._unpack_folder / f"{next(self._numbers):05d}-{names.safe(path.stem)}"
        return folder, unpack(path, folder, most_bytes=most_bytes)

    @staticmethod
    def _outside(inner: Path, left: Left) -> bool:
        """Whether something that stayed packed belongs beside this folder, not into it."""
        return any(name.partition("/")[0] != inner.name for name in left)


def _below(folder: str, left: Left) -> dict[str, str]:
    return {name.removeprefix(f"{folder}/"): reason for name, reason in left.items() if name.startswith(f"{folder}/")}


def _free(name: str, taken: Mapping[str, Path]) -> str:
    while name in taken:
        name = f"other-{name}"
    return name


def _is_zip(path: Path) -> bool:
    try:
        return path.suffix.lower() == ".zip" or (path.suffix == "" and zipfile.is_zipfile(path))
    except zipfile.BadZipFile:  # raised instead of an answer for a zip of several parts
        return True
