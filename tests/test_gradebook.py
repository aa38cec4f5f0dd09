"""canvas.csv: one column of the instructor's export, held against Canvas's own reading of it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from pathlib import Path

import canvas_import
import pytest
import sample_reports as samples

from autograder.errors import AssignmentError
from autograder.intake import gradebook
from autograder.model.grading import GradeReport, ManualItem, ManualSpec, Mark, Score, Status
from autograder.model.lateness import Lateness
from autograder.model.submission import Person, Received
from autograder.reports.gradebook import Filled, fill

ASSIGNMENT = "Homework 9: shapes and sums"
EXPORT = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,Quiz (70),"
    '"Homework 9: shapes and sums (71)","Odd, ""quoted"" (72)",Final Score\r\n'
    ",,,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10.00,3.55,5.00,(read only)\r\n"
    '"Doe, Jane",101,S101,jane@x.edu,A,"a; b",9.50,,4.00,90.1\r\n'
    '"Roe, Max",102,S102,max@x.edu,A,,8.00,3.00,,80\r\n'
    '"Müller, Zoë",103,S103,zoe@x.edu,"A ""1""",,,2.50,,\r\n'
    '"Poe, Ann",104,S104,ann@x.edu,A,,,EX,,\r\n'
    '"Lee, Kim",105,S105,kim@x.edu,A,,,1.00,,\r\n'
    '"Fey, Sam",106,S106,sam@x.edu,A,,,,,\r\n'
    '"Gau, Ida",107,S107,ida@x.edu,A,,,"2.00",,\r\n'
    '"Student, Test",199,,t,A,,,,,\r\n'
)
COURSE = canvas_import.Course(
    {
        101: ("S101", "jane@x.edu", "Doe, Jane"),
        102: ("S102", "max@x.edu", "Roe, Max"),
        103: ("S103", "zoe@x.edu", "Müller, Zoë"),
        104: ("S104", "ann@x.edu", "Poe, Ann"),
        105: ("S105", "kim@x.edu", "Lee, Kim"),
        106: ("S106", "sam@x.edu", "Fey, Sam"),
        107: ("S107", "ida@x.edu", "Gau, Ida"),
        199: ("", "t", "Student, Test"),
    },
    {70: "Quiz", 71: ASSIGNMENT, 72: 'Odd, "quoted"'},
    {
        (101, 70): "9.5",
        (102, 70): "8",
        (101, 72): "4",
        (102, 71): "3",
        (103, 71): "2.5",
        (104, 71): "EX",
        (105, 71): "1",
        (107, 71): "2",
    },
    ("Notes",),
)


WORDS = ManualSpec("q1_2.words", "1.2", "In words", 45)


def report(id: str, earned: int, *, status: Status = Status.GRADED, waiting: int = 0, **received: object) -> GradeReport:
    return dataclasses.replace(
        samples.ordinary(),
        id=id,
        student=id,
        status=status,
        checks=(),
        manual=(ManualItem(WORDS, False, ""),) if waiting else (),
        score=Score(earned, 355 - waiting, waiting),
        received=Received(**received),  # type: ignore[arg-type]
    )


def canvas(user: int, earned: int, **other: object) -> GradeReport:
    return report(f"s{user}", earned, people=(Person("x", str(user)),), upload=user * 10, **other)  # type: ignore[arg-type]


def filled(tmp_path: Path, *reports: GradeReport, export: str = EXPORT, whole: bool = False) -> Filled:
    path = tmp_path / "export.csv"
    path.write_bytes(export.encode())
    return fill(gradebook.read(path, assignment=ASSIGNMENT), reports, whole=whole)


def changes(content: bytes) -> dict[tuple[int, int], tuple[str, str]]:
    result = canvas_import.read(content, COURSE)
    assert not result.new_assignments
    assert not result.missing_students
    return result.changes


def test_the_export_itself_changes_nothing(tmp_path: Path) -> None:
    """Nobody graded: the same bytes, and an import of them is empty."""
    made = filled(tmp_path)
    assert made.content == EXPORT.encode()
    assert changes(made.content) == {}


