"""What grading said of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from submissions.case import STORED_OUTPUT_FLAGS, Case

from autograder.model.grading import GradeReport


@dataclass(frozen=True)
class Verdicts:
    """Of the checks of the case's own question by id: outcome, sentence, seconds of CPU time. `flags` has the sentences of those that tell
    of outputs that the code cannot have produced. `probe_seconds` are wall seconds of all probes together.
    """

    outcomes: Mapping[str, str]
    sentences: Mapping[str, str]
    seconds: Mapping[str, float]
    flags: Mapping[str, str]
    probe_seconds: float = 0.0


def verdicts(report: GradeReport, case: Case) -> Verdicts:
    checks = [check for check in report.checks if check.spec.question.startswith(f"{case.question}.")]
    return Verdicts(
        {check.spec.id: check.outcome.value for check in checks},
        {check.spec.id: check.sentence for check in checks},
        {check.spec.id: round(check.seconds, 3) for check in checks},
        {flag.id: flag.sentence for flag in report.flags if flag.id in STORED_OUTPUT_FLAGS},
        round(report.seconds.get("probes", 0.0), 3),
    )


def differences(case: Case, said: Verdicts) -> dict[str, tuple[str, str]]:
    """The checks that came out otherwise than they must, and the flags that must be raised or must not: (expected, seen)."""
    wrong = {check: (case.expected(check), seen) for check, seen in said.outcomes.items() if case.expected(check) != seen}
    if not (case.is_correct or case.flags):
        return wrong  # a mutant may have kept the outputs of the solution
    missed = dict.fromkeys((f"flag {flag}" for flag in case.flags if flag not in said.flags), ("raised", "not raised"))
    false = dict.fromkeys((f"flag {flag}" for flag in said.flags if flag not in case.flags), ("not raised", "raised"))
    return wrong | missed | false
