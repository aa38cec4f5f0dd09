"""Finds the submissions at the given paths.

Receives a notebook, a folder of notebooks, a folder with one folder per student, a zip of these, a Canvas download or a Gradescope
export, packed or not. Returns a `Submission` or a `Rejected` for each thing handed in, with unique safe ids. Raises
`SubmissionError` only for a path that does not exist.

What is one submission:
- a notebook lying among others, with the files of the same name (`jane.ipynb`, `jane.pdf`) and the pictures and data that lie around;
- a folder with exactly one notebook and no folders with notebooks: everything in it;
- a folder inside a folder of students, or a zip inside one, whatever it holds; of several notebooks the one that answers the
  most questions is graded and the rest are companions;
- the files that a Canvas download gives one user, or the folder that a Gradescope export gives one submission.
"""

from __future__ import annotations

import itertools
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import names, read
from autograder.intake.archive import unpack
from autograder.intake.folder import Folder, Tree, kind_of, listed, read_bytes, size_of, tree
from autograder.model.grading import Question
from autograder.model.submission import Rejected, Submission

_METADATA = "submission_metadata.yml"
_NOTEBOOKS_BYTES = 500_000_000  # of all notebooks in one submission
_WRAPPERS = 6  # folders that hold nothing but one folder
# Files that a student may have handed in instead of a notebook. Others (pictures, data, notes) belong to the notebooks around them.
_HANDED_IN = {".pdf", ".py", ".html", ".htm", ".zip", ".doc", ".docx", ".odt", ".rar", ".7z", ".tar", ".gz", ".tgz", ".json", ".txt"}
_NO_NOTEBOOK = "holds no notebook (a file that ends in .ipynb). Hand in the notebook itself."


@dataclass(frozen=True, slots=True)
class _Found:
    """One thing handed in. `problem` says why it cannot be graded before anything was read."""

    label: str
    student: str
    files: Mapping[str, Path] = field(default_factory=dict)
    odd: tuple[str, ...] = ()
    problem: str = ""


def find(
    paths: Sequence[Path], *, unpack_folder: Path, questions: Sequence[Question], without: Path | None = None
) -> tuple[Submission | Rejected, ...]:
    """Everything handed in at `paths`, in order; zips are unpacked below `unpack_folder`; the results in `without` are passed over."""
    search = _Search(unpack_folder, without.resolve() if without else None)
    found: list[_Found] = []
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
    return tuple(_read(item, id, questions) for item, id in zip(found, ids, strict=True))


