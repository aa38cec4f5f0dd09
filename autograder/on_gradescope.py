"""Grades the one submission of a container on Gradescope, through the same pipeline as everywhere.

Receives the platform's folder (`/autograder`: source, submission, submission_metadata.json, results), returns the report; results.json is
there from the start and is replaced as checks end. Where student code cannot be kept apart nothing is executed: the results say so.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

from autograder import late, score
from autograder.assembly import harness_failed, not_begun
from autograder.assignment import Assignment, Judge, load
from autograder.checks.plan import plan
from autograder.course import Course
from autograder.errors import AssignmentError
from autograder.gradescope import metadata
from autograder.gradescope.settings import FILE, GradescopeSettings
from autograder.gradescope.settings import load as load_settings
from autograder.intake import read
from autograder.intake.find import find_one
from autograder.intake.sections import prompted
from autograder.model.grading import GradeReport, Outcome
from autograder.model.roster import RosterEntry
from autograder.model.settings import Platform, Settings
from autograder.model.submission import Notebook, Rejected, Submission
from autograder.pipeline import UNFINISHED, grade_one, prepare
from autograder.reported import printed
from autograder.reported.printed import LossKind
from autograder.reports import gradescope, log
from autograder.reports.write import write

_NOT_APART = "This check could not be made because student code could not be kept apart from the grader. No points are lost."
_NOTICE = (
    "Nothing of this submission was executed: student code cannot be kept apart from the grader here. No points are lost: a person will "
    'look at it. For the staff: {reason} Then run the autograder again; isolation = "none" in gradescope.toml does without, and lets '
    "student code read the checks."
)
_UNISOLATED = 'For the staff: student code was not kept apart from the grader, because gradescope.toml asks for isolation = "none".'


def planned_results(assignment: Assignment, settings: GradescopeSettings) -> str:
    """results.json before anything has been done: what the platform shows if a run ends before it has begun."""
    folder = Path()
    course = Course(
        assignment,
        Settings(folder, isolation=settings.isolation, device="cpu"),
        plan(assignment.checks_folder, tuple(question.number for question in assignment.questions)),
        (),
        "",
        folder,
    )
    checks = score.complete(course.plan, (), outcome=Outcome.NOT_RUN, sentence=UNFINISHED)
    report = not_begun(Rejected("submission", "", "", (), ""), course, checks)
    return gradescope.results(report, finished=False, platform=_platform(folder, settings))


def grade_on_gradescope(root: Path, *, environment: Mapping[str, str]) -> GradeReport:
    """Grade what was handed in below `root`, and write its results.json."""
    settings = load_settings(root / "source" / FILE)
    with tempfile.TemporaryDirectory(prefix="autograder-") as unpacked, tempfile.TemporaryDirectory(prefix="reports-") as out:
        course, problem = _course(root, settings, Path(out), environment)
        item = _handed_in(root, course, Path(unpacked))
        platform = course.settings.platform
        if settings.leaderboard and platform and isinstance(item, Submission):
            platform = replace(platform, leaderboard=leaderboard(item.notebook))
            course = replace(course, settings=replace(course.settings, platform=platform))
        if problem:
            checks = score.complete(course.plan, (), outcome=Outcome.ERROR, sentence=_NOT_APART)
            report = not_begun(item, course, checks, problem=problem)
        else:
            report = _graded(item, course)
        write(report, Path(out) / item.id, platform)
        return report


def _graded(item: Submission | Rejected, course: Course) -> GradeReport:
    """Through the pipeline; what is our own fault leaves every check to a person."""
    with course.kernels(warm=False) as sandbox, ThreadPoolExecutor(1) as worker:
        task = worker.submit(grade_one, item, course, sandbox, lambda _: None, Event())
        error = task.exception()
        return task.result() if error is None else harness_failed(item, course, error)


def get_ready(root: Path, *, environment: Mapping[str, str]) -> str:
    """What can be done while the image is built: stage the data. Returns what there is to say."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        course, problem = _course(root, load_settings(root / "source" / FILE), Path(out), environment)
    ready = f"Data: {course.data_name}, {len(course.plan.checks)} checks planned; ready in {time.perf_counter() - began:.1f} s."
    return f"{ready} While this image is built, isolation is not to be had: {problem}" if problem else ready


def staff_details(report: GradeReport) -> str:
    """Everything that the staff may want to know, for the platform's log of the run, which students do not see."""
    return log.render(report) + "".join(f"flag {flag.id}: {flag.sentence}\n" for flag in report.flags)


def _course(root: Path, settings: GradescopeSettings, out: Path, environment: Mapping[str, str]) -> tuple[Course, str]:
    """The course of a run, and why student code cannot be kept apart, "" if it can."""
    assignment = load(root / "source" / settings.assignment)
    limits = assignment.limits.model_copy(update={"memory_mb": settings.memory_mb})
    # The memory is small: a judge imports torch only when the student's kernel has ended.
    assignment = assignment.model_copy(update={"limits": limits, "judge": Judge()})
    data = root / "source" / "data"
    asked = Settings(
        out=out,
        data=data if data.is_dir() else None,
        budget_seconds=settings.budget_seconds,
        seed=settings.seed,
        isolation=settings.isolation,
        platform=_platform(root / "results" / "results.json", settings),
    )
    cache = root / "cache"
    try:
        return prepare(assignment, asked, environment=environment, cache_folder=cache), ""
    except AssignmentError as error:
        course = prepare(assignment, replace(asked, mode="static"), environment=environment, cache_folder=cache)
        platform = _platform(root / "results" / "results.json", settings, _NOTICE.format(reason=error))
        return replace(course, settings=replace(asked, isolation="not to be had", mode="static", platform=platform)), str(error)


def _platform(results: Path, settings: GradescopeSettings, notice: str = "") -> Platform:
    return Platform(results, settings.hidden_checks.value, notice or (_UNISOLATED if settings.isolation == "none" else ""))


def leaderboard(notebook: Notebook) -> tuple[tuple[str, float], ...]:
    """The last test loss that each question's cells print, as stored: what is run here is smaller."""
    losses = {section.question: printed.last(printed.losses(section), (LossKind.TEST,)) for section in notebook.sections}
    return tuple((f"{question} test loss", loss.value) for question, loss in losses.items() if loss is not None and loss.finite)


def _handed_in(root: Path, course: Course, unpacked: Path) -> Submission | Rejected:
    """The submission with all that the platform recorded of it. The clock is never asked, so that a second run comes to the same."""
    try:
        said = (root / "submission_metadata.json").read_text(encoding="utf-8", errors="replace")
    except OSError:
        said = ""
    submitted = metadata.read(said)
    template = course.assignment.template_path
    questions = prompted(course.assignment.questions, read.cells(template.read_bytes(), {}, name=template.name))
    item = find_one(root / "submission", id=submitted.id, unpack_folder=unpacked, questions=questions)
    possible = sum(spec.points for spec in course.plan.checks) + sum(spec.points for spec in course.plan.manual)
    entry = RosterEntry(due=submitted.due)
    recorded = late.lateness(submitted.received, entry, course.assignment.late, possible=possible)
    return replace(item, student=submitted.student or item.student, received=replace(submitted.received, late=recorded))
