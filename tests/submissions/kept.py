"""What an earlier run of the corpus found out, kept in files named by everything that it depends on.

Executions are pickled: they are our own dataclasses, written and read on the grader's side only.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from submissions.case import ROOT
from submissions.verdicts import Verdicts

from autograder.model.execution import Execution
from autograder.model.submission import CellKind, Submission
from autograder.pipeline import Course

REPLAYING_CODE = ("autograder/kernel", "autograder/model", "reference/course")
JUDGING_CODE = ("autograder", "reference", "tests/checks", "student_template", "tests/submissions/verdicts.py")


class Kept:
    """The executions and verdicts in `folder` that belong to one course."""

    def __init__(self, folder: Path, course: Course) -> None:
        self._executions, self._verdicts = folder / "executions", folder / "verdicts"
        for place in (self._executions, self._verdicts):
            place.mkdir(parents=True, exist_ok=True)
        assignment, seed = course.assignment, str(course.settings.seed)
        scale = repr((assignment.replay, assignment.limits, seed))
        asked = hashlib.sha256()
        for probe in course.probes:
            asked.update(repr((probe.name, probe.question, probe.measurement, probe.settings)).encode())
            for name, array in probe.arrays.items():
                asked.update(name.encode() + array.tobytes())
        self._replayed_with = f"{_digest(REPLAYING_CODE)}{scale}{asked.hexdigest()}{_digest([course.data_folder])}".encode()
        self._judged_with = f"{_digest(JUDGING_CODE)}{scale}".encode()

    def verdicts(self, item: Submission) -> Verdicts | None:
        path = self._verdicts_path(item)
        return Verdicts(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def keep_verdicts(self, item: Submission, said: Verdicts) -> None:
        _write(self._verdicts_path(item), json.dumps(asdict(said)).encode())

    def execution(self, item: Submission) -> Execution | None:
        path = self._execution_path(item)
        return pickle.loads(zlib.decompress(path.read_bytes())) if path.exists() else None

    def keep_execution(self, item: Submission, execution: Execution) -> None:
        _write(self._execution_path(item), zlib.compress(pickle.dumps(execution), 1))

    def _verdicts_path(self, item: Submission) -> Path:
        return self._verdicts / f"{hashlib.sha256(self._judged_with + item.content).hexdigest()}.json"

    def _execution_path(self, item: Submission) -> Path:
        owner = {cell.index: section.question for section in item.notebook.sections for cell in section.cells}
        cells = [(cell.index, owner.get(cell.index, ""), cell.source if cell.kind is CellKind.CODE else "") for cell in item.notebook.cells]
        return self._executions / hashlib.sha256(self._replayed_with + repr(cells).encode()).hexdigest()


def _digest(places: Iterable[str | Path]) -> str:
    """Of all files in some folders, names and contents."""
    digest = hashlib.sha256()
    for place in places:
        top = ROOT / place
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(top)).encode() + path.read_bytes())
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, since two runs may share the folder."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
