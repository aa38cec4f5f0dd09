"""Finding submissions in files, folders and zips."""

from __future__ import annotations

import os
import stat
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from stored_notebooks import QUESTIONS, SEED, code, markdown, png, stored

from autograder.errors import SubmissionError
from autograder.intake.find import find
from autograder.model.submission import Rejected, Submission

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))
BETTER = stored(markdown("## 1.1 A"), code("x = 1"), markdown("## 1.2 B"), code("y = 2"))
Find = Callable[..., tuple[Submission | Rejected, ...]]


@pytest.fixture
def found(tmp_path: Path) -> Find:
    """`find` with made-up questions, unpacking beside the test's files."""
    return lambda *paths: find(paths, unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "handed in"
    folder.mkdir()
    return folder


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def rows(items: tuple[Submission | Rejected, ...]) -> dict[str, str]:
    """Each id with the notebook's name, or "rejected"."""
    assert len({item.id.lower() for item in items}) == len(items)
    return {item.id: item.notebook_name if isinstance(item, Submission) else "rejected" for item in items}


def only(items: tuple[Submission | Rejected, ...]) -> Submission | Rejected:
    (item,) = items
    return item


def reason(items: tuple[Submission | Rejected, ...]) -> str:
    item = only(items)
    assert isinstance(item, Rejected)
    assert "\n" not in item.reason
    assert item.reason.endswith(".")
    return item.reason


def test_a_notebook(found: Find, root: Path) -> None:
    """A file is one submission, with the PDF of the same name beside it; others in its folder are not its business."""
    put(root, {"hw4.ipynb": GOOD, "hw4.pdf": b"%PDF-", "other.ipynb": GOOD})
    item = only(found(root / "hw4.ipynb"))
    assert isinstance(item, Submission)
    assert (item.id, item.student, item.notebook_name) == ("hw4", "hw4", "hw4.ipynb")
    assert item.sha256 == sha256(GOOD).hexdigest()
    assert item.content == GOOD
    assert item.files == ("hw4.ipynb", "hw4.pdf")
    assert dict(item.companions) == {"hw4.pdf": root / "hw4.pdf"}
    assert [section.question for section in item.notebook.sections] == ["1.1"]


def test_a_folder_with_one_notebook_is_one_submission(found: Find, root: Path) -> None:
    """Everything beside and below the notebook comes with it; the folder names the student."""
    put(
        root / "Jane Doe",
        {"hw4.ipynb": GOOD, "hw4.pdf": b"%PDF-", "images/plot.png": png(), ".DS_Store": b"", "__MACOSX/._hw4.ipynb": b"x"},
    )
    put(root / "Jane Doe", {".ipynb_checkpoints/hw4-checkpoint.ipynb": GOOD})
    item = only(found(root / "Jane Doe"))
    assert isinstance(item, Submission)
    assert (item.id, item.student) == ("Jane-Doe", "Jane Doe")
    assert item.files == ("hw4.ipynb", "hw4.pdf", "images/plot.png")
    assert set(item.companions) == {"hw4.pdf", "images/plot.png"}


def test_a_folder_of_notebooks(found: Find, root: Path) -> None:
    """Each notebook is a submission with the files of its name; pictures and data are shared; a lone PDF gets its row."""
    put(root, {"ann.ipynb": GOOD, "ann.pdf": b"%PDF-", "bob.ipynb": GOOD, "cid.pdf": b"%PDF-", "plot.png": png(), "data/x.csv": b"1"})
    items = found(root)
    assert rows(items) == {"ann": "ann.ipynb", "bob": "bob.ipynb", "cid": "rejected"}
    assert [item.files for item in items] == [
        ("ann.ipynb", "ann.pdf", "data/x.csv", "plot.png"),
        ("bob.ipynb", "data/x.csv", "plot.png"),
        ("cid.pdf",),
    ]


def test_a_folder_per_student(found: Find, root: Path) -> None:
    """Each folder is one submission, whatever it holds; none, an empty one included, is left out."""
    put(root, {"ann/hw.ipynb": GOOD, "ann/hw.pdf": b"", "bob/deep/er/hw.ipynb": GOOD, "cid/only.pdf": b"", "loose.ipynb": GOOD})
    (root / "dan").mkdir()
    items = found(root)
    assert rows(items) == {"ann": "hw.ipynb", "bob": "hw.ipynb", "cid": "rejected", "dan": "rejected", "loose": "loose.ipynb"}


def test_a_folder_in_a_folder_is_looked_through(found: Find, root: Path) -> None:
    """Folders that hold nothing but a folder are passed through."""
    put(root, {"export/homework/ann/hw.ipynb": GOOD, "export/homework/bob/hw.ipynb": b"broken"})
    assert rows(found(root)) == {"ann": "hw.ipynb", "bob": "rejected"}


def test_of_several_notebooks_the_fullest_is_graded(found: Find, root: Path) -> None:
    """In a student's folder the notebook that answers most questions counts, also when another is broken; all are listed."""
    put(root, {"ann/a.ipynb": GOOD, "ann/course/lecture.ipynb": BETTER, "ann/z.ipynb": b"{", "bob/x.ipynb": GOOD, "bob/old/x.ipynb": GOOD})
    first, second = found(root)
    assert isinstance(first, Submission)
    assert first.notebook_name == "lecture.ipynb"
    assert first.files == ("a.ipynb", "course/lecture.ipynb", "z.ipynb")
    assert set(first.companions) == {"a.ipynb", "z.ipynb"}
    assert isinstance(second, Submission)
    assert set(second.companions) == {"old/x.ipynb"}


@pytest.mark.parametrize("inner", ["", "homework/", "a/b/c/"])
def test_zips_of_all_shapes(found: Find, root: Path, inner: str) -> None:
    """A zip is read like the folder it was made of."""
    single = pack(root / "jane.zip", {f"{inner}hw.ipynb": GOOD, f"{inner}hw.pdf": b"", "__MACOSX/._x": b""})
    item = only(found(single))
    assert isinstance(item, Submission)
    assert set(item.companions) == {"hw.pdf"}
    many = pack(root / "all.zip", {f"{inner}ann/hw.ipynb": GOOD, f"{inner}bob/hw.ipynb": GOOD, f"{inner}cid/readme.txt": b"sorry"})
    assert rows(found(many)) == {"ann": "hw.ipynb", "bob": "hw.ipynb", "cid": "rejected"}


def test_zips_of_students(found: Find, root: Path) -> None:
    """A zip beside others, or alone in a student's folder, is that student's submission."""
    pack(root / "ann.zip", {"x/hw.ipynb": GOOD})
    pack(root / "bob.zip", {"notes.txt": b""})
    (root / "cid").mkdir()
    pack(root / "cid" / "upload.zip", {"hw.ipynb": GOOD, "hw.pdf": b""})
    (root / "dan.zip").write_bytes(b"no zip")
    items = {item.id: item for item in found(root)}
    assert {name: isinstance(item, Submission) for name, item in items.items()} == {"ann": True, "bob": False, "cid": True, "dan": False}
    assert items["cid"].files == ("hw.ipynb", "hw.pdf", "upload.zip")


def test_a_canvas_download(found: Find, root: Path) -> None:
    """Files of one user are one submission under the name that Canvas gives, late or not, anonymous or not."""
    files = {
        "doejane_12345_1001_hw4.ipynb": GOOD,
        "doejane_12345_1002_hw4.pdf": b"%PDF-",
        "roemax_LATE_12346_1003_my work_2.ipynb": GOOD,
        "müllerzoë_12347_1004_hw4.pdf": b"%PDF-",
        "poeann_12348_text.html": b"<p>see link</p>",
        "anon_X9y_1005_hw4.ipynb": GOOD,
        "leekim_12349_1006_hw4.ipynb": b"",
    }
    expected = {"doejane_12345": "hw4.ipynb", "roemax_12346": "my work_2.ipynb", "mullerzoe_12347": "rejected", "poeann_12348": "rejected"}
    expected |= {"anon_X9y": "hw4.ipynb", "leekim_12349": "rejected"}
    packed = found(pack(root / "submissions.zip", files))
    assert rows(packed) == expected
    assert rows(found(put(root / "unpacked", files))) == expected
    jane = next(item for item in packed if item.id == "doejane_12345")
    assert (jane.student, jane.files) == ("doejane", ("hw4.ipynb", "hw4.pdf"))


def test_a_canvas_upload_that_is_a_zip(found: Find, root: Path) -> None:
    """A student's zip inside the download is opened."""
    inner = pack(root / "inner.zip", {"hw4/hw4.ipynb": GOOD}).read_bytes()
    outer = pack(root / "submissions.zip", {"doejane_1_2_work.zip": inner, "roemax_3_4_hw.ipynb": GOOD})
    assert rows(found(outer)) == {"doejane_1": "hw4.ipynb", "roemax_3": "hw.ipynb"}


def test_a_gradescope_export(found: Find, root: Path) -> None:
    """Each submission folder is one, named after its submitters; one that the export lacks is told."""
    metadata = """---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: '0670'
  - :name: "Max Roe"
  :history:
  - :submitters:
    - :name: Jane Doe
submission_102:
  :submitters:
  - :name: Zoë Müller
submission_103:
  :submitters:
  - :name: Left Out
"""
    files = {"submission_metadata.yml": metadata.encode(), "submission_101/a/hw.ipynb": GOOD, "submission_102/hw.pdf": b""}
    items = found(pack(root / "export.zip", {f"assignment_7_export/{name}": content for name, content in files.items()}))
    assert rows(items) == {"submission_101": "hw.ipynb", "submission_102": "rejected", "submission_103": "rejected"}
    assert [item.student for item in items] == ["Jane Doe, Max Roe", "Zoë Müller", "Left Out"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("hw.ipynb", b"", "empty file"),
        ("hw.ipynb", b"what?", "not valid JSON"),
        ("hw.ipynb", b'{"a": 1}', "not a notebook"),
        ("hw.ipynb", b" " * 50_000_002, "50 MB"),
        ("hw.pdf", b"%PDF-1.5", "not valid JSON"),
        ("hw.zip", b"PK nothing", "damaged"),
        ("hw.zip", b"", "damaged"),
    ],
)
def test_files_that_cannot_be_graded(found: Find, root: Path, name: str, content: bytes, said: str) -> None:
    """Each gets a row with one sentence."""
    assert said in reason(found(put(root, {name: content}) / name))


