"""Makes the PDF of a notebook: its texts, code, outputs and pictures, as last saved.

Receives the notebook's bytes and the files beside it, which its markdown may show; returns the PDF's bytes, the same for the same notebook.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from autograder.intake import read
from autograder.model.submission import Cell, CellKind, Figure, Output
from autograder.reported.wording import all_bold, paragraphs, readable
from autograder.reports.cleaning import clean
from autograder.student.pages import Pages, Style

LONGEST_TEXT = 200_000  # characters of one cell or output
FIRST_LINES, LAST_LINES = 200, 100  # of an output
LARGEST_SIDE = 1600  # pixels of a picture; larger ones are made smaller

_PROSE = Style(9.5)
_BOLD = Style(9.5, bold=True)
_HEADINGS = (Style(16, bold=True), Style(13, bold=True), Style(11, bold=True), _BOLD)
_CODE = Style(8, mono=True, ground="whitesmoke")
_COUNT = Style(6.5, mono=True, colour="gray")
_PRINTED = Style(8, mono=True)
_COMPLAINED = Style(8, mono=True, colour="firebrick")
_NOTE = Style(8, colour="firebrick")

_FENCE = re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)[\s#]*$")
_OF_ITS_OWN = re.compile(r"\s*(?:[-*+]\s|\d{1,3}[.)]\s|[|>])| {4}")  # a line that begins an item, a row of a table, a quotation, code
_EMPHASIS = re.compile(r"(?P<code>`[^`\n]*`)|(?<![\w*_])(\*\*|__)(?=\S)(?P<inner>[^\n]*?(?:\n[^\n]+?)*?)(?<=\S)\2(?![\w*_])")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\([^()\s]*\)")
_BULLET = re.compile(r"^(\s*)[-*+]\s+", re.MULTILINE)
_DISPLAYED = re.compile(r"\$\$\s*(.*?)\s*\$\$", re.DOTALL)


def pdf(content: bytes, name: str, companions: Mapping[str, Path]) -> bytes:
    """The notebook as a PDF; SubmissionError where it is none."""
    cells = read.cells(content, companions, name=name)
    made = io.BytesIO()
    with Pages(made, name) as pages:
        for cell in cells:
            if cell.kind is CellKind.CODE:
                _code(pages, cell)
            else:
                _markdown(pages, cell)
            pages.space(6)
    return made.getvalue()


def _code(pages: Pages, cell: Cell) -> None:
    pages.text(f"In [{cell.execution_count or ' '}]", _COUNT)
    pages.text(clean(cell.source, longest=LONGEST_TEXT), _CODE)
    for output in cell.outputs:
        pages.space(3)
        # What stands for a picture in words says nothing that the picture does not say.
        if not (output.figures and output.text.startswith("<")):
            pages.text(_cut(output), _COMPLAINED if output.kind == "error" or output.name == "stderr" else _PRINTED)
        for figure in output.figures:
            _picture(pages, figure)


def _markdown(pages: Pages, cell: Cell) -> None:
    for number, part in enumerate(_FENCE.split(clean(cell.source, longest=LONGEST_TEXT))):
        if number % 2:
            pages.text(part.strip("\n"), _CODE)
            continue
        for paragraph in paragraphs(_DISPLAYED.sub(_on_one_line, readable(part))):
            for text, style in _pieces(paragraph):
                pages.text(text, style)
            pages.space(4)
    for figure in cell.figures:
        _picture(pages, figure)


def _pieces(paragraph: str) -> Iterator[tuple[str, Style]]:
    """A paragraph as headings, lines that stay lines, and lines that flow."""
    style = _BOLD if all_bold(paragraph) else _PROSE
    flowing: list[str] = []
    plain = _LINK.sub(r"\1", _EMPHASIS.sub(lambda found: found["code"] or found["inner"], paragraph))
    for line in plain.splitlines():
        heading = _HEADING.match(line)
        if flowing and (heading or _OF_ITS_OWN.match(line)):
            yield " ".join(flowing), style
            flowing = []
        if heading:
            yield heading[2], _HEADINGS[min(len(heading[1]), len(_HEADINGS)) - 1]
        elif line.lstrip().startswith("|"):
            yield line, _PRINTED
        else:
            flowing.append(_BULLET.sub(r"\1• ", line) if not flowing else line.strip())
            if line.endswith(("  ", "\\")):
                yield " ".join(flowing), style
                flowing = []
    if flowing:
        yield " ".join(flowing), style


def _on_one_line(found: re.Match[str]) -> str:
    return f"\n\n${' '.join(found[1].split())}$\n\n" if found[1] else ""


def _cut(output: Output) -> str:
    """An output without what was overwritten in its lines, and without its middle if it is very long."""
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in output.text.rstrip().split("\n")]
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out > 0:
        lines = [*lines[:FIRST_LINES], f"[… {left_out:,} lines are left out in this print]", *lines[-LAST_LINES:]]
    return clean("\n".join(lines), longest=LONGEST_TEXT)


def _picture(pages: Pages, figure: Figure) -> None:
    try:
        with Image.open(io.BytesIO(figure.data)) as opened:
            seen = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        pages.text(f"(a picture of the type {figure.media_type} that cannot be printed here: show it as PNG)", _NOTE)
        return
    seen.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    on_white = Image.new("RGBA", seen.size, "white")
    on_white.alpha_composite(seen)
    pages.picture(np.asarray(on_white.convert("RGB")))
