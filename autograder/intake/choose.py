"""Reads the notebook of one thing handed in, and chooses it where there are several.

Receives a `Found`; returns a `Submission`, or a `Rejected` that says why nothing can be graded. Of several notebooks those that answer
about as many questions as the fullest are versions of one another; the newest of them is graded, and a remark names all the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import read
from autograder.intake.folder import modified, read_bytes, size_of
from autograder.intake.found import NO_NOTEBOOK, VERSION, Found, notebooks_in
from autograder.model.grading import Question
from autograder.model.submission import Rejected, Remark, Submission

_NOTEBOOKS_BYTES = 500_000_000  # of all notebooks in one submission
_AS_FULL = 0.75  # of the questions that the fullest notebook answers; one with fewer is no version of it, however new
_NAMED = 8  # notebooks that a remark names


def read_found(found: Found, id: str, questions: Sequence[Question]) -> Submission | Rejected:
    """Read the notebook of one submission, or say why that cannot be done."""
    files = tuple(sorted((*found.files, *found.odd)))
    notebooks = notebooks_in(found.files)
    if not notebooks and len(found.files) == 1:
        notebooks = list(found.files)  # what else it is, reading it tells
    if found.problem or not notebooks:
        reason = found.problem or f"{found.label} {NO_NOTEBOOK}"
        name = notebooks[0] if notebooks else ""
        return Rejected(id, found.student, name, files, reason, received=found.received, remarks=found.remarks)
    if len(notebooks) == 1:
        return _reading(notebooks[0], found, id, files, questions)
    in_order = sorted(notebooks, key=lambda name: (name.count("/"), name))
    answered = {name: _answered(_reading(name, found, id, files, questions)) for name in _affordable(in_order, found.files)}
    fullest = max(answered.values())
    chosen = _newest([name for name, number in answered.items() if number >= min(fullest, _AS_FULL * fullest)], found)
    others = [name for name in in_order if name != chosen]
    graded = _reading(chosen, found, id, files, questions)
    return replace(graded, remarks=(_several(chosen, others), *graded.remarks))


def _several(chosen: str, others: Sequence[str]) -> Remark:
    named = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
    return Remark(
        "several_notebooks",
        f"{len(others) + 1} notebooks were handed in. {chosen}, the newest of those that answer most, was graded; not graded: {named}.",
    )


def _newest(names: Sequence[str], found: Found) -> str:
    """The last one handed in, as far as the platform tells; else the one on top, with the highest number, changed last, named first."""
    bases = {Path(name).stem for name in names}

    def newness(name: str) -> tuple[int, int, int, float]:
        version = VERSION.match(Path(name).stem)
        number = int(version["copy"] or version["number"]) if version and version["base"] in bases else 0
        return (found.uploads.get(name, 0), -name.count("/"), number, modified(found.files[name]))

    return max(names, key=newness)


def _answered(reading: Submission | Rejected) -> int:
    """How many questions have a section; a notebook that cannot be read comes behind one that answers none."""
    return len(reading.notebook.sections) if isinstance(reading, Submission) else -1


def _affordable(names: Sequence[str], files: Mapping[str, Path]) -> Iterator[str]:
    """The first of the notebooks, as many as can be read with their sizes together within the limit."""
    total = 0
    for number, name in enumerate(names):
        total += size_of(files[name])
        if number and total > _NOTEBOOKS_BYTES:
            return
        yield name


def _reading(name: str, found: Found, id: str, files: tuple[str, ...], questions: Sequence[Question]) -> Submission | Rejected:
    def rejected(reason: str, checksum: str = "") -> Rejected:
        return Rejected(id, found.student, name, files, reason, checksum, found.received, found.remarks)

    content = read_bytes(found.files[name], limit=read.NOTEBOOK_BYTES)
    if content is None:
        return rejected(f"{name} cannot be read. Check its permissions and hand it in again.")
    checksum = sha256(content).hexdigest()
    inside = name.rpartition("/")[0]
    companions = {
        other.removeprefix(f"{inside}/") if inside else other: path for other, path in sorted(found.files.items()) if other != name
    }
    try:
        notebook = read.notebook(content, questions, companions, name=name)
    except SubmissionError as error:
        return rejected(str(error), checksum)
    shown = name.rpartition("/")[2]
    return Submission(id, found.student, shown, checksum, files, notebook, content, companions, found.received, found.remarks)
