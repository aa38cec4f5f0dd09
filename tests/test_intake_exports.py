"""Downloads of whole courses: whose a file is, which of several counts, and one student's tricks that cost nobody else anything."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest
from stored_notebooks import QUESTIONS, code, markdown, stored

from autograder.intake import exports
from autograder.intake.find import find
from autograder.model.submission import Rejected, Submission

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))
NEWER = stored(markdown("## 1.1 A"), code("x = 2"))
FULLER = stored(markdown("## 1.1 A"), code("x = 1"), markdown("## 1.2 B"), code("y = 2"))


def found(*paths: Path) -> dict[str, Submission | Rejected]:
    items = find(paths, unpack_folder=paths[0].parent / "unpacked", questions=QUESTIONS)
    assert len({item.id for item in items}) == len(items)
    return {item.id: item for item in items}


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def remark(item: Submission | Rejected, id: str) -> str:
    return next((one.sentence for one in item.remarks if one.id == id), "")


def test_a_canvas_download_records_who_and_that_it_was_late(tmp_path: Path) -> None:
    """The user's number, by which the gradebook is filled, and Canvas's own mark are kept."""
    items = found(pack(tmp_path / "all.zip", {"doejane_12345_1001_hw4.ipynb": GOOD, "roemax_LATE_12346_1002_hw4.ipynb": GOOD}))
    assert [person.user for person in items["doejane_12345"].received.people] == ["12345"]
    assert [item.received.marked_late for item in items.values()] == [False, True]
    assert [item.received.upload for item in items.values()] == [1001, 1002]


def test_of_two_uploads_on_canvas_the_newer_counts(tmp_path: Path) -> None:
    """Downloads of two days in one folder: Canvas's numbers tell which came later, whatever the names and times say; the other is named."""
    folder = put(
        tmp_path / "all", {"doejane_1_2000_hw4.ipynb": NEWER, "doejane_LATE_1_1000_hw4-1.ipynb": GOOD, "doejane_1_2001_hw4.pdf": b"%PDF-"}
    )
    os.utime(folder / "doejane_1_2000_hw4.ipynb", (1, 1))
    (item,) = found(folder).values()
    assert isinstance(item, Submission)
    assert (item.content, item.notebook_name) == (NEWER, "hw4.ipynb")
    assert item.files == ("hw4-1.ipynb", "hw4.ipynb", "hw4.pdf")
    assert "hw4.ipynb, the newest" in remark(item, "several_notebooks")
    assert "not graded: hw4-1.ipynb" in remark(item, "several_notebooks")


def test_two_uploads_of_one_name_are_both_kept(tmp_path: Path) -> None:
    """The later keeps the name, the earlier is listed under another."""
    (item,) = found(pack(tmp_path / "all.zip", {"doejane_1_2_hw4.ipynb": GOOD, "doejane_1_3_hw4.ipynb": NEWER})).values()
    assert isinstance(item, Submission)
    assert item.content == NEWER
    assert item.files == ("earlier-hw4.ipynb", "hw4.ipynb")


@pytest.mark.parametrize("name", ["hw4-1.ipynb", "hw4 (1).ipynb", "hw4_v2.ipynb", "hw4_2.ipynb"])
def test_in_a_folder_the_higher_number_is_newer(tmp_path: Path, name: str) -> None:
    """A file that was saved again has a number; the one that is graded is the newest, and the others are named."""
    item = found(put(tmp_path / "all", {f"ann/{name}": NEWER, "ann/hw4.ipynb": GOOD, "bob/hw4.ipynb": GOOD}))["ann"]
    assert isinstance(item, Submission)
    assert item.content == NEWER
    assert "not graded: hw4.ipynb" in remark(item, "several_notebooks")


