"""All attacks against one tier of isolation, in this process: a result as each is done.

Beside each attack an honest submission is graded, which must get what it gets alone. After each, the canaries are looked at, and what
is left.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as TimeOver
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from hostile.canaries import Canaries, planted
from hostile.case import Case, base
from hostile.leftovers import Growth, Present, adopt_orphans, left_beyond
from inert import look_at
from nbformat import write as write_notebook
from submissions.case import ROOT

from autograder.assignment import load
from autograder.checks.judge import warm
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.model.grading import GradeReport
from autograder.model.settings import Settings
from autograder.model.submission import Rejected, Submission
from autograder.pipeline import Course, Progress, grade_one, prepare, submissions
from autograder.reports.write import write

HONEST = "right"
_ENDING_SECONDS = 20.0
_MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class Result:
    """`problems` is empty where everything is as it must be; `skipped` says why a case was not tried."""

    case: str
    seconds: float = 0.0
    problems: tuple[str, ...] = ()
    skipped: str = ""


class Column:
    """One tier, with everything that its cases share. Use as a context."""

    def __init__(self, tier: str, folder: Path, *, neighbour: bool = True) -> None:
        self.tier, self._folder, self._neighbour = tier, folder, neighbour
        self._out = folder / "out"
        self._stack = ExitStack()
        self._alone: dict[str, GradeReport] = {}
        self._written = {"another-student"}

    def __enter__(self) -> Column:
        adopt_orphans()
        self._out.mkdir(mode=0o700)
        settings = Settings(out=self._out, isolation=self.tier)
        self._course = prepare(load(ROOT / "reference" / "assignment.toml"), settings, environment={}, cache_folder=self._folder / "cache")
        warm(self._course.assignment.judge.preload)
        self._canaries: Canaries = self._stack.enter_context(planted(self._out))
        self._sandbox: Sandbox = self._stack.enter_context(self._course.kernels(warm=True))
        self._pool = self._stack.enter_context(ThreadPoolExecutor(2, thread_name_prefix="submission"))
        (self._honest,) = self._found(self._notebook(HONEST), self._course)
        self.alone(HONEST)
        self._rest = Present()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, case: Case) -> Result:
        """One attack."""
        if case.walls and self.tier == "none":
            return Result(case.name, skipped="only isolation can stop it")
        without = self.alone(case.into)
        course = self._with_limits(case)
        handed_in = self._folder / "in" / case.name
        case.hand_in(handed_in, self._canaries.places)
        growth, began = Growth(), time.monotonic()
        cancelled = threading.Event()
        beside = self._pool.submit(self._graded, self._honest, self._course, threading.Event()) if self._neighbour else None
        attack = self._pool.submit(self._all_graded, handed_in, course, cancelled)
        problems: list[str] = []
        reports: list[GradeReport] = []
        try:
            reports = attack.result(timeout=case.seconds)
        except TimeOver:
            problems.append(f"it is not over after {case.seconds:.0f} s")
            cancelled.set()
            if attack not in wait([attack], timeout=_ENDING_SECONDS).done:
                problems.append("it does not even end when it is cancelled")
        except Exception as error:  # noqa: BLE001 - whatever the grader raises is what this is here to find
            problems.append(f"the grader raised {type(error).__name__}: {error}")
        seconds = time.monotonic() - began
        if not reports and not problems:
            problems.append("nothing that was handed in has a row")
        for report in reports:
            problems += case.problems(report, without)
            try:
                look_at(self._out / report.id, report)
            except Exception as error:  # noqa: BLE001 - the same
                problems.append(f"the files of {report.id}: {type(error).__name__}: {str(error)[:200]}")
        if beside is not None:
            try:
                problems += _differences(beside.result(), self._alone[HONEST])
            except Exception as error:  # noqa: BLE001 - the same
                problems.append(f"beside it, the grader raised {type(error).__name__}: {error}")
        problems += self._canaries.problems(self._returned(reports))
        problems += [f"{path.name} was put among the results" for path in self._out.iterdir() if path.name not in self._written]
        problems += left_beyond(self._rest)
        if growth.megabytes() > case.memory_mb:
            problems.append(f"the grader grew by {growth.megabytes():.0f} MB")
        return Result(case.name, seconds, tuple(problems[:_MOST_PROBLEMS]))

    def alone(self, name: str) -> GradeReport:
        """What one of the notebooks that attacks are put into gets without an attack."""
        if name not in self._alone:
            (item,) = self._found(self._notebook(name), self._course)
            self._alone[name] = self._graded(item, self._course, threading.Event())
        return self._alone[name]

    def _notebook(self, name: str) -> Path:
        path = self._folder / "in" / f"{name}_alone.ipynb"
        path.parent.mkdir(exist_ok=True)
        write_notebook(base(name), path)
        return path

    def _found(self, path: Path, course: Course) -> tuple[Submission | Rejected, ...]:
        return submissions([path], course, Path(tempfile.mkdtemp(dir=self._folder)))

    def _with_limits(self, case: Case) -> Course:
        assignment = self._course.assignment
        limits = assignment.limits.model_copy(update={"cell_seconds": case.cell_seconds})
        settings = replace(self._course.settings, budget_seconds=case.budget)
        return replace(self._course, assignment=assignment.model_copy(update={"limits": limits}), settings=settings)

    def _all_graded(self, path: Path, course: Course, cancelled: threading.Event) -> list[GradeReport]:
        return [self._graded(item, course, cancelled) for item in self._found(path, course)]

    def _graded(self, item: Submission | Rejected, course: Course, cancelled: threading.Event) -> GradeReport:
        self._written.add(item.id)
        report = grade_one(item, course, self._sandbox, _silent, cancelled)
        write(report, self._out / report.id)
        return report

    def _returned(self, reports: Sequence[GradeReport]) -> dict[str, bytes]:
        """Everything that came back of these submissions, by name."""
        folders = [self._out / report.id for report in (*reports, *self._alone.values())]
        files = {f"{path.parent.name}/{path.name}": path.read_bytes() for folder in folders for path in folder.iterdir()}
        held = {f"the report of {report.id}": repr(report).encode("utf-8", "replace") for report in reports}
        return files | held


def _silent(step: Progress) -> None:
    pass


def _differences(beside: GradeReport, alone: GradeReport) -> list[str]:
    """Where an honest submission fared otherwise than alone."""
    before = {check.spec.id: check.outcome for check in alone.checks}
    return [
        f"beside it, {check.spec.id} of an honest submission was {check.outcome.value}: {check.sentence}"
        for check in beside.checks
        if check.outcome is not before[check.spec.id]
    ]


def run(tier: str, chosen: Sequence[Case], *, neighbour: bool = True) -> Iterator[Result]:
    """The results of these cases, in a folder that is removed afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as name,
        Column(tier, Path(name), neighbour=neighbour) as column,
    ):
        for case in chosen:
            yield column.run(case)
