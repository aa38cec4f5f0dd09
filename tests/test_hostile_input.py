"""What is handed in to break the grader, or by people whose computers name files oddly: a row for each, in little time."""

from __future__ import annotations

import json
import os
import stat
import struct
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from stored_notebooks import QUESTIONS, code, coded, markdown, png, shown, stdout, stored

from autograder.errors import SubmissionError
from autograder.intake import pictures, read
from autograder.intake.find import find
from autograder.model.grading import Question
from autograder.model.submission import Notebook, Rejected, Submission
from autograder.reported import answers
from autograder.reported.syntax import names_of
from autograder.reported.unprinted import prints_by_itself

GOOD = stored(markdown("## 1.1 A"), code("x = 1"))
DEEP = json.loads("[" * 900 + "]" * 900)
ASKED = tuple(Question(question.number, question.title, ("the homework s own words for a question",)) for question in QUESTIONS)
PATIENCE_SECONDS = 5.0  # of CPU; each took longer when its time grew with the square of its size


def rows(*paths: Path) -> dict[str, str]:
    """Each id with the notebook's name, or with why it was rejected."""
    items = find(paths, unpack_folder=paths[0].parent / "unpacked", questions=QUESTIONS)
    return {item.id: item.notebook_name if isinstance(item, Submission) else item.reason for item in items}


def pack(path: Path, entries: Sequence[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return path


def put(path: Path, content: bytes = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read_notebook(content: bytes) -> Notebook:
    return read.notebook(content, ASKED, {}, name="hw.ipynb")


@pytest.mark.parametrize(
    "name",
    ["Screenshot at 3\u202fPM.png", "my\u00a0notes.txt", "a/Icon\r", "👩\u200d🔬.png", "李" * 83 + ".txt", "\u202egnp.exe"],
    ids=["narrow space", "hard space", "folder icon", "joined emoji", "255 bytes", "right to left"],
)
def test_an_odd_name_in_a_zip_is_no_trick(tmp_path: Path, name: str) -> None:
    """What macOS and people call their files keeps nobody from being graded."""
    assert rows(pack(tmp_path / "hw.zip", [("hw.ipynb", GOOD), (name, b"")])) == {"hw": "hw.ipynb"}


def test_a_long_name_twice_in_a_zip(tmp_path: Path) -> None:
    """The second of two files has a name that the system can write."""
    long = "李" * 82 + ".ipynb"
    with pytest.warns(UserWarning, match="Duplicate"):
        packed = pack(tmp_path / "hw.zip", [(long, GOOD), (long, GOOD)])
    assert len(rows(packed)) == 2


@pytest.mark.filterwarnings("ignore:Duplicate")
def test_the_same_name_very_often_takes_no_time(tmp_path: Path) -> None:
    """A zip of thousands of files with one name is unpacked in linear time."""
    packed = pack(tmp_path / "hw.zip", [("hw.ipynb", b"")] * 4_000)
    begin = time.process_time()
    assert len(rows(packed)) == 4_000
    assert time.process_time() - begin < PATIENCE_SECONDS


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_broken_anywhere_is_told(tmp_path: Path, how: int) -> None:
    """Whichever byte is wrong, and however the zip is packed, it is graded or rejected."""
    whole = pack(tmp_path / "hw.zip", [("hw.ipynb", GOOD)], how).read_bytes()
    for place in range(0, len(whole), 3):
        broken = whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]
        assert rows(put(tmp_path / str(place) / "hw.zip", broken))


def test_a_zip_of_several_parts_without_an_ending(tmp_path: Path) -> None:
    """A file that claims to be a part of a zip, under a name that tells nothing, does not end the run."""
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 5, 0, 9)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    put(tmp_path / "all" / "ann.ipynb")
    put(tmp_path / "all" / "bob.ipynb")
    put(tmp_path / "all" / "eve", b"x" * 60 + locator + end)
    found = rows(tmp_path / "all")
    assert (found["ann"], found["bob"]) == ("ann.ipynb", "bob.ipynb")
    assert "cannot be unpacked" in found.get("eve", "cannot be unpacked")  # no zip at all, for other versions of Python


def test_a_zip_in_a_zip_is_told(tmp_path: Path) -> None:
    """Zips in zips are unpacked to a depth that people reach; the owner of a deeper one is told what to do."""
    innermost = pack(tmp_path / "innermost.zip", [("hw.ipynb", GOOD)])
    inner = pack(tmp_path / "inner.zip", [("innermost.zip", innermost.read_bytes())])
    middle = pack(tmp_path / "middle.zip", [("inner.zip", inner.read_bytes())])
    outer = pack(tmp_path / "outer.zip", [("ann/middle.zip", middle.read_bytes())])
    assert list(rows(middle).values()) == ["hw.ipynb"]
    assert ["Hand in the notebook itself" in said for said in rows(outer).values()] == [True]


def test_a_file_and_a_folder_of_one_name(tmp_path: Path) -> None:
    """A zip that cannot be unpacked on any system is rejected, one that can is graded."""
    assert "cannot be unpacked" in rows(pack(tmp_path / "a.zip", [("x", b""), ("x/hw.ipynb", GOOD)]))["a"]
    assert "hw.ipynb" in rows(pack(tmp_path / "b.zip", [("x/hw.ipynb", GOOD), ("x", b"")])).values()


def test_a_device_in_a_zip_stays_packed(tmp_path: Path) -> None:
    """No device, pipe or socket is made."""
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as packed:
        packed.writestr("hw.ipynb", GOOD)
        for kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK):
            entry = zipfile.ZipInfo(f"{kind}.bin")
            entry.create_system, entry.external_attr = 3, (kind | 0o666) << 16
            packed.writestr(entry, b"")
    assert rows(tmp_path / "hw.zip") == {"hw": "hw.ipynb"}
    assert all(path.is_file() or path.is_dir() for path in (tmp_path / "unpacked").rglob("*"))


