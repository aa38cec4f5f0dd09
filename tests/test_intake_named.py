"""Paths that a shell names one by one: what is known of a folder is known of its files, and names that are alike are told apart."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from stored_notebooks import QUESTIONS, code, markdown, stored

from autograder.intake.find import find
from autograder.model.submission import Rejected, Submission

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD if ".ipynb" in name else b"")
    return folder


def found(folder: Path, paths: Iterable[Path]) -> dict[str, Submission | Rejected]:
    items = find(sorted(paths), unpack_folder=folder.parent / "unpacked", questions=QUESTIONS)
    return {item.id: item for item in items}


def files(items: dict[str, Submission | Rejected]) -> dict[str, tuple[str, ...]]:
    return {id: item.files for id, item in items.items()}


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    """Each student keeps the id when another one's file is named, too."""
    folder = put(tmp_path / "students", "jane/hw4.ipynb", "max/hw4.ipynb", "max/hw4.pdf", "zoe/hw4.ipynb", "zoe/own.ipynb")
    items = found(folder, folder.glob("*/hw4.ipynb"))
    assert files(items) == {"jane": ("hw4.ipynb",), "max": ("hw4.ipynb", "hw4.pdf"), "zoe": ("hw4.ipynb",)}
    assert [item.student for item in items.values()] == ["jane", "max", "zoe"]
    put(folder, "ann/hw4.ipynb")
    assert list(found(folder, folder.glob("*/hw4.ipynb"))) == ["ann", "jane", "max", "zoe"]
    assert list(found(folder, folder.glob("*/*.ipynb"))) == ["ann", "jane", "max", "zoe-hw4", "own"]


def test_zips_and_folders_of_one_name(tmp_path: Path) -> None:
    """They are told apart by what lies around them, or by themselves where they are courses."""
    folder = put(tmp_path / "all", "jane/hw4/a.ipynb", "max/hw4/b.ipynb", "sectionA/ann.ipynb", "sectionA/bob.ipynb", "sectionB/ann.ipynb")
    put(folder, "sectionB/cid.ipynb")
    for student in ("eve", "fay"):
        (folder / student).mkdir()
        with zipfile.ZipFile(folder / student / "work.zip", "w") as packed:
            packed.writestr("a.ipynb", GOOD)
    assert list(found(folder, folder.glob("*/hw4"))) == ["jane", "max"]
    assert list(found(folder, folder.glob("*/work.zip"))) == ["eve", "fay"]
    assert list(found(folder, folder.glob("section?"))) == ["sectionA-ann", "bob", "sectionB-ann", "cid"]


def test_students_of_one_name_in_two_sections(tmp_path: Path) -> None:
    """Below one folder the same holds."""
    folder = put(tmp_path / "labs", "lab1/ann/a.ipynb", "lab1/ben/a.ipynb", "lab2/ann/a.ipynb", "lab2/cat/a.ipynb", "lab2/dan/a.ipynb")
    items = found(folder, [folder])
    assert list(items) == ["lab1-ann", "ben", "lab2-ann", "cat", "dan"]
    assert [item.student for item in items.values()] == ["ann", "ben", "ann", "cat", "dan"]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (("lab1/ann.ipynb", "lab2/ann.ipynb"), {"lab1-ann": "ann", "lab2-ann": "ann"}),
        (("am/ann.ipynb", "am/bob.ipynb", "pm/ann.ipynb"), {"am-ann": "ann", "bob": "bob", "pm": "ann"}),
        (("a/hw4/jane.ipynb", "b/hw4/jane.ipynb"), {"jane": "jane", "jane-2": "jane"}),
        (("a/hw4/jane.ipynb", "b/hw4/max.ipynb"), {"jane": "jane", "max": "max"}),
        (("jane/hw4.ipynb", "max/hw4.ipynb"), {"jane": "jane", "max": "max"}),
        (("ann/hw4.ipynb", "bob/hw4.ipynb", "cid/hw4.ipynb", "cid/x.ipynb"), {"ann": "ann", "bob": "bob", "cid-hw4": "cid", "x": "x"}),
        (
            ("ann/a.ipynb", "ann/b.ipynb", "bob/a.ipynb", "bob/b.ipynb", "cid/a.ipynb", "cid/b.ipynb"),
            {"ann-a": "ann", "ann-b": "ann", "bob-a": "bob", "bob-b": "bob", "cid-a": "cid", "cid-b": "cid"},
        ),
    ],
)
def test_the_students_name_is_kept(tmp_path: Path, names: tuple[str, ...], students: dict[str, str]) -> None:
    """The gradebook knows no `lab1`: a folder's name is the student's only where the file's is the homework's."""
    folder = put(tmp_path / "all", *names)
    assert {id: item.student for id, item in found(folder, folder.rglob("*.ipynb")).items()} == students


