"""The rules of handing in as students are told them, from the package that they get: the same that the graders' flags look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fabricated import checks

from autograder.assignment import load
from autograder.checks import Evidence, Flag
from autograder.intake import read
from autograder.intake.sections import prompted
from autograder.model.execution import Ending, Execution
from autograder.model.submission import Submission
from autograder.packaging.archive import write_files
from autograder.packaging.student import student_files
from reference.judging.given import template

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = load(ROOT / "reference" / "assignment.toml")
CORRECT = ROOT / "examples" / "correct" / "hw4.ipynb"
LOOK = """
import json, sys
from pathlib import Path
from autograder.student.checklist import checklist
from autograder.student.handing_in import export
for line in sys.stdin:
    path, exports = json.loads(line)
    if exports:
        export(Path(path))
    print(json.dumps([sentence for rule in checklist(Path(path)) for sentence in rule.broken]), flush=True)
"""
flags = checks("flags")
SHARED = ("no_pdf", "extra_cells", "executed_out_of_order", "empty_answers", "given_cells_changed", "runs_from_top_to_bottom")

Change = Callable[[dict[str, Any]], None]


def of_id(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def heading_removed(notebook: dict[str, Any]) -> None:
    notebook["cells"].remove(of_id(notebook, "q3-3"))


def not_run(notebook: dict[str, Any]) -> None:
    of_id(notebook, "q1-1-mask")["execution_count"] = None


def run_again(notebook: dict[str, Any]) -> None:
    of_id(notebook, "q1-1-mask")["execution_count"] = 90


def later_name(notebook: dict[str, Any]) -> None:
    first, last = (dict(of_id(notebook, "q1-1-mask")) for _ in range(2))
    first |= {"source": "print(decided_later)", "id": "a", "outputs": [], "execution_count": None}
    last |= {"source": "decided_later = 1", "id": "b", "outputs": [], "execution_count": None}
    place = notebook["cells"].index(of_id(notebook, "q1-1-mask"))
    notebook["cells"][place:place] = [first]
    notebook["cells"][place + 4 : place + 4] = [last]


def code_among_words(notebook: dict[str, Any]) -> None:
    place = notebook["cells"].index(of_id(notebook, "q4-1"))
    added = dict(of_id(notebook, "q1-1-mask")) | {"source": "print(1)", "id": "added", "outputs": []}
    notebook["cells"][place + 1 : place + 1] = [added]


def checks_left_in(notebook: dict[str, Any]) -> None:
    """The cells of the package's README, at the end: one was never run, one was run late."""
    for number, source in enumerate(["from homework import grader\n\ngrader.check('1.1')  # again\ngrader.check_all()", "grader.export()"]):
        added = dict(of_id(notebook, "q1-1-mask")) | {"source": source, "id": f"check-{number}", "outputs": [], "execution_count": None}
        notebook["cells"].append(added | {"execution_count": 3 if number else None})


def given_changed(notebook: dict[str, Any]) -> None:
    cell = of_id(notebook, "q1-1-settings")
    cell["source"] = "".join(cell["source"]).replace("epochs = 30", "epochs = 3")


def answers_removed(notebook: dict[str, Any]) -> None:
    """Every markdown cell that is not the homework's."""
    own = {cell.source for cell in template().cells}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "".join(cell["source"]) not in own:
            cell["source"] = ""


def nothing(notebook: dict[str, Any]) -> None:
    pass


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    write_files(folder, student_files(ASSIGNMENT))
    return folder


@pytest.fixture(scope="module")
def look(unpacked: Path) -> Any:
    """Asks a student's machine which sentences the checklist says of a notebook; with `exports`, after its export."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    with subprocess.Popen(
        [sys.executable, "-c", LOOK], cwd=unpacked, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def asked(path: Path, *, exports: bool = True) -> list[str]:
            print(json.dumps([str(path), exports]), file=process.stdin, flush=True)
            said: list[str] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return said

        yield asked
        process.stdin.close()


@pytest.fixture(scope="module")
def pdf(look: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The print of the finished notebook; those with one change have nearly all of their lines in it."""
    path = tmp_path_factory.mktemp("printed") / "hw4.ipynb"
    path.write_bytes(CORRECT.read_bytes())
    assert look(path) == []
    return path.with_suffix(".pdf").read_bytes()