class _Search:
    """Looks into folders and zips. Each zip gets a folder of its own."""

    def __init__(self, unpack_folder: Path, without: Path | None) -> None:
        self._unpack_folder = unpack_folder
        self.without = without
        self._numbers = itertools.count(1)

    def at(self, path: Path) -> Iterator[_Found]:
        """What is handed in at a path that was named on the command line."""
        match kind_of(path):
            case "folder":
                yield from self._several(path, path.name or "submissions", 0)
            case "file" if _is_zip(path):
                try:
                    folder, left = self._unpacked(path)
                    yield from self._several(folder, path.stem, 0, odd=left)
                except SubmissionError as error:
                    yield _Found(path.stem, path.stem, {path.name: path}, problem=str(error))
            case "file":
                beside = {file.name: file for file in listed(path.parent).files if file.stem == path.stem}
                yield _file(path, {path.name: path, **beside} if path.suffix.lower() == ".ipynb" else {path.name: path})
            case kind:
                yield _odd(path, kind)

    def _several(self, path: Path, label: str, depth: int, odd: tuple[str, ...] = ()) -> Iterator[_Found]:
        """A folder that may hold many submissions, or be one."""
        folder = listed(path, without=self.without)
        if folder.problem:
            yield _Found(label, label, problem=folder.problem)
            return
        if any(file.name == _METADATA for file in folder.files):
            yield from self._gradescope(folder, label)
            return
        if len(folder.folders) == 1 and not folder.files and depth < _WRAPPERS:
            yield from self._several(folder.folders[0], folder.folders[0].name, depth + 1, odd)
            return
        if any(names.canvas(file.name) for file in folder.files):
            yield from self._canvas(folder)
            return
        notebooks = [file for file in folder.files if file.suffix.lower() == ".ipynb"]
        students = [inner for inner in folder.folders if self._holds_work(inner)]
        zips = [file for file in folder.files if _is_zip(file)]
        if len(notebooks) <= 1 and not students and (notebooks or not zips):
            empty_students = [inner for inner in folder.folders if not notebooks and not folder.files]
            if not empty_students:
                yield self._student(path, label, odd)
                return
        yield from self._cohort(folder, notebooks, zips, set(students))

    def _cohort(self, folder: Folder, notebooks: list[Path], zips: list[Path], students: set[Path]) -> Iterator[_Found]:
        stems = {notebook.stem for notebook in notebooks}
        apart = {*notebooks, *zips}
        loose = [file for file in folder.files if file not in apart]
        by_stem: dict[str, dict[str, Path]] = defaultdict(dict)
        for file in loose:
            by_stem[file.stem][file.name] = file
        shared = {file.name: file for file in loose if file.stem not in stems and file.suffix.lower() not in _HANDED_IN}
        for inner in folder.folders:
            if inner in students or not notebooks:
                yield self._student(inner, inner.name)
            elif self._handed_in_without_notebook(inner):
                yield _Found(inner.name, inner.name, problem=f"The folder {inner.name} {_NO_NOTEBOOK}")
            else:
                shared.update({f"{inner.name}/{name}": file for name, file in self._tree(inner).files.items()})
        for notebook in notebooks:
            yield _file(notebook, {notebook.name: notebook, **by_stem[notebook.stem], **shared})
        for file in zips:
            yield self._packed_student(file, file.stem)
        for file in loose:
            if file.stem not in stems and file.suffix.lower() in _HANDED_IN:
                yield _Found(file.stem, file.stem, {file.name: file}, problem=f"{file.name} is not a notebook. Hand in the .ipynb file.")
        yield from (_odd(path, kind_of(path)) for path in folder.odd)

    def _canvas(self, folder: Folder) -> Iterator[_Found]:
        owners: dict[str, dict[str, Path]] = defaultdict(dict)
        people: dict[str, str] = {}
        for file in folder.files:
            if name := names.canvas(file.name):
                kept = name.file
                while kept in owners[name.owner]:
                    kept = f"other-{kept}"
                owners[name.owner][kept] = file
                people[name.owner] = name.student or name.user
        for owner, files in owners.items():
            zips = {name: file for name, file in files.items() if _is_zip(file)}
            if zips and not any(name.lower().endswith(".ipynb") for name in files):
                yield self._packed_student(next(iter(zips.values())), owner, people[owner], files)
            else:
                yield _Found(owner, people[owner], files)
        others = [file for file in folder.files if not names.canvas(file.name)]
        yield from (_file(file, {file.name: file}) for file in others if file.suffix.lower() in _HANDED_IN | {".ipynb"})
        yield from (self._student(inner, inner.name) for inner in folder.folders)
        yield from (_odd(path, kind_of(path)) for path in folder.odd)

    def _gradescope(self, folder: Folder, label: str) -> Iterator[_Found]:
        people = names.gradescope((read_bytes(folder.path / _METADATA, limit=20_000_000) or b"").decode("utf-8", "replace"))
        if not people and not folder.folders and len(folder.files) == 1:
            yield _Found(label, label, {_METADATA: folder.files[0]}, problem=f"{label} {_NO_NOTEBOOK}")
        for inner in folder.folders:
            found = self._student(inner, inner.name)
            yield _Found(found.label, people.get(inner.name, found.student), found.files, found.odd, found.problem)
        for name in people.keys() - {inner.name for inner in folder.folders}:
            yield _Found(name, people[name], problem=f"The export names {name}, but holds no folder for it. Export the submissions again.")
        others = [file for file in folder.files if file.name != _METADATA]
        yield from (_file(file, {file.name: file}) for file in others)
        yield from (_odd(path, kind_of(path)) for path in folder.odd)

    def _student(self, path: Path, label: str, odd: tuple[str, ...] = ()) -> _Found:
        """A folder that is one submission, with all it holds; a zip in it is unpacked when there is no notebook beside it."""
        try:
            found = self._tree(path)
            notebooks = [name for name in found.files if name.lower().endswith(".ipynb")]
            zips = [file for file in found.files.values() if _is_zip(file)]
            if zips and not notebooks:
                return self._packed_student(zips[0], label, label, found.files)
        except SubmissionError as error:
            return _Found(label, label, problem=str(error))
        links = tuple(sorted((*odd, *found.odd)))
        problem = "" if notebooks else _without_notebook(f"The folder {label}", found.files, links)
        return _Found(label, label, found.files, links, problem)

    def _packed_student(self, file: Path, label: str, student: str = "", beside: Mapping[str, Path] | None = None) -> _Found:
        """A zip that is one submission."""
        try:
            folder, left = self._unpacked(file)
            found = tree(folder)
        except SubmissionError as error:
            return _Found(label, student or label, beside or {file.name: file}, problem=str(error))
        links = tuple(sorted((*left, *found.odd)))
        has_notebook = any(name.lower().endswith(".ipynb") for name in found.files)
        problem = "" if has_notebook else _without_notebook(file.name, found.files, links)
        return _Found(label, student or label, {**(beside or {}), **found.files}, links, problem)

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
        return not files or any(Path(name).suffix.lower() in _HANDED_IN for name in files)

    def _unpacked(self, file: Path) -> tuple[Path, tuple[str, ...]]:
        folder = self._unpack_folder / f"{next(self._numbers):05d}-{names.safe(file.stem)}"
        return folder, unpack(file, folder)


