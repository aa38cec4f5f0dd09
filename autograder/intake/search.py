"""Looks through a folder or a zip that may hold a whole course's submissions.

Receives a path; yields a `Found` for each submission in it, and one for each thing that belongs to nobody. What a course's folder is:
- an export of Canvas or Gradescope, packed or not;
- a folder of notebooks, of students' folders or of students' zips;
- a folder of such folders, one for each section of the course.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import canvas, exports
from autograder.intake.archive import COURSE_BYTES, Left
from autograder.intake.beside import matched
from autograder.intake.courses import sections
from autograder.intake.folder import Folder, kind_of, listed, read_bytes, tree
from autograder.intake.found import (
    HANDED_IN,
    NO_NOTEBOOK,
    Found,
    file,
    is_data,
    is_for_all,
    is_notebook,
    notebooks_in,
    odd,
    reads_like_notebook,
    written_on_canvas,
)
from autograder.intake.named import told_apart
from autograder.intake.single import ZIPS_IN_ZIPS, Single, is_zip

_WRAPPERS = 6  # folders that hold nothing but one folder, and courses in courses


class Search:
    """Tells courses from single submissions, which `single` takes as a whole."""

    def __init__(self, single: Single) -> None:
        self._single = single

    def named(self, paths: Sequence[Path]) -> Iterator[Found]:
        """What is handed in at a path that was named on the command line, or at several of one folder."""
        path = paths[0]
        around = listed(path.parent).files if kind_of(path) == "file" and not is_zip(path) else ()
        if len(paths) > 1:
            yield from self._picked(sorted(paths, key=lambda one: (one.name.lower(), one.name)), around)
            return
        match kind_of(path):
            case "folder":
                yield from self._several(path, path.name or "submissions", 0, {})
            case "file" if is_zip(path):
                yield from self._packed_course(path, 0)
            case "file" if canvas.owners(one.name for one in around) and canvas.canvas_name(path.name):
                yield from self._canvas(Folder(path.parent, (path,)), {}, 0)
            case "file":
                beside = {other.name: other for other in around if other.stem == path.stem}
                yield file(path, {path.name: path, **beside} if is_notebook(path.name) else {path.name: path})
            case kind:
                yield odd(path, kind)

    def _picked(self, paths: Sequence[Path], around: Sequence[Path]) -> Iterator[Found]:
        """Some files of one folder, as if it held nothing else; a notebook that was picked without its PDF gets it all the same."""
        files = [path for path in paths if kind_of(path) == "file"]
        folder = Folder(paths[0].parent, tuple(files), tuple(path for path in paths if path not in files))
        if any(one.name == exports.METADATA for one in files):
            yield from self._gradescope(folder, folder.path.name, {})
            return
        if any(canvas.owners(one.name for one in some) for some in (files, around)):
            yield from self._canvas(folder, {}, 0)
            return
        notebooks = [one for one in files if is_notebook(one.name)]
        stems = {one.stem for one in notebooks}
        beside = [one for one in around if one.stem in stems and one not in files and not is_notebook(one.name) and not is_zip(one)]
        others = {*files, *(one for one in around if is_notebook(one.name))}.difference(notebooks)
        if not notebooks:
            yield from self._others(files, folder, {})
        elif len(notebooks) == 1 and not any(is_notebook(one.name) or reads_like_notebook(one) for one in others):
            yield file(notebooks[0], {one.name: one for one in (*files, *beside)})
        else:
            yield from self._cohort(replace(folder, files=(*files, *beside)), notebooks, [], set(), {}, 0)

    def _packed_course(self, path: Path, depth: int) -> Iterator[Found]:
        """A zip that may hold many submissions."""
        try:
            folder, left = self._single.unpacked(path, most_bytes=COURSE_BYTES)
        except SubmissionError as error:
            yield Found(path.stem, path.stem, {path.name: path}, problem=str(error))
        else:
            yield from self._several(folder, path.stem, depth, left)

    def _several(self, path: Path, label: str, depth: int, left: Left) -> Iterator[Found]:
        """A folder that may hold many submissions, or be one. `left` are files that stayed packed, by name relative to it."""
        folder = listed(path, without=self._single.without)
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
        if canvas.owners((*(one.name for one in folder.files), *left)):
            yield from self._canvas(folder, left, depth)
            return
        named = [one for one in folder.files if is_notebook(one.name)]
        notebooks = named or [one for one in folder.files if not is_for_all(one.name) and reads_like_notebook(one)]
        students = [inner for inner in folder.folders if self._single.holds_work(inner) or exports.is_export_folder(inner)]
        zips = [one for one in folder.files if is_zip(one)]
        if len(notebooks) <= 1 and not students and (named or not zips):
            empty_students = [inner for inner in folder.folders if not notebooks and not folder.files]
            if not empty_students:
                yield self._single.folder(path, label, left)
                return
        yield from self._cohort(folder, notebooks, zips, set(students), left, depth)

    def _cohort(
        self, folder: Folder, notebooks: list[Path], zips: list[Path], students: set[Path], left: Left, depth: int
    ) -> Iterator[Found]:
        apart = {*notebooks, *zips}
        loose = [one for one in folder.files if one not in apart]
        around = [one for one in folder.folders if one not in students and notebooks and not self._handed_in_without_notebook(one)]
        owned = matched(notebooks, (*loose, *around))
        exact = {notebook.stem for notebook in notebooks}
        with_owner = {one for files in owned.values() for one in files if not self._needed(one, exact)}
        shared = [one for one in loose if is_for_all(one.name)] + around
        for_all = self._files(one for one in shared if one not in with_owner)
        handed_in = [inner for inner in folder.folders if inner in students]
        courses = self._courses(handed_in, notebooks_beside=bool(notebooks)) if depth < _WRAPPERS else set()
        inside: list[tuple[Found, Path]] = []
        for inner in folder.folders:
            if inner in courses:
                inside += [(found, inner) for found in self._several(inner, inner.name, depth + 1, _below(inner.name, left))]
            elif inner not in around:
                inside.append((self._single.folder(inner, inner.name, _below(inner.name, left)), folder.path))
        yield from told_apart(inside, in_sections=True)
        for notebook in notebooks:
            yield file(notebook, {notebook.name: notebook, **self._files(owned[notebook]), **for_all})
        for one in zips:
            if unpacked := exports.unpacked_in(one, folder.folders):
                said = f"{one.name} was not graded: the folder {unpacked.name} beside it holds all that it does, and was."
                yield Found(one.stem, one.stem, {one.name: one}, problem=said)
            elif depth < ZIPS_IN_ZIPS and exports.is_export(one):  # the downloads of several sections, or one that was zipped again
                yield from self._packed_course(one, depth + 1)
            else:
                yield self._single.packed(one, one.stem)
        for one in loose:
            if one in with_owner or is_for_all(one.name):
                continue
            if reads_like_notebook(one):
                yield file(one, {one.name: one})
            else:
                yield Found(one.stem, one.stem, {one.name: one}, problem=f"{one.name} is not a notebook. Hand in the .ipynb file.")
        yield from self._others((), folder, left)

    def _canvas(self, folder: Folder, left: Left, depth: int) -> Iterator[Found]:
        uploads = canvas.uploads((*folder.files, *(Path(name) for name in left if canvas.canvas_name(name))))
        for owner, upload in uploads.items():
            files = {name: path for name, path in upload.files.items() if str(path) not in left}
            packed = {name: left[str(path)] for name, path in upload.files.items() if str(path) in left}
            found = Found(owner, upload.student, files, tuple(packed), "", upload.received, upload.uploads)
            if not any(map(is_notebook, files)):
                reasons = [reason for name, reason in packed.items() if is_notebook(name) or not files]
                found = self._single.opened(
                    found, next(filter(None, reasons), "") or ("" if notebooks_in(files) else written_on_canvas(files))
                )
            yield self._single.with_zips_named(found)
        others = [one for one in folder.files if not canvas.canvas_name(one.name)]
        for inner in folder.folders:
            if depth < _WRAPPERS and exports.is_export_folder(inner):
                yield from self._several(inner, inner.name, depth + 1, _below(inner.name, left))
            else:
                yield self._single.folder(inner, inner.name, _below(inner.name, left))
        yield from self._others(others, folder, {name: reason for name, reason in left.items() if not canvas.canvas_name(name)})

    def _gradescope(self, folder: Folder, label: str, left: Left) -> Iterator[Found]:
        metadata = read_bytes(folder.path / exports.METADATA, limit=exports.METADATA_BYTES) or b""
        entries = exports.gradescope(metadata.decode("utf-8", "replace"))
        if not entries and not folder.folders and len(folder.files) == 1:
            yield Found(label, label, {exports.METADATA: folder.files[0]}, problem=f"{label} {NO_NOTEBOOK}")
        for inner in folder.folders:
            found, entry = self._single.folder(inner, inner.name, _below(inner.name, left)), entries.get(inner.name)
            if entry is not None:
                remarks = (*found.remarks, *entry.remarks)
                found = replace(found, student=entry.student or found.student, received=entry.received, remarks=remarks)
            yield found
        others = [one for one in folder.files if one.name != exports.METADATA]
        there = {path.name for path in (*folder.folders, *others)}
        for name in (name for name in entries if name not in there):
            if kind_of(folder.path / name) in ("folder", "file"):  # not among those that were named on the command line
                continue
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

    def _courses(self, folders: Sequence[Path], *, notebooks_beside: bool) -> set[Path]:
        """Those of some folders that hold many submissions: exports, and sections of a course."""
        exported = {folder for folder in folders if exports.is_export_folder(folder)}
        inside = {folder: self._students_in(folder) for folder in folders if folder not in exported}
        return exported | sections(inside, notebooks_beside=notebooks_beside)

    def _students_in(self, path: Path) -> list[Path]:
        """The folders in a folder that hold work, where no notebook or zip lies on top."""
        folder = listed(path, without=self._single.without)
        if any(is_notebook(one.name) or is_zip(one) for one in folder.files):
            return []
        return [inner for inner in folder.folders if self._single.holds_work(inner)]

    def _files(self, paths: Iterable[Path]) -> dict[str, Path]:
        """Files, and all files in folders, by their names."""
        files: dict[str, Path] = {}
        for path in paths:
            inside = tree(path, without=self._single.without).files if kind_of(path) == "folder" else {"": path}
            files.update({f"{path.name}/{name}".rstrip("/"): one for name, one in inside.items()})
        return files

    def _needed(self, path: Path, exact: set[str]) -> bool:
        """Whether any notebook around may read it, whatever its name: data, but for a file that bears one's own, and folders with data.

        What one more student is given costs a look at it when it changes; what one lacks ends the replay.
        """
        if kind_of(path) == "folder":
            return any(map(is_data, tree(path, without=self._single.without).files))
        return is_data(path.name) and path.stem not in exact

    def _handed_in_without_notebook(self, folder: Path) -> bool:
        files = tree(folder, without=self._single.without).files
        return not files or any(Path(name).suffix.lower() in HANDED_IN for name in files) or bool(notebooks_in(files))

    @staticmethod
    def _outside(inner: Path, left: Left) -> bool:
        """Whether something that stayed packed belongs beside this folder, not into it."""
        return any(name.partition("/")[0] != inner.name for name in left)


def _below(folder: str, left: Left) -> dict[str, str]:
    return {name.removeprefix(f"{folder}/"): reason for name, reason in left.items() if name.startswith(f"{folder}/")}
