"""Puts a report together from what the stages brought, or from nothing where a submission was rejected or the grader failed."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder import score
from autograder.course import Course
from autograder.model.execution import Ending, Execution
from autograder.model.grading import CheckResult, Flag, GradeReport, ManualItem, Outcome, Score, Status
from autograder.model.submission import Rejected, Submission
from autograder.workers import Hung

LOST = "This check could not be made because the grader stopped before it. No points are lost: a person will look at it."
_FLAGS = {
    Ending.OVER_BUDGET: (Flag("over_budget", "The notebook used up the time it has when it is graded; what was done before was judged."),),
    Ending.DIED: (Flag("kernel_died", "The notebook ended its own kernel; what could still be run in a new one was judged."),),
}


def report(
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
    failed_on_us = [check.spec.id for check in checks if check.outcome is Outcome.ERROR]
    status = Status.NEEDS_REVIEW if failed_on_us else Status.GRADED
    reason = f"The grader itself failed on {', '.join(failed_on_us)}." if failed_on_us else ""
    answered = {judged.spec.id: judged for judged in manual}
    return replace(
        _without_evidence(item, course, status, reason, tuple(checks), (*execution.log, *log)),
        manual=tuple(answered.get(spec.id) or ManualItem(spec, False, "") for spec in course.plan.manual),
        flags=(*_remarks(item), *flags, *_FLAGS.get(execution.ending, ())),
        cells=execution.cells,
        figures={section.question: section.figures for section in item.notebook.sections},
        notes=(*execution.changes, *(f"Not run: {line}" for line in execution.skipped)),
        seconds=seconds,
        peak_memory_mb=max(execution.peak_memory_mb, memory),
        replayed_notebook=execution.notebook,
        determinism=execution.determinism,
    )


def as_kept(item: Submission, kept: GradeReport, replayed_notebook: bytes) -> GradeReport:
    """The report of an earlier run of the same submission, with what is recorded of the submission now; tracebacks were not kept."""
    figures = {section.question: section.figures for section in item.notebook.sections}
    return replace(kept, student=item.student, received=item.received, figures=figures, replayed_notebook=replayed_notebook)


def _remarks(item: Submission | Rejected) -> tuple[Flag, ...]:
    return tuple(Flag(one.id, one.sentence) for one in item.remarks)


def not_begun(item: Submission | Rejected, course: Course, checks: tuple[CheckResult, ...], *, problem: str = "") -> GradeReport:
    """The report of something of which nothing was looked at, and not for its own fault; `problem` is what went wrong here."""
    status = Status.NEEDS_REVIEW if problem else Status.GRADED
    return _without_evidence(item, course, status, problem, checks, tuple(problem.splitlines()))


def rejected(item: Rejected, course: Course) -> GradeReport:
    checks = score.complete(course.plan, (), outcome=Outcome.NOT_RUN, sentence=f"Nothing could be graded: {item.reason}")
    return _without_evidence(item, course, Status.REJECTED, item.reason, checks, ())


def harness_failed(item: Submission | Rejected, course: Course, error: BaseException) -> GradeReport:
    checks = score.complete(course.plan, (), outcome=Outcome.ERROR, sentence=LOST)
    reason = f"The grader itself failed ({type(error).__name__}); grade this submission again or mark it by hand."
    if isinstance(error, Hung):
        reason = f"The grader gave up on this submission: {error} Grade it again or mark it by hand."
    log = tuple("".join(traceback.format_exception(error)).splitlines())
    return _without_evidence(item, course, Status.NEEDS_REVIEW, reason, checks, log)


def _without_evidence(
    item: Submission | Rejected, course: Course, status: Status, reason: str, checks: tuple[CheckResult, ...], log: tuple[str, ...]
) -> GradeReport:
    questions = course.assignment.questions
    whole: Score = score.total(checks, course.plan.manual)
    return GradeReport(
        id=item.id,
        student=item.student,
        notebook=item.notebook_name,
        sha256=item.sha256,
        files=item.files,
        status=status,
        reason=reason,
        run=course.run,
        questions=questions,
        score=whole,
        scores=score.by_question(checks, course.plan.manual, questions),
        checks=checks,
        manual=tuple(ManualItem(spec, False, "") for spec in course.plan.manual),
        flags=_remarks(item),
        log=log,
        received=item.received,
    )
