"""Finds the submissions at the given paths.

Receives a notebook, a folder of notebooks, a folder with one folder per student, a zip of these, a Canvas download or a Gradescope
export, packed or not. Returns a `Submission` or a `Rejected` for each thing handed in, with unique safe ids. Raises
`SubmissionError` only for a path that does not exist.

What is one submission:
- a notebook lying among others, with the files named after it (`jane.ipynb`, `jane.pdf`), the data that lie around, and the pictures that
  are named after no other; any other file there has a row that says why it is not graded;
- a folder with exactly one notebook and no folders with notebooks: everything in it;
- a folder inside a folder of students, or a zip inside one, whatever it holds; but not one that is an export or a section of a course;
- the files that a Canvas download gives one user, or the folder that a Gradescope export gives one submission.
Where one holds several notebooks, `choose` says which is graded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import names
from autograder.intake.choose import read_found
from autograder.intake.named import groups, place_of, told_apart
from autograder.intake.search import Search
from autograder.intake.single import Single
from autograder.model.grading import Question
from autograder.model.submission import Rejected, Submission


def find(
    paths: Sequence[Path], *, unpack_folder: Path, questions: Sequence[Question], without: Path | None = None
) -> tuple[Submission | Rejected, ...]:
    """Everything handed in at `paths`, in order, the files of one folder together.

    Zips are unpacked below `unpack_folder`; the results in `without` are passed over.
    """
    results = without.resolve() if without else None
    search = Search(Single(unpack_folder, results))
    named: dict[Path, None] = {}
    for path in paths:
        if not os.path.exists(path):  # unlike Path.exists, False for a name that the system refuses
            raise SubmissionError(f"{path}: there is no such file or folder. Name a notebook, a folder or a zip.")
        real = path.resolve()
        if real == results:
            raise SubmissionError(f"{path}: the results would be written among the submissions. Name another folder with --out.")
        named[real] = None
    found = told_apart([(item, place_of(item, group)) for group in groups(named) for item in search.named(group)])
    ids = names.unique(item.label for item in found)
    return tuple(read_found(item, id, questions) for item, id in zip(found, ids, strict=True))


def find_one(path: Path, *, id: str, unpack_folder: Path, questions: Sequence[Question]) -> Submission | Rejected:
    """The one submission that a folder is, whatever it holds: of several notebooks `choose` takes one."""
    return read_found(Single(unpack_folder, None).folder(path.resolve(), "submission", {}), names.safe(id), questions)
