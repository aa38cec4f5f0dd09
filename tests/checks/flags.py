"""What a person should know about a submission and what costs no points."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.checks import Evidence, Flag, Student, flags
from autograder.model.execution import CellStatus
from autograder.model.submission import Cell
from autograder.reported import order, pdf, printed
from reference.judging.counts import counts
from reference.judging.given import template, written
from reference.judging.sizes import fully_connected, recurrent

WITHOUT_CODE = ("2.1", "2.3", "4.1", "4.2")
ANSWERS = (
    ("1.2", "EXPLANATION", 1, "the explanation in 1.2"),
    ("1.3", "EXPLANATION", 1, "the explanation in 1.3"),
    ("2.1", "ANSWER", 1, "the answer to 2.1"),
    ("2.3", "ANALYSIS", 1, "the analysis in 2.3"),
    ("3.4", "EXPLANATION", 1, "the explanation in 3.4"),
    ("4.1", "ANSWER", 1, "the first answer in 4.1"),
    ("4.1", "ANSWER", 2, "the second answer in 4.1"),
    ("4.1", "ANSWER", 3, "the third answer in 4.1"),
    ("4.2", "ANSWER", 1, "the first answer in 4.2"),
    ("4.2", "ANSWER", 2, "the second answer in 4.2"),
)
SHOWN_AT_MOST = 6  # cells named in one sentence
LEAST_SHARE_IN_PDF = (
    0.2  # of the student's own lines: prints lose lines at page ends and in wide cells, another notebook's has next to none
)
CHANCE = 0.10  # accuracy of always answering 9
HIGHEST_LOSS = 6.5  # of validation and test at the end of 3.2 to 3.4
VOCABULARIES = (
    {"German": 7855, "English": 5893},  # of Multi30k
    {"German": 453, "English": 373},  # of the embedded sample, on which the examples were run
)
PERCENT = re.compile(r"(?P<percent>\d{1,3}(?:\.\d+)?)\s*\\?%|(?<![\d.])(?P<share>0\.\d{2,})")


def cells(indices: list[int]) -> str:
    """ "cell 3", "cells 3, 5 and 8", at most a few of them."""
    named = [str(index) for index in indices[:SHOWN_AT_MOST]]
    more = len(indices) - len(named)
    if len(indices) == 1:
        return f"cell {named[0]}"
    return f"cells {', '.join(named)} and {more} more" if more else f"cells {', '.join(named[:-1])} and {named[-1]}"


@flags
def flag_no_pdf(evidence: Evidence) -> Iterator[Flag]:
    """A PDF of the notebook was to be handed in beside it."""
    found = pdf.pdfs(evidence.submission)
    if found:
        shares = [pdf.share_found(evidence.submission.companions[name], own_lines(evidence)) for name in found]
        known = [share for share in shares if share is not None]
        if len(known) == len(found) and max(known) < LEAST_SHARE_IN_PDF:
            yield Flag("pdf_of_another_notebook", f"{found[0]} does not show this notebook: {max(known):.0%} of its own lines are in it.")
        return
    if any(name.lower().endswith(".pdf") for name in evidence.submission.files):
        if evidence.submission.companions:
            yield Flag("pdf_unreadable", "A file that ends in .pdf was handed in, but it is not a PDF.")
        return
    yield Flag("no_pdf", "No PDF of the notebook was handed in beside it.")


def own_lines(evidence: Evidence) -> list[str]:
    """The lines of the notebook that are not the homework's own."""
    given = {line.strip() for cell in template().cells for line in cell.source.splitlines()}
    written = [line for cell in evidence.submission.notebook.cells for line in cell.source.splitlines() if line.strip() not in given]
    return [line for line in written if not re.search(r"https?://|data:|attachment:|<[a-z/]", line)]


@flags
def flag_extra_cells(evidence: Evidence) -> Iterator[Flag]:
    """Nothing was to be added that no question asks for."""
    for question in WITHOUT_CODE:
        section = evidence.submission.notebook.section(question)
        extra = [cell.index for cell in section.code if has_code(cell)] if section else []
        if extra:
            yield Flag("extra_cells", f"Question {question} asks for an answer in words, but has code in {cells(extra)}.", extra[0])


def has_code(cell: Cell) -> bool:
    """Whether a code cell holds more than comments."""
    return any(line.strip() and not line.strip().startswith("#") for line in cell.source.splitlines())


@flags
def flag_runs_from_top_to_bottom(evidence: Evidence) -> Iterator[Flag]:
    """The notebook should run from top to bottom."""
    later = order.later_names(evidence.submission.notebook)
    for one in later[:SHOWN_AT_MOST]:
        yield Flag(
            "needs_later_cell",
            f"Cell {one.cell} uses {one.name}, which only cell {one.defined_in} defines, so the notebook does not run from top to bottom.",
            one.cell,
        )
    known = {one.cell for one in later}
    retried = [run for run in evidence.execution.cells if run.attempts > 1 and run.status is CellStatus.OK and run.index not in known]
    for run in retried[:SHOWN_AT_MOST]:
        yield Flag("needs_later_cell", f"Cell {run.index} ran only after later cells had run.", run.index)
    failed = [run for run in evidence.execution.cells if run.status is CellStatus.ERROR]
    for run in failed[:SHOWN_AT_MOST]:
        yield Flag(
            "cell_fails", f"Cell {run.index} stops with an error when the notebook is run from top to bottom: {run.error}", run.index
        )


@flags
def flag_executed_out_of_order(evidence: Evidence) -> Iterator[Flag]:
    """Cells should have been run in their order."""
    found = order.out_of_order(evidence.submission.notebook)
    if found:
        yield Flag(
            "out_of_order",
            f"By their execution counts, cells were run out of order or more than once: {cells(list(found))} have a count that is not "
            f"above the "
            "one before.",
            found[0],
        )


