"""The one way through: path, intake, replay, evidence, checks, score, reports.

Only this module knows all stages. It receives paths and `Settings`, yields one `GradeReport` for each submission found, and writes the
files of each as soon as it is known. It refuses nothing: what cannot be graded is a `Rejected` row.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from autograder import score
from autograder.assignment import Assignment
from autograder.checks.evidence import Evidence
from autograder.checks.judge import JudgeEnded, judge, warm
from autograder.checks.plan import plan
from autograder.intake import read
from autograder.intake.find import find
from autograder.intake.sections import prompted
from autograder.kernel.isolation.choice import choose
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.replay import ReplaySettings, not_replayed, replay
from autograder.kernel.warm import kernels
from autograder.model.execution import Ending, Execution, Probe
from autograder.model.grading import CheckResult, Flag, GradeReport, ManualItem, Outcome, Plan, Run, Status
from autograder.model.settings import Settings
from autograder.model.submission import Rejected, Submission
from autograder.reports.write import write, write_results

UNFINISHED = "This check has not been made yet."
LOST = "This check could not be made because the grader stopped before it. No points are lost: a person will look at it."
_FLAGS = {
    Ending.OVER_BUDGET: (Flag("over_budget", "The notebook used up the time it has when it is graded; what was done before was judged."),),
    Ending.DIED: (Flag("kernel_died", "The notebook ended its own kernel; what could still be run in a new one was judged."),),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What a submission is at: a stage in a few words and how much of its work is done, from 0 to 1."""

    id: str
    stage: str
    share: float


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What all submissions of one run share."""

    assignment: Assignment
    settings: Settings
    plan: Plan
    probes: tuple[Probe, ...]
    data_name: str
    data_folder: Path

    @property
    def run(self) -> Run:
        settings, assignment = self.settings, self.assignment
        return Run(settings.mode, settings.device, self.data_name, settings.isolation, settings.seed, assignment.name, assignment.version)

    def kernels(self, *, warm: bool) -> AbstractContextManager[Sandbox]:
        """What gives the kernels of a run; `warm` ones are forked from one that has imported the course's libraries."""
        private = (self.assignment.checks_folder, self.settings.out)
        return kernels(self.settings.isolation, self.assignment.course_folder, private, warm=warm)


def prepare(assignment: Assignment, settings: Settings, *, environment: Mapping[str, str], cache_folder: Path) -> Course:
    """Plan the checks, stage the data, choose the isolation; an AssignmentError says what is wrong before any submission is touched."""
    tier = "none" if settings.mode == "static" else choose(settings.isolation, (assignment.checks_folder, settings.out))
    planned = plan(assignment.checks_folder, tuple(question.number for question in assignment.questions))
    data = assignment.module(assignment.data)
    source = data.find(settings.data, environment)
    data_folder = data.stage(source, assignment.replay.data, cache_folder)
    probes = assignment.module(assignment.probes).plan(settings.seed, data_folder)
    return Course(assignment, replace(settings, isolation=tier), planned, tuple(probes), source.name, data_folder)


def submissions(paths: Sequence[Path], course: Course, unpack_folder: Path) -> tuple[Submission | Rejected, ...]:
    """Everything handed in at `paths`, or the ones asked for by id."""
    template = course.assignment.template_path
    questions = prompted(course.assignment.questions, read.cells(template.read_bytes(), {}, name=template.name))
    found = find(paths, unpack_folder=unpack_folder, questions=questions, without=course.settings.out)
    return tuple(item for item in found if not course.settings.only or item.id in course.settings.only)


def grade(
    found: Sequence[Submission | Rejected], course: Course, *, listen: Listener, executor: Executor | None = None
) -> Iterator[GradeReport]:
    """Grade each submission as a task of its own, `jobs` at a time, and yield its report when its files are written."""
    warm(course.assignment.judge.preload)
    with ExitStack() as stack:
        sandbox = stack.enter_context(course.kernels(warm=len(found) > 1))
        pool = executor or stack.enter_context(ThreadPoolExecutor(course.settings.jobs, thread_name_prefix="submission"))
        cancelled = Event()
        tasks: dict[Future[GradeReport], Submission | Rejected] = {
            pool.submit(_graded_and_written, item, course, sandbox, listen, cancelled): item for item in found
        }
        try:
            pending = set(tasks)
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for task in finished:
                    error = task.exception()
                    yield task.result() if error is None else _written(_harness_failed(tasks[task], course, error), course)
        finally:
            cancelled.set()
            for task in tasks:
                task.cancel()


