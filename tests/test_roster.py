"""Rosters as people have them: saved by Excel, with two students of one name, with groups."""

from __future__ import annotations

import csv
from datetime import timezone
from pathlib import Path

import pytest
from test_cli import run
from test_pipeline import ASSIGNMENT, RIGHT, notebook

from autograder.errors import AssignmentError
from autograder.intake import roster
from autograder.model.roster import Roster
from autograder.model.submission import NOT_RECORDED, Person, Received

TABLE = "Name,ID,Late Days\nMüller; Zoë,103,2\n\nRoe Max,102,1\n"


def read(tmp_path: Path, content: str, encoding: str = "utf-8") -> Roster:
    (tmp_path / "roster.csv").write_bytes(content.encode(encoding))
    return roster.read(tmp_path / "roster.csv", zone=timezone.utc)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_excel_saves_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    """CSV UTF-8, the semicolons of other languages, Unicode text; lines that hold nothing are none."""
    given = TABLE.replace(",", separator).replace("Müller; Zoë", "Müller Zoë")
    entry = read(tmp_path, given.replace("\n", "\r\n"), encoding).of(NOT_RECORDED, id="", student="Müller Zoë")
    assert entry is not None
    assert entry.late_days == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04...", "workbook"), ("name,id\nMüller,3\n".encode("cp1252"), "not UTF-8")],
)
def test_what_is_no_such_table_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    """A workbook, an older encoding: one sentence that says how to save it."""
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(AssignmentError, match=said) as caught:
        roster.read(tmp_path / "roster.csv", zone=timezone.utc)
    assert "CSV UTF-8" in str(caught.value)


def test_two_students_of_one_name_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    """By the name alone neither is meant, and that can be said; with nothing but names the roster is refused."""
    found = read(tmp_path, "id,name,late_days\n101,Jane Doe,1\n102,Jane Doe,2\n")
    second = found.of(Received((Person("janedoe", "102"),)), id="janedoe_102", student="janedoe")
    assert second is not None
    assert second.late_days == 2
    assert found.of(NOT_RECORDED, id="Jane-Doe", student="Jane Doe") is None
    assert found.unclear(NOT_RECORDED, id="Jane-Doe", student="Jane Doe")
    assert not found.unclear(Received((Person("Jane Doe", "102"),)), id="x", student="Jane Doe")
    assert not found.unclear(NOT_RECORDED, id="max", student="Max Roe")
    with pytest.raises(AssignmentError, match="jane doe stands there twice"):
        read(tmp_path, "name,late_days\nJane Doe,1\nJane Doe,2\n")
    with pytest.raises(AssignmentError, match="101 stands there twice"):
        read(tmp_path, "id,name,late_days\n101,Jane,1\n101,Max,2\n")
    same = read(tmp_path, "id,name,late_days\n101,Jane,1\n101,Jane,1\n").of(NOT_RECORDED, id="101", student="101")
    assert same is not None
    assert same.late_days == 1


CANVAS = 'Student,ID,SIS Login ID,late_days,due\n"Doe, Jane",501,jane,5,2026-05-09 23:59\n"Müller, José",502,jm,4,\n"Roe, Max",503,max,3,\n'


@pytest.mark.parametrize(
    ("received", "id", "late_days"),
    [
        (Received((Person("Jane Doe", email="jane@x.edu"),)), "submission_1", 5),
        (Received((Person("Jane Doe"),)), "submission_1", 5),
        (Received((Person("J. Doe", email="JANE@x.edu"),)), "submission_1", 5),
        (Received((Person("JOSÉ  MÜLLER"),)), "submission_1", 4),
        (Received((Person("x", school="503"),)), "submission_1", 3),
        (Received((Person("doejane", "501"),)), "doejane_501", 5),
        (Received((Person("Jane Doe", "777"),)), "doejane_777", None),
        (NOT_RECORDED, "jane", 5),
        (NOT_RECORDED, "Jane Doe", 5),
        (NOT_RECORDED, "502", 4),
        (NOT_RECORDED, "ann", None),
    ],
)
def test_students_are_found_as_in_the_gradebook(tmp_path: Path, received: Received, id: str, late_days: int | None) -> None:
    """`Doe, Jane` is Jane Doe, a login is what stands before the @, and whose number is known is nobody of another number."""
    entry = read(tmp_path, CANVAS).of(received, id=id, student=id)
    assert (entry.late_days if entry else None) == late_days


