"""All cases of the corpus, and grading them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from submissions.case import ROOT, Case

from autograder.assignment import load
from autograder.model.grading import GradeReport
from autograder.pipeline import Settings, grade, prepare, submissions

Outcomes = Mapping[str, str]
FILES = (*(f"q{number}_{kind}" for number in (1, 2, 3, 4) for kind in ("correct", "mutants")), "notebook_variants")
JUDGING_CODE = ("autograder", "reference", "tests/checks", "student_template")


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in file order; names are unique."""
    found = tuple(case for file in FILES for case in import_module(f"submissions.{file}").CASES)
    names = [case.name for case in found]
    assert len(set(names)) == len(names), [name for name in set(names) if names.count(name) > 1]
    return found


def graded(
    chosen: Sequence[Case], folder: Path, *, jobs: int, seed: int = 0, cache_folder: Path | None = None
) -> Iterator[tuple[Case, Outcomes]]:
    """Grade cases and yield the outcome of each check of their question; with `cache_folder` unchanged ones are not graded again."""
    code = _code_version()
    waiting: dict[str, tuple[Case, Path | None]] = {}
    for case in chosen:
        content = case.content()
        key = hashlib.sha256(f"{code}{seed}".encode() + content).hexdigest()
        known = cache_folder / f"{key}.json" if cache_folder else None
        if known and known.exists():
            yield case, json.loads(known.read_text(encoding="utf-8"))
            continue
        path = folder / "in" / f"{case.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        waiting[path.name] = (case, known)
    if not waiting:
        return
    settings = Settings(out=folder / "out", jobs=jobs, seed=seed)
    course = prepare(load(ROOT / "reference" / "assignment.toml"), settings, environment={}, cache_folder=folder / "cache")
    paths = [folder / "in" / name for name in waiting]
    for report in grade(submissions(paths, course, folder / "unpacked"), course, listen=lambda step: None):
        case, known = waiting[report.notebook]
        outcomes = _outcomes(report, case)
        if known:
            known.parent.mkdir(parents=True, exist_ok=True)
            known.write_text(json.dumps(outcomes), encoding="utf-8")
        yield case, outcomes


def differences(case: Case, outcomes: Outcomes) -> dict[str, tuple[str, str]]:
    """The checks that came out otherwise than they must: (expected, seen)."""
    return {check: (case.expected(check), seen) for check, seen in outcomes.items() if case.expected(check) != seen}


def _outcomes(report: GradeReport, case: Case) -> Outcomes:
    return {check.spec.id: check.outcome.value for check in report.checks if check.spec.question.startswith(f"{case.question}.")}


@cache
def _code_version() -> str:
    digest = hashlib.sha256()
    for folder in JUDGING_CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()
