"""The store keeps every grade of every run, whole, and says which one counts."""

from __future__ import annotations

import dataclasses
import math
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_reports import RUN, hostile, ordinary, rejected

from autograder.errors import AssignmentError
from autograder.model.grading import GradeReport
from autograder.model.history import Basis, Judgement
from autograder.store import Store

BASIS = Basis("content", "evidence", "pages", (Judgement("q1_1.round", "a", 1), Judgement("q1_1.square", "b", 1)))


def begun(store: Store, *reports: GradeReport) -> int:
    found = [(report.id, report.student) for report in reports]
    return store.begin_run(RUN, paths=["in"], settings={"jobs": 2}, versions={"data": "d"}, found=found)


def light(report: GradeReport) -> GradeReport:
    """What the store gives back of a report: all but what lies in the submission's folder, no halves of pairs, and numbers only."""
    cells = tuple(
        dataclasses.replace(cell, outputs=(), traceback="", seconds=0.0 if math.isnan(cell.seconds) else cell.seconds)
        for cell in report.cells
    )
    return dataclasses.replace(report, cells=cells, figures={}, replayed_notebook=b"")


def same(kept: GradeReport, given: GradeReport) -> bool:
    shown, expected = (repr(report).replace(r"\ud800", "\N{REPLACEMENT CHARACTER}") for report in (kept, light(given)))
    return shown == expected


@pytest.mark.parametrize("make", [ordinary, hostile, rejected])
def test_a_report_comes_back_as_it_was_given(tmp_path: Path, make: Callable[[], GradeReport]) -> None:
    """Scores, checks with what they laid out, answers, flags, cells: nothing is lost, whatever students write."""
    report = make()
    with Store(tmp_path) as store:
        store.keep(begun(store, report), report, BASIS)
    with Store(tmp_path) as store:
        kept = store.newest_of(report.id)
    assert kept is not None
    assert kept.basis == BASIS
    assert same(kept.report, report)


def test_the_newest_grade_counts_and_the_older_ones_are_kept(tmp_path: Path) -> None:
    """A second run adds a grade; the first stays as history, with its verdicts and without its pictures."""
    report = ordinary()
    worse = dataclasses.replace(report, score=dataclasses.replace(report.score, auto_earned=1))
    with Store(tmp_path) as store:
        store.keep(begun(store, report), report, BASIS)
        store.keep(begun(store, report), worse, dataclasses.replace(BASIS, content="other"))
        assert [graded.report.score.auto_earned for graded in store.newest()] == [1]
        assert [graded.run for graded in store.history(report.id)] == [2, 1]
        older = store.history(report.id)[1]
        assert [check.outcome for check in older.report.checks] == [check.outcome for check in report.checks]
    connection = sqlite3.connect(tmp_path / "grades.db")
    assert connection.execute("SELECT DISTINCT grade FROM checks WHERE exhibits IS NOT NULL").fetchall() == [(2,)]
    connection.close()


def test_the_table_follows_the_order_of_the_latest_run_and_leaves_out_what_it_did_not_find(tmp_path: Path) -> None:
    """Grades of submissions that are gone stay in the history, not among those that count now."""
    first, second, gone = (dataclasses.replace(rejected(), id=id) for id in ("b", "a", "gone"))
    with Store(tmp_path) as store:
        run = begun(store, gone, first, second)
        for report in (second, gone, first):
            store.keep(run, report, BASIS)
        begun(store, first, second)
        assert [graded.report.id for graded in store.newest()] == ["b", "a"]
        assert len(store.history("gone")) == 1


def test_runs_tell_what_they_rest_on_and_whether_they_ended(tmp_path: Path) -> None:
    """Of each run: when it began and ended, its paths, settings and the versions of everything else."""
    with Store(tmp_path) as store:
        store.end_run(begun(store))
        begun(store)
        newer, older = store.runs()
    assert newer.ended is None
    assert older.ended is not None
    assert older.ended >= older.began
    assert (older.run, older.paths, older.settings, older.versions) == (RUN, ("in",), {"jobs": 2}, {"data": "d"})


def test_a_grade_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """What fails half way leaves nothing behind."""
    report = ordinary()
    twice = dataclasses.replace(BASIS, judgements=(*BASIS.judgements, BASIS.judgements[0]))
    with Store(tmp_path) as store:
        run = begun(store, report)
        with pytest.raises(sqlite3.IntegrityError):
            store.keep(run, report, twice)
        assert store.newest_of(report.id) is None


@pytest.mark.parametrize(
    "foreign", [b"not a database, but long enough to be looked at" * 40, None], ids=["no database", "another program's"]
)
def test_a_file_of_others_is_left_alone(tmp_path: Path, foreign: bytes | None) -> None:
    """What is no database of ours is told, and not written to."""
    path = tmp_path / "grades.db"
    if foreign is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (a)")
        connection.close()
    else:
        path.write_bytes(foreign)
    before = path.read_bytes()
    with pytest.raises(AssignmentError, match=r"grades\.db"):
        Store(tmp_path)
    assert path.read_bytes() == before