@flags
def flag_empty_answers(evidence: Evidence) -> Iterator[Flag]:
    """Every answer in words should be there."""
    for question, prompt, ordinal, name in ANSWERS:
        section = evidence.submission.notebook.section(question)
        # Where no plot is asked for, a picture may be a photographed answer.
        photographed = section is not None and question in WITHOUT_CODE and section.figures
        if section is not None and not photographed and not written(evidence, question, prompt, ordinal=ordinal):
            yield Flag("answer_empty", f"There is nothing below the marker for {name}.", section.cells[-1].index if section.cells else None)


@flags
def flag_given_cells_changed(evidence: Evidence) -> Iterator[Flag]:
    """Given cells should stay as they are."""
    given = {first_line(cell): cell for cell in template().cells if first_line(cell).startswith("# given")}
    here = {first_line(cell): cell for cell in evidence.submission.notebook.cells if first_line(cell) in given}
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
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return source.strip()


@flags
def flag_accuracy_at_chance(evidence: Evidence) -> Iterator[Flag]:
    """2.2 should do better than always answering 9."""
    notebook = evidence.submission.notebook
    experiment, analysis = notebook.section("2.2"), notebook.section("2.3")
    texts = [line for line in (experiment.printed if experiment else "").splitlines() if re.search(r"acc", line, re.I)]
    if analysis is not None:
        texts += [part for part in re.split(r"(?<=[.!?])\s+|\n", written(evidence, "2.3", "ANALYSIS")) if re.search(r"accura", part, re.I)]
    found = [
        float(match["percent"]) / 100 if match["percent"] else float(match["share"])
        for text in texts
        for match in PERCENT.finditer(text[text.lower().find("acc") :] if match_after(text) else text)
    ]
    if found and max(found) <= CHANCE:
        yield Flag(
            "accuracy_at_chance",
            f"The highest accuracy that 2.2 and 2.3 name is {max(found):.0%}; always answering 9 gives 10 %.",
            experiment.cells[0].index if experiment and experiment.cells else None,
        )


def match_after(text: str) -> bool:
    """Whether a number follows the word accuracy, so that a loss before it is not taken for one."""
    return PERCENT.search(text, max(0, text.lower().find("acc"))) is not None


@flags
def flag_vocabulary_sizes(evidence: Evidence) -> Iterator[Flag]:
    """3.1 should print the sizes of the two vocabularies."""
    section = evidence.submission.notebook.section("3.1")
    if section is None or not section.printed.strip():
        return
    lines = [line for line in section.printed.splitlines() if re.search(r"vocab|unique|token", line, re.I)]
    sizes = [
        int(text.replace(",", ""))
        for line in lines
        for text in re.findall(r"(?<![\d.,])\d{1,3},\d{3}(?![\d.])|(?<![\d.,])\d{3,5}(?!\d)", line)
    ]
    if sizes and not any(all(any(abs(seen - size) <= 0.01 * size for seen in sizes) for size in known.values()) for known in VOCABULARIES):
        expected = " and ".join(f"{size:,} ({name})" for name, size in VOCABULARIES[0].items())
        seen = ", ".join(f"{size:,}" for size in sizes[:4])
        yield Flag(
            "vocabulary_sizes", f"3.1 prints vocabulary sizes of {seen}; on Multi30k they are about {expected}.", section.cells[0].index
        )


@flags
def flag_high_losses(evidence: Evidence) -> Iterator[Flag]:
    """Validation and test losses should not end far above those of training."""
    for question in ("3.2", "3.3", "3.4"):
        section = evidence.submission.notebook.section(question)
        found = printed.losses(section) if section else ()
        for kind in (printed.LossKind.VALIDATION, printed.LossKind.TEST):
            last = printed.last(found, (kind,))
            if last is not None and last.value > HIGHEST_LOSS:
                yield Flag("high_loss", f"The last {kind.value} loss that {question} prints is {last.value:.3f}.", last.cell)


@flags
def flag_mixed_conventions(evidence: Evidence) -> Iterator[Flag]:
    """4.2's numbers should all count biases, or all leave them out."""
    section = evidence.submission.notebook.section("4.2")
    if section is None:
        return
    values = {count.value for text in (written(evidence, "4.2"), section.printed) for count in counts(text)}
    pairs = (fully_connected(10), recurrent(), fully_connected(20))
    given = [pair for pair in pairs if values & set(pair)]
    conventions = [all(pair[index] in values for pair in given) for index in (0, 1)]
    if len(given) > 1 and not any(conventions):
        yield Flag("mixed_conventions", "4.2 counts biases for one network and not for the other.", section.cells[0].index)


@flags
def flag_target_reversed(evidence: Evidence, student: Student) -> Iterator[Flag]:
    """3.4: the target should stay in English order."""
    from autograder.checks.verdicts import Verdict
    from reference.judging.reversal import reversed_sets
    from reference.judging.sentences import Order, cut_as, orders

    section = evidence.submission.notebook.section("3.4")
    try:
        sets = reversed_sets(evidence, student)
    except Verdict:
        return  # there is nothing to look at, which the checks of 3.4 say
    cell = section.cells[0].index if section and section.cells else None
    for one in sets.values():
        counted = orders(one.examples, "target", evidence.data_folder)
        if counted.total() and counted[Order.REVERSED] > 0.5 * counted.total():
            yield Flag("target_reversed", "The English target sentences of 3.4 are reversed too.", cell)
            break
    if any(cut_as(one, "target") == "de" for one in sets.values()):
        yield Flag("target_tokenised_as_german", "The English target sentences of 3.4 are cut by the German tokenizer.", cell)
