"""Runs checks under pytest: gives them their fixtures and turns how they end into results.

pytest's assertion rewriting and its reports are not used: only `require` fails a student, and every other exception is ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeAlias

import pytest

from autograder.checks.ending import check_result
from autograder.checks.evidence import Evidence, Student
from autograder.checks.plan import identity, specification
from autograder.checks.verdicts import Verdict
from autograder.checks.vocabulary import Show
from autograder.model.grading import CheckResult, CheckSpec, Flag, ManualItem, ManualSpec

Judged: TypeAlias = CheckResult | ManualItem | Flag
FLAG_FAILED = "flag_failed"


class JudgePlugin:
    """Sends one `Judged` for each check, answer and flag; of the functions named in `only`, where there is such a set."""

    def __init__(self, evidence: Evidence, send: Callable[[Judged], None], only: frozenset[str] | None = None) -> None:
        self._evidence = evidence
        self._send = send
        self._only = only
        self._started = 0.0

    @pytest.fixture
    def evidence(self, request: pytest.FixtureRequest) -> Evidence:
        return self._evidence.as_handed_in() if request.function.__name__.startswith("flag_") else self._evidence

    @pytest.fixture
    def student(self) -> Student:
        return Student(self._evidence)

    @pytest.fixture
    def show(self) -> Show:
        return Show()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._only is not None:
            items[:] = [item for item in items if identity(item.path.stem, item.name) in self._only]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._started = time.process_time()

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        names = pyfuncitem._fixtureinfo.argnames
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        try:
            returned = pyfuncitem.obj(**arguments)
            ending: BaseException | None = None
        except Exception as error:  # noqa: BLE001 - whatever else a check raises is ours, and must not cost the student the other checks
            returned, ending = None, error
        show = arguments.get("show")
        self._report(pyfuncitem, returned, ending, show if isinstance(show, Show) else Show())
        ending = None  # its traceback leads back here: what the check held would stay until somebody looked for garbage
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        if call.when == "setup" and call.excinfo is not None and isinstance(item, pytest.Function):
            self._report(item, None, call.excinfo.value, Show())
        return (yield)

    def _report(self, item: pytest.Function, returned: object, ending: BaseException | None, show: Show) -> None:
        spec = specification(item.path.stem, item.obj)
        name = identity(item.path.stem, item.name)
        seconds = time.process_time() - self._started
        match spec:
            case CheckSpec():
                self._send(check_result(spec, ending, show, seconds))
            case ManualSpec():
                answer = returned.strip() if isinstance(returned, str) else ""
                self._send(ManualItem(spec, bool(answer), answer))
            case None if ending is not None and not isinstance(ending, Verdict):
                self._send(Flag(FLAG_FAILED, f"The grader could not look for '{item.name}': {type(ending).__name__}: {ending}", None, name))
            case None:
                for flag in returned if isinstance(returned, tuple) else ():
                    self._send(replace(flag, source=name))