def test_a_notebook_under_another_name_is_read(found: Find, root: Path) -> None:
    """A file named on the command line is judged by what it holds."""
    assert isinstance(only(found(put(root, {"hw.ipynb.txt": GOOD}) / "hw.ipynb.txt")), Submission)


def test_folders_that_cannot_be_graded(found: Find, root: Path) -> None:
    """An empty folder, one without a notebook and one nested without end each give one row."""
    assert "is empty" in reason(found(root))
    assert "holds no notebook" in reason(found(put(root / "a", {"hw.pdf": b"", "x/notes.txt": b""})))
    (put(root / "b", {"ann/hw.ipynb": GOOD, "bob/hw.ipynb": GOOD}) / "bob" / Path(*"abcdefghijklmnop")).mkdir(parents=True)
    assert rows(found(root / "b")) == {"ann": "hw.ipynb", "bob": "rejected"}
    assert "nested more than" in reason(found(root / "b")[1:])


def test_a_path_that_does_not_exist_is_wrong_usage(found: Find, root: Path) -> None:
    """A mistyped path is the caller's mistake, not a submission."""
    with pytest.raises(SubmissionError, match="no such file or folder"):
        found(root, root / "nowhere")
    with pytest.raises(SubmissionError, match="no such file or folder"):
        found(root / ("long" * 100))


