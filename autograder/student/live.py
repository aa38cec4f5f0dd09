"""Makes the public checks on the objects of a running notebook.

Receives the notebook's namespace and, where it was saved, its file; yields a `CheckResult` for each public check. The probes are taken in
this very process, with random numbers left as they were.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.checks.ending import check_result
from autograder.checks.evidence import LIVE, Evidence, Student
from autograder.checks.plan import specification
from autograder.checks.verdicts import Verdict
from autograder.checks.vocabulary import Show
from autograder.intake import read
from autograder.kernel.inside.measuring import measure
from autograder.model.execution import Absent, Answer, Ending, Execution, Finding, Raised
from autograder.model.grading import CheckResult, CheckSpec, Outcome, Question
from autograder.model.submission import Notebook, Section, Submission
from autograder.student.recorded import Recorded

SEED = 0
HOMEWORK = Path(__file__).resolve().parents[1] / "homework"


@lru_cache(maxsize=1)
def homework() -> Mapping[str, Any]:
    """What the package says of the homework: its questions, public probes and recorded answers."""
    if str(HOMEWORK) not in sys.path:
        sys.path.append(str(HOMEWORK))
    known: Mapping[str, Any] = json.loads((HOMEWORK / "homework.json").read_text(encoding="utf-8"))
    return known


def questions() -> tuple[Question, ...]:
    return tuple(Question(number, title) for number, title in homework()["questions"])


@lru_cache(maxsize=1)
def public_checks() -> dict[CheckSpec, Callable[..., None]]:
    """The public checks, in the order of the questions."""
    homework()
    found: dict[CheckSpec, Callable[..., None]] = {}
    for path in sorted((HOMEWORK / "checks").glob("q*.py")):
        for value in vars(_imported(path)).values():
            spec = specification(path.stem, value) if callable(value) else None
            if isinstance(spec, CheckSpec):
                found[spec] = value
    return found


def results(namespace: Mapping[str, Any], content: bytes | None = None, *, question: str = "") -> Iterator[CheckResult]:
    """Make the public checks of one question, or of all."""
    reference = Recorded(homework()["answers"])
    for number in dict.fromkeys(spec.question for spec in public_checks()):
        if question in ("", number):
            evidence = gathered(namespace, content, number)
            for spec, function in public_checks().items():
                if spec.question == number:
                    yield _made(spec, function, evidence, reference)


def made(check: str, namespace: Mapping[str, Any], content: bytes | None = None) -> CheckResult:
    """Make one public check."""
    spec, function = next((spec, function) for spec, function in public_checks().items() if spec.id == check)
    return _made(spec, function, gathered(namespace, content, spec.question), Recorded(homework()["answers"]))


def expect(check: str, namespace: Mapping[str, Any]) -> None:
    """Raise the check's sentence unless it passes; what otter-grader calls."""
    result = made(check, namespace, stored())
    if result.outcome is not Outcome.PASSED:
        raise _SAID[result.outcome](result.sentence)


class NotYetRight(Exception):
    """A public check failed."""


class NotDecidedHere(Exception):
    """Whether the work is right can only be told when the notebook is graded."""


_SAID = {Outcome.FAILED: NotYetRight, Outcome.REVIEW: NotDecidedHere, Outcome.NOT_RUN: NotDecidedHere, Outcome.ERROR: NotDecidedHere}


def stored() -> bytes | None:
    """The notebook of the folder as it was last saved, if it is there."""
    path = Path(homework()["notebook"])
    return path.read_bytes() if path.is_file() else None


def gathered(namespace: Mapping[str, Any], content: bytes | None, question: str) -> Evidence:
    """The public probes of a question, taken now, and the notebook as it was last saved."""
    answers: dict[str, Answer] = {}
    with _undisturbed():
        for probe in (Recorded(homework()["answers"]).probe(name) for name in homework()["probes"]):
            if probe.question == question:
                request = {"measurement": probe.measurement, "settings": probe.settings}
                answers[probe.name] = _answer(probe.name, *measure(request, probe.arrays, namespace))
    notebook = Notebook((), tuple(Section(one.number, one.title, ()) for one in questions()))
    if content is not None:
        saved = read.notebook(content, questions(), {}, name="The notebook")
        there = {section.question for section in saved.sections}
        notebook = Notebook(saved.cells, (*saved.sections, *(one for one in notebook.sections if one.question not in there)))
    submission = Submission("", "", "", "", (), notebook, content or b"")
    return Evidence(submission, Execution(Ending.FINISHED, answers=answers), LIVE, "", HOMEWORK, 0)


def _answer(name: str, body: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Answer:
    match body["kind"]:
        case "finding":
            return Finding(name, body["facts"], arrays)
        case "absent":
            return Absent(name, body["sentence"])
    return Raised(name, body["sentence"], body["error"], body["traceback"])


def _made(spec: CheckSpec, function: Callable[..., None], evidence: Evidence, reference: Recorded) -> CheckResult:
    show = Show()
    given = {"evidence": evidence, "student": Student(evidence), "reference": reference, "show": show}
    began = time.perf_counter()
    ending: BaseException | None = None
    try:
        function(**{name: given[name] for name in inspect.signature(function).parameters})
    except Verdict as verdict:
        ending = verdict
    return check_result(spec, ending, show, time.perf_counter() - began)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The student's own random numbers go on afterwards as if nothing had been drawn."""
    import torch

    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        random.seed(SEED)  # so that a check says the same of the same code each time
        np.random.seed(SEED)
        torch.manual_seed(SEED)
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"public_checks_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
