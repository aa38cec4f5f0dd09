"""Which names are Canvas's, and what they say."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from stored_notebooks import QUESTIONS, code, markdown, stored

from autograder.intake import canvas
from autograder.intake.find import find
from autograder.model.submission import Rejected, Submission

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))


def graded(folder: Path, names: Sequence[str]) -> dict[str, bool]:
    """Each row found in a folder of such files, and whether it is graded."""
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(GOOD if name.endswith(".ipynb") else b"%PDF-")
    items = find([folder], unpack_folder=folder.parent / "unpacked", questions=QUESTIONS)
    return {item.id: isinstance(item, Submission) for item in items}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("doejane_12345_678901_hw1.ipynb", ("doejane", "12345", "hw1.ipynb", 678901, False)),
        ("doejane_LATE_12345_678901_hw1.ipynb", ("doejane", "12345", "hw1.ipynb", 678901, True)),
        ("anon_X9y_1005_hw4.ipynb", ("", "anon_X9y", "hw4.ipynb", 1005, False)),
        ("LATE_anon_X9y_1005_hw4.ipynb", ("", "anon_X9y", "hw4.ipynb", 1005, True)),
        ("müllerzoë_7_8_a_1_b.ipynb", ("müllerzoë", "7", "a_1_b.ipynb", 8, False)),
        (unicodedata.normalize("NFD", "müllerzoë_7_8_hw.ipynb"), ("müllerzoë", "7", "hw.ipynb", 8, False)),
        ("agent007jane_7_8_hw.ipynb", ("agent007jane", "7", "hw.ipynb", 8, False)),
        ("doejane_12345_text.html", ("doejane", "12345", "text.html", 0, False)),
        ("doejane_LATE_12345_link.html", ("doejane", "12345", "link.html", 0, True)),
        ("शर्माराहुल_123_456_hw4.ipynb", ("शर्माराहुल", "123", "hw4.ipynb", 456, False)),
        ("தமிழ்செல்வி_LATE_12_34_hw4.ipynb", ("தமிழ்செல்வி", "12", "hw4.ipynb", 34, True)),
        ("สมหญิง_7_8_hw.ipynb", ("สมหญิง", "7", "hw.ipynb", 8, False)),
        ("hw4.ipynb", None),
        ("doejane_hw4.ipynb", None),
        ("my_work_4.ipynb", None),
    ],
)
def test_names_that_canvas_gives(name: str, expected: tuple[str, str, str, int, bool] | None) -> None:
    """Each part is read; a name of another form is nobody's."""
    read = canvas.canvas_name(name)
    assert (read and (read.student, read.user, read.file, read.attachment, read.late)) == expected


@pytest.mark.parametrize(
    "names",
    [
        ("cs_4650_4_jane.ipynb", "cs_4650_4_john.ipynb", "cs_4650_4_mary.ipynb"),
        ("hw_4_1_jane.ipynb", "hw_4_2_john.ipynb", "hw_4_3_mary.ipynb"),
        ("hw_4_1_jane.ipynb", "hw_4_2_john.ipynb", "fig_3_1_loss.png"),
        ("jane_4_1_hw.ipynb", "john_4_2_hw.ipynb"),
        ("team_1_4_hw.ipynb", "team_2_4_hw.ipynb"),
        ("jane.ipynb", "john.ipynb", "fig_3_1_loss.png"),
        ("jane.ipynb", "john.ipynb", "hw_4_1_mary.ipynb"),
        ("hw4.ipynb", "fig_3_1_loss.png", "fig_4_2_loss.png", "fig_5_3_loss.png"),
        ("hw_4_1_jane.ipynb", "hw4.pdf", "plot.png"),
        ("jane_1_4_hw.ipynb", "john_2_4_hw.ipynb", "mary_3_4_hw.ipynb"),
        ("jane_1_4_hw.ipynb", "john_2_4_loss.ipynb", "mary_3_5_hw.ipynb", "anne_4_5_seq.ipynb"),
    ],
)
def test_names_like_canvass_make_no_download(tmp_path: Path, names: Sequence[str]) -> None:
    """A course's or a homework's number is no user; everybody keeps a row of their own."""
    assert not canvas.owners(names)
    rows = graded(tmp_path / "all", names)
    notebooks = [name for name in names if name.endswith(".ipynb")]
    assert list(rows.values()) == [True] * len(notebooks)


