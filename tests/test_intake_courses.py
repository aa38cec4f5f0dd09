"""Folders of whole courses: a row for each student in each, and none for a folder of many."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from stored_notebooks import QUESTIONS, code, markdown, stored

from autograder.intake.find import find
from autograder.model.submission import Rejected, Submission

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))
SECTION_A = ("sectionA/ann_11_911_hw4.ipynb", "sectionA/ben_12_912_hw4.ipynb", "sectionA/cat_13_913_hw4.ipynb")
SECTION_B = ("sectionB/dan_21_921_hw4.ipynb", "sectionB/eve_22_922_hw4.ipynb", "sectionB/eve_22_923_hw4-1.ipynb")


def found(*paths: Path) -> dict[str, Submission | Rejected]:
    items = find(paths, unpack_folder=paths[0].parent / "unpacked", questions=QUESTIONS)
    return {item.id: item for item in items}


def put(folder: Path, *names: str) -> Path:
    """Files below a folder; each holds what its ending says."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD if ".ipynb" in name else b"")
    return folder


def graded(items: dict[str, Submission | Rejected]) -> list[str]:
    return sorted(id for id, item in items.items() if isinstance(item, Submission))


@pytest.mark.parametrize("more", [(), ("sectionA/grades.csv", "readme.txt"), ("fay/hw4.ipynb",)])
def test_unpacked_downloads_in_one_folder(tmp_path: Path, more: tuple[str, ...]) -> None:
    """Each section's students have their rows, with what Canvas says of them."""
    items = found(put(tmp_path / "dl", *SECTION_A, *SECTION_B, *more))
    students = ["ann_11", "ben_12", "cat_13", "dan_21", "eve_22"]
    assert graded(items) == sorted([*students, *("fay" for name in more if "fay" in name)])
    assert [items[id].received.people[0].user for id in students] == ["11", "12", "13", "21", "22"]
    assert items["eve_22"].files == ("hw4-1.ipynb", "hw4.ipynb")


def test_unpacked_gradescope_exports_in_one_folder(tmp_path: Path) -> None:
    """Also where unpacking made a folder in a folder."""
    for place, numbers in (("a", (101, 102)), ("b/assignment_2_export", (201, 202))):
        put(tmp_path / "gs", *(f"{place}/submission_{number}/hw4.ipynb" for number in numbers))
        lines = [f"submission_{number}:\n  :submitters:\n  - :name: Student {number}\n" for number in numbers]
        (tmp_path / "gs" / place / "submission_metadata.yml").write_text("---\n" + "".join(lines))
    assert [item.student for item in found(tmp_path / "gs").values()] == ["Student 101", "Student 102", "Student 201", "Student 202"]


@pytest.mark.parametrize("more", ["hw4.ipynb", "submission_9/hw4.ipynb"])
def test_a_students_folder_may_hold_a_file_named_as_an_exports(tmp_path: Path, more: str) -> None:
    """It is that student's all the same: nobody hands in under another name by writing it into a file."""
    put(tmp_path / "all", "ann/hw4.ipynb", f"eve/{more}")
    (tmp_path / "all" / "eve" / "submission_metadata.yml").write_text("---\nsubmission_9:\n  :submitters:\n  - :name: Ann Poe\n")
    with zipfile.ZipFile(tmp_path / "all" / "max.zip", "w") as packed:
        packed.write(tmp_path / "all" / "eve" / "submission_metadata.yml", "submission_metadata.yml")
        packed.writestr("hw4.ipynb", GOOD)
    assert {id: item.student for id, item in found(tmp_path / "all").items()} == {"ann": "ann", "eve": "eve", "max": "max"}


