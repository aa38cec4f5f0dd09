"""Rosters and late policies: what the records say, never the clock."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sample_reports as samples

from autograder.assignment import LatePolicy, late_policy
from autograder.errors import AssignmentError
from autograder.intake import roster
from autograder.late import lateness
from autograder.model.grading import GradeReport
from autograder.model.lateness import Lateness
from autograder.model.roster import RosterEntry
from autograder.model.submission import NOT_RECORDED, Person, Received
from autograder.reports import gradescope, machine, pages, returned
from autograder.reports.table import render

DUE = datetime(2026, 5, 1, 20, 0, tzinfo=timezone.utc)
POLICY = LatePolicy(due=DUE, grace_minutes=15, percent_per_day=10, most_percent=50)
NONE = RosterEntry()


def judged(minutes: float, entry: RosterEntry = NONE, policy: LatePolicy | None = POLICY) -> tuple[int | None, int, int]:
    """Days late, days paid for by late days, and the deduction, for something handed in so many minutes after the deadline."""
    late = lateness(Received(at=DUE + timedelta(minutes=minutes)), entry, policy, possible=1100)
    assert late is not None
    return late.days, late.free, late.deduction


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, (0, 0, 0)),
        (0, (0, 0, 0)),
        (15, (0, 0, 0)),
        (16, (1, 0, 110)),
        (1440, (1, 0, 110)),
        (1441, (2, 0, 220)),
        (60 * 24 * 30, (30, 0, 550)),
    ],
)
def test_begun_days_past_the_grace_cost(minutes: float, expected: tuple[int, int, int]) -> None:
    """Percents of all points a day, up to the cap; the grace is no part of the first day once it is over."""
    assert judged(minutes) == expected


def test_late_days_are_used_first() -> None:
    """They pay for as many days as there are."""
    assert judged(1441, RosterEntry(late_days=1)) == (2, 1, 110)
    assert judged(1441, RosterEntry(late_days=5)) == (2, 2, 0)


def test_a_deadline_of_ones_own() -> None:
    """An extension moves the deadline for one student."""
    assert judged(1441, RosterEntry(due=DUE + timedelta(days=2))) == (0, 0, 0)
    assert judged(60 * 24 * 3, RosterEntry(due=DUE + timedelta(days=2))) == (1, 0, 110)


def test_points_and_no_cap() -> None:
    """Points a day never take more than there is."""
    assert judged(1441, policy=LatePolicy(due=DUE, points_per_day=0.255)) == (2, 0, 51)
    assert judged(60 * 24 * 400, policy=LatePolicy(due=DUE, points_per_day=1)) == (400, 0, 1100)
    assert judged(1441, policy=LatePolicy(due=DUE, points_per_day=1, most_points=1.5)) == (2, 0, 150)


def test_what_staff_recorded_goes_before_the_platform() -> None:
    """A time or a number of days in the roster."""
    assert judged(9999, RosterEntry(submitted_at=DUE)) == (0, 0, 0)
    assert judged(0, RosterEntry(days_late=3)) == (3, 0, 330)


def test_what_is_not_recorded_is_not_made_up() -> None:
    """Canvas says that something is late, but not when it came: nothing is taken off, and that is said. Without a record: nothing."""
    late = lateness(Received(upload=7, marked_late=True), None, POLICY, possible=1100)
    assert late is not None
    assert (late.days, late.deduction) == (None, 0)
    assert "marks it as late, but not by how much" in late.sentence
    on_time = lateness(Received(upload=7), None, POLICY, possible=1100)
    assert on_time is not None
    assert on_time.sentence == "Handed in on time."
    assert lateness(NOT_RECORDED, None, POLICY, possible=1100) is None
    without_policy = lateness(Received(at=DUE), None, None, possible=1100)
    assert without_policy is not None
    assert without_policy.sentence == "Handed in 2026-05-01 20:00 UTC."


def test_the_sentence_says_what_was_done() -> None:
    """When, how late, what paid for it, what is taken off by which rule."""
    late = lateness(Received(at=DUE + timedelta(days=3)), RosterEntry(late_days=1), POLICY, possible=1100)
    assert late is not None
    assert late.sentence == (
        "Handed in 2026-05-04 20:00 UTC, 3 days late; 1 day of the student's late days is used; "
        "2.20 points are taken off (10 % of all points a day, at most 50 %)."
    )


def test_a_roster_is_read_by_its_headings(tmp_path: Path) -> None:
    """In any order, with a byte order mark, semicolons, unknown columns; times without a zone are the deadline's."""
    path = tmp_path / "roster.csv"
    path.write_text(
        "\ufeffName;Seat;SIS Login ID;Late_Days;ID;due\nJane Doe;3;JANE@x.edu;2;101;2026-05-02 23:00\nMax Roe;;;;;2026-05-02T23:00Z\n",
        encoding="utf-8",
    )
    zone = timezone(timedelta(hours=3))
    read = roster.read(path, zone=zone)
    jane = RosterEntry(late_days=2, due=datetime(2026, 5, 2, 23, tzinfo=zone))
    assert read.of(Received((Person("doejane", "101"),)), id="doejane_101", student="doejane") == jane
    assert read.of(Received((Person("J", email="jane@X.edu"),)), id="x", student="x") == jane
    max_ = read.of(NOT_RECORDED, id="max-roe", student="Max Roe")
    assert max_ is not None
    assert max_.due == datetime(2026, 5, 2, 23, tzinfo=timezone.utc)
    assert read.of(NOT_RECORDED, id="x", student="y") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no column names the students"),
        ("", "no column names the students"),
        ("id,late_days\n1,two\n", "line 2: late_days"),
        ("id,late_days\n1,-1\n", "line 2: late_days"),
        ("id,due\n1,tomorrow\n", "line 2: due"),
        ("id,late_days\n1,1\n1,2\n", "line 3: 1 stands there twice"),
    ],
)
def test_a_roster_that_is_wrong_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    """Before anything is graded."""
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=said):
        roster.read(tmp_path / "roster.csv", zone=timezone.utc)
    with pytest.raises(AssignmentError, match="--roster"):
        roster.read(tmp_path / "nowhere.csv", zone=timezone.utc)


