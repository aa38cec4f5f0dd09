"""Adds up points: per question and in all. Integers in hundredths of a point, so that sums are exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.model.grading import CheckResult, CheckSpec, ManualSpec, Outcome, Plan, Question, Score


def total(results: Iterable[CheckResult], manual: Iterable[ManualSpec]) -> Score:
    """The score of these checks and marks; points of checks left to a person count as waiting for one."""
    results = tuple(results)
    left = sum(result.spec.points for result in results if result.outcome.is_left_to_a_person)
    return Score(
        auto_earned=sum(result.earned for result in results),
        auto_possible=sum(result.spec.points for result in results) - left,
        manual_possible=sum(spec.points for spec in manual) + left,
    )


def by_question(results: Sequence[CheckResult], manual: Sequence[ManualSpec], questions: Iterable[Question]) -> dict[str, Score]:
    """The score of each question, in the assignment's order, questions without points included."""
    return {
        question.number: total(
            [result for result in results if result.spec.question == question.number],
            [spec for spec in manual if spec.question == question.number],
        )
        for question in questions
    }


def complete(plan: Plan, results: Iterable[CheckResult], *, outcome: Outcome, sentence: str) -> tuple[CheckResult, ...]:
    """One result for every planned check, in the plan's order; those without one get `outcome` and `sentence`."""
    found = {result.spec.id: result for result in results}

    def result(spec: CheckSpec) -> CheckResult:
        return found.get(spec.id) or CheckResult(spec, outcome, sentence)

    return tuple(result(spec) for spec in plan.checks)