def test_a_huge_file_beside_the_notebook_stays_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that were zipped along keep nobody from being graded; they are listed and not unpacked."""
    monkeypatch.setattr("autograder.intake.archive.FILE_BYTES", 1_000)
    packed = pack(tmp_path / "hw.zip", [("hw.ipynb", GOOD), ("model.pt", os.urandom(5_000))])
    (item,) = find([packed], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)
    assert isinstance(item, Submission)
    assert item.files == ("hw.ipynb", "model.pt")
    assert not item.companions
    assert "far more" in rows(pack(tmp_path / "large.zip", [("large.ipynb", os.urandom(5_000))]))["large"]


def test_a_device_and_a_huge_file_are_told(tmp_path: Path) -> None:
    """A device is not read, and of a file of 1 GB no more than the limit."""
    with (tmp_path / "ann.ipynb").open("wb") as file:
        file.truncate(10**9)
    assert "more than the 50 MB" in rows(tmp_path / "ann.ipynb")["ann"]
    assert "device" in next(iter(rows(Path("/dev/null")).values()))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_of_any_bytes(tmp_path: Path) -> None:
    """Names that are no text, hold terminal sequences or line ends, and names that differ in case only, have a row each."""
    folder = tmp_path / "all"
    folder.mkdir()
    for name in (
        b"\xff\xfe.ipynb",
        b"\x1b[2J.ipynb",
        b"a\nb.ipynb",
        b"Ann.ipynb",
        b"ann.ipynb",
        b"=1+1.ipynb",
        b"<b>.ipynb",
        b"a" * 249 + b".ipynb",
    ):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(GOOD)
    found = rows(folder)
    assert len(found) == 8
    assert all(name.isascii() and name.isprintable() for name in found)


def test_a_metadata_file_of_spaces_takes_no_time(tmp_path: Path) -> None:
    """A Gradescope export's list of people may come from a student's own zip."""
    put(tmp_path / "all" / "submission_1" / "hw.ipynb")
    put(tmp_path / "all" / "submission_metadata.yml", b"submission_1:\n  :submitters:\n" + b" " * 100_000 + b"x\n  - :name: Ann\n")
    begin = time.process_time()
    (item,) = find([tmp_path / "all"], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)
    assert item.student == "Ann"
    assert time.process_time() - begin < PATIENCE_SECONDS


def test_an_export_of_nothing_has_a_row(tmp_path: Path) -> None:
    """A zip that holds only the list of people, and nobody in it, is rejected rather than passed over."""
    assert "holds no notebook" in rows(pack(tmp_path / "eve.zip", [("submission_metadata.yml", b"")]))["eve"]


def test_many_notebooks_in_one_submission_are_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one is read whatever its size, and others as long as all together are not too large."""
    for number in range(9):
        put(tmp_path / "all" / "ann" / f"{number}" / "hw.ipynb")
    put(tmp_path / "all" / "bob" / "hw.ipynb")
    monkeypatch.setattr("autograder.intake.choose._NOTEBOOKS_BYTES", 3 * len(GOOD))
    seen: list[str] = []
    real = read.notebook

    def counted(content: bytes, questions: Sequence[Question], companions: Any, *, name: str) -> Notebook:
        seen.append(name)
        return real(content, questions, companions, name=name)

    monkeypatch.setattr(read, "notebook", counted)
    ann, _ = find([tmp_path / "all"], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)
    assert isinstance(ann, Submission)
    assert seen == ["0/hw.ipynb", "1/hw.ipynb", "2/hw.ipynb", "0/hw.ipynb", "hw.ipynb"]
    assert len(ann.files) == 9