def test_an_option_changes_the_policy() -> None:
    """Keys that it names; a wrong one is wrong usage."""
    changed = late_policy(POLICY, "percent_per_day=5 due=2026-06-01T00:00+03:00")
    assert changed is not None
    assert (changed.percent_per_day, changed.grace_minutes) == (5, 15)
    assert changed.due == datetime(2026, 5, 31, 21, tzinfo=timezone.utc)
    assert late_policy(POLICY, "") == POLICY
    for wrong in ("percent=5", "percent_per_day=-1", "due=2026-06-01T00:00", "percent_per_day"):
        with pytest.raises(AssignmentError, match="--late"):
            late_policy(None, wrong)


def late_report() -> GradeReport:
    late = Lateness(DUE, 2, 1, 110, "Handed in late; 1.10 points are taken off.")
    return dataclasses.replace(samples.ordinary(), received=Received(at=DUE, late=late))


def test_lateness_stands_beside_the_score_and_never_in_it() -> None:
    """In every rendering the score is the same with and without; what is taken off is shown beside it."""
    with_late, without = late_report(), samples.ordinary()
    one, other = (next(csv.DictReader(io.StringIO(render([report], samples.QUESTIONS)))) for report in (with_late, without))
    assert list(one)[: len(other)] == list(other)
    assert {key: one[key] for key in other} == other
    assert [one[key] for key in list(one)[len(other) :]] == ["2026-05-01T20:00:00+00:00", "2", "1", "1.10", "0.45"]
    document = machine.document(with_late)
    assert document["score"] == machine.document(without)["score"]
    assert document["late"] == {
        "submitted_at": "2026-05-01T20:00:00+00:00",
        "days": 2,
        "late_days_used": 1,
        "deduction": 1.1,
        "score_after_late": 0.45,
        "sentence": "Handed in late; 1.10 points are taken off.",
    }
    for template in ("feedback.html", "staff.html"):
        assert "1.10 points are taken off. The points on this page are those before that." in pages.render(template, with_late)
    results = json.loads(gradescope.results(with_late, finished=True))
    assert results["score"] == json.loads(gradescope.results(without, finished=True))["score"]
    assert "1.10 points are taken off" in results["output"]


@pytest.mark.parametrize(
    ("received", "name"),
    [
        (Received((Person("doejane", "12345"),), upload=678901), "doejane_12345_678901_feedback.html"),
        (Received((Person("doejane", "12345"),), upload=678901, marked_late=True), "doejane_LATE_12345_678901_feedback.html"),
        (Received((Person("anon_X9", "anon_X9"),), upload=5), "anon_X9_5_feedback.html"),
        (Received((Person("anon_X9", "anon_X9"),), upload=5, marked_late=True), "LATE_anon_X9_5_feedback.html"),
        (Received((Person("doejane", "12345"),)), ""),
        (Received((Person("Jane", school="1"),)), ""),
        (NOT_RECORDED, ""),
    ],
)
def test_pages_are_returned_under_names_that_canvas_takes_back(received: Received, name: str) -> None:
    """Canvas looks for the first two parts of digits, or for what follows "anon", and passes over a last part that begins with "link"."""
    made = returned.canvas_name(dataclasses.replace(samples.ordinary(), received=received))
    assert made == name
    if name:
        parts = [part for part in name.split("_") if part != "LATE"]
        found = parts[1:3] if parts[0] == "anon" else [part for part in parts if part.isdigit()][:2]
        assert found == [received.people[0].user.removeprefix("anon_"), str(received.upload)]
        assert not parts[-1].startswith("link")