@pytest.mark.parametrize(
    ("names", "owners"),
    [
        (("doejane_1_2_hw4.ipynb",), {"doejane_1"}),
        (("doejane_1_2_hw4.ipynb", "doejane_1_3_hw4-1.ipynb", "doejane_1_4_report.pdf"), {"doejane_1"}),
        (("doejane_1_2_hw4.ipynb", "doejane_LATE_1_2_hw4.ipynb"), {"doejane_1"}),
        (("doejane_1_text.html",), {"doejane_1"}),
        (("doejane_1_2_part1.ipynb", "doejane_1_3_part2.ipynb", "roemax_2_4_hw4.pdf"), {"doejane_1", "roemax_2"}),
        (("anon_X_1_hw4.ipynb", "anon_Y_2_hw4.ipynb", "grades.csv"), {"anon_X", "anon_Y"}),
        (("a_1_2_hw.ipynb", "b_2_3_hw.ipynb", "plot.png", "notes", "README"), {"a_1", "b_2"}),
        (("a_1_7_hw.ipynb", "b_2_7_hw.ipynb", "c_3_8_hw.ipynb", "d_4_8_hw.ipynb"), {"a_1", "b_2", "c_3", "d_4"}),
        (("a_1_7_hw.ipynb", "b_LATE_2_7_hw.ipynb", "a_1_8_hw.pdf", "b_LATE_2_8_hw.pdf", "c_3_9_x.ipynb"), {"a_1", "b_2", "c_3"}),
    ],
)
def test_downloads_of_few_are_known(names: Sequence[str], owners: set[str]) -> None:
    """One student's download, uploads of one student again, texts only, with other files around, and groups graded one by one."""
    assert canvas.owners(names) == owners


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("team_7_15_312_hw4.ipynb", "team_8_16_310_hw4.ipynb"), {"team_7_15": "hw4.ipynb", "team_8_16": "hw4.ipynb"}),
        (("team_7_15_312_hw4.ipynb", "doejane_14_311_hw4.ipynb"), {"team_7_15": "hw4.ipynb", "doejane_14": "hw4.ipynb"}),
        (
            ("doejane_4321_678901_06700000_hw4.ipynb", "roemax_4322_678905_4_hw.ipynb", "poeann_4323_678907_hw.ipynb"),
            {"doejane_4321": "06700000_hw4.ipynb", "roemax_4322": "4_hw.ipynb", "poeann_4323": "hw.ipynb"},
        ),
        (("doejane_4321_678901_4_hw.ipynb",), {"doejane_4321": "4_hw.ipynb"}),
        (
            ("doejane_15_678901_4_hw.ipynb", "doejane_16_678902_4_hw.ipynb", "roemax_17_678903_4_hw.ipynb"),
            {"doejane_15": "4_hw.ipynb", "doejane_16": "4_hw.ipynb", "roemax_17": "4_hw.ipynb"},
        ),
    ],
)
def test_a_groups_number_is_no_users(names: Sequence[str], expected: dict[str, str]) -> None:
    """A group's name may end in a number, and a student's file begin with one: the numbers of the other files tell."""
    uploads = canvas.uploads([Path(name) for name in names])
    assert {owner: name for owner, upload in uploads.items() for name in upload.files} == expected


def test_one_picture_makes_no_two_submissions(tmp_path: Path) -> None:
    """PDFs stay with their notebooks, and the picture with all."""
    rows = graded(tmp_path / "flat", ["jane.ipynb", "jane.pdf", "john.ipynb", "john.pdf", "fig_3_1_loss.png"])
    assert rows == {"jane": True, "john": True}


@pytest.mark.parametrize("name", ["hw4.ipynb.txt", "hw4.json", "hw4", "hw4.ipynb.download"])
def test_a_notebook_under_another_name_is_graded(tmp_path: Path, name: str) -> None:
    """Also with other files beside it, and with a text; other files of such names are still told to be none."""
    folder = tmp_path / "all"
    graded(folder, ["roemax_2_5_hw4.ipynb", "doejane_1_3_hw4.pdf", "doejane_1_text.html"])
    (folder / f"doejane_1_4_{name}").write_bytes(b"\xef\xbb\xbf" + GOOD)
    (folder / f"poeann_3_6_{name}").write_bytes(b'{"results": [1, 2]}')
    items = {item.id: item for item in find([folder], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)}
    jane, ann = items["doejane_1"], items["poeann_3"]
    assert isinstance(jane, Submission)
    assert jane.notebook_name == name
    assert isinstance(ann, Rejected)
    assert "holds no notebook" in ann.reason


def test_a_students_folder_with_a_notebook_under_another_name(tmp_path: Path) -> None:
    """The same holds in a folder for each student, and in a zip."""
    for student, name in (("ann", "hw4.ipynb.txt"), ("bob", "hw4.ipynb")):
        (tmp_path / "all" / student).mkdir(parents=True)
        (tmp_path / "all" / student / name).write_bytes(GOOD)
    with zipfile.ZipFile(tmp_path / "all" / "cid.zip", "w") as packed:
        packed.writestr("hw4.json", GOOD)
    items = find([tmp_path / "all"], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)
    assert [(item.id, isinstance(item, Submission)) for item in items] == [("ann", True), ("bob", True), ("cid", True)]
