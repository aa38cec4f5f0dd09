"""Reports as rows of the database, and back."""

from __future__ import annotations

import json
import math
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from autograder.model.execution import CellRun, CellStatus
from autograder.model.grading import (
    CheckResult,
    CheckSpec,
    Exhibit,
    Flag,
    GradeReport,
    ManualItem,
    ManualSpec,
    Mark,
    Outcome,
    Question,
    Run,
    Score,
    Status,
    Visibility,
)
from autograder.model.history import Basis, Graded, Judgement, RunRecord
from autograder.model.submission import Received
from autograder.store.typed import Parts, dump, load

Cell = str | int | float | bytes | None


def text(value: str) -> str:
    """The text without halves of pairs, which no database can hold."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Cell]) -> int:
    """Add a row; returns its number."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    given = [_held(value) for value in values.values()]
    return connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", given).lastrowid or 0


def _held(value: Cell) -> Cell:
    """The value as the database can hold it: what is no number becomes 0, as in report.json."""
    if isinstance(value, float) and math.isnan(value):
        return 0.0
    return text(value) if isinstance(value, str) else value


def of_run(run: Run) -> dict[str, Cell]:
    return {
        "mode": run.mode,
        "device": run.device,
        "data": run.data,
        "isolation": run.isolation,
        "seed": run.seed,
        "assignment": run.assignment,
        "assignment_version": run.assignment_version,
    }


def insert_grade(connection: sqlite3.Connection, run: int, given: str, report: GradeReport, basis: Basis) -> None:
    """A report with all its parts."""
    grade = insert(
        connection,
        "grades",
        {
            "submission": report.id,
            "run": run,
            "given": given,
            "notebook": report.notebook,
            "sha256": report.sha256,
            "files": json.dumps(report.files),
            "status": report.status.value,
            "reason": report.reason,
            **_score(report.score),
            "seconds": json.dumps(dict(report.seconds)),
            "peak_memory_mb": report.peak_memory_mb,
            "notes": json.dumps(report.notes),
            "log": json.dumps(report.log),
            "received": json.dumps(dump(report.received, Parts())),
            "content_version": basis.content,
            "evidence_version": basis.evidence,
            "pages_version": basis.pages,
        },
    )
    _insert_all(connection, "judgements", grade, ({"id": one.id, "version": one.version, "run": one.run} for one in basis.judgements))
    _insert_all(connection, "checks", grade, _numbered(map(_check, report.checks)))
    questions = {question.number: question.title for question in report.questions}
    scores = ({"question": number, "title": questions[number], **_score(score)} for number, score in report.scores.items())
    _insert_all(connection, "scores", grade, _numbered(scores))
    _insert_all(connection, "manual_items", grade, _numbered(map(_manual_item, report.manual)))
    flags = ({"id": flag.id, "sentence": flag.sentence, "cell": flag.cell, "source": flag.source} for flag in report.flags)
    _insert_all(connection, "flags", grade, _numbered(flags))
    _insert_all(connection, "cells", grade, map(_cell, report.cells))


def graded(connection: sqlite3.Connection, row: sqlite3.Row, *, exhibits: bool) -> Graded:
    """A kept grade. What its checks laid out is read where `exhibits` are asked for."""
    number = row["number"]

    def of(table: str) -> list[sqlite3.Row]:
        # The second column is a position or an id in all of these tables.
        return connection.execute(f"SELECT * FROM {table} WHERE grade = ? ORDER BY 2", (number,)).fetchall()

    run = connection.execute("SELECT * FROM runs WHERE number = ?", (row["run"],)).fetchone()
    (student,) = connection.execute("SELECT student FROM submissions WHERE id = ?", (row["submission"],)).fetchone()
    scores = of("scores")
    report = GradeReport(
        id=row["submission"],
        student=student,
        notebook=row["notebook"],
        sha256=row["sha256"],
        files=tuple(json.loads(row["files"])),
        status=Status(row["status"]),
        reason=row["reason"],
        run=_run(run),
        questions=tuple(Question(score["question"], score["title"]) for score in scores),
        score=_score_of(row),
        scores={score["question"]: _score_of(score) for score in scores},
        checks=tuple(_check_of(check, exhibits) for check in of("checks")),
        manual=tuple(_manual_item_of(item) for item in of("manual_items")),
        flags=tuple(Flag(flag["id"], flag["sentence"], flag["cell"], flag["source"]) for flag in of("flags")),
        cells=tuple(_cell_of(cell) for cell in of("cells")),
        notes=tuple(json.loads(row["notes"])),
        seconds=json.loads(row["seconds"]),
        peak_memory_mb=row["peak_memory_mb"],
        log=tuple(json.loads(row["log"])),
        received=load(Received, json.loads(row["received"]), Parts()),
        marks=marks(connection, row["submission"]),
    )
    judgements = tuple(Judgement(one["id"], one["version"], one["run"]) for one in of("judgements"))
    basis = Basis(row["content_version"], row["evidence_version"], row["pages_version"], judgements)
    return Graded(number, row["run"], datetime.fromisoformat(row["given"]), report, basis)


