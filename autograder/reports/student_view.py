"""What a student may see of a report. Renderings for students get this report, so that none of them can show more."""

from __future__ import annotations

import dataclasses

from autograder.model.grading import CheckResult, CheckSpec, Flag, GradeReport, Outcome, Status, Visibility

HIDDEN_TITLE = "A hidden check"
HIDDEN_SENTENCE = "What this check looks at is known to the staff only."
OUR_FAULT = "The grader itself failed on a part of this submission. A person will look at it."
OUR_FLAGS = frozenset({"flag_failed"})  # these tell of the grader's own faults, in its own words


def for_student(report: GradeReport) -> GradeReport:
    """The report without details, hidden exhibits, tracebacks and log; of hidden checks only the outcome and the points are left."""
    names = {check.spec.id: _name(number) for number, check in enumerate(report.checks) if _is_hidden(check)}
    return dataclasses.replace(
        report,
        reason=OUR_FAULT if report.status is Status.NEEDS_REVIEW else report.reason,  # ours names checks, hidden ones too
        checks=tuple(_hidden(check, number) if _is_hidden(check) else _open(check) for number, check in enumerate(report.checks)),
        flags=tuple(Flag(flag.id, flag.sentence, flag.cell) for flag in report.flags if flag.id not in OUR_FLAGS),
        cells=(),
        log=(),
        replayed_notebook=b"",
        marks={names.get(id, id): mark for id, mark in report.marks.items()},
    )


def _name(number: int) -> str:
    return f"hidden.{number}"


def _is_hidden(check: CheckResult) -> bool:
    return check.spec.visibility is Visibility.HIDDEN


def _open(check: CheckResult) -> CheckResult:
    shown = tuple(exhibit for exhibit in check.exhibits if not exhibit.hidden)
    return dataclasses.replace(check, detail="", exhibits=shown)


def _hidden(check: CheckResult, number: int) -> CheckResult:
    spec = CheckSpec(_name(number), check.spec.question, HIDDEN_TITLE, check.spec.points, Visibility.HIDDEN, check.spec.evidence)
    sentence = HIDDEN_TITLE if check.outcome is Outcome.PASSED else HIDDEN_SENTENCE
    return CheckResult(spec, check.outcome, sentence)
