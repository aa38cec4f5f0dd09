"""Points add up, and what cannot be decided waits for a person."""

from __future__ import annotations

import pytest

from autograder import score
from autograder.model.grading import CheckResult, CheckSpec, ManualSpec, Outcome, Plan, Question, Visibility

PLAN = Plan(
    checks=(
        CheckSpec("a.one", "1", "One", 20, Visibility.VISIBLE),
        CheckSpec("a.two", "1", "Two", 30, Visibility.VISIBLE),
        CheckSpec("b.three", "2", "Three", 15, Visibility.HIDDEN),
    ),
    manual=(ManualSpec("b.why", "2", "Why", 40),),
)


def results(*outcomes: Outcome) -> list[CheckResult]:
    return [CheckResult(spec, outcome, "") for spec, outcome in zip(PLAN.checks, outcomes, strict=True)]


def test_only_passed_checks_earn_points() -> None:
    """A failed check and one that was not run earn nothing and stay in what was possible."""
    total = score.total(results(Outcome.PASSED, Outcome.FAILED, Outcome.NOT_RUN), PLAN.manual)
    assert (total.auto_earned, total.auto_possible, total.manual_possible) == (20, 65, 40)


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.ERROR])
def test_undecided_points_go_to_a_person(outcome: Outcome) -> None:
    """A check in review, or one on which we failed, moves its points from automatic to manual and costs nothing."""
    total = score.total(results(Outcome.PASSED, outcome, Outcome.PASSED), PLAN.manual)
    assert (total.auto_earned, total.auto_possible, total.manual_possible) == (35, 35, 70)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_possible_never_depends_on_outcomes(outcome: Outcome) -> None:
    """Automatic and manual points add up to the same total whatever happened."""
    assert score.total(results(outcome, outcome, outcome), PLAN.manual).possible == 105


def test_questions_are_scored_apart() -> None:
    """Each question has its own score, one without points included."""
    scores = score.by_question(results(Outcome.PASSED, Outcome.PASSED, Outcome.FAILED), PLAN.manual, [Question(n, "") for n in "123"])
    assert {number: (one.auto_earned, one.possible) for number, one in scores.items()} == {"1": (50, 50), "2": (0, 55), "3": (0, 0)}


def test_every_planned_check_has_a_result() -> None:
    """Checks that never reported are filled in, in the plan's order."""
    third = CheckResult(PLAN.checks[2], Outcome.PASSED, "fine")
    completed = score.complete(PLAN, [third], outcome=Outcome.ERROR, sentence="lost")
    assert [(result.spec.id, result.outcome) for result in completed] == [
        ("a.one", Outcome.ERROR),
        ("a.two", Outcome.ERROR),
        ("b.three", Outcome.PASSED),
    ]
