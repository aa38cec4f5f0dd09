"""Right answers to question 4 that stand in other places and forms: none of it costs points."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
from submissions.case import Case, Cells, Change, find
from submissions.q4_answers import HOLDS, LONGER, MARKER, MOMENT, NEXT, SIZES

Rewrite = Callable[[str], tuple[str, ...]]
PROMPTS = ("__Suppose that the hidden state is not", "__Going by your two answers", "__And if names may have 20")


def each(rewrite: Rewrite, *, kind: str = "markdown", above: bool = False) -> Change:
    """Let every answer stand as `rewrite` says: the text of the marker's cell, and that of a cell of its own below or above it."""

    def change(cells: Cells) -> None:
        for standing in (HOLDS, NEXT, MOMENT, SIZES, LONGER):
            cell = find(cells, standing, kind="markdown")
            first, *rest = rewrite(cell.source.removeprefix(MARKER).strip())
            cell.source = first
            place = cells.index(cell) + (0 if above else 1)
            new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell}[kind]
            cells[place:place] = [new(text) for text in rest]

    return change


def in_one_cell(cells: Cells) -> None:
    """Both questions with all their prompts and answers are one cell."""
    place = next(place for place, cell in enumerate(cells) if "### __4.1__" in cell.source)
    cells[place].source = "\n\n".join(cell.source for cell in cells[place:])
    del cells[place + 1 :]


def in_other_order(cells: Cells) -> None:
    """4.2 stands before 4.1."""
    first, second = (next(place for place, cell in enumerate(cells) if f"### __4.{n}__" in cell.source) for n in (1, 2))
    cells[first:] = [*cells[second:], *cells[first:second]]


def lettered_below_the_first(cells: Cells) -> None:
    """The three answers of 4.1 are lettered and stand below its first marker."""
    first, second, third = (find(cells, text, kind="markdown") for text in (HOLDS, NEXT, MOMENT))
    texts = [cell.source.removeprefix(MARKER).strip() for cell in (first, second, third)]
    first.source = "\n\n".join([MARKER, *(f"({letter}) {text}" for letter, text in zip("abc", texts, strict=True))])
    second.source = third.source = MARKER


def headings_and_answers_only(cells: Cells) -> None:
    """Markers and prompts were deleted."""
    each(lambda text: (text,))(cells)
    for number in ("4.1", "4.2"):
        cell = find(cells, f"### __{number}__", kind="markdown")
        cell.source = cell.source.partition("\n")[0]
    for prompt in PROMPTS:
        cells.remove(find(cells, prompt, kind="markdown"))


def prompt_quoted(cells: Cells) -> None:
    """The third prompt of 4.1 is repeated in the answer's cell, above its marker."""
    cell = find(cells, MOMENT, kind="markdown")
    cell.source = f"{find(cells, PROMPTS[1], kind='markdown').source}\n\n{cell.source}"


def next_heading_below_the_answer(cells: Cells) -> None:
    """The heading and text of 4.2 stand in the cell of 4.1's last answer."""
    cell, following = find(cells, MOMENT, kind="markdown"), find(cells, "### __4.2__", kind="markdown")
    cell.source += f"\n\n{following.source}"
    cells.remove(following)


def commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


PLACED: tuple[Case, ...] = (
    Case("q4_place_raw_cells", "The answers stand in raw cells.", 4, (each(lambda text: (MARKER, text), kind="raw"),)),
    Case("q4_place_cells_above", "The answers stand in cells above their markers.", 4, (each(lambda text: (MARKER, text), above=True),)),
    Case("q4_place_comments", "All answers are comments of code cells.", 4, (each(lambda text: (MARKER, commented(text)), kind="code"),)),
    Case("q4_place_printed", "Code prints the answers.", 4, (each(lambda text: (MARKER, f'print("""{text}""")'), kind="code"),)),
    Case("q4_place_magic", "Magics show the answers.", 4, (each(lambda text: (MARKER, f"%%markdown\n{text}"), kind="code"),)),
    Case("q4_place_quotes", "The answers are quotes.", 4, (each(lambda text: (f"{MARKER}\n\n{quoted(text)}",)),)),
    Case("q4_place_numbered", "Each answer is item 1 of a list.", 4, (each(lambda text: (f"{MARKER}\n\n1. {text}",)),)),
    Case("q4_place_in_the_marker", "The answers took the place of the markers' words.", 4, (each(lambda text: (f"<div>{text}</div>",)),)),
    Case("q4_place_one_cell", "All of question 4 is one cell.", 4, (in_one_cell,)),
    Case("q4_place_order", "4.2 stands before 4.1.", 4, (in_other_order,)),
    Case("q4_place_lettered", "4.1 is answered in one lettered text.", 4, (lettered_below_the_first,)),
    Case("q4_place_no_prompts", "Prompts and markers were deleted.", 4, (headings_and_answers_only,)),
    Case("q4_place_prompt_quoted", "A prompt is repeated with the answer.", 4, (prompt_quoted,)),
    Case("q4_place_next_heading", "The next heading stands in an answer's cell.", 4, (next_heading_below_the_answer,)),
)