def test_sections_with_a_folder_for_each_student(tmp_path: Path) -> None:
    """A section of one student is one, too, and a student may stand beside the sections."""
    labs = put(
        tmp_path / "labs", "lab1/ann/hw4.ipynb", "lab1/ben/hw4.ipynb", "lab2/cat/hw4.ipynb", "lab3/dan/hw4.ipynb", "lab3/eve/x.ipynb"
    )
    assert list(found(labs)) == ["ann", "ben", "cat", "dan", "eve"]
    assert list(found(put(labs, "fay/hw4.ipynb"))) == ["fay", "ann", "ben", "cat", "dan", "eve"]


@pytest.mark.parametrize(
    "names",
    [
        ("ann/hw4.ipynb", "bob/part1/a.ipynb", "bob/part2/b.ipynb"),
        ("ann/part1/a.ipynb", "ann/part2/b.ipynb", "bob/part1/a.ipynb", "bob/part2/b.ipynb"),
        ("ann/hw4/hw4.ipynb", "bob/hw4/hw4.ipynb", "bob/old/hw4.ipynb"),
        ("ann/draft/a.ipynb", "ann/final/a.ipynb", "bob/v1/a.ipynb", "bob/v2/a.ipynb"),
        ("ann/FinalVersion/a.ipynb", "ann/hw4_old/a.ipynb", "bob/Part A/a.ipynb", "bob/2026-05-01/a.ipynb"),
        ("ann/lstm/a.ipynb", "ann/rnn/b.ipynb", "bob.ipynb"),
        ("ann/hw4/hw4.ipynb", "bob/lstm/a.ipynb", "bob/rnn/b.ipynb"),
    ],
)
def test_a_student_with_several_folders_is_one(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Where others have their notebooks on top, or folders are called as works are or alike, a folder is a student's."""
    assert list(found(put(tmp_path / "all", *names))) == ["ann", "bob"]


def test_labs_of_the_same_students(tmp_path: Path) -> None:
    """Folders that are called labs are no students, though the same names are in each; a file more among them changes nothing."""
    items = found(put(tmp_path / "all", "lab1/ann/a.ipynb", "lab1/ben/a.ipynb", "lab2/ann/a.ipynb", "lab2/ben/a.ipynb", "readme.txt"))
    assert list(items) == ["lab1-ann", "lab1-ben", "lab2-ann", "lab2-ben", "readme"]
    assert [item.student for item in items.values()][:4] == ["ann", "ben", "ann", "ben"]
    one = put(tmp_path / "one", "lab1/ann/a.ipynb", "lab1/ben/a.ipynb", "cid/part1/a.ipynb", "template.ipynb")
    assert list(found(one)) == ["cid", "ann", "ben", "template"]


def test_a_student_in_a_folder_beside_sections(tmp_path: Path) -> None:
    """What is in it does not name the student."""
    names = ("A/ann/a.ipynb", "A/ben/a.ipynb", "B/ann/a.ipynb", "B/dan/a.ipynb", "B/eva/a.ipynb", "zoe/hw4/hw4.ipynb")
    items = found(put(tmp_path / "all", *names))
    assert list(items) == ["A-ann", "ben", "B-ann", "dan", "eva", "zoe"]
    assert [item.student for item in items.values()] == ["ann", "ben", "ann", "dan", "eva", "zoe"]


def test_a_zip_beside_what_was_unpacked_from_it(tmp_path: Path) -> None:
    """Its students are graded once; the zip has a row that says so, unless it holds something else."""
    folder = put(tmp_path / "both", *SECTION_A)
    with zipfile.ZipFile(folder / "sectionA.zip", "w") as packed:
        for name in SECTION_A:
            packed.writestr(name.removeprefix("sectionA/"), GOOD)
    items = found(folder)
    assert graded(items) == ["ann_11", "ben_12", "cat_13"]
    rejected = items["sectionA"]
    assert isinstance(rejected, Rejected)
    assert "the folder sectionA beside it holds all that it does" in rejected.reason
    (folder / "sectionA" / "ann_11_911_hw4.ipynb").write_bytes(GOOD + b"\n")
    assert len(graded(found(folder))) == 6