def test_a_path_given_twice_is_graded_once(found: Find, root: Path) -> None:
    """The same file, also by another spelling of its path, is one submission."""
    put(root, {"hw.ipynb": GOOD})
    assert len(found(root / "hw.ipynb", root / ".." / root.name / "hw.ipynb")) == 1


@pytest.mark.parametrize("place", ["results", "ann/results"])
def test_results_of_an_earlier_run_are_not_submissions(root: Path, tmp_path: Path, place: str) -> None:
    """The folder of results may lie among the submissions: what was written there is passed over."""
    put(root, {"ann/hw.ipynb": GOOD, "bob/hw.ipynb": GOOD, f"{place}/ann/replayed.ipynb": BETTER})
    items = find([root], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS, without=root / place)
    assert rows(items) == {"ann": "hw.ipynb", "bob": "hw.ipynb"}
    assert {item.files for item in items} == {("hw.ipynb",)}
    with pytest.raises(SubmissionError, match="--out"):
        find([root / place], unpack_folder=tmp_path / "again", questions=QUESTIONS, without=root / place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_links_and_pipes_are_never_opened(found: Find, root: Path) -> None:
    """A link is not followed and a pipe not waited for; each is told."""
    (root / "secret.ipynb").write_bytes(GOOD)
    students = root / "students"
    put(students, {"ann/hw.ipynb": GOOD, "bob/hw.pdf": b""})
    (students / "bob" / "hw.ipynb").symlink_to(root / "secret.ipynb")
    (students / "cid.ipynb").symlink_to(root / "secret.ipynb")
    (students / "eve").symlink_to(root)
    os.mkfifo(students / "dan.ipynb")
    (students / "ann" / "data.csv").symlink_to("/etc/passwd")
    items = {item.id: item for item in found(students)}
    assert {name: isinstance(item, Submission) for name, item in items.items()} == {
        "ann": True, "bob": False, "cid": False, "dan": False, "eve": False
    }  # fmt: skip
    bob, dan, ann = items["bob"], items["dan"], items["ann"]
    assert isinstance(bob, Rejected)
    assert "link" in bob.reason
    assert isinstance(dan, Rejected)
    assert "pipe" in dan.reason
    assert isinstance(ann, Submission)
    assert "data.csv" in ann.files
    assert "data.csv" not in ann.companions
    assert "pipe" in reason(found(students / "dan.ipynb"))


@pytest.mark.parametrize("name", ["../hw.ipynb", "a/../../hw.ipynb", "/tmp/hw.ipynb", "C:\\hw.ipynb", "..\\hw.ipynb", "a\x01/hw.ipynb"])
def test_path_tricks_in_a_zip(found: Find, root: Path, tmp_path: Path, name: str) -> None:
    """A zip that would write outside its folder is rejected and writes nothing there."""
    before = set(tmp_path.rglob("*.ipynb"))
    said = reason(found(pack(root / "hw.zip", {"good.ipynb": GOOD, name: GOOD})))
    assert "not allowed" in said
    assert all("unpacked" in path.parts for path in set(tmp_path.rglob("*.ipynb")) - before)


def test_links_in_a_zip_stay_packed(found: Find, root: Path) -> None:
    """A link in a zip is listed, not made; a notebook that is one is rejected."""
    link = zipfile.ZipInfo("hw.ipynb")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(root / "hw.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
        packed.writestr("notes.txt", "x")
    assert "is a link" in reason(found(root / "hw.zip"))


def test_bombs_are_defused(found: Find, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files, and far more bytes than the zip itself has, end the unpacking."""
    monkeypatch.setattr("autograder.intake.archive.RATIO_FROM_BYTES", 5_000_000)
    assert "far more" in reason(found(pack(root / "big.zip", {"hw.ipynb": b"\0" * 20_000_000})))
    assert sum(path.stat().st_size for path in (root.parent / "unpacked").rglob("*") if path.is_file()) < 8_000_000
    monkeypatch.setattr("autograder.intake.archive.FILE_LIMIT", 10)
    assert "at most 10" in reason(found(pack(root / "many.zip", {f"{number}.txt": b"" for number in range(11)})))
    deep = pack(root / "deep.zip", {"a/" * 40 + "hw.ipynb": GOOD})
    assert "deep" in reason(found(deep))


def test_damaged_zips(found: Find, root: Path) -> None:
    """A broken checksum and a cut-off file are told, not raised."""
    whole = pack(root / "whole.zip", {"hw.ipynb": GOOD * 50}).read_bytes()
    at = whole.index(b"hw.ipynb") + 30
    flipped = put(root, {"flipped.zip": whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]}) / "flipped.zip"
    assert "cannot be unpacked" in reason(found(flipped))
    assert "cannot be unpacked" in reason(found(put(root, {"cut.zip": whole[:-30]}) / "cut.zip"))


def test_a_locked_zip(found: Find, root: Path) -> None:
    """A password cannot be guessed."""
    whole = bytearray(pack(root / "whole.zip", {"hw.ipynb": GOOD}).read_bytes())
    whole[6] |= 1  # the flag in the file's own header
    whole[whole.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    assert "password" in reason(found(put(root, {"locked.zip": bytes(whole)}) / "locked.zip"))


def test_the_same_name_twice_in_a_zip(found: Find, root: Path) -> None:
    """Neither of two files with one name is lost."""
    with zipfile.ZipFile(root / "hw.zip", "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        packed.writestr("hw.ipynb", GOOD)
        packed.writestr("hw.ipynb", BETTER)
    assert rows(found(root / "hw.zip")) == {"hw": "hw.ipynb", "hw-2": "hw-2.ipynb"}


def test_ids_are_safe_and_unique(found: Find, root: Path) -> None:
    """Any name becomes letters, digits, -, _ and ., never two alike, never one of the grader's own files."""
    stems = ("Jane  Doe!", "jané  doe", "李明", "王芳", "..", "-rf", "grades.csv", "CON", "a" * 200, "x'; rm -rf ~", "=1+1")
    for stem in stems:
        put(root, {f"{stem}.ipynb": GOOD})
    ids = [item.id for item in found(root)]
    assert len({name.lower() for name in ids}) == len(stems)
    for name in ids:
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
        assert name[0] not in ".-"
        assert name.lower() not in ("grades.csv", "con")
        assert len(name) <= 90


@pytest.mark.skipif(not SEED.exists(), reason="the seed submission is not on this machine")
def test_the_seed_folder_is_one_submission(found: Find) -> None:
    """The real submission's notebook comes with its PDF."""
    item = only(found(SEED))
    assert isinstance(item, Submission)
    assert (item.id, item.notebook_name) == ("seed", "hw4.ipynb")
    assert "hw4.pdf" in item.companions