def test_only_who_was_graded_gets_a_score(tmp_path: Path) -> None:
    """A first score, another one, and nothing for rejected, failed on us, excused, missing; all other bytes are the export's."""
    made = filled(
        tmp_path,
        canvas(101, 310),
        canvas(102, 0),
        canvas(103, 999, status=Status.REJECTED),
        canvas(104, 200),
        canvas(105, 999, status=Status.NEEDS_REVIEW),
        canvas(107, 205),
    )
    assert changes(made.content) == {(101, 71): ("", "3.10"), (102, 71): ("3", "0.00"), (107, 71): ("2", "2.05")}
    expected = EXPORT.replace("9.50,,4.00", "9.50,3.10,4.00").replace("8.00,3.00,", "8.00,0.00,").replace('"2.00"', "2.05")
    assert made.content == expected.encode()
    said = "\n".join(made.sentences)
    assert "3 scores filled" in said
    assert "1 that was rejected (s103)" in said
    assert "1 that needs a person (s105)" in said
    assert "1 that is excused or not assigned (s104)" in said
    assert "2 students of whom nothing was handed in" in said


def test_only_whole_scores_are_written_where_that_is_asked_for(tmp_path: Path) -> None:
    """Points that wait leave the cell as it was, and it is said how to go on; marks are in the score, also where the grader had failed."""
    waits = canvas(101, 310, waiting=45)
    marked = dataclasses.replace(canvas(102, 200, waiting=45), marks={WORDS.id: Mark(30)})
    by_hand = dataclasses.replace(canvas(103, 100, waiting=45, status=Status.NEEDS_REVIEW), marks={WORDS.id: Mark(0)})
    made = filled(tmp_path, waits, marked, by_hand, whole=True)
    assert changes(made.content) == {(102, 71): ("3", "2.30"), (103, 71): ("2.5", "1.00")}
    (said,) = [sentence for sentence in made.sentences if "1 student of whom points wait for a person (s101)" in sentence]
    assert "marks.csv" in said
    assert "--canvas-whole" in said


def test_points_that_wait_and_points_taken_off_are_said(tmp_path: Path) -> None:
    """A score of a part is called one; a late deduction is in the column and said."""
    late = Lateness(None, 1, 0, 400, "late")
    made = filled(
        tmp_path,
        canvas(101, 310, waiting=45),
        canvas(102, 310, late=dataclasses.replace(late, deduction=100)),
        canvas(103, 310, late=late),
    )
    assert changes(made.content) == {(101, 71): ("", "3.10"), (102, 71): ("3", "2.10"), (103, 71): ("2.5", "0.00")}
    said = "\n".join(made.sentences)
    assert "1 score is of what is marked so far: up to 0.45 points wait" in said
    assert "2 scores are less what the late policy takes off: s102, s103" in said


def test_students_are_found_as_canvas_finds_them(tmp_path: Path) -> None:
    """By the school's number, login, address and name, where no number of Canvas is known; groups fill all their members' rows."""
    made = filled(
        tmp_path,
        report("g1", 100, people=(Person("Jane Doe", school="S101"), Person("Max Roe", email="MAX@x.edu"))),
        report("submission_2", 200, people=(Person("Zoë Müller"),)),
        report("sam@x.edu", 300),
        report("Ida Gau", 110),
        report("Nobody", 120),
        report("anon", 130, people=(Person("Kim Lee", "anon_X9"),)),
    )
    assert {place[0]: new for place, (_, new) in changes(made.content).items()} == {
        101: "1.00",
        102: "1.00",
        103: "2.00",
        106: "3.00",
        107: "1.10",
    }
    assert "Not in the gradebook, so filled nowhere: Nobody, anon." in made.sentences


def test_no_score_goes_to_another_student_with_half_of_the_address(tmp_path: Path) -> None:
    """The name goes first, and somebody else's is in the gradebook under it or not at all."""
    export = EXPORT.replace("jane@x.edu", "jane").replace("max@x.edu", "max")
    roe, poe = Person("Max Roe", email="jane@gmail.com"), Person("Jane Poe", email="jane@gmail.com")
    made = filled(tmp_path, report("submission_1", 100, people=(roe,)), report("submission_2", 200, people=(poe,)), export=export)
    assert made.content == export.replace("8.00,3.00,", "8.00,1.00,").encode()
    assert "Not in the gradebook, so filled nowhere: submission_2." in made.sentences


def test_of_two_submissions_the_newer_fills_the_row(tmp_path: Path) -> None:
    """Also when the newer one was rejected; of two that are equally new neither does."""
    old, new = datetime(2026, 5, 1, tzinfo=timezone.utc), datetime(2026, 5, 2, tzinfo=timezone.utc)
    jane, max_, zoe = Person("", "101"), Person("", "102"), Person("", "103")
    made = filled(
        tmp_path,
        report("a", 100, people=(jane,), at=new),
        report("b", 200, people=(jane,), at=old),
        report("c", 100, people=(max_,), upload=8),
        report("d", 0, people=(max_,), upload=9, status=Status.REJECTED),
        report("e", 100, people=(zoe,)),
        report("f", 200, people=(zoe,)),
    )
    assert changes(made.content) == {(101, 71): ("", "1.00")}
    assert any("equally new (e, f)" in sentence for sentence in made.sentences)