def _graded_and_written(item: Submission | Rejected, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> GradeReport:
    return _written(grade_one(item, course, sandbox, listen, cancelled), course)


def _written(report: GradeReport, course: Course) -> GradeReport:
    write(report, course.settings.out / report.id)
    return report


def grade_one(item: Submission | Rejected, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> GradeReport:
    """The whole way for one submission. Raises only what is our own fault, and `CancelledError` soon after `cancelled` is set."""
    if isinstance(item, Rejected):
        return _rejected(item, course)
    write_results(_report(item, course, not_replayed(item), _so_far(course, ()), (), (), {}), course.settings.out / item.id)
    evidence = gather(item, course, sandbox, listen, cancelled)
    return judge_one(evidence, course, listen, cancelled)


def gather(item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> Evidence:
    """The first half of the way: what the checks of one submission will be given."""
    listen(Progress(item.id, "replaying", 0.0))
    execution = _replay(item, course, sandbox, listen, cancelled)
    _end_if(cancelled)
    settings = course.settings
    return Evidence(item, execution, settings.mode, course.data_name, course.data_folder, settings.seed)


def judge_one(evidence: Evidence, course: Course, listen: Listener, cancelled: Event) -> GradeReport:
    """The second half: check results, score and report. results.json is written anew as each check ends."""
    item, execution = evidence.submission, evidence.execution
    listen(Progress(item.id, "checking", 0.9))
    began = time.perf_counter()
    results: list[CheckResult] = []
    manual: list[ManualItem] = []
    flags: list[Flag] = []
    judge_memory, problems = 0.0, "the judge ended early"
    for judged in judge(evidence, course.assignment.checks_folder, preload=course.assignment.judge.preload):
        _end_if(cancelled)
        match judged:
            case CheckResult():
                results.append(judged)
                write_results(_report(item, course, execution, _so_far(course, results), manual, flags, {}), course.settings.out / item.id)
            case ManualItem():
                manual.append(judged)
            case Flag():
                flags.append(judged)
            case JudgeEnded(peak, said):
                judge_memory, problems = peak, said
    _end_if(cancelled)
    checks = score.complete(course.plan, results, outcome=Outcome.ERROR, sentence=LOST)
    seconds = {**execution.seconds, "checks": time.perf_counter() - began}
    seconds["total"] = sum(seconds.values())
    listen(Progress(item.id, "done", 1.0))
    return _report(item, course, execution, checks, manual, flags, seconds, memory=judge_memory, log=tuple(problems.splitlines()))


def _end_if(cancelled: Event) -> None:
    if cancelled.is_set():
        raise CancelledError


def _replay(item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> Execution:
    settings, assignment = course.settings, course.assignment
    if settings.mode == "static":
        return not_replayed(item)
    limits, scale = assignment.limits, assignment.replay
    return replay(
        item,
        settings=ReplaySettings(
            course_folder=assignment.course_folder,
            data=scale.data,
            constants=scale.constants,
            arguments=scale.arguments,
            cell_seconds=limits.cell_seconds,
            memory_mb=limits.memory_mb,
            output_kb=limits.output_kb,
        ),
        probes=course.probes,
        data_folder=course.data_folder,
        seed=settings.seed,
        budget_seconds=settings.budget_seconds or limits.budget_seconds,
        progress=lambda done, of: listen(Progress(item.id, f"replaying, cell {done} of {of}", 0.9 * done / max(of, 1))),
        sandbox=sandbox,
        cancelled=cancelled,
    )


def _so_far(course: Course, results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    return score.complete(course.plan, results, outcome=Outcome.NOT_RUN, sentence=UNFINISHED)


def _report(
    item: Submission,
    course: Course,
    execution: Execution,
    checks: Sequence[CheckResult],
    manual: Sequence[ManualItem],
    flags: Sequence[Flag],
    seconds: Mapping[str, float],
    *,
    memory: float = 0.0,
    log: tuple[str, ...] = (),
) -> GradeReport:
    questions = course.assignment.questions
    failed_on_us = [check.spec.id for check in checks if check.outcome is Outcome.ERROR]
    answered = {judged.spec.id: judged for judged in manual}
    sections = {section.question: section for section in item.notebook.sections}
    return GradeReport(
        id=item.id,
        student=item.student,
        notebook=item.notebook_name,
        sha256=item.sha256,
        files=item.files,
        status=Status.NEEDS_REVIEW if failed_on_us else Status.GRADED,
        reason=f"The grader itself failed on {', '.join(failed_on_us)}." if failed_on_us else "",
        run=course.run,
        questions=questions,
        score=score.total(checks, course.plan.manual),
        scores=score.by_question(tuple(checks), course.plan.manual, questions),
        checks=tuple(checks),
        manual=tuple(answered.get(spec.id) or ManualItem(spec, False, "") for spec in course.plan.manual),
        flags=(*(Flag(one.id, one.sentence) for one in item.remarks), *flags, *_FLAGS.get(execution.ending, ())),
        cells=execution.cells,
        figures={number: section.figures for number, section in sections.items()},
        notes=(*execution.changes, *(f"Not run: {line}" for line in execution.skipped)),
        seconds=seconds,
        peak_memory_mb=max(execution.peak_memory_mb, memory),
        replayed_notebook=execution.notebook,
        log=(*execution.log, *log),
        received=item.received,
    )


def _rejected(item: Rejected, course: Course) -> GradeReport:
    checks = score.complete(course.plan, (), outcome=Outcome.NOT_RUN, sentence=f"Nothing could be graded: {item.reason}")
    return _without_evidence(item, course, Status.REJECTED, item.reason, checks, ())


def _harness_failed(item: Submission | Rejected, course: Course, error: BaseException) -> GradeReport:
    checks = score.complete(course.plan, (), outcome=Outcome.ERROR, sentence=LOST)
    reason = f"The grader itself failed ({type(error).__name__}); grade this submission again or mark it by hand."
    return _without_evidence(
        item, course, Status.NEEDS_REVIEW, reason, checks, tuple("".join(traceback.format_exception(error)).splitlines())
    )


def _without_evidence(
    item: Submission | Rejected, course: Course, status: Status, reason: str, checks: tuple[CheckResult, ...], log: tuple[str, ...]
) -> GradeReport:
    return GradeReport(
        id=item.id,
        student=item.student,
        notebook=item.notebook_name,
        sha256=item.sha256,
        files=item.files,
        status=status,
        reason=reason,
        run=course.run,
        questions=course.assignment.questions,
        score=score.total(checks, course.plan.manual),
        scores=score.by_question(checks, course.plan.manual, course.assignment.questions),
        checks=checks,
        manual=tuple(ManualItem(spec, False, "") for spec in course.plan.manual),
        flags=tuple(Flag(one.id, one.sentence) for one in item.remarks),
        log=log,
        received=item.received,
    )