def test_the_date_in_a_zip_tells_the_newer(tmp_path: Path) -> None:
    """Names that say nothing: the one that was changed last counts."""
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as packed:
        packed.writestr(zipfile.ZipInfo("ann/a.ipynb", (2026, 5, 2, 10, 0, 0)), NEWER)
        packed.writestr(zipfile.ZipInfo("ann/b.ipynb", (2026, 5, 1, 10, 0, 0)), GOOD)
        packed.writestr(zipfile.ZipInfo("bob/b.ipynb", (2026, 13, 1, 10, 0, 0)), GOOD)
    items = found(tmp_path / "ann.zip")
    assert isinstance(items["ann"], Submission)
    assert items["ann"].content == NEWER
    assert isinstance(items["bob"], Submission)


def test_a_new_notebook_of_something_else_does_not_win(tmp_path: Path) -> None:
    """A notebook with far fewer of the questions is no version of the homework; it is named all the same, and so is a broken one."""
    files = {"ann/scratch-9.ipynb": stored(code("1")), "ann/hw.ipynb": FULLER, "ann/z.ipynb": b"{", "bob/hw.ipynb": GOOD}
    item = found(put(tmp_path / "all", files))["ann"]
    assert isinstance(item, Submission)
    assert item.content == FULLER
    assert "not graded: scratch-9.ipynb, z.ipynb" in remark(item, "several_notebooks")


def test_all_notebooks_broken_is_told_of_the_first(tmp_path: Path) -> None:
    """Nothing to choose from: one row with a reason."""
    item = found(put(tmp_path / "all", {"ann/a.ipynb": b"{", "ann/b.ipynb": b"", "bob/hw.ipynb": GOOD}))["ann"]
    assert isinstance(item, Rejected)
    assert "JSON" in item.reason
    assert "b.ipynb" in remark(item, "several_notebooks")


def test_texts_and_links_on_canvas_are_told_as_such(tmp_path: Path) -> None:
    """A link to Colab is shown and not followed."""
    link = b'<html><meta http-equiv="Refresh" content="0; url=https://colab.example/drive/1"></html>'
    items = found(
        pack(tmp_path / "all.zip", {"a_1_link.html": link, "b_2_text.html": b"<p>x</p>", "c_3_4_hw.ipynb": GOOD, "c_3_text.html": b""})
    )
    assert isinstance(items["a_1"], Rejected)
    assert "link was handed in instead of a notebook (https://colab.example/drive/1)" in items["a_1"].reason
    assert isinstance(items["b_2"], Rejected)
    assert "text was written into Canvas" in items["b_2"].reason
    assert isinstance(items["c_3"], Submission)
    assert items["c_3"].files == ("hw.ipynb", "text.html")


def test_what_lies_in_a_canvas_download_and_is_nobodys_has_a_row(tmp_path: Path) -> None:
    """No file is left out, whatever its kind."""
    files = {"a_1_2_hw.ipynb": GOOD, "c_2_3_hw.ipynb": GOOD, "plot.png": b"", "notes": b"", "bob/hw.ipynb": GOOD}
    items = found(put(tmp_path / "all", files))
    assert {id: isinstance(item, Submission) for id, item in items.items()} == {
        "a_1": True,
        "c_2": True,
        "bob": True,
        "plot": False,
        "notes": False,
    }


