"""What a student should see to before handing in, rule by rule; the graders' flags look at the same.

Receives the notebook's file as it was last saved, with the files beside it. Nothing here costs points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import folder, pictures, read
from autograder.intake.sections import prompted
from autograder.model.grading import Flag, Question
from autograder.model.submission import Cell, CellKind, Notebook, Submission
from autograder.reported import rules
from autograder.reported.rules import AskedAnswer
from autograder.student.live import HOMEWORK, homework, questions

LARGEST_MB = 50  # of all files together; platforms take more, graders do not need it


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and what is not as it asks; `broken` is empty where it is kept."""

    sentence: str
    broken: tuple[str, ...]


def checklist(path: Path) -> Iterator[Rule]:
    """Every rule, looked at in a notebook's file and what lies beside it; only the first where the file cannot be read."""
    readable = f"The notebook can be read, and all is smaller than {LARGEST_MB} MB."
    try:
        submission = handed_in(path)
    except SubmissionError as error:
        yield Rule(readable, (str(error),))
        return
    yield Rule(readable, tuple(_too_large(submission, path)))
    notebook, template = submission.notebook, handout()
    in_words, asked = homework()["in_words"], [AskedAnswer(*one) for one in homework()["asked"]]
    yield Rule("The heading of each question is there.", tuple(_headings(notebook)))
    yield Rule("All cells were run.", _said(rules.all_run(notebook)))
    yield Rule("They were run in their order, once.", _said(rules.run_in_order(notebook)))
    yield Rule("No cell needs a later one.", _said(rules.names_in_order(notebook)))
    yield Rule("Nothing was added that no question asks for.", _said(rules.nothing_added(notebook, in_words)))
    yield Rule("The given cells are as they were.", _said(rules.given_unchanged(notebook, template)))
    yield Rule("No answer is empty.", _said(rules.all_answered(notebook, template, asked, in_words)))
    lacking = _said(rules.pdf_beside(submission, template))
    advice = (f"Make it with grader.export(), or with: python -m autograder export {path.name}",) if lacking else ()
    yield Rule("A PDF of this notebook lies beside it.", (*lacking, *advice))


def handed_in(path: Path) -> Submission:
    """The notebook with what is handed in beside it: PDFs, and the picture files that it shows."""
    content = path.read_bytes()
    cells = read.cells(content, {}, name=path.name)
    companions = {**linked(path, cells), **{file.name: file for file in folder.listed(path.parent).files if file.suffix.lower() == ".pdf"}}
    notebook = read.notebook(content, _prompted(), companions, name=path.name)
    return Submission("", "", path.name, "", (path.name, *companions), notebook, content, companions)


def linked(path: Path, cells: tuple[Cell, ...]) -> dict[str, Path]:
    """The picture files that a notebook's markdown shows, by the names that it gives them; none from outside of its folder."""
    names = [name for cell in cells if cell.kind is CellKind.MARKDOWN for _, name in pictures.links(cell.source)]
    home = path.parent.resolve()
    return {name: file for name in names if (file := path.parent / name).is_file() and file.resolve().is_relative_to(home)}


def handout() -> Notebook:
    """The homework's own notebook."""
    path = HOMEWORK / "handout.ipynb"
    return read.notebook(path.read_bytes(), questions(), {}, name=path.name)


def _prompted() -> tuple[Question, ...]:
    return prompted(questions(), handout().cells)


def _too_large(submission: Submission, path: Path) -> Iterator[str]:
    size = len(submission.content) + sum(file.stat().st_size for file in submission.companions.values())
    if size > LARGEST_MB * 1e6:
        yield f"{path.name} and what lies beside it have {size / 1e6:.0f} MB. Clear large outputs, and use smaller pictures."


def _headings(notebook: Notebook) -> Iterator[str]:
    missing = [question.number for question in questions() if notebook.section(question.number) is None]
    if missing:
        yield f"No heading begins with {', '.join(missing)}. Keep the headings as they were: answers are looked for below them."


def _said(flags: Iterator[Flag]) -> tuple[str, ...]:
    return tuple(flag.sentence for flag in flags)
