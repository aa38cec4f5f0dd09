"""Grades many submissions: what has not changed comes from the store, the rest is done on several threads, and each grade is kept at once.

Receives paths and `Settings`; yields a `GradeReport` for every submission found, and leaves the results folder complete: pages, grades.db,
grades.csv and marks.csv. A grade is on disk before it is yielded, so whatever ends the run, the next one goes on from there. Raises
`SubmissionError` where nothing is found, `AssignmentError` for broken assignment files and settings.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import MappingProxyType

from autograder.assembly import as_kept, harness_failed, rejected
from autograder.assignment import load
from autograder.beside import NOTHING, ReferenceTraining
from autograder.checks.judge import warm
from autograder.course import Begun, Course, HandedBack, Listener, Progress, end_if
from autograder.destination import make_folder, refuse_into, refuse_over
from autograder.errors import AssignmentError, SubmissionError
from autograder.handback import hand_back, judged, refuse_other_column
from autograder.handback import prepare as read_course_files
from autograder.kernel.isolation.leavings import owned_prefix
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.replay import not_replayed
from autograder.marking import settle, take_over
from autograder.model.execution import Execution, Json
from autograder.model.grading import GradeReport
from autograder.model.history import Basis, Graded, RunRecord
from autograder.model.settings import Settings
from autograder.model.submission import Rejected, Submission
from autograder.pipeline import Known, announce, evidence_of, gather, judge_one, prepare, submissions
from autograder.reports.write import REPLAYED, is_of_a_run, write, write_table
from autograder.resume import Task, Versions, still_true
from autograder.store import DATABASE, Chapters, EvidenceFolder, Store, sole_writer
from autograder.workers import Pulse, work

HOMEWORK = Path(__file__).resolve().parents[1] / "reference" / "assignment.toml"
GRACE_SECONDS = 90  # over the budget: for a judge that is silent for as long as it may be, and for ending processes
_PATHS = ("data", "roster", "fill_canvas")
_NO_ENVIRONMENT: Mapping[str, str] = MappingProxyType({})


def grade(
    paths: Sequence[Path | str],
    settings: Settings,
    *,
    assignment: Path = HOMEWORK,
    environment: Mapping[str, str] = _NO_ENVIRONMENT,
    cache_folder: Path | None = None,
    listen: Listener = lambda event: None,
) -> Iterator[GradeReport]:
    """Grade what lies at `paths` and yield its reports as they are done; `listen` is told how far each is, from any thread.

    Reports of submissions that have not changed since an earlier run into the same folder come first, without figures, outputs and the
    replayed notebook. `environment` may name the data sets' folder, `cache_folder` is where staged data and downloads are kept.
    """
    places = [Path(path).resolve() for path in paths]
    cache = cache_folder or Path.home() / ".cache" / "autograder"
    description = load(assignment)
    given = read_course_files(
        description,
        roster_path=settings.roster,
        late=settings.late,
        gradebook_path=settings.fill_canvas,
        column=settings.canvas_column,
        whole=settings.canvas_whole,
    )
    make_folder(settings.out)
    course = prepare(description, settings, environment=environment, cache_folder=cache)
    refuse_other_column(given, course.plan)
    with tempfile.TemporaryDirectory(prefix=owned_prefix()) as unpacked:
        found = tuple(judged(item, given, course.plan) for item in submissions(places, course, Path(unpacked)))
        wanted = [item for item in found if not settings.only or item.id in settings.only]
        unknown = [id for id in settings.only if id not in {item.id for item in found}]
        if unknown or not found:
            raise SubmissionError(_not_found(unknown, [item.id for item in found], paths))
        refuse_into(settings.out, [item.id for item in wanted], places)
        if not (settings.out / DATABASE).is_file():
            refuse_over(settings.out, [item.id for item in wanted if not is_of_a_run(settings.out / item.id)])
        undone = yield from grade_found(found, course, listen=listen, paths=places, assignment=assignment)
        with Store(settings.out) as store:
            reports = [graded.report for graded in store.newest()]
            earlier = store.runs()[1:]
        listen(HandedBack(hand_back(found, reports, description, given, settings.out, undone, earlier), undone))


def grade_found(
    found: Sequence[Submission | Rejected], course: Course, *, listen: Listener, paths: Sequence[Path] = (), assignment: Path = HOMEWORK
) -> Generator[GradeReport, None, tuple[str, ...]]:
    """Grade submissions that were found already; the settings say which of them. Returns what a person has to do about marks.csv."""
    settings = course.settings
    make_folder(settings.out)
    with sole_writer(settings.out), Store(settings.out) as store:
        versions = Versions(course)
        marked = take_over(store, settings.out)
        standing = store.standing()
        wanted = [item for item in found if not settings.only or item.id in settings.only]
        run = store.begin_run(
            course.run,
            paths=[str(path) for path in paths],
            settings=_kept_settings(settings, assignment),
            versions=versions.parts,
            found=[(item.id, item.student) for item in found],
        )
        try:
            tasks = [versions.task(item, standing.get(item.id), wholly=not settings.resume) for item in wanted]
            listen(Begun(len(tasks), sum(task.unchanged for task in tasks), course.run))
            yield from (task.kept.report for task in tasks if task.unchanged and task.kept)
            batch = _Batch(course, store, run, listen)
            yield from batch.reports([task for task in tasks if not task.unchanged])
            settled = settle(store, settings.out)
            outdated = settled.marked | (marked - {item.id for item in wanted})
            for item in found:
                if item.id in outdated and (graded := store.newest_of(item.id)):
                    batch.show(item, graded, pages=versions.task(item, graded, wholly=False).pages)
            store.end_run(run)
            return settled.sentences
        finally:  # an interrupted run keeps the rows of what was finished
            write_table((graded.report for graded in store.newest()), course.assignment.questions, settings.out)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the tasks of one run share."""

    course: Course
    store: Store
    run: int
    listen: Listener

    def reports(self, tasks: Sequence[Task]) -> Iterator[GradeReport]:
        """Do what is left to do, in the order in which the submissions were found."""
        if not tasks:
            return
        course = self.course
        judged = [task for task in tasks if task.again]
        if judged:
            warm(course.assignment.judge.preload)
        budget = course.settings.budget_seconds or course.assignment.budget_seconds(course.settings.mode)
        with (
            course.kernels(warm=sum(not self._is_replayed(task) for task in judged) > 1) as sandbox,
            self._reference() if judged else nullcontext() as reference,
        ):
            jobs: list[Callable[[Pulse], GradeReport]] = [partial(self._graded, task, sandbox, reference) for task in tasks]
            for ended in work(jobs, threads=course.settings.jobs, silence_seconds=budget + GRACE_SECONDS):
                if ended.result is not None:
                    yield ended.result
                elif ended.error is not None:
                    task = tasks[ended.number]
                    yield self._kept(harness_failed(task.item, course, ended.error), task.without_results())

    def _reference(self) -> AbstractContextManager[ReferenceTraining | None]:
        """What the assignment has trained beside the submissions."""
        course = self.course
        if course.reference is None:
            return nullcontext()
        return ReferenceTraining(
            course.reference, course.devices, course.environment, lambda stage, share: self.listen(Progress("reference", stage, share))
        )

    def _graded(self, task: Task, sandbox: Sandbox, reference: ReferenceTraining | None, pulse: Pulse) -> GradeReport:
        """What is left to do for one submission, in a thread of its own."""
        item, course = task.item, self.course

        def listen(event: Progress | Begun | HandedBack) -> None:
            pulse.beat()
            self.listen(event)

        end_if(pulse.cancelled)
        self.store.touch(item.id)
        if isinstance(item, Rejected):
            return self._kept(rejected(item, course), task.without_results())
        again = task.again
        execution = self._execution(task)
        if execution is None and task.kept and not again:  # nothing but the pages is out of date
            full = self.store.newest_of(item.id)
            replayed = course.settings.out / item.id / REPLAYED
            if full and replayed.is_file():
                return self._kept(as_kept(item, full.report, replayed.read_bytes()), task.basis(full.report, again, self.run))
        if execution is None:
            again = frozenset(task.wanted)
            announce(item, course)
            chapters = Chapters(course.settings.out, item.id, task.chapters, resume=course.settings.resume)
            execution = gather(item, course, sandbox, listen, pulse.cancelled, chapters).execution
            EvidenceFolder(course.settings.out).keep(item.id, execution, task.evidence)
            chapters.clear()
            pulse.beat()
        kept = self.store.newest_of(item.id) if again != frozenset(task.wanted) else None
        known = Known(still_true(task, kept), again) if kept else None
        beside = reference.result(partial(_wait, item, listen, pulse)) if reference and again else NOTHING
        report = judge_one(evidence_of(item, execution, course, beside), course, listen, pulse.cancelled, known)
        end_if(pulse.cancelled)
        return self._kept(report, task.basis(report, again, self.run))

    def _execution(self, task: Task) -> Execution | None:
        """How the submission was replayed by an earlier run, unless something has changed since or all is to be done again."""
        if self.course.settings.mode == "static" and isinstance(task.item, Submission):
            return not_replayed(task.item)
        return EvidenceFolder(self.course.settings.out).read(task.item.id, task.evidence) if self.course.settings.resume else None

    def _is_replayed(self, task: Task) -> bool:
        """Whether nothing is likely to be executed, told without reading what an earlier run has kept."""
        settings = self.course.settings
        return settings.mode == "static" or (bool(task.kept) and EvidenceFolder(settings.out).holds(task.item.id))

    def show(self, item: Submission | Rejected, graded: Graded, *, pages: str) -> None:
        """Write the pages of a grade that stands anew, for marks that were given since."""
        report, replayed = graded.report, self.course.settings.out / item.id / REPLAYED
        self.store.touch(item.id)
        if isinstance(item, Submission) and replayed.is_file():
            report = as_kept(item, report, replayed.read_bytes())
        self._kept(report, replace(graded.basis, pages=pages))

    def _kept(self, report: GradeReport, basis: Basis) -> GradeReport:
        marked = replace(report, marks=self.store.marks(report.id))
        write(marked, self.course.settings.out / report.id)
        self.store.keep(self.run, marked, basis)
        return marked