TWO = "login,name,late_days,group\njane,Jane Doe,3,G1\njane@gmail.com,Jane Roe,1,\n"


@pytest.mark.parametrize(
    ("person", "late_days"),
    [
        (Person("Jane Roe", email="jane@x.edu"), 1),
        (Person("Jane Poe", email="jane@x.edu"), None),
        (Person("Doe Janet", email="jane@x.edu"), None),
        (Person("Jane Doe", email="jane@gmail.com"), 1),
        (Person("J. Doe", email="jane@x.edu"), 3),
        (Person("Jane Mary Doe", email="jane@x.edu"), 3),
        (Person("Jane", email="jane@x.edu"), 3),
        (Person("", email="jane@x.edu"), 3),
        (Person("jane@x.edu", email="jane@x.edu"), 3),
    ],
)
def test_half_an_address_is_no_substitute_for_a_name(tmp_path: Path, person: Person, late_days: int | None) -> None:
    """The whole address and the name go before it, and nobody of another name is meant by it; words may be left out, or be initials."""
    entry = read(tmp_path, TWO).of(Received((person,)), id="submission_1", student=person.name)
    assert (entry.late_days if entry else None) == late_days


def test_half_an_address_tells_two_of_one_name_apart(tmp_path: Path) -> None:
    """The name alone does not."""
    found = read(tmp_path, "login,name,late_days\njane1,Jane Doe,1\njane2,Jane Doe,2\n")
    entry = found.of(Received((Person("Jane Doe", email="jane2@x.edu"),)), id="submission_1", student="Jane Doe")
    assert entry is not None
    assert entry.late_days == 2


def test_columns_have_numbers_of_their_own(tmp_path: Path) -> None:
    """Canvas's 100 and the school's 100 are two students; a folder named 100 is of neither."""
    found = read(tmp_path, "id,sid,late_days\n100,7,1\n200,100,2\n")
    canvas, school = Received((Person("x", "100"),)), Received((Person("x", school="100"),))
    days = [entry.late_days for received in (canvas, school) if (entry := found.of(received, id="x", student="x"))]
    assert days == [1, 2]
    assert found.of(NOT_RECORDED, id="100", student="100") is None
    assert found.unclear(NOT_RECORDED, id="100", student="100")


def test_numbers_of_the_school_are_none_of_canvas(tmp_path: Path) -> None:
    """Canvas's user 55 is not the student whose number at the school is 55; `id` may hold either."""
    canvas, school = Received((Person("poeann", "55"),)), Received((Person("x", school="55"),))
    by_school = read(tmp_path, "sid,name,late_days\n55,Jane Doe,3\n")
    assert by_school.of(canvas, id="poeann_55", student="poeann") is None
    by_either = read(tmp_path, "id,name,late_days\n55,Jane Doe,3\n")
    days = [entry.late_days for one in (by_school, by_either) if (entry := one.of(school, id="x", student="x"))]
    assert days == [3, 3]
    assert by_either.of(canvas, id="x", student="x") is not None
    assert by_school.of(NOT_RECORDED, id="55", student="55") is not None


@pytest.mark.parametrize("table", ["login,late_days\nmuller,3\nmüller,1\n", "login,late_days\nmüller,1\nmuller,3\n"])
def test_a_name_goes_before_its_plain_letters(tmp_path: Path, table: str) -> None:
    """The id in the results is the name in plain letters, which may be another student's."""
    found = read(tmp_path, table)
    given = (("muller", "müller"), ("muller-2", "muller"))
    days = [entry.late_days for id, name in given if (entry := found.of(NOT_RECORDED, id=id, student=name))]
    assert days == [1, 3]
    only = read(tmp_path, "login,late_days\nmuller,3\n").of(NOT_RECORDED, id="muller", student="müller")
    assert only is not None