def marks(connection: sqlite3.Connection, submission: str) -> dict[str, Mark]:
    """What people gave for a submission, by the id of what they marked; the newest mark counts."""
    newest = "SELECT item, points, comment, max(marked) FROM manual_marks WHERE submission = ? GROUP BY item ORDER BY item"
    found = connection.execute(newest, (submission,)).fetchall()
    return {row["item"]: Mark(row["points"], row["comment"]) for row in found}


def run_record(connection: sqlite3.Connection, row: sqlite3.Row) -> RunRecord:
    versions = connection.execute("SELECT part, version FROM versions WHERE run = ?", (row["number"],)).fetchall()
    return RunRecord(
        number=row["number"],
        began=datetime.fromisoformat(row["began"]),
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
        paths=tuple(json.loads(row["paths"])),
        settings=json.loads(row["settings"]),
        run=_run(row),
        versions={one["part"]: one["version"] for one in versions},
    )


def _run(row: sqlite3.Row) -> Run:
    return Run(
        mode=row["mode"],
        device=row["device"],
        data=row["data"],
        isolation=row["isolation"],
        seed=row["seed"],
        assignment=row["assignment"],
        assignment_version=row["assignment_version"],
    )


def _insert_all(connection: sqlite3.Connection, table: str, grade: int, found: Iterable[Mapping[str, Cell]]) -> None:
    for values in found:
        insert(connection, table, {"grade": grade, **values})


def _numbered(found: Iterable[Mapping[str, Cell]]) -> Iterable[dict[str, Cell]]:
    return ({"position": position, **values} for position, values in enumerate(found))


def _score(score: Score) -> dict[str, Cell]:
    return {"auto_earned": score.auto_earned, "auto_possible": score.auto_possible, "manual_possible": score.manual_possible}


def _score_of(row: sqlite3.Row) -> Score:
    return Score(row["auto_earned"], row["auto_possible"], row["manual_possible"])


def _check(check: CheckResult) -> dict[str, Cell]:
    spec = check.spec
    return {
        "id": spec.id,
        "question": spec.question,
        "title": spec.title,
        "points": spec.points,
        "visibility": spec.visibility.value,
        "evidence": spec.evidence,
        "outcome": check.outcome.value,
        "sentence": check.sentence,
        "detail": check.detail,
        "seconds": check.seconds,
        "exhibits": zlib.compress(json.dumps(dump(check.exhibits, Parts())).encode()) if check.exhibits else None,
    }


def _check_of(row: sqlite3.Row, exhibits: bool) -> CheckResult:
    visibility = Visibility(row["visibility"])
    spec = CheckSpec(row["id"], row["question"], row["title"], row["points"], visibility, row["evidence"])
    kept = json.loads(zlib.decompress(row["exhibits"])) if exhibits and row["exhibits"] else []
    laid_out = tuple(load(Exhibit, exhibit, Parts()) for exhibit in kept)
    return CheckResult(spec, Outcome(row["outcome"]), row["sentence"], row["detail"], laid_out, row["seconds"])


def _manual_item(item: ManualItem) -> dict[str, Cell]:
    spec = item.spec
    return {
        "id": spec.id,
        "question": spec.question,
        "title": spec.title,
        "points": spec.points,
        "found": int(item.answer_found),
        "answer": item.answer_markdown,
    }


def _manual_item_of(row: sqlite3.Row) -> ManualItem:
    return ManualItem(ManualSpec(row["id"], row["question"], row["title"], row["points"]), bool(row["found"]), row["answer"])


def _cell(run: CellRun) -> dict[str, Cell]:
    return {
        "cell": run.index,
        "question": run.question,
        "status": run.status.value,
        "seconds": run.seconds,
        "error": run.error,
        "attempts": run.attempts,
    }


def _cell_of(row: sqlite3.Row) -> CellRun:
    return CellRun(row["cell"], row["question"], CellStatus(row["status"]), row["seconds"], row["error"], attempts=row["attempts"])