def _not_found(unknown: Sequence[str], ids: Sequence[str], paths: Sequence[Path | str]) -> str:
    where = ", ".join(map(str, paths))
    if not unknown:
        return f"No submission was found in {where}. Check the paths."
    close = dict.fromkeys(id for name in unknown for id in get_close_matches(name, ids, n=1))
    meant = f"Is {' or '.join(close)} meant? " if close else ""
    return f"No submission with the id {', '.join(unknown)} was found in {where}, so nothing was graded. {meant}Check the ids."


def _wait(item: Submission, listen: Listener, pulse: Pulse, stage: str) -> None:
    end_if(pulse.cancelled)
    listen(Progress(item.id, f"waiting for the reference: {stage}", 0.9))


def latest_run(out: Path) -> RunRecord:
    """The latest run into a results folder; AssignmentError where there was none."""
    if not (out / DATABASE).is_file():
        raise AssignmentError(f"{out}: holds no {DATABASE}, so nothing was graded into it. Name the folder of an earlier run's results.")
    with Store(out) as store:
        latest = next(iter(store.runs()), None)
    if latest is None or not latest.paths:
        raise AssignmentError(f"{out}: no run into it is on record. Use grade.")
    return latest


def places_of(record: RunRecord, moved: Sequence[Path]) -> tuple[Path, ...]:
    """Where the submissions of an earlier run lie, or where they were `moved`; AssignmentError where they are no longer there."""
    paths = tuple(moved) or tuple(map(Path, record.paths))
    gone = next((path for path in paths if not path.exists()), None)
    if gone is not None:
        said = "there is no such file or folder" if moved else "the submissions were graded from here, and nothing is here any more"
        raise AssignmentError(f"{gone}: {said}. Say where they are now with --at PATH; what did not change is not graded again.")
    return paths


