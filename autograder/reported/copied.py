"""Finds stored outputs that stand in two places although their cells make different ones.

Receives a notebook and what was executed; returns pairs of cell indices, the earlier first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from hashlib import sha256

from autograder.model.execution import CellRun, CellStatus, Execution
from autograder.model.observations import DrawnFigure
from autograder.model.submission import Cell, Section, Submission
from autograder.reported import printed
from autograder.reported.figures import shows_something

LEAST_LOSSES = 4  # that agree to the last digit; fewer may agree by chance where they have few digits
LEAST_DIGITS = 3  # decimals of each


def logs(submission: Submission, execution: Execution) -> Iterator[tuple[int, int]]:
    """Cells of different questions that train, print other losses when they are executed, and have stored the same ones."""
    training = {step.cell for step in execution.observations.steps}
    known = [
        (section.question, cell, values)
        for section in submission.notebook.sections
        for cell in section.code
        if (values := _losses(cell)) and (cell.index in training or not execution.observations.steps)
    ]
    for (question, first, values), (other, second, same) in itertools.combinations(known, 2):
        if question != other and values == same:
            again = [_again(execution.cell(cell.index), cell) for cell in (first, second)]
            if again[0] != again[1] or not any(again):
                yield first.index, second.index


def _losses(cell: Cell) -> tuple[str, ...]:
    """The losses as written, when there are enough of them with enough digits."""
    found = printed.losses(Section("", "", (cell,)))
    digits = [re.findall(r"\d+\.\d+", loss.line) for loss in found]
    enough = [number for numbers in digits for number in numbers if len(number.partition(".")[2]) >= LEAST_DIGITS]
    return tuple(enough) if len(set(enough)) >= LEAST_LOSSES else ()


def _again(run: CellRun | None, cell: Cell) -> tuple[str, ...]:
    if run is None or run.status is not CellStatus.OK:
        return ()
    return _losses(Cell(cell.index, cell.kind, cell.source, run.outputs))


def figures(submission: Submission, execution: Execution) -> Iterator[tuple[int, int]]:
    """Cells that draw different figures when they are executed, and have stored the very same picture; a cell may be its own partner."""
    seen: dict[bytes, Cell] = {}
    for cell in submission.notebook.cells:
        pictures = [figure for output in cell.outputs for figure in output.figures]
        for figure in pictures:
            first = seen.setdefault(sha256(figure.data).digest(), cell)
            if (first is not cell and shows_something(figure) and _draw_differently(first, cell, execution)) or (
                first is cell and pictures.count(figure) > 1 and _draws_no_two_alike(cell, execution)
            ):
                yield first.index, cell.index
                return


def _draws_no_two_alike(cell: Cell, execution: Execution) -> bool:
    drawn = _drawn(cell, execution)
    return len(drawn) > 1 and len(set(drawn)) == len(drawn)


def _draw_differently(first: Cell, second: Cell, execution: Execution) -> bool:
    contents = [set(_drawn(cell, execution)) for cell in (first, second)]
    return all(contents) and not contents[0] & contents[1]


def _drawn(cell: Cell, execution: Execution) -> list[str]:
    """What the cell's figures showed when it was executed; nothing when it did not run to its end."""
    run = execution.cell(cell.index)
    if run is None or run.status is not CellStatus.OK:
        return []
    return [_content(figure, execution) for figure in execution.observations.figures if figure.cell == cell.index]


def _content(figure: DrawnFigure, execution: Execution) -> str:
    arrays = execution.observations.arrays
    return repr(
        [
            (
                [(line.x, line.y) for line in axes.lines],
                [sha256(arrays[name].tobytes()).hexdigest() if name in arrays else name for name in axes.images],
            )
            for axes in figure.axes
        ]
    )
