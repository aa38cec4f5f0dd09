"""Turns how a check ended into its result."""

from __future__ import annotations

import traceback

from autograder.checks.verdicts import CheckFailed, NotRun, Undecided, Verdict
from autograder.checks.vocabulary import Show
from autograder.model.grading import CheckResult, CheckSpec, Outcome

OURS = "This check could not be made because the grader itself failed. No points are lost: a person will look at it."
OUTCOMES: dict[type[Verdict], Outcome] = {
    CheckFailed: Outcome.FAILED,
    Undecided: Outcome.REVIEW,
    NotRun: Outcome.NOT_RUN,
}


def check_result(spec: CheckSpec, ending: BaseException | None, show: Show, seconds: float) -> CheckResult:
    """Passed without an exception, the outcome of a verdict, and our own error for any other exception."""
    exhibits = tuple(show.exhibits)
    if ending is None:
        return CheckResult(spec, Outcome.PASSED, spec.title, exhibits=exhibits, seconds=seconds)
    if isinstance(ending, Verdict):
        return CheckResult(spec, OUTCOMES[type(ending)], ending.sentence, ending.detail, exhibits, seconds)
    detail = "".join(traceback.format_exception(ending))
    return CheckResult(spec, Outcome.ERROR, OURS, detail, exhibits, seconds)