def harness_says(path: Path) -> list[str]:
    """The sentences of the flags that look at the same rules, on the same files."""
    content = path.read_bytes()
    questions = prompted(ASSIGNMENT.questions, template().cells)
    companions = {file.name: file for file in path.parent.iterdir() if file != path}
    notebook = read.notebook(content, questions, companions, name=path.name)
    submission = Submission("a", "A", path.name, "0", (path.name, *companions), notebook, content, companions)
    evidence = Evidence(submission, Execution(Ending.FINISHED), "static", "", Path("nowhere"), 0)
    raised: list[Flag] = [flag for name in SHARED for flag in getattr(flags, f"flag_{name}")(evidence)]
    return [flag.sentence for flag in raised]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nothing, ""),
        (checks_left_in, ""),
        (heading_removed, "No heading begins with 3.3."),
        (not_run, "As it was saved, cell 9 had not been run."),
        (run_again, "the counts of cell 10 are not above the ones before."),
        (later_name, "uses decided_later, which only cell"),
        (code_among_words, "Question 4.1 asks for an answer in words, but has code in cell"),
        (given_changed, "(settings, data, model, optimizer and loss) is given, but was changed."),
        (answers_removed, "There is nothing below the marker for the second answer in 4.1."),
    ],
)
def test_what_is_not_as_it_was_asked_for_is_told_as_the_harness_tells_it(
    change: Change, said: str, look: Any, pdf: bytes, tmp_path: Path
) -> None:
    """One thing each; the harness's flags say the same sentences of the same files, but for what only the student can mend."""
    notebook = json.loads(CORRECT.read_text("utf-8"))
    change(notebook)
    path = tmp_path / "hw4.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    (tmp_path / "hw4.pdf").write_bytes(pdf)
    told = look(path, exports=False)
    assert bool(told) == bool(said)
    assert any(said in sentence for sentence in told) or not said, told
    alone = ("No heading begins with", "As it was saved")
    assert sorted(sentence for sentence in told if not sentence.startswith(alone)) == sorted(harness_says(path))


def test_a_pdf_must_be_there_be_one_and_show_this_notebook(look: Any, tmp_path: Path) -> None:
    """None, a text that is called one, another notebook's, and the right one."""
    path = tmp_path / "hw4.ipynb"
    path.write_bytes(CORRECT.read_bytes())
    assert look(path, exports=False)[0].startswith("No PDF of the notebook")
    (tmp_path / "hw4.pdf").write_text("no PDF")
    assert "it is not a PDF" in look(path, exports=False)[0]
    other = tmp_path / "other" / "hw4.ipynb"
    other.parent.mkdir()
    lines = "\n".join(f"quantity_{number} = measured_quantity(of_what={number}, times=3)" for number in range(200))
    cell = {"cell_type": "code", "source": lines, "metadata": {}, "outputs": [], "execution_count": 1}
    other.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    look(other)
    (tmp_path / "hw4.pdf").write_bytes((other.parent / "hw4.pdf").read_bytes())
    assert "hw4.pdf does not show this notebook" in look(path, exports=False)[0]
    assert look(path) == []


def test_what_is_no_notebook_is_told_and_nothing_else(look: Any, tmp_path: Path) -> None:
    """The sentence is the one with which it would be rejected."""
    path = tmp_path / "hw4.ipynb"
    path.write_text("{ no notebook")
    (sentence,) = look(path, exports=False)
    assert sentence.startswith("hw4.ipynb cannot be read as a notebook")
    path.write_bytes(CORRECT.read_bytes())
    (tmp_path / "lecture.pdf").write_bytes(b"%PDF-1.4\n" + b" " * 51_000_000)
    assert any("have 52 MB" in sentence for sentence in look(path, exports=False))


def test_pictures_that_the_notebook_shows_are_handed_in_and_no_others(look: Any, tmp_path: Path) -> None:
    """A file that is linked goes into the zip by the name that the notebook gives it; one outside of the folder does not."""
    import zipfile

    notebook = json.loads(CORRECT.read_text("utf-8"))
    of_id(notebook, "q4-1")["source"] = [
        "![a](images/a.png) ![b](../secret.png) ![c](https://x.y/z.png)\n",
        *of_id(notebook, "q4-1")["source"],
    ]
    path = tmp_path / "work" / "hw4.ipynb"
    (path.parent / "images").mkdir(parents=True)
    for name in ("images/a.png", "../secret.png", "unused.png"):
        (path.parent / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    path.write_text(json.dumps(notebook), "utf-8")
    look(path)
    with zipfile.ZipFile(path.with_name("hw4_to_hand_in.zip")) as archive:
        assert archive.namelist() == ["hw4.ipynb", "hw4.pdf", "images/a.png"]