def test_one_students_tricks_cost_the_others_nothing(tmp_path: Path) -> None:
    """In a whole course's zip a bomb, a path that leads elsewhere, a damaged and an endless name are each a matter of their owner."""
    long = f"eve_5_50_{'x' * 300}.ipynb"
    path = pack(
        tmp_path / "all.zip",
        {
            "ann_1_10_hw.ipynb": GOOD,
            "bob_2_20_hw.ipynb": b"\0" * 60_000_000,
            "bob_2_21_hw.pdf": b"%PDF-",
            "cid_3_30_hw.ipynb": GOOD,
            "cid_3_31_zeros.bin": b"\0" * 60_000_000,
            "../dan_4_40_hw.ipynb": GOOD,
            long: GOOD,
            "fay_6_60_hw.ipynb": GOOD * 40,
        },
    )
    content = path.read_bytes()
    at = content.index(b"fay_6_60_hw.ipynb") + 40
    path.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    items = found(path)
    graded = {id for id, item in items.items() if isinstance(item, Submission)}
    assert graded == {"ann_1", "cid_3", "eve_5"}
    reasons = {id: item.reason for id, item in items.items() if isinstance(item, Rejected)}
    assert "far more" in reasons.pop("bob_2")
    assert "cannot be unpacked" in reasons.pop("fay_6")
    ((dan, said),) = reasons.items()
    assert "dan" in dan
    assert "not allowed" in said
    assert items["bob_2"].files == ("hw.ipynb", "hw.pdf")
    assert items["cid_3"].files == ("hw.ipynb", "zeros.bin")
    assert items["eve_5"].files[0].endswith(".ipynb")
    assert not (tmp_path / "dan_4_40_hw.ipynb").exists()


def test_one_students_tricks_in_a_zip_of_folders(tmp_path: Path) -> None:
    """The owner's folder is rejected, the others are graded."""
    path = pack(
        tmp_path / "all.zip",
        {"x/ann/hw.ipynb": GOOD, "x/bob/hw.ipynb": GOOD, "x/bob/../../hw.ipynb": GOOD, "x/cid/z.ipynb": b"\0" * 60_000_000},
    )
    items = found(path)
    assert {id: isinstance(item, Submission) for id, item in items.items()} == {"ann": True, "bob": False, "cid": False}


