"""Lists the checks of an assignment before anything runs, so that what can be earned never depends on what ran."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.checks.vocabulary import MARK, CheckMark, ManualMark, title
from autograder.errors import AssignmentError
from autograder.model.grading import CheckSpec, ManualSpec, Plan

PREFIXES = ("check_", "answer_", "flag_")


def identity(module: str, function: str) -> str:
    """The id of a check: its module's name and its own, without the prefix."""
    prefix = next((prefix for prefix in PREFIXES if function.startswith(prefix)), "")
    return f"{module}.{function.removeprefix(prefix)}"


def specification(module: str, function: Callable[..., object]) -> CheckSpec | ManualSpec | None:
    """What a marked function promises; None for one that is not marked, or a flag."""
    mark = getattr(function, MARK, None)
    name = identity(module, function.__name__)
    if isinstance(mark, CheckMark):
        return CheckSpec(name, mark.question, title(function), mark.points, mark.visibility, mark.evidence)
    if isinstance(mark, ManualMark):
        return ManualSpec(name, mark.question, title(function), mark.points)
    return None


def plan(folder: Path, questions: tuple[str, ...]) -> Plan:
    """Read the checks in `folder`; an AssignmentError names the file whose check asks an unknown question or cannot be imported."""
    checks: list[CheckSpec] = []
    manual: list[ManualSpec] = []
    for path in sorted(folder.glob("*.py")):
        if path.stem == "conftest":
            continue
        for function in _functions(path):
            spec = specification(path.stem, function)
            if spec is None:
                continue
            if spec.question not in questions:
                raise AssignmentError(f"{path}: {function.__name__}: question {spec.question!r} is not a section of the assignment.")
            if isinstance(spec, CheckSpec):
                checks.append(spec)
            else:
                manual.append(spec)
    return Plan(tuple(checks), tuple(manual))


def public(folder: Path) -> tuple[CheckSpec, ...]:
    """The checks that students are given, in file and source order."""
    marked = [
        (function, specification(path.stem, function))
        for path in sorted(folder.glob("*.py"))
        if path.stem != "conftest"
        for function in _functions(path)
    ]
    return tuple(spec for function, spec in marked if isinstance(spec, CheckSpec) and getattr(function, MARK).public)


def _functions(path: Path) -> Iterator[Callable[..., object]]:
    name = f"planned_checks_{path.stem}"
    module_spec = importlib.util.spec_from_file_location(name, path)
    if module_spec is None or module_spec.loader is None:
        raise AssignmentError(f"{path}: not a Python file that can be imported.")
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[name] = module
    try:
        module_spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as error:
        raise AssignmentError(f"{path}: cannot be imported: {error}") from error
    for attribute, value in vars(module).items():
        if attribute.startswith(PREFIXES) and callable(value) and getattr(value, "__module__", "") == name:
            yield value
