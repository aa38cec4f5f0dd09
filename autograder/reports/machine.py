"""The report for other programs: report.json (schema_version 1) and the one line that a finished submission gets."""

from __future__ import annotations

import json
import math

from autograder.model.execution import Json
from autograder.model.grading import CheckResult, Flag, GradeReport, ManualItem, Score

SCHEMA_VERSION = 1
STAGES = ("total", "start", "replay", "probes", "checks", "reports")


def render(report: GradeReport) -> str:
    """report.json as text."""
    return json.dumps(document(report), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def document(report: GradeReport) -> dict[str, Json]:
    """report.json as data; points are numbers with two decimals."""
    run = report.run
    return {
        "schema_version": SCHEMA_VERSION,
        "submission": {
            "id": report.id,
            "student": report.student,
            "notebook": report.notebook,
            "sha256": report.sha256,
            "files": list(report.files),
        },
        "status": report.status.value,
        "reason": report.reason,
        "mode": run.mode,
        "device": run.device,
        "data": run.data,
        "isolation": run.isolation,
        "seed": run.seed,
        "score": _score(report.score),
        "questions": {question.number: _question(question.title, report.scores[question.number]) for question in report.questions},
        "checks": [_check(check) for check in report.checks],
        "manual": [_manual(item) for item in report.manual],
        "marks": _marks(report),
        "flags": [_flag(flag) for flag in report.flags],
        "cells": [
            {
                "index": cell.index,
                "question": cell.question,
                "status": cell.status.value,
                "seconds": _number(cell.seconds),
                "error": cell.error,
            }
            for cell in report.cells
        ],
        "seconds": {stage: _number(report.seconds.get(stage, 0.0)) for stage in STAGES},
        "peak_memory_mb": int(_number(report.peak_memory_mb)),
        "late": _late(report),
        "determinism": dict(report.determinism),
    }


def summary(report: GradeReport) -> dict[str, Json]:
    """A finished submission in one line."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": report.id,
        "student": report.student,
        "status": report.status.value,
        "reason": report.reason,
        "score": _score(report.score),
        "flags": [flag.id for flag in report.flags],
        "seconds": _number(report.seconds.get("total", 0.0)),
    }


def _score(score: Score) -> dict[str, Json]:
    return {**_parts(score), "possible": score.possible / 100}


def _question(title: str, score: Score) -> dict[str, Json]:
    return {"title": title, **_parts(score)}


def _parts(score: Score) -> dict[str, Json]:
    return {
        "auto_earned": score.auto_earned / 100,
        "auto_possible": score.auto_possible / 100,
        "manual_possible": score.manual_possible / 100,
    }


def _check(check: CheckResult) -> dict[str, Json]:
    return {
        "id": check.spec.id,
        "question": check.spec.question,
        "title": check.spec.title,
        "points": check.spec.points / 100,
        "earned": check.earned / 100,
        "outcome": check.outcome.value,
        "visibility": check.spec.visibility.value,
        "sentence": check.sentence,
        "detail": check.detail,
    }


def _manual(item: ManualItem) -> dict[str, Json]:
    return {
        "id": item.spec.id,
        "question": item.spec.question,
        "points": item.spec.points / 100,
        "answer_found": item.answer_found,
        "answer_markdown": item.answer_markdown,
    }


def _marks(report: GradeReport) -> dict[str, Json]:
    """What people gave; the scores above are without it."""
    items: list[Json] = [{"id": id, "points": mark.points / 100, "comment": mark.comment} for id, mark in report.marks.items()]
    return {"given": report.given() / 100, "waiting": report.waiting / 100, "score": report.earned / 100, "items": items}


def _late(report: GradeReport) -> Json:
    """What the late policy comes to; the scores above are without it."""
    late = report.received.late
    if late is None:
        return None
    return {
        "submitted_at": late.at.isoformat(timespec="seconds") if late.at else "",
        "days": late.days,
        "late_days_used": late.free,
        "deduction": late.deduction / 100,
        "score_after_late": late.taken_off(report.earned) / 100,
        "sentence": late.sentence,
    }


def _flag(flag: Flag) -> dict[str, Json]:
    return {"id": flag.id, "sentence": flag.sentence, "cell": flag.cell}


def _number(value: float) -> float:
    """Rounded to two decimals; what is not finite has no place in JSON."""
    return round(value, 2) if math.isfinite(value) else 0.0