def test_names_that_macos_packs_are_read_as_meant(tmp_path: Path) -> None:
    """UTF-8 that does not say so, letters parted from their accents, and resource forks beside every file."""
    name = unicodedata.normalize("NFD", "müllerzoë_7_8_hw.ipynb")
    pack(tmp_path / "all.zip", {name: GOOD, f"__MACOSX/._{name}": b"x"})
    content = bytearray((tmp_path / "all.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] &= ~0x08 & 0xFF
            at = content.find(mark, at + 4)
    (tmp_path / "all.zip").write_bytes(bytes(content))
    (item,) = found(tmp_path / "all.zip").values()
    assert item.received.people[0].name == "müllerzoë"


def test_every_zip_of_a_student_is_opened(tmp_path: Path) -> None:
    """Several zips, and zips in zips, where there is no notebook beside them; one beside a notebook is named."""
    inner = pack(tmp_path / "inner.zip", {"hw.ipynb": GOOD}).read_bytes()
    data = pack(tmp_path / "data.zip", {"numbers.csv": b"1"}).read_bytes()
    nested = pack(tmp_path / "nested.zip", {"deep/inner.zip": inner}).read_bytes()
    items = found(
        put(
            tmp_path / "all",
            {"ann/a-data.zip": data, "ann/b-work.zip": inner, "bob/work.zip": nested, "cid/hw.ipynb": GOOD, "cid/more.zip": inner},
        )
    )
    assert all(isinstance(item, Submission) for item in items.values())
    assert items["ann"].files == ("a-data.zip", "b-work.zip", "hw.ipynb", "numbers.csv")
    assert items["bob"].files == ("deep/inner.zip", "hw.ipynb", "work.zip")
    assert "more.zip was handed in beside the notebook" in remark(items["cid"], "zip_not_opened")


def test_an_archive_that_is_no_zip_is_named(tmp_path: Path) -> None:
    """Its owner learns what would be opened."""
    (item,) = found(put(tmp_path / "ann", {"work.rar": b"Rar!"})).values()
    assert isinstance(item, Rejected)
    assert "work.rar is an archive of a kind that is not opened" in item.reason


def test_pdfs_find_their_notebook(tmp_path: Path) -> None:
    """By a name that is nearly the same, where it is one notebook's only; else they have a row of their own."""
    names = (
        "Jane Doe HW4.ipynb",
        "jane_doe_hw4.pdf",
        "roe.max.ipynb",
        "roemax-report.pdf",
        "leeann.ipynb",
        "leeanna.ipynb",
        "lee.pdf",
        "leea.pdf",
    )
    items = found(put(tmp_path / "all", {name: GOOD if name.endswith(".ipynb") else b"%PDF-" for name in names}))
    assert {id: item.files for id, item in items.items()} == {
        "Jane-Doe-HW4": ("Jane Doe HW4.ipynb", "jane_doe_hw4.pdf"),
        "roe.max": ("roe.max.ipynb", "roemax-report.pdf"),
        "leeann": ("leeann.ipynb",),
        "leeanna": ("leeanna.ipynb",),
        "lee": ("lee.pdf",),
        "leea": ("leea.pdf",),
    }


def test_files_named_after_a_student_are_that_students(tmp_path: Path) -> None:
    """By whole words, the longest name first; what begins with nobody's name is everybody's."""
    names = ("Jane.ipynb", "jane doe.ipynb", "mark.ipynb", "jané_plot.png", "Jane-Doe loss.png", "mark.txt", "mark2.png", "marketing.csv")
    folders = ("mark_files/a.png", "data/train.csv")
    items = found(put(tmp_path / "all", {name: GOOD if name.endswith(".ipynb") else b"" for name in (*names, *folders)}))
    of_all = {"data/train.csv", "mark2.png", "marketing.csv"}
    assert {id: set(item.files) - of_all for id, item in items.items()} == {
        "Jane": {"Jane.ipynb", "jané_plot.png"},
        "jane-doe": {"jane doe.ipynb", "Jane-Doe loss.png"},
        "mark": {"mark.ipynb", "mark.txt", "mark_files/a.png"},
    }
    assert all(of_all < set(item.files) for item in items.values())


def test_data_named_after_a_notebook_are_everybodys(tmp_path: Path) -> None:
    """Also folders of data; a notebook that lacks its data cannot be replayed. What bears a notebook's very name is that one's."""
    names = ("hw4.ipynb", "data.ipynb", "jane.ipynb", "hw4_data.csv", "hw4_loss.png", "jane.npz", "data/train.csv", "jane_files/a.png")
    items = found(put(tmp_path / "all", {name: GOOD if name.endswith(".ipynb") else b"" for name in names}))
    of_all = {"hw4_data.csv", "data/train.csv"}
    assert {id: set(item.files) for id, item in items.items()} == {
        "hw4": {"hw4.ipynb", "hw4_loss.png", *of_all},
        "data": {"data.ipynb", *of_all},
        "jane": {"jane.ipynb", "jane.npz", "jane_files/a.png", *of_all},
    }


def test_among_notebooks_only_pictures_and_data_are_everybodys(tmp_path: Path) -> None:
    """A notebook under another name is graded, and every other file has a row that says why it is not."""
    names = ("a.ipynb", "b.ipynb", "carl.ipyn", "dora", "emil.ipynb (1)", "fred.docm", "gina.ipynb.download", "holger", "ida/hw.json")
    files = dict.fromkeys(names, GOOD) | {
        "fred.docm": b"PK",
        "holger": b"",
        "plot.PNG": b"",
        "train.en": b"",
        ".hidden": b"",
        "x/t10k-ubyte": b"",
    }
    items = found(put(tmp_path / "all", files))
    rejected = {id: item.reason for id, item in items.items() if isinstance(item, Rejected)}
    assert set(rejected) == {"fred", "holger"}
    assert "fred.docm is not a notebook" in rejected["fred"]
    assert set(items) - set(rejected) == {"a", "b", "carl", "dora", "emil", "gina.ipynb", "ida"}
    assert set(items["a"].files) == {"a.ipynb", "plot.PNG", "train.en", ".hidden", "x/t10k-ubyte"}
    assert items["carl"].files == ("carl.ipyn",)


def test_a_folder_of_notebooks_under_other_names(tmp_path: Path) -> None:
    """Each is somebody's."""
    items = found(put(tmp_path / "all", {"ann.ipynb.txt": GOOD, "bob.ipynb.txt": GOOD, "ann.ipynb.pdf": b"%PDF-", "plot.png": b""}))
    assert {id: item.files for id, item in items.items()} == {
        "ann.ipynb": ("ann.ipynb.pdf", "ann.ipynb.txt", "plot.png"),
        "bob.ipynb": ("bob.ipynb.txt", "plot.png"),
    }


METADATA = """---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: '06700000'
    :email: jane@example.edu
  - :name: "Max \\u00d6"
  :created_at: 2024-01-02 03:04:05.678901000 Z
  :score: 0.0
  :status: processed
  :results:
    score: 0.0
    tests:
    - name: ":created_at: 2030-01-01 00:00:00 Z"
      output: |
        :submitters:
        - :name: Nobody
  :history:
  - :submitters:
    - :name: Somebody Else
    :created_at: 2024-01-03 03:04:05.000000000 Z
    :id: 100
submission_102:
  :submitters:
  - :name: 'O''Neil, Pat'
  :created_at: 2024-01-02 03:04:05.000000000 -08:00
  :history: []
103.pdf:
  :submitters:
  - :name: Pia Deef
"""


def test_a_gradescope_export_says_who_and_when(tmp_path: Path) -> None:
    """Numbers keep their zeros, groups all their members, times are absolute; a later submission that was not exported is told."""
    files = {
        "submission_metadata.yml": METADATA.encode(),
        "submission_101/a/hw.ipynb": GOOD,
        "submission_102/hw.ipynb": GOOD,
        "103.pdf": b"%PDF-",
    }
    items = found(pack(tmp_path / "export.zip", {f"assignment_7_export/{name}": content for name, content in files.items()}))
    group, pat, pia = items["submission_101"], items["submission_102"], items["103"]
    assert [(one.name, one.school, one.email) for one in group.received.people] == [
        ("Jane Doe", "06700000", "jane@example.edu"),
        ("Max Ö", "", ""),
    ]
    assert group.received.at == datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc)
    assert "2024-01-03 03:04" in remark(group, "later_submission")
    assert pat.student == "O'Neil, Pat"
    assert pat.received.at == datetime(2024, 1, 2, 11, 4, 5, tzinfo=timezone.utc)
    assert not pat.remarks
    assert isinstance(pia, Rejected)
    assert pia.student == "Pia Deef"


def test_what_an_export_lacks_is_told_in_its_order(tmp_path: Path) -> None:
    """The rows, and with them the ids, are the same in each run."""
    lines = [f"submission_{number}:\n  :submitters:\n  - :name: Gone {number}\n" for number in range(40, 10, -1)]
    folder = put(tmp_path / "export", {"submission_metadata.yml": "".join(lines).encode(), "submission_50/hw.ipynb": GOOD})
    assert list(found(folder)) == ["submission_50", *(f"submission_{number}" for number in range(40, 10, -1))]


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01 00:00:00 Z", "2024-01-01", "9999-12-31 23:59:59 -12:00"])
def test_a_time_that_is_none_is_not_made_up(text: str) -> None:
    """Nothing is guessed."""
    assert exports.time(text) is None


JANE, MAX = "doejane_101_9001_hw.ipynb", "roemax_102_9002_hw.ipynb"
LONG = "a" * 300


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        ({f"doejane_101_9001_{LONG}.ipynb": GOOD, f"roemax_102_9002_{'ä' * 300}.ipynb": GOOD}, ["doejane_101", "roemax_102"]),
        ({JANE: GOOD, MAX: GOOD, f"__MACOSX/._{JANE}": b"x", ".DS_Store": b""}, ["doejane_101", "roemax_102"]),
        ({f"all/{JANE}": GOOD, f"all/{MAX}": GOOD, f"__MACOSX/all/._{MAX}": b"x"}, ["doejane_101", "roemax_102"]),
        ({JANE: GOOD, "doejane_102_9002_hw.ipynb": GOOD}, ["doejane_101", "doejane_102"]),
        ({JANE: GOOD, "roemax_102_9002_hw.pdf": b"%PDF-1.4"}, ["doejane_101", "roemax_102"]),
        ({"all\\Jane Doe\\hw.ipynb": GOOD, "all\\Max Roe\\hw.ipynb": GOOD, "all\\Max Roe\\plots\\a.png": b""}, ["Jane-Doe", "Max-Roe"]),
        ({"Jane Doe/hw.ipynb": GOOD, "Jane Doe /hw.ipynb": GOOD, "JANE DOE/hw.ipynb": GOOD}, ["JANE-DOE", "Jane-Doe-2", "Jane-Doe-3"]),
        ({"roemax_VERSPÄTET_102_9002_hw.ipynb": GOOD, "学生_103_9003_hw.ipynb": GOOD}, ["103", "roemax_VERSPATET_102"]),
        ({}, ["course"]),
    ],
    ids=["300 characters", "macOS", "macOS, in a folder", "one name", "a PDF only", "Windows", "folders of one name", "languages", "empty"],
)
def test_odd_downloads_lose_nobody(tmp_path: Path, files: dict[str, bytes], ids: list[str]) -> None:
    """One row each, whatever system has packed them; who handed in no notebook has a row that says so."""
    items = found(pack(tmp_path / "course.zip", files))
    assert sorted(items) == sorted(ids)
    handed_in = {name for name in files if not name.startswith(("__MACOSX", "."))}
    assert sum(len(item.files) for item in items.values()) == len(handed_in)
    rejected = [item for item in items.values() if isinstance(item, Rejected)]
    assert len(rejected) == sum(name.endswith(".pdf") for name in files) or not files
    assert all("Hand in the notebook itself." in item.reason for item in rejected)