def test_a_value_of_any_type_in_any_place() -> None:
    """A field of the wrong type, nested as deeply as JSON may be, loses that field and nothing else."""
    fields = ("cell_type", "source", "outputs", "attachments", "execution_count", "id", "metadata")
    of_outputs = ("output_type", "name", "text", "data", "ename", "evalue", "traceback", "metadata")
    for value in (DEEP, {"a": DEEP}, None, True, -1, 1e999, "\ud800", [None, 3, "x", {}], {}, ""):
        odd: list[Any] = [{**code("x"), field: value} for field in fields]
        odd += [{**markdown("x"), field: value} for field in fields]
        for kind in ("stream", "error", "display_data"):
            odd += [code("x", {"output_type": kind, field: value}) for field in of_outputs]
        odd += [
            code("x", shown({kind: value}))
            for kind in ("text/html", "image/svg+xml", "application/javascript", "text/markdown", "image/png")
        ]
        content = json.dumps({"cells": [*odd, value, code("last = 1")], "metadata": value, "nbformat": value}).encode()
        notebook = read_notebook(content)
        assert notebook.cells[-1].source == "last = 1"
        for cell in notebook.cells:
            for text in (cell.source, *(part for output in cell.outputs for part in (output.kind, output.name, output.text))):
                assert isinstance(text, str)
                assert text.encode() is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"cells": NaN}', "no list of cells"),
        (b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "deeply"),
        (b'{"cells": [' + b'{"a":' * 200_000, "deeply"),
        (b'{"cells": [{"execution_count": ' + b"9" * 10_000 + b"}]}", "not valid JSON"),
        (b'{"cells": [' + b"[]," * 2_100_000 + b"[]]}", "2,000,000 values"),
        (b'{"cells": ["' + b'\\"' * 4_000_000, "not valid JSON"),
        (b'{"cells": [{"source": "' + b"," * 5_000_000, "not valid JSON"),
    ],
    ids=["not a number", "deep lists", "deep objects", "a long number", "many values", "a text without end", "commas in a text"],
)
def test_what_would_fill_memory_or_stack_is_refused(content: bytes, said: str) -> None:
    """JSON made to be expensive is refused with a sentence, and what merely looks like it is not."""
    with pytest.raises(SubmissionError, match=said):
        read_notebook(content)


@pytest.mark.parametrize(
    "cell",
    [
        markdown("## 1.1\nx\n## 1.2\nx\n" * 15_000),
        markdown("a\n\n" * 50_000),
        markdown("<b>\n" * 30_000),
        markdown("data:image/png;base64," * 39 + "%41" * 500_000),
        markdown("x" * 1_000_000, {f"{number}.png": {} for number in range(3_000)}),
        markdown("![a](b.png)" * 100_000),
        markdown("<img src" + " " * 300_000),
        code("x", stdout("\x1b[" + "0" * 1_000_000), shown({"text/html": "<" * 1_000_000})),
    ],
    ids=["headings", "paragraphs", "tags", "pictures in pictures", "attachments", "links", "spaces", "outputs"],
)
def test_text_made_to_be_slow_is_read_at_once(cell: dict[str, Any]) -> None:
    """The time to read a notebook grows with its size, not with the square of it."""
    content = stored(cell)
    begin = time.process_time()
    read_notebook(content)
    assert time.process_time() - begin < PATIENCE_SECONDS


