"""The one way through: path, intake, replay, evidence, checks, score, reports.

Only this module knows all stages; `batch` takes many submissions along it. It receives paths and `Settings`, and makes one `GradeReport` of
each submission found. It refuses nothing: what cannot be graded is a `Rejected` row.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from autograder import score
from autograder.assembly import LOST, rejected, report
from autograder.assignment import Assignment
from autograder.beside import NOTHING, Beside
from autograder.beside_process import Request
from autograder.checks.evidence import Evidence
from autograder.checks.judge import SILENCE_SECONDS, JudgeEnded, judge
from autograder.checks.plan import plan
from autograder.checks.plugin import FLAG_FAILED, Judged
from autograder.checks.versions import versions
from autograder.course import Course, Listener, Progress, end_if
from autograder.devices import CUDA, Devices
from autograder.devices import choose as choose_devices
from autograder.errors import AssignmentError
from autograder.executing import as_executed, execute
from autograder.intake import read
from autograder.intake.find import find
from autograder.intake.sections import prompted
from autograder.kernel.chapters import Checkpoints
from autograder.kernel.isolation.choice import choose
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.replay import not_replayed
from autograder.model.execution import Execution
from autograder.model.grading import CheckResult, Flag, GradeReport, ManualItem, Outcome
from autograder.model.settings import Settings
from autograder.model.submission import Rejected, Submission
from autograder.reports.write import write_results

ENGINE = Path(__file__).resolve().parents[1]  # the folder from which the checks import this package
LARGEST_SEED = 2**63 - 1  # what the database and all three generators of random numbers take
UNFINISHED = "This check has not been made yet."
_FULL_SILENCE_SECONDS = 900.0  # of a judge that looks through all of the data
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
    data_folder = data.stage(source, _sizes(assignment, settings.mode), cache_folder)
    probes = assignment.module(assignment.probes).plan(settings.seed, data_folder)
    code = versions(assignment.checks_folder, (assignment.root, ENGINE))
    devices = _devices(settings, environment)
    chosen = replace(settings, isolation=tier, device=devices.kind)
    shared = Course(assignment, chosen, planned, tuple(probes), source.name, data_folder, code, devices, environment=dict(environment))
    return replace(shared, reference=_reference(shared, cache_folder))


def _reference(course: Course, cache_folder: Path) -> Request | None:
    """What is to be trained beside the submissions, if anything."""
    assignment, full = course.assignment, course.assignment.full
    if course.settings.mode != "full" or full is None or not full.figures:
        return None
    return Request(
        root=str(assignment.root),
        module=full.reference,
        figures=full.figures,
        seed=course.settings.seed,
        data=str(course.data_folder),
        device=course.settings.device,
        epochs=full.epochs,
        threads=full.threads,
        cache=str(cache_folder / "reference"),
    )


def _sizes(assignment: Assignment, mode: str) -> Mapping[str, int]:
    if mode != "full":
        return assignment.replay.data
    if assignment.full is None:
        raise AssignmentError("--mode full: the assignment file has no [full]. Add one, or use another mode.")
    return assignment.full.data


def _devices(settings: Settings, environment: Mapping[str, str]) -> Devices:
    """Only full mode computes on a GPU: at a small scale the processor is as fast, and any machine can be held to it."""
    if settings.mode == "full":
        return choose_devices(settings.device, environment)
    if settings.device == CUDA:
        raise AssignmentError(f"--device cuda: {settings.mode} computes on the processor. Use --mode full, or --device auto.")
    return Devices()


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


def gather(
    item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event, checkpoints: Checkpoints | None = None
) -> Evidence:
    """The first half of the way: what the checks of one submission will be given. Full mode keeps what is finished in `checkpoints`."""
    listen(Progress(item.id, "replaying", 0.0))
    execution = execute(item, course, sandbox, listen, cancelled, checkpoints)
    end_if(cancelled)
    return evidence_of(item, execution, course)


def evidence_of(item: Submission, execution: Execution, course: Course, beside: Beside = NOTHING) -> Evidence:
    """What the checks are given of a submission that was executed. In full mode, what it then printed and drew is what it reports."""
    settings = course.settings
    known = Evidence(item, execution, settings.mode, course.data_name, course.data_folder, course.seed_for(item))
    if settings.mode != "full":
        return known
    executed = as_executed(item, execution)
    noted = replace(execution, changes=(*execution.changes, *beside.notes))
    return replace(known, submission=executed, execution=noted, handed_in=item, executed=executed, beside=beside.runs)


def judge_one(evidence: Evidence, course: Course, listen: Listener, cancelled: Event, known: Known | None = None) -> GradeReport:
    """The second half: check results, score and report. results.json is written anew as each check ends."""
    item, execution = evidence.stored, evidence.execution
    known = known or Known()
    listen(Progress(item.id, "checking", 0.9))
    began = time.perf_counter()
    results = [judged for judged in known.judged if isinstance(judged, CheckResult)]
    manual = [judged for judged in known.judged if isinstance(judged, ManualItem)]
    flags = [judged for judged in known.judged if isinstance(judged, Flag)]
    judge_memory, problems = 0.0, "the judge ended early"
    for judged in _judge(evidence, course, known, cancelled):
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


def _judge(evidence: Evidence, course: Course, known: Known, cancelled: Event) -> Iterator[Judged | JudgeEnded]:
    if known.again is not None and not known.again:
        return iter([JudgeEnded(0.0, "")])
    silence = _FULL_SILENCE_SECONDS if course.settings.mode == "full" else SILENCE_SECONDS
    folder, preload = course.assignment.checks_folder, course.assignment.judge.preload
    return judge(evidence, folder, preload=preload, only=known.again, silence_seconds=silence, cancelled=cancelled)


def _so_far(course: Course, results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    return score.complete(course.plan, results, outcome=Outcome.NOT_RUN, sentence=UNFINISHED)