def test_names_in_an_old_encoding_are_told_by_their_numbers(tmp_path: Path) -> None:
    """A zip that does not say how its names are written: letters may come out wrong, whose it is does not."""
    path = pack(tmp_path / "course.zip", {"m@llerzo@_101_9001_hw.ipynb": GOOD, MAX: GOOD})
    path.write_bytes(path.read_bytes().replace(b"m@llerzo@", "müllerzoë".encode("latin-1")))
    people = [person.user for item in found(path).values() for person in item.received.people]
    assert sorted(people) == ["101", "102"]


def test_downloads_that_were_zipped_again_are_looked_into(tmp_path: Path) -> None:
    """One course in a zip in a zip, two sections in a folder, a Gradescope export beside them: all students, not one for each zip."""
    section_a = pack(tmp_path / "a.zip", {JANE: GOOD, MAX: GOOD})
    again = pack(tmp_path / "again.zip", {"submissions.zip": section_a.read_bytes(), "__MACOSX/._submissions.zip": b""})
    assert sorted(found(again)) == ["doejane_101", "roemax_102"]
    metadata = b"---\nsubmission_5:\n  :submitters:\n  - :name: Ann Poe\n"
    put(tmp_path / "sections", {"a.zip": section_a.read_bytes()})
    pack(tmp_path / "sections" / "b.zip", {"x_1_export/submission_metadata.yml": metadata, "x_1_export/submission_5/hw.ipynb": GOOD})
    items = found(tmp_path / "sections")
    assert sorted(items) == ["doejane_101", "roemax_102", "submission_5"]
    assert items["submission_5"].student == "Ann Poe"


def test_a_students_zip_is_no_course_for_a_name_in_it(tmp_path: Path) -> None:
    """One name that looks like Canvas's, or several of one owner."""
    put(tmp_path / "all", {"max.ipynb": GOOD, "zoe.ipynb": GOOD})
    pack(tmp_path / "all" / "jane.zip", {"hw_4_1_final.ipynb": GOOD, "hw_4_2_final.ipynb": NEWER})
    assert sorted(found(tmp_path / "all")) == ["jane", "max", "zoe"]