def test_other_points_possible_are_said(tmp_path: Path) -> None:
    """The scores are not stretched to them."""
    made = filled(tmp_path, canvas(101, 310), export=EXPORT.replace("10.00,3.55", "10.00,100"))
    assert "Canvas has 100 points for this assignment, the scores are of 3.55." in made.sentences


@pytest.mark.parametrize(
    "export",
    [
        EXPORT.replace("\r\n", "\n"),
        EXPORT.removeprefix("\ufeff"),
        EXPORT.rstrip("\r\n"),
        EXPORT.replace("Student,ID,SIS User ID,SIS Login ID,Section", "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section").replace(
            "@x.edu,", "@x.edu,,"
        ),
    ],
    ids=["unix", "no mark", "no last line end", "integration"],
)
def test_forms_of_the_file(tmp_path: Path, export: str) -> None:
    """Line ends, the byte order mark and more columns stay as they are."""
    if "Integration" in export:
        export = "\r\n".join(
            line.replace(",,,,,,,", ",,,,,,,,").replace(",,,,,,10", ",,,,,,,10").replace(",,t,", ",,t,,") for line in export.split("\r\n")
        )
    made = filled(tmp_path, canvas(101, 310), export=export)
    assert made.content == export.replace("9.50,,4.00", "9.50,3.10,4.00").encode()


def test_semicolons_between_cells(tmp_path: Path) -> None:
    """As Canvas writes them for some languages."""
    export = (
        'Student;ID;SIS Login ID;Section;Homework 9: shapes and sums (71)\n    Points Possible;;;;3,55\n"Doe, Jane";101;jane@x.edu;A;1,50\n'
    )
    made = filled(tmp_path, canvas(101, 310), export=export)
    assert made.content == export.replace("1,50", "3.10").encode()
    assert changes(made.content) == {(101, 71): ("", "3.10")}
    assert not any("Canvas has" in sentence for sentence in made.sentences)


@pytest.mark.parametrize(
    ("export", "wanted", "said"),
    [
        (EXPORT.replace("shapes and sums", "other"), "", "several columns"),
        (EXPORT, "Quizz", "no single column"),
        ("a,b,c,d\n1,2,3,4\n", "", "not a gradebook"),
        ("", "", "not a gradebook"),
        ("Student,ID,Section,X\n", "", "no single column"),
        (EXPORT + '"never closed', "", "quote is not closed"),
        (EXPORT + "Short,108\r\n", "", "ends before the column"),
    ],
)
def test_what_canvas_would_not_take_is_refused_at_once(tmp_path: Path, export: str, wanted: str, said: str) -> None:
    """A sentence names the file and what to do."""
    path = tmp_path / "export.csv"
    path.write_bytes(export.encode())
    with pytest.raises(AssignmentError, match=said) as caught:
        gradebook.read(path, assignment=ASSIGNMENT, wanted=wanted)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("wanted", ["70", "Quiz", "Quiz (70)"])
def test_a_column_can_be_named(tmp_path: Path, wanted: str) -> None:
    """By number, title or both."""
    path = tmp_path / "export.csv"
    path.write_bytes(EXPORT.encode())
    assert gradebook.read(path, assignment=ASSIGNMENT, wanted=wanted).column == 6


def test_separators_within_a_title_separate_nothing(tmp_path: Path) -> None:
    """A good file stays readable, whatever its titles hold."""
    title = "Homework 9: a; b; c; d; e; f, \n g; h"
    (tmp_path / "export.csv").write_text(f'Student,ID,SIS Login ID,Section,"{title} (71)"\n"Doe, Jane",101,jane,A,\n', encoding="utf-8")
    read = gradebook.read(tmp_path / "export.csv", assignment=title)
    assert read.headings == ("Student", "ID", "SIS Login ID", "Section", f"{title} (71)")
    assert read.named


@pytest.mark.parametrize("content", ["Student,ID\n".encode("utf-16"), b"Student,ID,Section,M\xfcller (1)\n"])
def test_other_encodings_are_refused(tmp_path: Path, content: bytes) -> None:
    """Canvas reads UTF-8."""
    (tmp_path / "export.csv").write_bytes(content)
    with pytest.raises(AssignmentError, match="UTF-8"):
        gradebook.read(tmp_path / "export.csv", assignment=ASSIGNMENT)
