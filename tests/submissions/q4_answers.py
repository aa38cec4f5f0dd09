"""Changes to the answers of question 4, for its cases."""

from __future__ import annotations

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
