"""The one way through: path, intake, replay, evidence, checks, score, reports.

Only this module knows all stages; `batch` takes many submissions along it. It receives paths and `Settings`, and makes one `GradeReport` of
each submission found. It refuses nothing: what cannot be graded is a `Rejected` row.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from autograder import score
from autograder.assembly import LOST, rejected, report
from autograder.assignment import Assignment
from autograder.checks.evidence import Evidence
from autograder.checks.judge import JudgeEnded, judge
from autograder.checks.plan import plan
from autograder.checks.plugin import FLAG_FAILED, Judged
from autograder.checks.versions import versions
from autograder.course import Course, Listener, Progress
from autograder.errors import AssignmentError
from autograder.intake import read
from autograder.intake.find import find
from autograder.intake.sections import prompted
from autograder.kernel.isolation.choice import choose
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.replay import ReplaySettings, not_replayed, replay
from autograder.model.execution import Execution
from autograder.model.grading import CheckResult, Flag, GradeReport, ManualItem, Outcome
from autograder.model.settings import Settings
from autograder.model.submission import Rejected, Submission
from autograder.reports.write import write_results

ENGINE = Path(__file__).resolve().parents[1]  # the folder from which the checks import this package
LARGEST_SEED = 2**63 - 1  # what the database and all three generators of random numbers take
UNFINISHED = "This check has not been made yet."
ENDED_EARLY = "The grader could not look at everything that is flagged: {}."


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What an earlier run found out of a submission and what is still true; `again` names the functions to run, None means all."""

    judged: tuple[Judged, ...] = ()
    again: frozenset[str] | None = None


def prepare(assignment: Assignment, settings: Settings, *, environment: Mapping[str, str], cache_folder: Path) -> Course:
    """Plan the checks, stage the data, choose the isolation; an AssignmentError says what is wrong before any submission is touched."""
    if not 0 <= settings.seed <= LARGEST_SEED:
        raise AssignmentError(f"--seed {settings.seed}: a seed is a whole number from 0 to {LARGEST_SEED}. Give another one.")
    tier = "none" if settings.mode == "static" else choose(settings.isolation, (*assignment.hidden_folders, settings.out))
    planned = plan(assignment.checks_folder, tuple(question.number for question in assignment.questions))
    data = assignment.module(assignment.data)
    source = data.find(settings.data, environment)
    data_folder = data.stage(source, assignment.replay.data, cache_folder)
    probes = assignment.module(assignment.probes).plan(settings.seed, data_folder)
    code = versions(assignment.checks_folder, (assignment.root, ENGINE))
    return Course(assignment, replace(settings, isolation=tier), planned, tuple(probes), source.name, data_folder, code)


def submissions(paths: Sequence[Path], course: Course, unpack_folder: Path) -> tuple[Submission | Rejected, ...]:
    """Everything handed in at `paths`."""
    template = course.assignment.template_path
    questions = prompted(course.assignment.questions, read.cells(template.read_bytes(), {}, name=template.name))
    return find(paths, unpack_folder=unpack_folder, questions=questions, without=course.settings.out)


def grade_one(item: Submission | Rejected, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> GradeReport:
    """The whole way for one submission. Raises only what is our own fault, and `CancelledError` soon after `cancelled` is set."""
    if isinstance(item, Rejected):
        return rejected(item, course)
    announce(item, course)
    evidence = gather(item, course, sandbox, listen, cancelled)
    return judge_one(evidence, course, listen, cancelled)


def announce(item: Submission, course: Course) -> None:
    """Write the results.json of a submission on which nothing has been done yet."""
    write_results(
        report(item, course, not_replayed(item), _so_far(course, ()), (), (), {}), course.settings.out / item.id, course.settings.platform
    )


def gather(item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event) -> Evidence:
    """The first half of the way: what the checks of one submission will be given."""
    listen(Progress(item.id, "replaying", 0.0))
    execution = _replay(item, course, sandbox, listen, cancelled)
    end_if(cancelled)
    return evidence_of(item, execution, course)


def evidence_of(item: Submission, execution: Execution, course: Course) -> Evidence:
    """What the checks are given of a submission that was replayed."""
    settings = course.settings
    return Evidence(item, execution, settings.mode, course.data_name, course.data_folder, settings.seed)


def judge_one(evidence: Evidence, course: Course, listen: Listener, cancelled: Event, known: Known | None = None) -> GradeReport:
    """The second half: check results, score and report. results.json is written anew as each check ends."""
    item, execution = evidence.submission, evidence.execution
    known = known or Known()
    listen(Progress(item.id, "checking", 0.9))
    began = time.perf_counter()
    results = [judged for judged in known.judged if isinstance(judged, CheckResult)]
    manual = [judged for judged in known.judged if isinstance(judged, ManualItem)]
    flags = [judged for judged in known.judged if isinstance(judged, Flag)]
    judge_memory, problems = 0.0, "the judge ended early"
    for judged in _judge(evidence, course, known):
        end_if(cancelled)
        listen(Progress(item.id, "checking", 0.9 + 0.1 * len(results) / max(len(course.plan.checks), 1)))
        match judged:
            case CheckResult():
                results.append(judged)
                write_results(
                    report(item, course, execution, _so_far(course, results), manual, flags, {}),
                    course.settings.out / item.id,
                    course.settings.platform,
                )
            case ManualItem():
                manual.append(judged)
            case Flag():
                flags.append(judged)
            case JudgeEnded(peak, said):
                judge_memory, problems = peak, said
    end_if(cancelled)
    if problems:
        flags.append(Flag(FLAG_FAILED, ENDED_EARLY.format(problems.splitlines()[-1][:200].rstrip("."))))
    order = {name: place for place, name in enumerate(course.code)}
    flags.sort(key=lambda flag: order.get(flag.source, len(order)))
    checks = score.complete(course.plan, results, outcome=Outcome.ERROR, sentence=LOST)
    seconds = {**execution.seconds, "checks": time.perf_counter() - began}
    seconds["total"] = sum(seconds.values())
    listen(Progress(item.id, "done", 1.0))
    return report(item, course, execution, checks, manual, flags, seconds, memory=judge_memory, log=tuple(problems.splitlines()))


def _judge(evidence: Evidence, course: Course, known: Known) -> Iterator[Judged | JudgeEnded]:
    if known.again is not None and not known.again:
        return iter([JudgeEnded(0.0, "")])
    return judge(evidence, course.assignment.checks_folder, preload=course.assignment.judge.preload, only=known.again)


def end_if(cancelled: Event) -> None:
    """Raise `CancelledError` once the work on a submission is given up."""
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
