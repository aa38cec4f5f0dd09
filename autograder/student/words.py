"""How the checks and the rules are told to students: a line each."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.model.grading import CheckResult, Outcome
from autograder.student.checklist import Rule

_MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "NO", Outcome.REVIEW: "??", Outcome.NOT_RUN: "??", Outcome.ERROR: "??"}


def line(result: CheckResult) -> str:
    """A public check's verdict."""
    return f"{_MARKS[result.outcome]}  {result.spec.question}  {result.sentence}"


def told(rules: Iterable[Rule]) -> str:
    """The checklist."""
    lines = ["Before you hand in, as the notebook was last saved:"]
    for rule in rules:
        lines += [f"NO  {sentence}" for sentence in rule.broken] or [f"ok  {rule.sentence}"]
    return "\n".join(lines)
