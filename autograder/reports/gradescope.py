"""results.json as Gradescope reads it: a row for every planned check and every mark by a person, run or not.

The total is the automatic score. Rows that wait for a person carry no score: their points are given in Gradescope's own grading view.
"""

from __future__ import annotations

import json
import math
from collections import Counter

from autograder.model.execution import Json
from autograder.model.grading import CheckResult, GradeReport, ManualItem, Outcome, Question, Status, Visibility
from autograder.model.settings import Platform
from autograder.reports import machine
from autograder.reports.cleaning import clean, one_line
from autograder.reports.markdown import escaped
from autograder.reports.student_view import for_student
from autograder.reports.words import check_sentence, mode, points, waiting

LONGEST_OUTPUT = 4_000


def results(report: GradeReport, *, finished: bool, platform: Platform | None = None) -> str:
    """results.json as text. While `finished` is False the file says so, and what is not judged yet has a row of its own."""
    hidden_checks = platform.hidden_checks if platform else "after_published"
    shown = for_student(report)
    numbers: Counter[str] = Counter()
    rows: list[Json] = []
    for question in shown.questions:
        rows += [
            _check(check, _next(numbers, question.number), hidden_checks)
            for check in shown.checks
            if check.spec.question == question.number
        ]
        rows += [_manual(item, _next(numbers, question.number)) for item in shown.manual if item.spec.question == question.number]
    seconds = report.seconds.get("total", 0.0)
    document: dict[str, Json] = {
        "score": report.score.auto_earned / 100,
        "execution_time": round(seconds, 2) if math.isfinite(seconds) else 0.0,
        "output": _output(shown, finished=finished, notice=platform.notice if platform else ""),
        "output_format": "md",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {**machine.summary(shown), "finished": finished},
        "tests": rows,
    }
    if platform and platform.leaderboard:
        document["leaderboard"] = [{"name": name, "value": value, "order": "asc"} for name, value in platform.leaderboard]
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _next(numbers: Counter[str], question: str) -> str:
    numbers[question] += 1
    return f"{question}.{numbers[question]}"


def _check(check: CheckResult, number: str, hidden_checks: str) -> dict[str, Json]:
    row: dict[str, Json] = {"name": one_line(check.spec.title), "number": number}
    if check.outcome.is_left_to_a_person:
        output = f"{check_sentence(check)} ({waiting(check.spec.points).capitalize()}.)"
    else:
        row |= {"score": check.earned / 100, "max_score": check.spec.points / 100}
        row["status"] = "passed" if check.outcome is Outcome.PASSED else "failed"
        prefix = {Outcome.PASSED: "Passed: ", Outcome.NOT_RUN: "Not run: "}.get(check.outcome, "")
        output = prefix + check_sentence(check)
    row["output"] = clean(output, longest=LONGEST_OUTPUT)
    row["visibility"] = hidden_checks if check.spec.visibility is Visibility.HIDDEN else "visible"
    if check.spec.evidence:
        row["tags"] = [check.spec.evidence]
    return row


def _manual(item: ManualItem, number: str) -> dict[str, Json]:
    found = "Your answer was found." if item.answer_found else "No answer was found in this section; a person will look again."
    return {
        "name": one_line(item.spec.title),
        "number": number,
        "output": f"A person marks this, for up to {points(item.spec.points)} points. {found}",
        "visibility": "visible",
        "tags": ["marked by a person"],
    }


def _output(report: GradeReport, *, finished: bool, notice: str) -> str:
    """The text above the rows, in markdown."""
    score, run = report.score, report.run
    lines = [f"**{escaped(run.assignment)}**, version {escaped(run.assignment_version)}", ""]
    if notice:
        lines += [f"**{escaped(notice, longest=2_000)}**", ""]
    if not finished:
        lines += ["The grading of this submission has not finished. What is done so far is below.", ""]
    if report.status is Status.REJECTED:
        lines += [f"This submission could not be graded. {escaped(report.reason)}", ""]
    elif report.status is Status.NEEDS_REVIEW:
        lines += ["The grader itself failed on a part of this submission. No points are lost: a person will look at it.", ""]
    lines += [
        f"- Marked automatically: **{points(score.auto_earned)} of {points(score.auto_possible)}** points",
        f"- Waiting for a person: **{points(score.manual_possible)}** points",
    ]
    if report.status is not Status.REJECTED:
        lines.append(f"- The notebook was {escaped(mode(run.mode))}. Data: {escaped(run.data)}.")
    if report.received.late:
        lines.append(f"- {escaped(report.received.late.sentence)} The score here is the one before that.")
    if report.status is not Status.REJECTED and report.questions:
        lines += ["", "Question by question, marked automatically so far:", ""]
        lines += [_question(report, question) for question in report.questions]
    if report.flags:
        lines += ["", "Noted for a person; nothing here costs points:", ""]
        lines += [f"- {escaped(flag.sentence)}" for flag in report.flags]
    return "\n".join(lines) + "\n"


def _question(report: GradeReport, question: Question) -> str:
    score = report.scores[question.number]
    parts = [f"{points(score.auto_earned)} of {points(score.auto_possible)}"] if score.auto_possible else []
    parts += [waiting(score.manual_possible)] if score.manual_possible else []
    return f"- {escaped(question.number)} {escaped(question.title)}: {', '.join(parts) or 'nothing to mark'}"
