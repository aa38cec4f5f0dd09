"""The store of one results folder: writes runs and grades, and reads them back.

One process writes, from any of its threads; any number may read. Text that UTF-8 cannot say is kept with replacement characters.
Raises `AssignmentError` when the database cannot be used.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType

from autograder.model.execution import Json
from autograder.model.grading import GradeReport, Mark, Run
from autograder.model.history import Basis, Graded, RunRecord
from autograder.store import rows
from autograder.store.database import connect, transaction


class Store:
    """A context manager."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._connection = connect(folder)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def begin_run(
        self, run: Run, *, paths: Sequence[str], settings: Mapping[str, Json], versions: Mapping[str, str], found: Sequence[tuple[str, str]]
    ) -> int:
        """Take note of a run and of the submissions that it found, as (id, student) in order; returns the run's number."""
        with self._lock, transaction(self._connection) as connection:
            number = rows.insert(
                connection,
                "runs",
                {"began": _now(), "paths": json.dumps(list(paths)), "settings": json.dumps(dict(settings)), **rows.of_run(run)},
            )
            for part, version in versions.items():
                rows.insert(connection, "versions", {"run": number, "part": part, "version": version})
            for position, (id, student) in enumerate(found):
                connection.execute(
                    "INSERT INTO submissions (id, student, found_in, position) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                    "student = excluded.student, found_in = excluded.found_in, position = excluded.position",
                    (id, rows.text(student), number, position),
                )
        return number

    def end_run(self, number: int) -> None:
        """Take note that a run came to its end."""
        with self._lock, transaction(self._connection) as connection:
            connection.execute("UPDATE runs SET ended = ? WHERE number = ?", (_now(), number))

    def keep(self, run: int, report: GradeReport, basis: Basis) -> None:
        """Keep a grade; from now on it is the one that counts. It is on disk when this returns."""
        with self._lock, transaction(self._connection) as connection:
            connection.execute(
                "UPDATE checks SET exhibits = NULL WHERE grade IN (SELECT number FROM grades WHERE submission = ?)", (report.id,)
            )
            rows.insert_grade(connection, run, _now(), report, basis)

    def mark(self, id: str, marks: Mapping[str, Mark | None], by: str) -> None:
        """Keep a person's marks for one submission, by the id of what is marked; None takes one back."""
        now = _now()
        with self._lock, transaction(self._connection) as connection:
            for item, mark in marks.items():
                if mark is None:
                    connection.execute("DELETE FROM manual_marks WHERE submission = ? AND item = ?", (id, item))
                    continue
                given: dict[str, rows.Cell] = {"points": mark.points, "comment": mark.comment, "marked_by": by, "marked": now}
                rows.insert(connection, "manual_marks", {"submission": id, "item": item, **given})

    def marks(self, id: str) -> dict[str, Mark]:
        """The marks that count for one submission."""
        with self._lock:
            return rows.marks(self._connection, id)

    def touch(self, id: str) -> None:
        """Take note that the pages of a submission are about to be replaced, so that they are not taken for those of its kept grade."""
        with self._lock, transaction(self._connection) as connection:
            connection.execute("UPDATE grades SET pages_version = '' WHERE submission = ?", (id,))

    def standing(self) -> dict[str, Graded]:
        """The grade that counts of every submission that was ever graded here, by id."""
        return {graded.report.id: graded for graded in self._graded("WHERE number IN (SELECT number FROM newest)")}

    def newest(self) -> tuple[Graded, ...]:
        """The grade that counts of every submission that the latest run found and that has one, in the order in which they were found."""
        return self._graded(
            "JOIN submissions ON submissions.id = submission WHERE grades.number IN (SELECT number FROM newest) "
            "AND found_in = (SELECT max(number) FROM runs) ORDER BY position"
        )

    def newest_of(self, id: str) -> Graded | None:
        """The grade that counts of one submission, with what its checks laid out."""
        return next(iter(self._graded("WHERE submission = ? ORDER BY number DESC LIMIT 1", id, exhibits=True)), None)

    def history(self, id: str) -> tuple[Graded, ...]:
        """All grades of one submission, the newest first."""
        return self._graded("WHERE submission = ? ORDER BY number DESC", id)

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, the newest first."""
        with self._lock:
            found = self._connection.execute("SELECT * FROM runs ORDER BY number DESC").fetchall()
            return tuple(rows.run_record(self._connection, row) for row in found)

    def _graded(self, which: str, *values: str, exhibits: bool = False) -> tuple[Graded, ...]:
        with self._lock:
            found: list[sqlite3.Row] = self._connection.execute(f"SELECT grades.* FROM grades {which}", values).fetchall()
            return tuple(rows.graded(self._connection, row, exhibits=exhibits) for row in found)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
