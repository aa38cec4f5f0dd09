"""All cases of the corpus, and grading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Event

from submissions.case import ROOT, Case
from submissions.kept import Kept
from submissions.verdicts import Verdicts, verdicts

from autograder.assignment import load
from autograder.checks.judge import warm
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.model.submission import Rejected, Submission
from autograder.pipeline import Course, Progress, Settings, evidence_of, gather, grade_one, judge_one, prepare, submissions

FILES = (*(f"q{number}_{kind}" for number in (1, 2, 3, 4) for kind in ("correct", "mutants")), "notebook_variants")


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in file order; names are unique."""
    found = tuple(case for file in FILES for case in import_module(f"submissions.{file}").CASES)
    names = [case.name for case in found]
    assert len(set(names)) == len(names), [name for name in set(names) if names.count(name) > 1]
    return found


def graded(
    chosen: Sequence[Case], folder: Path, *, jobs: int, seed: int = 0, cache_folder: Path | None = None
) -> Iterator[tuple[Case, Verdicts]]:
    """Grade cases and yield what was said of each, as they are done.

    With `cache_folder`, a case is not judged again while it and all code are the same, and not replayed again while its cells and all that
    a replay depends on are the same: after a change of the checks, cases are judged from the evidence of an earlier run.
    """
    settings = Settings(out=folder / "out", jobs=jobs, seed=seed)
    course = prepare(load(ROOT / "reference" / "assignment.toml"), settings, environment={}, cache_folder=folder / "cache")
    warm(course.assignment.judge.preload)
    kept = Kept(cache_folder, course) if cache_folder else None
    for case in chosen:
        path = folder / "in" / f"{case.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.content())
    paths = [folder / "in" / f"{case.name}.ipynb" for case in chosen]
    found = {item.notebook_name: item for item in submissions(paths, course, folder / "unpacked")}
    with course.kernels(warm=True) as sandbox, ThreadPoolExecutor(jobs) as pool:
        tasks = {pool.submit(_graded, case, found[f"{case.name}.ipynb"], course, sandbox, kept): case for case in chosen}
        try:
            for task in as_completed(tasks):
                yield tasks[task], task.result()
        finally:
            for task in tasks:
                task.cancel()


def _graded(case: Case, item: Submission | Rejected, course: Course, sandbox: Sandbox, kept: Kept | None) -> Verdicts:
    if isinstance(item, Rejected):
        return verdicts(grade_one(item, course, sandbox, _silent, Event()), case)
    if kept and (known := kept.verdicts(item)):
        return known
    execution = kept.execution(item) if kept else None
    if execution is None:
        evidence = gather(item, course, sandbox, _silent, Event())
        if kept:
            kept.keep_execution(item, evidence.execution)
    else:
        evidence = evidence_of(item, execution, course)
    said = verdicts(judge_one(evidence, course, _silent, Event()), case)
    if kept:
        kept.keep_verdicts(item, said)
    return said


def _silent(step: Progress) -> None:
    pass
