"""The training cells of question 3 and what they print, in the formats that the cases use."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import nbformat
from submissions.case import Cells, Change, find, set_output

RNN_CELL, LSTM_CELL, REVERSED_CELL = (
    "given: training the RNN translator",
    "given: training the LSTM translator",
    "enc_reversed = LSTMEncoder",
)
COUNTS = {RNN_CELL: 2_241_909, LSTM_CELL: 7_759_221, REVERSED_CELL: 7_759_221}
TRAIN = (4.226, 3.818, 3.470, 3.109, 2.796, 2.666, 2.449, 2.338, 2.191, 2.029)
VALIDATION = (3.951, 4.013, 4.001, 4.214, 4.198, 4.056, 4.292, 4.106, 3.877, 3.757)

ABOVE = {RNN_CELL: 0.371, LSTM_CELL: 0.0, REVERSED_CELL: 0.043}  # of TRAIN: no two trainings print the same losses

GIVEN = "Epoch: {epoch:02} | Time: 9s\n\tTrain Loss: {train:.3f}\n\t Val. Loss: {validation:.3f}\n"
IMAGE = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
).decode()


def log(
    cell: str,
    line: str | Callable[[int, float, float], str] = GIVEN,
    *,
    train: Sequence[float] | None = None,
    validation: Sequence[float] = VALIDATION,
    count: int = 0,
    end: str = "| Test Loss: 3.812\n",
) -> str:
    """What a training cell prints: the number of parameters, a line an epoch, the end."""
    printed = f"The model has {count or COUNTS[cell]:,} trainable parameters\n"
    losses = train or tuple(loss + ABOVE.get(cell, 0.0) for loss in TRAIN)
    for epoch, (one, other) in enumerate(zip(losses, validation, strict=False), 1):
        printed += line.format(epoch=epoch, train=one, validation=other) if isinstance(line, str) else line(epoch, one, other)
    return printed + end


def logged(*cells: str, line: str | Callable[[int, float, float], str] = GIVEN, **options: object) -> Change:
    """Let the training cells have printed in another format, or other numbers."""

    def change(found: Cells) -> None:
        for cell in cells:
            set_output(cell, log(cell, line, **options))(found)  # type: ignore[arg-type]

    return change


def stopped(containing: str, name: str, value: str) -> Change:
    """Let a code cell have ended with an error, without any other output."""

    def change(cells: Cells) -> None:
        find(cells, containing).outputs = [nbformat.v4.new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"])]

    return change


def pasted_plot(marker_after: str) -> Change:
    """Paste a picture into the first "(YOUR LOSS PLOT HERE)" cell that follows a heading."""

    def change(cells: Cells) -> None:
        start = next(i for i, cell in enumerate(cells) if cell.cell_type == "markdown" and marker_after in cell.source)
        cell = next(one for one in cells[start:] if one.cell_type == "markdown" and "(YOUR LOSS PLOT HERE)" in one.source)
        cell.source += "\n\n![loss.png](attachment:loss.png)"
        cell["attachments"] = {"loss.png": {"image/png": IMAGE}}

    return change