def test_a_pdf_that_is_named_beside_its_notebook(tmp_path: Path) -> None:
    """It has no row of its own; a notebook has it also where it is not named."""
    pair = put(tmp_path / "pair", "jane.ipynb", "jane.pdf")
    assert files(found(pair, pair.iterdir())) == {"jane": ("jane.ipynb", "jane.pdf")}
    put(pair, "max.ipynb", "max.pdf", "zoe.pdf", "plot.png")
    both = {"jane": ("jane.ipynb", "jane.pdf"), "max": ("max.ipynb", "max.pdf")}
    assert files(found(pair, pair.glob("*.ipynb"))) == both
    named = files(found(pair, pair.iterdir()))
    assert named == {**{id: (*names, "plot.png") for id, names in both.items()}, "zoe": ("zoe.pdf",)}
    two = files(found(pair, [pair / "jane.ipynb", pair / "zoe.pdf"]))
    assert two == {"jane": ("jane.ipynb", "jane.pdf"), "zoe": ("zoe.pdf",)}


def test_a_students_files_named_one_by_one(tmp_path: Path) -> None:
    """As in the folder, they are one submission; the folder's name is the student's where the file's says nothing."""
    folder = put(tmp_path / "all", "jane/hw4.ipynb", "jane/report.pdf", "max/hw4.ipynb", "max/plots.png")
    assert files(found(folder, folder.glob("*/*"))) == {"jane": ("hw4.ipynb", "report.pdf"), "max": ("hw4.ipynb", "plots.png")}


@pytest.mark.parametrize("pattern", ["*", "*.ipynb", "eve*"])
def test_files_of_a_canvas_download(tmp_path: Path, pattern: str) -> None:
    """Whose they are is known, and uploads of one student are one submission, also where a few files are named only."""
    folder = put(tmp_path / "dl", "dan_21_921_hw4.ipynb", "eve_22_922_hw4.ipynb", "eve_22_923_hw4-1.ipynb", "fay_23_924_hw4.ipynb")
    items = found(folder, folder.glob(pattern))
    assert items["eve_22"].files == ("hw4-1.ipynb", "hw4.ipynb")
    assert items["eve_22"].received.people[0].user == "22"
    assert len(items) == (1 if pattern == "eve*" else 3)
    assert list(found(folder, [folder / "dan_21_921_hw4.ipynb"])) == ["dan_21"]


def test_what_a_gradescope_export_holds_named_one_by_one(tmp_path: Path) -> None:
    """The file that names the students is read, and has no row."""
    folder = put(tmp_path / "export", "submission_5/hw.ipynb", "submission_6/hw.ipynb")
    lines = [f"submission_{number}:\n  :submitters:\n  - :name: Student {number}\n" for number in (5, 6)]
    (folder / "submission_metadata.yml").write_text("".join(lines))
    items = found(folder, folder.iterdir())
    assert {id: item.student for id, item in items.items()} == {"submission_5": "Student 5", "submission_6": "Student 6"}
    assert list(found(folder, [folder / "submission_5", folder / "submission_metadata.yml"])) == ["submission_5"]


def test_files_that_are_no_notebooks_named_one_by_one(tmp_path: Path) -> None:
    """Each has a row, whatever it is."""
    folder = put(tmp_path / "all", "a.pdf", "plot.png", "jane.ipynb.txt")
    items = found(folder, folder.iterdir())
    assert {id: isinstance(item, Submission) for id, item in items.items()} == {"a": False, "jane.ipynb": True, "plot": False}
    zips = [folder / "one.zip", folder / "two.zip"]
    for path in zips:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("a.ipynb", GOOD)
            packed.writestr("b.ipynb", GOOD)
    assert list(found(folder, zips)) == ["one-a", "one-b", "two-a", "two-b"]
