"""The rules of handing in, which cost no points: looked at by the graders' flags, and by students before they hand in.

Receives a submission and the assignment's own notebook; yields a `Flag` for each thing that is not as it was asked for. Which questions
want words only, and which answers there are, is the assignment's to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.model.grading import Flag
from autograder.model.submission import Cell, CellKind, Notebook, Submission
from autograder.parsing import tree_of
from autograder.reported import answers, order, pdf

SHOWN_AT_MOST = 6  # cells named in one sentence
LEAST_SHARE_IN_PDF = (
    0.2  # of the student's own lines: prints lose lines at page ends and in wide cells, another notebook's has next to none
)
_CHECKING = (
    r"from homework import grader",
    r"import otter",
    r"grader = otter\.Notebook\([^()]*\)",
    r"(?:\w+ = )?grader\.(?:check|check_all|export)\([^()]*\)",
)


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """An answer in words: its question, a word of its marker, which of the markers with that word it is, and what to call it."""

    question: str
    prompt: str
    ordinal: int
    name: str


def pdf_beside(submission: Submission, template: Notebook) -> Iterator[Flag]:
    """A PDF of the notebook was to be handed in beside it."""
    found = pdf.pdfs(submission)
    if found:
        lines = own_lines(submission.notebook, template)
        shares = [pdf.share_found(submission.companions[name], lines) for name in found]
        known = [share for share in shares if share is not None]
        if len(known) == len(found) and max(known) < LEAST_SHARE_IN_PDF:
            yield Flag("pdf_of_another_notebook", f"{found[0]} does not show this notebook: {max(known):.0%} of its own lines are in it.")
        return
    if any(name.lower().endswith(".pdf") for name in submission.files):
        if submission.companions:
            yield Flag("pdf_unreadable", "A file that ends in .pdf was handed in, but it is not a PDF.")
        return
    yield Flag("no_pdf", "No PDF of the notebook was handed in beside it.")


def own_lines(notebook: Notebook, template: Notebook) -> list[str]:
    """The lines of the notebook that are not the homework's own."""
    given = {line.strip() for cell in template.cells for line in cell.source.splitlines()}
    written = [line for cell in notebook.cells for line in cell.source.splitlines() if line.strip() not in given]
    return [line for line in written if not re.search(r"https?://|data:|attachment:|<[a-z/]", line)]


def nothing_added(notebook: Notebook, in_words: Sequence[str]) -> Iterator[Flag]:
    """Nothing was to be added that no question asks for: no code where the answer is in words."""
    for question in in_words:
        section = notebook.section(question)
        extra = [cell.index for cell in section.code if has_code(cell) and not only_checks(cell)] if section else []
        if extra:
            yield Flag("extra_cells", f"Question {question} asks for an answer in words, but has code in {cells(extra)}.", extra[0])


def has_code(cell: Cell) -> bool:
    """Whether a code cell holds more than comments."""
    return any(line.strip() and not line.strip().startswith("#") for line in cell.source.splitlines())


def only_checks(cell: Cell) -> bool:
    """Whether a cell does nothing but call the checks that students are given: left in, it is no addition, and it is run at any time."""
    tree = tree_of(cell.source)
    statements = map(ast.unparse, tree.body) if tree else ()
    return bool(tree and tree.body) and all(any(re.fullmatch(form, statement) for form in _CHECKING) for statement in statements)


def names_in_order(notebook: Notebook) -> Iterator[Flag]:
    """No cell should need what only a later one makes."""
    for one in order.later_names(notebook)[:SHOWN_AT_MOST]:
        yield Flag(
            "needs_later_cell",
            f"Cell {one.cell} uses {one.name}, which only cell {one.defined_in} defines, so the notebook does not run from top to bottom.",
            one.cell,
        )


def run_in_order(notebook: Notebook) -> Iterator[Flag]:
    """Cells should have been run in their order."""
    work = replace(notebook, cells=tuple(cell for cell in notebook.cells if not only_checks(cell)))
    found = order.out_of_order(work)
    if found:
        yield Flag(
            "out_of_order",
            "By their execution counts, cells were run out of order or more than once: "
            f"the counts of {cells(list(found))} are not above the ones before.",
            found[0],
        )


def all_run(notebook: Notebook) -> Iterator[Flag]:
    """Every cell with code should have been run before the notebook was saved."""
    cells_of_code = (cell for cell in notebook.cells if cell.kind is CellKind.CODE and has_code(cell) and not only_checks(cell))
    found = [cell.index for cell in cells_of_code if cell.execution_count is None]
    if found:
        yield Flag("not_run", f"As it was saved, {cells(found)} had not been run.", found[0])


def all_answered(notebook: Notebook, template: Notebook, asked: Sequence[AskedAnswer], in_words: Sequence[str]) -> Iterator[Flag]:
    """Every answer in words should be there. Where no plot is asked for, a picture may be a photographed answer."""
    for one in asked:
        section = notebook.section(one.question)
        if section is None or (one.question in in_words and section.figures):
            continue
        if not answers.answer(section, one.prompt, ordinal=one.ordinal, template=template.section(one.question)):
            yield Flag(
                "answer_empty", f"There is nothing below the marker for {one.name}.", section.cells[-1].index if section.cells else None
            )


def given_unchanged(notebook: Notebook, template: Notebook) -> Iterator[Flag]:
    """Given cells should stay as they are."""
    given = {first_line(cell): cell for cell in template.cells if first_line(cell).startswith("# given")}
    here = {first_line(cell): cell for cell in notebook.cells if first_line(cell) in given}
    for line, cell in here.items():
        if parsed(cell.source) != parsed(given[line].source):
            yield Flag("given_cell_changed", f"Cell {cell.index} ({line.removeprefix('# given: ')}) is given, but was changed.", cell.index)
    missing = [line.removeprefix("# given: ") for line in given if line not in here]
    if missing and len(here) > len(given) // 2:
        yield Flag("given_cell_changed", f"Given cells are missing: {', '.join(missing)}.")


def first_line(cell: Cell) -> str:
    return cell.source.strip().partition("\n")[0].strip()


def parsed(source: str) -> str:
    """The code without comments and layout."""
    tree = tree_of(source)
    return ast.dump(tree) if tree else source.strip()


def cells(indices: list[int]) -> str:
    """ "cell 3", "cells 3, 5 and 8", at most a few of them."""
    named = [str(index) for index in indices[:SHOWN_AT_MOST]]
    more = len(indices) - len(named)
    if len(indices) == 1:
        return f"cell {named[0]}"
    return f"cells {', '.join(named)} and {more} more" if more else f"cells {', '.join(named[:-1])} and {named[-1]}"
