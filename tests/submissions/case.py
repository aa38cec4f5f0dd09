"""A case of the corpus: what is changed in the finished solution notebook, and the verdict that it must get.

    Case(
        name="mask_on_the_right_half",
        about="The mask zeroes the right half.",
        question=1,
        changes=(replace("x_masked[..., : image_size // 2] = 0", "x_masked[..., image_size // 2 :] = 0"),),
        fails=("q1_1.zeroes_left_half",),
    )

A case keeps the set-up cells and the sections of its own question, so that it is graded in seconds. Every check of that question must
pass, but for those named: `fails` must fail, `reviews` must be left to a person, `not_run` must not be run. `flags` names what must be
flagged among stored outputs that the code cannot have produced. A correct variant must get none of these: when its code prints something
else than the solution's, it has to bring the outputs along (`set_output`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from autograder.intake import read
from autograder.model.grading import Question

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "examples" / "correct" / "hw4.ipynb"
QUESTIONS = tuple(Question(number, "") for number in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2"))

# Flags of outputs that the code cannot have produced. Cases say nothing of others: they keep one question and come without a PDF.
STORED_OUTPUT_FLAGS = frozenset(
    {
        "accuracy_above_one",
        "count_of_another_network",
        "digits_not_printed",
        "epochs_not_trained",
        "figure_copied",
        "figure_not_drawn",
        "format_not_printed",
        "log_copied",
        "loss_constant",
        "loss_negative",
        "loss_too_low",
        "output_without_code",
        "result_not_printed",
        "result_without_expression",
        "result_written_by_hand",
    }
)
Cells = list[Any]
Change = Callable[[Cells], None]


@dataclass(frozen=True)
class Case:
    """`about` says in one sentence what the student did. Outcomes are named by check id.

    `written` turns the notebook's text, in format 4, into the file's bytes, for other formats and encodings.
    """

    name: str
    about: str
    question: int
    changes: tuple[Change, ...]
    fails: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    written: Callable[[str], bytes] = str.encode

    @property
    def is_correct(self) -> bool:
        return not (self.fails or self.reviews or self.not_run or self.flags)

    @property
    def costs_nothing(self) -> bool:
        """Whether no point is lost: a correct variant, or a case of which a person has to decide some."""
        return not (self.fails or self.not_run or self.flags)

    def expected(self, check: str) -> str:
        """The outcome that a check of this question must have."""
        for outcome in ("fails", "reviews", "not_run"):
            if check in getattr(self, outcome):
                return {"fails": "failed", "reviews": "review", "not_run": "not_run"}[outcome]
        return "passed"

    def notebook(self) -> Any:
        """The changed notebook, with the sections of the case's own question only."""
        changed = nbformat.from_dict(_solution())
        keep = _cells_of(self.question)
        changed.cells = [cell for index, cell in enumerate(changed.cells) if index in keep]
        for change in self.changes:
            change(changed.cells)
        return changed

    def content(self) -> bytes:
        """The bytes of the file that is graded."""
        return self.written(nbformat.writes(self.notebook()))


@cache
def _text() -> str:
    return SOLUTION.read_text(encoding="utf-8")


def _solution() -> Any:
    return nbformat.reads(_text(), as_version=4)


@cache
def _cells_of(question: int) -> frozenset[int]:
    notebook = read.notebook(_text().encode(), QUESTIONS, {}, name=SOLUTION.name)
    owner = {cell.index: int(section.question[0]) for section in notebook.sections for cell in section.cells}
    before = min(owner)
    return frozenset(index for index in range(len(notebook.cells)) if owner.get(index) == question or index < before)


def replace(old: str, new: str, *, count: int = 0, kind: str = "code") -> Change:
    """Replace a text in the cells where it stands; `count` is how often it must stand in all (0: at least once)."""

    def change(cells: Cells) -> None:
        found = 0
        for cell in cells:
            if cell.cell_type == kind and old in cell.source:
                found += cell.source.count(old)
                cell.source = cell.source.replace(old, new)
        assert found, f"{old!r} stands in none of the solution's {kind} cells"
        assert count in (0, found), f"{old!r} stands {found} times in the solution's {kind} cells"

    return change


def set_output(containing: str, text: str) -> Change:
    """Let the code cell that contains a text have printed `text`, and nothing else but its figures."""

    def change(cells: Cells) -> None:
        cell = find(cells, containing)
        figures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text), *figures]

    return change


def without_figures(containing: str) -> Change:
    """Take the stored figures away from the code cell that contains a text."""

    def change(cells: Cells) -> None:
        cell = find(cells, containing)
        cell.outputs = [output for output in cell.outputs if "image/png" not in output.get("data", {})]

    return change


def set_source(containing: str, source: str, *, kind: str = "code") -> Change:
    """Write the cell that contains a text anew."""

    def change(cells: Cells) -> None:
        find(cells, containing, kind=kind).source = source

    return change


def remove(containing: str, *, kind: str = "code") -> Change:
    """Delete the cell that contains a text."""

    def change(cells: Cells) -> None:
        cells.remove(find(cells, containing, kind=kind))

    return change


def insert_after(containing: str, source: str, *, kind: str = "code", after: str = "code", prints: str = "") -> Change:
    """Put a new cell behind the one that contains a text; a code cell has printed `prints`."""

    def change(cells: Cells) -> None:
        made = nbformat.v4.new_code_cell(source) if kind == "code" else nbformat.v4.new_markdown_cell(source)
        if prints:
            made.outputs = [nbformat.v4.new_output("stream", name="stdout", text=prints)]
        cells.insert(cells.index(find(cells, containing, kind=after)) + 1, made)

    return change


def find(cells: Cells, containing: str, *, kind: str = "code") -> Any:
    """The only cell of a kind that contains a text."""
    found = [cell for cell in cells if cell.cell_type == kind and containing in cell.source]
    assert len(found) == 1, f"{containing!r} stands in {len(found)} {kind} cells"
    return found[0]