def test_a_group_has_each_member_once(tmp_path: Path) -> None:
    """Also where the platform and the roster write a name in two ways."""
    found = read(tmp_path, 'Student,ID,SIS Login ID,group\n"Doe, Jane",501,jane,Red\n"Roe, Max",503,max,Red\n')
    jane = Received((Person("Jane Doe", email="jane@x.edu"),))
    assert [person.name for person in found.people(jane, id="submission_1", student="Jane Doe")] == ["Jane Doe", "Roe, Max"]


def test_whom_the_roster_does_not_name_is_said(tmp_path: Path) -> None:
    """An entry that is found costs nothing; who has none is told, since the late policy is applied to them in full."""
    folder = tmp_path / "in"
    export = "---\n"
    for number, name, address in ((1, "Jane Doe", "jane@x.edu"), (2, "Ann Poe", "ann@x.edu")):
        notebook(folder / f"submission_{number}" / "hw.ipynb", RIGHT)
        export += (
            f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :email: {address}\n  :created_at: 2026-05-04 10:00:00.0 Z\n"
        )
    (folder / "submission_metadata.yml").write_text(export, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(CANVAS, encoding="utf-8")
    options = ["--roster", "roster.csv", "--late", "due=2026-05-01T23:59+03:00 points_per_day=0.05", "--mode", "static"]
    done = run("grade", "in", "--out", "out", "--assignment", ASSIGNMENT, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["submission"], row["late_deduction"]) for row in rows] == [("submission_1", "0.00"), ("submission_2", "0.15")]
    assert "Not in the roster, so without late days or a deadline of their own: submission_2." in done.stdout
    assert "Not in the roster" in (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")


def test_a_group_hands_in_together(tmp_path: Path) -> None:
    """Canvas's own list of a group set: the uploader first, each once; who is in no group stays alone."""
    found = read(
        tmp_path,
        "name,canvas_user_id,user_id,login_id,sections,group_name\n"
        "Jane Doe,101,S1,jane,A,Red\nMax Roe,102,S2,max,A,Red\nAnn Poe,103,S3,ann,A,\n",
    )
    jane, ann = Received((Person("doejane", "101"),)), Received((Person("poeann", "103"),))
    assert [person.user for person in found.people(jane, id="doejane_101", student="doejane")] == ["101", "102"]
    assert found.people(ann, id="poeann_103", student="poeann") == ann.people
    assert [person.name for person in found.people(NOT_RECORDED, id="max", student="Max Roe")] == ["Max Roe", "Jane Doe"]


def test_the_score_of_a_group_is_in_the_rows_of_all(tmp_path: Path) -> None:
    """Canvas's zip names one member; the page goes back under that name, and nobody outside of the group gets a score."""
    export = (
        "Student,ID,SIS Login ID,Section,Counting (7)\r\n    Points Possible,,,,1.50\r\n"
        '"Doe, Jane",101,jane,A,\r\n"Roe, Max",102,max,A,\r\n"Poe, Ann",103,ann,A,\r\n'
    )
    notebook(tmp_path / "in" / "doejane_101_9001_hw.ipynb", RIGHT)
    (tmp_path / "grades.csv").write_bytes(export.encode())
    (tmp_path / "roster.csv").write_text("id,group\n101,Red\n102,Red\n103,Blue\n", encoding="utf-8")
    options = ["--roster", "roster.csv", "--fill-canvas", "grades.csv", "--mode", "static"]
    done = run("grade", "in", "--out", "out", "--assignment", ASSIGNMENT, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    filled = export.replace("jane,A,", "jane,A,0.10").replace("max,A,", "max,A,0.10")
    assert (tmp_path / "out" / "canvas.csv").read_bytes() == filled.encode()
    assert "2 scores filled" in done.stdout
    assert (tmp_path / "out" / "feedback.zip").exists()
