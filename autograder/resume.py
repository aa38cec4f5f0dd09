"""Tells what an earlier run already found out of a submission, by the checksums of everything that its grade rests on.

Receives the course of this run and the grades of earlier ones; returns, for each submission, what is left to do. A part that is missing
from a checksum would let an outdated grade stand, so in doubt it is in.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import distributions
from pathlib import Path

import numpy as np

from autograder.checks.plugin import FLAG_FAILED, Judged
from autograder.course import Course
from autograder.model.grading import GradeReport, Outcome
from autograder.model.history import Basis, Graded, Judgement
from autograder.model.submission import CellKind, Rejected, Submission
from autograder.reports.write import is_written

ENGINE = Path(__file__).parent
_LEADERS = ("pipeline.py", "assembly.py", "score.py")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is left to do for one submission: nothing where `kept` is whole, else the functions in `again`, on new evidence or old."""

    item: Submission | Rejected
    content: str
    evidence: str
    chapters: str  # of what a finished chapter rests on: the same, but for how long all of them may take
    pages: str
    wanted: dict[str, str]  # the version of each function's result
    kept: Graded | None
    again: frozenset[str]
    written: bool

    @property
    def unchanged(self) -> bool:
        kept = self.kept
        if kept is None or self.again or not self.written:
            return False
        return (kept.basis.content, kept.basis.pages) == (self.content, self.pages)

    def basis(self, report: GradeReport, judged_now: frozenset[str], run: int) -> Basis:
        """What the new grade rests on. What the grader failed on is left out, so that the next run tries it again."""
        before = {judgement.id: judgement for judgement in self.kept.basis.judgements} if self.kept else {}
        sound = _sound(report, self.wanted)
        now = (Judgement(id, self.wanted[id], run) if id in judged_now else before[id] for id in self.wanted if id in sound)
        return Basis(self.content, self.evidence, self.pages, tuple(now))

    def without_results(self) -> Basis:
        """What a grade rests on for which nothing was found out."""
        return Basis(self.content, self.evidence, self.pages)


class Versions:
    """The versions of what the grades of one run rest on. Files are read once."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._files: dict[Path, str] = {}

    @cached_property
    def parts(self) -> dict[str, str]:
        """Everything besides the submissions, by name."""
        course, assignment = self._course, self._course.assignment
        probes = [
            *((probe.name, probe.question, probe.measurement, sorted(probe.settings.items())) for probe in course.probes),
            *((name, array.dtype.str, array.shape, _digest(array)) for probe in course.probes for name, array in probe.arrays.items()),
        ]
        packages = sorted({f"{package.name} {package.version}" for package in distributions()})
        return {
            "settings": _checksum(course.run),
            "budget": _checksum(course.settings.budget_seconds),
            "limits": _checksum(assignment.limits, assignment.replay, assignment.full if course.settings.mode == "full" else None),
            "probes": _checksum(*probes),
            "data": _checksum(course.data_name, self._folder(course.data_folder)),
            "course": self._folder(assignment.course_folder),
            "packages": _checksum(platform.python_version(), *packages),
            "template": _checksum(assignment.questions, self._file(assignment.template_path)),
            "intake": self._folder(ENGINE / "intake"),
            "kernel": _checksum(self._folder(ENGINE / "kernel"), self._file(ENGINE / "executing.py")),
            "judge": _checksum(self._folder(ENGINE / "checks"), self._folder(ENGINE / "model")),
            "checks": _checksum(*course.code.items()),
            "reports": _checksum(self._folder(ENGINE / "reports"), course.plan, *(self._file(ENGINE / name) for name in _LEADERS)),
        }

    def task(self, item: Submission | Rejected, kept: Graded | None, *, wholly: bool) -> Task:
        """What is left to do for a submission; everything, when it is to be done `wholly`."""
        content = self._content(item)
        chapters = "" if isinstance(item, Rejected) else self._chapters(item, content)
        evidence = chapters and _checksum(chapters, self._of("budget"))
        judged_by = self._of("judge", "intake", "template", "packages", "data")
        code = {} if isinstance(item, Rejected) else self._course.code
        wanted = {id: _checksum(version, content, evidence, judged_by) for id, version in code.items()}
        said = (item.student, item.received, item.remarks, tuple(kept.report.marks.items()) if kept else ())
        pages = _checksum(content, evidence, said, self._of("reports", "template"), *wanted.values())
        usable = None if wholly else kept
        held = {judgement.id: judgement.version for judgement in usable.basis.judgements} if usable else {}
        again = frozenset(id for id, version in wanted.items() if held.get(id) != version)
        written = is_written(self._course.settings.out / item.id)
        return Task(item, content, evidence, chapters, pages, wanted, usable, again, written)

    def _content(self, item: Submission | Rejected) -> str:
        """Of everything handed in."""
        if isinstance(item, Rejected):
            return _checksum(item)
        beside = ((name, self._file(path)) for name, path in sorted(item.companions.items()))
        return _checksum(item.id, item.notebook_name, item.sha256, item.files, *beside)

    def _chapters(self, item: Submission, content: str) -> str:
        """Of everything that a replay depends on but its budget. Not intake's code, but the cells that it found and whose they are."""
        owner = {cell.index: section.question for section in item.notebook.sections for cell in section.cells}
        cells = [(cell.index, owner.get(cell.index), cell.source) for cell in item.notebook.cells if cell.kind is CellKind.CODE]
        shared = self._of("settings", "limits", "probes", "data", "course", "packages", "kernel")
        return _checksum(content, shared, *cells)

    def _of(self, *names: str) -> str:
        return _checksum(*(self.parts[name] for name in names))

    def _folder(self, folder: Path) -> str:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
        return _checksum(*((str(path.relative_to(folder)), self._file(path)) for path in files))

    def _file(self, path: Path) -> str:
        if path not in self._files:
            digest = hashlib.sha256()
            try:
                with path.open("rb") as file:
                    while piece := file.read(1 << 20):
                        digest.update(piece)
                self._files[path] = digest.hexdigest()
            except OSError as error:
                self._files[path] = f"cannot be read: {error.strerror}"
        return self._files[path]


def still_true(task: Task, kept: Graded) -> tuple[Judged, ...]:
    """The results of an earlier run that need not be found out again."""
    report = kept.report
    held = task.wanted.keys() - task.again
    return (
        *(check for check in report.checks if check.spec.id in held),
        *(item for item in report.manual if item.spec.id in held),
        *(flag for flag in report.flags if flag.source in held),
    )


def _sound(report: GradeReport, ids: Iterable[str]) -> frozenset[str]:
    """Those of the functions whose results are known, the grader not having failed on them."""
    checks = {check.spec.id: check.outcome is not Outcome.ERROR for check in report.checks}
    failed = {flag.source for flag in report.flags if flag.id == FLAG_FAILED}
    return frozenset(id for id in ids if checks.get(id, "" not in failed and id not in failed))


def _digest(array: np.ndarray) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()


def _checksum(*values: object) -> str:
    digest = hashlib.sha256()
    for value in values:
        digest.update(repr(value).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