def _read(found: _Found, id: str, questions: Sequence[Question]) -> Submission | Rejected:
    """Read the notebook of one submission, or say why that cannot be done."""
    files = tuple(sorted((*found.files, *found.odd)))
    notebooks = [name for name in found.files if name.lower().endswith(".ipynb")]
    if not notebooks and len(found.files) == 1:
        notebooks = list(found.files)  # a notebook under another name, perhaps; what it is, reading it tells
    if found.problem or not notebooks:
        return Rejected(id, found.student, notebooks[0] if notebooks else "", files, found.problem or f"{found.label} {_NO_NOTEBOOK}")
    in_order = sorted(notebooks, key=lambda name: (name.count("/"), name))
    readings = (_reading(name, found, id, files, questions) for name in _affordable(in_order, found.files))
    # Of several notebooks the one that answers most; of equals the one that lies on top.
    return max(readings, key=lambda one: len(one.notebook.sections) if isinstance(one, Submission) else -1)


def _affordable(names: Sequence[str], files: Mapping[str, Path]) -> Iterator[str]:
    """The first of the notebooks, as many as can be read with their sizes together within the limit."""
    total = 0
    for number, name in enumerate(names):
        total += size_of(files[name])
        if number and total > _NOTEBOOKS_BYTES:
            return
        yield name


def _reading(name: str, found: _Found, id: str, files: tuple[str, ...], questions: Sequence[Question]) -> Submission | Rejected:
    content = read_bytes(found.files[name], limit=read.NOTEBOOK_BYTES)
    if content is None:
        return Rejected(id, found.student, name, files, f"{name} cannot be read. Check its permissions and hand it in again.")
    checksum = sha256(content).hexdigest()
    inside = name.rpartition("/")[0]
    companions = {
        other.removeprefix(f"{inside}/") if inside else other: path for other, path in sorted(found.files.items()) if other != name
    }
    try:
        notebook = read.notebook(content, questions, companions, name=name)
    except SubmissionError as error:
        return Rejected(id, found.student, name, files, str(error), checksum)
    return Submission(id, found.student, name.rpartition("/")[2], checksum, files, notebook, content, companions)


def _file(path: Path, files: Mapping[str, Path]) -> _Found:
    return _Found(path.stem, path.stem, files)


def _is_zip(path: Path) -> bool:
    try:
        return path.suffix.lower() == ".zip" or (path.suffix == "" and zipfile.is_zipfile(path))
    except zipfile.BadZipFile:  # raised instead of an answer for a zip of several parts
        return True


def _without_notebook(what: str, files: Mapping[str, Path], links: Sequence[str]) -> str:
    linked = [name for name in links if name.lower().endswith(".ipynb")]
    if linked:
        return f"{linked[0]} in {what} is a link, not a file, and links are not followed. Hand in the notebook itself."
    return f"{what} {_NO_NOTEBOOK}" if files else f"{what} is empty. Hand in the notebook itself."


def _odd(path: Path, kind: str) -> _Found:
    return _Found(
        path.stem, path.stem, odd=(path.name,), problem=f"{path.name} is a {kind or 'thing'}, not a file. Hand in the file itself."
    )