@pytest.mark.parametrize("source", ["\n" * 300_000, " " * 300_000 + "x", "%" * 300_000], ids=["lines", "spaces", "magics"])
def test_code_made_to_be_slow_is_read_at_once(source: str) -> None:
    """Patterns that begin at a line do not look at all lines below it for each."""
    (cell,) = read_notebook(stored(code(source))).cells
    begin = time.process_time()
    names_of(cell.source)
    prints_by_itself(cell)
    assert time.process_time() - begin < PATIENCE_SECONDS


def test_answers_among_thousands_of_cells_are_found_at_once() -> None:
    """The time to take a section apart grows with its cells, not with the square of their number."""
    cells = [markdown(f"Thought {number}") for number in range(4_900)]
    (section,) = read_notebook(stored(markdown("## 1.1 A"), *cells, markdown("ANSWER HERE"), markdown("Forty-two"))).sections
    begin = time.process_time()
    assert "Forty-two" in answers.answer(section)
    assert answers.place(section, "NOTHING", 1) is None
    assert time.process_time() - begin < 2.0  # more than 5 with the square


@pytest.mark.parametrize(
    "version", [{"nbformat": 3, "nbformat_minor": None}, {"nbformat": 3, "nbformat_minor": "x"}, {"nbformat": [2]}, {}]
)
def test_an_old_notebook_of_any_version_is_read(version: dict[str, Any]) -> None:
    """Headings, code and outputs of the formats before 4 are read whatever the file says of itself."""
    heading = {"cell_type": "heading", "level": 3, "source": ["1.1\n", "Old"]}
    ran = {"cell_type": "code", "input": "x", "prompt_number": 7, "outputs": [{"output_type": "pyout", "text": ["4", "2"], "png": None}]}
    cells = read_notebook(json.dumps({"worksheets": [{"cells": [heading, ran]}], **version}).encode()).cells
    assert [cell.source for cell in cells] == ["### 1.1 Old", "x"]
    assert (cells[1].execution_count, cells[1].outputs[0].text) == (7, "42")


def test_linked_files_are_read_once_and_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that links its pictures a thousand times reads each once, and leaves out what is too much."""
    monkeypatch.setattr(pictures, "LINKED_BYTES", 2_500)
    companions = {f"{number}.png": put(tmp_path / f"{number}.png", png() + b"\0" * (1_000 - len(png()))) for number in range(4)}
    source = "".join(f"![x]({number}.png)" for number in range(4))
    read_cells = read.cells(stored(*[markdown(source)] * 50), companions, name="hw.ipynb")
    assert [len(cell.figures) for cell in read_cells] == [2] * 50
    assert len({id(figure.data) for cell in read_cells for figure in cell.figures}) == 2


def test_pictures_that_are_none_are_no_figures() -> None:
    """Of what claims to be a picture only what begins like one is kept, whatever type it is called."""
    script = "<script>alert(1)</script>"
    data = {"image/png": coded(script.encode()), "application/javascript": "alert(1)", "text/html": script, "text/markdown": script}
    (cell,) = read_notebook(stored(code("x", shown(data)))).cells
    assert cell.figures == ()
    assert cell.outputs[0].text == script


def test_rejected_submissions_keep_their_files(tmp_path: Path) -> None:
    """What cannot be graded is listed with all that was handed in."""
    put(tmp_path / "ann" / "hw.ipynb", b"{")
    put(tmp_path / "ann" / "notes.txt", b"x")
    (item,) = find([tmp_path / "ann"], unpack_folder=tmp_path / "unpacked", questions=QUESTIONS)
    assert isinstance(item, Rejected)
    assert item.files == ("hw.ipynb", "notes.txt")
