"""Stored outputs that the code above them cannot have produced: each is laid before a person, with the evidence, and costs no points."""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from autograder.checks import Evidence, Flag, Student, flags
from autograder.model.execution import CellRun, CellStatus
from autograder.model.submission import Cell, CellKind, Section
from autograder.parsing import nodes_of, tree_of
from autograder.reported import copied, pictures, printed
from autograder.reported.epochs import other_epochs
from autograder.reported.reachable import Definitions, definitions
from autograder.reported.shapes import lines
from autograder.reported.unprinted import prints_by_itself, results, unprinted, written_with_other_digits
from reference.judging.stored_counts import other_counts

LOWEST_LOSSES = {  # below, something else was trained, or nothing
    "1.1": 0.002,  # the reference ends at 0.015; with a masked target, near 0.005
    "3.2": 0.5,  # after ten epochs: 4.3 on Multi30k, 2.0 on the embedded sample
    "3.3": 0.5,
    "3.4": 0.5,
}
LOWEST_SHARE = 0.1  # of the loss that the same cell prints in the replay, on little data: printed sums and means may have any scale
LEAST_CONSTANT = 5  # equal losses in a row of at least three decimals that no training makes
ROUNDING = 1e-3  # of a printed share
ACCURACY = re.compile(
    r"acc(?:uracy)?(?:[_ ](?:train|val|test)\w*)?(?![a-z])\W{0,4}(?P<number>\d{1,6}\.\d+|\d{1,6}(?=\s?%))(?!\d|\s*[:)])\s?(?P<percent>%?)",
    re.IGNORECASE,
)
LONGEST_QUOTE = 120  # characters of a line that a sentence quotes
NEVER_NEGATIVE = {"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "cross_entropy", "squared_difference", "absolute_difference"}


def quoted(line: str) -> str:
    text = " ".join(line.split())
    return f'"{text[:LONGEST_QUOTE]}…"' if len(text) > LONGEST_QUOTE else f'"{text}"'


def code_cells(evidence: Evidence) -> Iterator[tuple[Cell, CellRun | None, str]]:
    """Every code cell with outputs, how it was executed, and the question it belongs to."""
    owner = {cell.index: section.question for section in evidence.submission.notebook.sections for cell in section.cells}
    for cell in evidence.submission.notebook.cells:
        if cell.kind is CellKind.CODE and cell.outputs:
            yield cell, evidence.execution.cell(cell.index), owner.get(cell.index, "")


@lru_cache(maxsize=1)
def defined(evidence: Evidence) -> Definitions:
    """What the notebook and the Python files beside it define."""
    cells = [cell.source for cell in evidence.submission.notebook.cells if cell.kind is CellKind.CODE]
    files = [path.read_text("utf-8", "replace") for name, path in evidence.submission.companions.items() if name.endswith(".py")]
    return definitions([*cells, *files])


def has_code(cell: Cell) -> bool:
    """Whether a code cell holds more than comments."""
    return any(line.strip() and not line.strip().startswith("#") for line in cell.source.splitlines())


@flags
def flag_outputs_without_code(evidence: Evidence) -> Iterator[Flag]:
    """An output needs code that makes it."""
    for cell, _, _ in code_cells(evidence):
        if not has_code(cell):
            yield Flag("output_without_code", f"Cell {cell.index} has an output, but no code.", cell.index)
        elif cannot_be_parsed(cell) and not any(output.kind == "error" for output in cell.outputs):
            yield Flag(
                "output_without_code", f"Cell {cell.index} has an output, but its code is no valid Python and cannot run.", cell.index
            )


def cannot_be_parsed(cell: Cell) -> bool:
    from IPython.core.inputtransformer2 import TransformerManager

    if cell.source.lstrip().startswith("%%"):
        return False
    if not cell.source[:1].isspace() and tree_of(cell.source):  # nothing that IPython would transform
        return False
    try:
        compile(TransformerManager().transform_cell(cell.source), "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)  # type: ignore[no-untyped-call]
    except SyntaxError as error:
        # Later versions of Python allow more inside f-strings than the one that grades may know.
        return sys.version_info >= (3, 12) or re.search(r"\bf['\"]", f"{error.msg} {error.text}") is None
    except (ValueError, RecursionError, MemoryError):
        return False
    return False


@flags
def flag_results_that_nothing_prints(evidence: Evidence) -> Iterator[Flag]:
    """Printed results should have the form that the cell's prints make."""
    known = defined(evidence)
    for cell, run, _ in code_cells(evidence):
        if not has_code(cell):
            continue
        found = unprinted(cell, run, known)
        if found.lines and not found.instead:
            said = f"Cell {cell.index} shows {quoted(found.lines[0])}, but nothing in its code prints such a line"
            yield Flag("result_not_printed", said + (" when it is run." if run and run.status is CellStatus.OK else "."), cell.index)
        elif found.lines:
            yield Flag(
                "format_not_printed",
                f"Cell {cell.index} shows {quoted(found.lines[0])}; when it is run, it prints lines such as {quoted(found.instead[0])}, "
                "and nothing in its code makes one of the other form.",
                cell.index,
            )
        elif other := written_with_other_digits(cell, run, known):
            yield Flag(
                "digits_not_printed",
                f"Cell {cell.index} shows {quoted(other[0])}, but its format writes numbers with another number of decimals.",
                cell.index,
            )


@flags
def flag_figures_that_nothing_draws(evidence: Evidence) -> Iterator[Flag]:
    """A stored figure needs code that draws it."""
    known = defined(evidence)
    seen = evidence.execution.observations
    for cell, run, _ in code_cells(evidence):
        stored = [output for output in cell.outputs if output.figures and output.kind != "stream"]
        if not stored or not has_code(cell) or not prints_by_itself(cell):
            continue
        trees = known.reached_from(cell.source)
        finished = run is not None and run.status is CellStatus.OK and evidence.mode != "static"
        drawn = finished and (any(figure.cell == cell.index for figure in seen.figures) or any(one.figures for one in run.outputs))  # type: ignore[union-attr]
        if not drawn and (not pictures.may_draw(trees) if not finished else not pictures.draws_on_a_condition(trees)):
            said = "draws none when it is run" if finished else "has no code that draws one"
            yield Flag("figure_not_drawn", f"Cell {cell.index} shows a figure, but {said}.", cell.index)


@flags
def flag_epochs_that_were_not_trained(evidence: Evidence) -> Iterator[Flag]:
    """A log should name as many epochs as the loop has."""
    known = defined(evidence)
    for cell, run, _ in code_cells(evidence):
        found = other_epochs(cell, run, evidence.execution.observations, known)
        if found:
            yield Flag(
                "epochs_not_trained",
                f"Cell {cell.index} shows a log of {found.stored} epochs; when it is run, as long as written, it logs {found.executed}.",
                cell.index,
            )


@flags
def flag_counts_of_other_networks(evidence: Evidence, student: Student) -> Iterator[Flag]:
    """A printed number of parameters should be that of the cell's own network."""
    for cell, _, question in code_cells(evidence):
        for one in other_counts(evidence, student, question, cell):
            yield Flag(
                "count_of_another_network",
                f"Cell {cell.index} shows {quoted(one.line)}; the network that its code builds has {one.counted:,} parameters.",
                cell.index,
            )
            break


@flags
def flag_copied_outputs(evidence: Evidence) -> Iterator[Flag]:
    """Two trainings do not print the same losses, and two plots of them are not the same."""
    for first, second in copied.logs(evidence.submission, evidence.execution):
        yield Flag("log_copied", f"Cells {first} and {second} train different networks, but show the very same losses.", second)
    for first, second in copied.figures(evidence.submission, evidence.execution):
        cells = f"Cells {first} and {second} draw" if first != second else f"Cell {first} draws"
        shown = "show the very same picture" if first != second else "shows the very same picture more than once"
        yield Flag("figure_copied", f"{cells} different figures, but {shown}.", second)


@flags
def flag_results_without_expression(evidence: Evidence) -> Iterator[Flag]:
    """The value of a cell is shown where its last line is an expression."""
    notebook = evidence.submission.notebook
    if any(
        re.search(r"ast_node_interactivity|display\.|displayhook", cell.source) for cell in notebook.cells if cell.kind is CellKind.CODE
    ):
        return
    for cell, run, _ in code_cells(evidence):
        shown = [output for output in cell.outputs if output.kind == "execute_result"]
        again = run is not None and any(output.kind == "execute_result" for output in run.outputs)
        if shown and has_code(cell) and not again and not has_expression(cell):
            yield Flag("result_without_expression", f"Cell {cell.index} shows a value, but no line of its code has one.", cell.index)


def has_expression(cell: Cell) -> bool:
    """Whether a line at the cell's top level may show a value; True where that cannot be told."""
    tree = tree_of(cell.source)
    return tree is None or any(isinstance(one, ast.Expr) and not is_print(one.value) for one in tree.body)


def is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


@flags
def flag_losses_that_cannot_be(evidence: Evidence) -> Iterator[Flag]:
    """A loss is neither negative nor far below what the network reaches, and changes from epoch to epoch."""
    for section in evidence.submission.notebook.sections:
        kinds = {loss.kind for loss in evidence.execution.observations.losses if loss.question == section.question and loss.with_gradient}
        for cell in section.code:
            found = own_losses(cell)
            again = own_losses(executed(cell, evidence))
            negative = next((loss for loss in found if loss.value < 0), None)
            if negative is not None and kinds and kinds <= NEVER_NEGATIVE and not any(loss.value < 0 for loss in again):
                said = f"Cell {cell.index} shows a loss of {negative.value:g}; this loss is never negative."
                yield Flag("loss_negative", said, cell.index)
            lowest = LOWEST_LOSSES.get(section.question)
            if lowest is None:
                continue
            if again:
                lowest = min(lowest, LOWEST_SHARE * again[-1].value)
            low = next((loss for loss in found if 0 <= loss.value < lowest), None)
            if low is not None and trains(cell, evidence):
                yield Flag(
                    "loss_too_low", f"Cell {cell.index} prints a loss of {low.value:g}, far below what this network reaches.", cell.index
                )
            if is_constant(found) and not is_constant(again):
                yield Flag(
                    "loss_constant", f"Cell {cell.index} shows the same loss in every line, which training does not make.", cell.index
                )


def executed(cell: Cell, evidence: Evidence) -> Cell:
    """The cell with the outputs that it had when it was executed."""
    run = evidence.execution.cell(cell.index)
    return Cell(cell.index, cell.kind, cell.source, run.outputs if run is not None else ())


def own_losses(cell: Cell) -> list[printed.PrintedLoss]:
    """The finite losses that a cell prints, differences between losses left out."""
    shown = tuple(output for output in cell.outputs if output.name != "stderr")
    found = printed.losses(Section("", "", (dataclasses.replace(cell, outputs=shown),)))
    return [
        loss for loss in found if loss.finite and not re.search(r"diff|change|delta|improve|gain|lower|better|minus|gap", loss.line, re.I)
    ]


def trains(cell: Cell, evidence: Evidence) -> bool:
    """Whether a network was trained in this cell, as far as that is known."""
    return evidence.mode == "static" or any(step.cell == cell.index for step in evidence.execution.observations.steps)


def is_constant(losses: list[printed.PrintedLoss]) -> bool:
    """Whether all losses of a log are the same, and written with at least three decimals."""
    values = {loss.value for loss in losses}
    return len(losses) >= LEAST_CONSTANT and len(values) == 1 and all(re.search(r"\d\.\d{3}", loss.line) for loss in losses)


@flags
def flag_accuracies_that_cannot_be(evidence: Evidence) -> Iterator[Flag]:
    """An accuracy is at most 100 %."""
    for cell, _, _ in code_cells(evidence):
        found = [(line, match) for line in lines(cell.outputs, "stdout") for match in ACCURACY.finditer(line)]
        shares = [float(match["number"]) for _, match in found if not match["percent"]]
        highest = 100.0 if shares and max(shares) > 2 else 1 + ROUNDING  # without a sign, larger numbers are per cent too
        above = next((line for line, match in found if float(match["number"]) > (100.0 if match["percent"] else highest)), "")
        if above:
            yield Flag("accuracy_above_one", f"Cell {cell.index} shows {quoted(above)}; no accuracy is above 100 %.", cell.index)


@flags
def flag_results_written_by_hand(evidence: Evidence) -> Iterator[Flag]:
    """A result should be computed, not written into the print."""
    for cell, _, _ in code_cells(evidence):
        written = "\n".join(texts_printed(cell))
        told = [line.strip() for line in results(cell) if re.search(r"\d\.\d{2,}", line)]
        if told and trains(cell, evidence) and all(line in written for line in told):
            yield Flag("result_written_by_hand", f"Cell {cell.index} prints {quoted(told[0])}, which its code holds as text.", cell.index)


def texts_printed(cell: Cell) -> Iterator[str]:
    """Texts without anything filled in that the cell prints."""
    for node in nodes_of(tree_of(cell.source) or ast.Module([], [])):
        if isinstance(node, ast.Call) and is_print(node):
            yield from (part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str))