def restored(record: RunRecord, out: Path) -> tuple[Settings, Path]:
    """The settings of an earlier run into `out`, and its assignment file."""
    kept, run = record.settings, record.run
    paths = {name: Path(str(kept[name])) if kept[name] else None for name in _PATHS}
    budget = kept["budget_seconds"]
    settings = Settings(
        out=out,
        mode=run.mode,
        data=paths["data"],
        budget_seconds=budget if isinstance(budget, int) else None,
        seed=run.seed,
        isolation=run.isolation,
        device=run.device,
        roster=paths["roster"],
        late=str(kept["late"]),
        fill_canvas=paths["fill_canvas"],
        canvas_column=str(kept["canvas_column"]),
        canvas_whole=bool(kept.get("canvas_whole")),
    )
    return settings, Path(str(kept["assignment"]))


def _kept_settings(settings: Settings, assignment: Path) -> dict[str, Json]:
    """What `restored` needs besides the run's own columns."""
    paths: dict[str, Path | None] = {name: getattr(settings, name) for name in _PATHS}
    return {
        "assignment": str(assignment.resolve()),
        "budget_seconds": settings.budget_seconds,
        "late": settings.late,
        "canvas_column": settings.canvas_column,
        "canvas_whole": settings.canvas_whole,
        **{name: str(path.resolve()) if path else None for name, path in paths.items()},
    }
