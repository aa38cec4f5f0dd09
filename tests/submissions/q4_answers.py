"""Changes to the answers of question 4, for its cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import nbformat
from submissions.case import Case, Cells, Change, find, insert_after

MARKER = '<div style="color:firebrick; background:#e8e8e8; text-align:center">(YOUR ANSWER HERE)</div>'
HOLDS, NEXT, MOMENT = "A summary of the whole name", "With the summary of the name before", "Option 2, after each name"
SIZES, LONGER = "A linear layer from n to m", "Network A now has 520 entries"
PICK = ("q4_1.picks_the_right_moment",)
A, B, A20, B20 = (f"q4_2.network_{name}" for name in ("a", "b", "a_at_20_characters", "b_at_20_characters"))


def answer(standing: str, text: str) -> Change:
    """Write another answer below the marker of the cell in which `standing` stands."""

    def change(cells: Cells) -> None:
        find(cells, standing, kind="markdown").source = f"{MARKER}\n\n{text}" if text else MARKER

    return change


def moment(name: str, about: str, text: str, *, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    """A case of another third answer in 4.1."""
    return Case(name, about, 4, (answer(MOMENT, text),), fails=fails, reviews=reviews)


def sizes(
    name: str,
    about: str,
    first: str,
    second: str = "Network A has 138,002 parameters then, network B still 77,542.",
    *,
    fails: tuple[str, ...] = (),
    reviews: tuple[str, ...] = (),
    printed: tuple[str, str] | None = None,
) -> Case:
    """A case of other answers in 4.2, and of a code cell behind them: its code and what it printed."""
    changes = [answer(SIZES, first), answer(LONGER, second)]
    if printed:
        changes = [insert_after(LONGER, printed[0], after="markdown", prints=printed[1]), *changes]
    return Case(name, about, 4, tuple(changes), fails=fails, reviews=reviews)


@dataclass(frozen=True)
class Ran:
    """A code cell of the student's, what it printed, and the value of its last line."""

    source: str
    printed: str = ""
    value: str = ""

    def cell(self) -> Any:
        made = nbformat.v4.new_code_cell(self.source)
        if self.printed:
            made.outputs.append(nbformat.v4.new_output("stream", name="stdout", text=self.printed))
        if self.value:
            made.outputs.append(nbformat.v4.new_output("execute_result", data={"text/plain": self.value}))
        return made


def ran(source: str, printed: str = "", *, value: str = "") -> Ran:
    return Ran(source, printed, value)


Part = str | Ran


def parts(standing: str, text: Part | tuple[Part, ...]) -> Change:
    """Write an answer of several cells: a text that comes first stands in the marker's cell, the rest in cells below it."""
    given = text if isinstance(text, tuple) else (text,)
    first = given[0] if isinstance(given[0], str) else ""
    rest = given[1:] if first or given[0] == "" else given

    def change(cells: Cells) -> None:
        place = cells.index(find(cells, standing, kind="markdown")) + 1
        answer(standing, first)(cells)
        cells[place:place] = [part.cell() if isinstance(part, Ran) else nbformat.v4.new_markdown_cell(part) for part in rest]

    return change


def written(
    name: str,
    about: str,
    first: Part | tuple[Part, ...],
    second: Part | tuple[Part, ...],
    *,
    fails: tuple[str, ...] = (),
    reviews: tuple[str, ...] = (),
) -> Case:
    """A case of other answers in 4.2, of text and code cells."""
    return Case(name, about, 4, (parts(SIZES, first), parts(LONGER, second)), fails=fails, reviews=reviews)
