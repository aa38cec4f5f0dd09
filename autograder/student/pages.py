"""Draws lines of text and pictures on the pages of a PDF, from top to bottom, in letters that can be searched and copied.

Needs matplotlib and the fonts that come with it, nothing else: no LaTeX, no browser. Lengths are in points, 72 an inch.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Any, BinaryIO

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.mathtext import MathTextParser
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 46.0  # of a page of A4
TEXT_WIDTH = WIDTH - 2 * MARGIN
_LEADING = 1.24  # of a line, in sizes of its letters
_PADDING = 3.0  # of the ground behind a line
_POINTS_PER_PIXEL = 0.72  # of a figure as notebooks show it
_HIGHEST_PICTURE = 0.55 * HEIGHT
# For letters that matplotlib's own fonts lack, where a computer has one of these.
_MORE_LETTERS = ("Arial Unicode MS", "Malgun Gothic", "NanumGothic", "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic")
_FORMULA = r"(?<![\\$])\$(?=[^\s$])[^$\n]{0,400}?(?<=[^\s\\])\$(?![\d$])"
_WORD = re.compile(rf"{_FORMULA}|\s+|[^\s$]+|\$")


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text looks; `ground` is the colour behind it."""

    size: float
    mono: bool = False
    bold: bool = False
    colour: str = "black"
    ground: str = ""
    indent: float = 0.0

    @property
    def font(self) -> FontProperties:
        return _font(self.mono, self.bold, self.size)


@dataclass(slots=True)
class _Line:
    x: float
    y: float  # of the line that the letters stand on
    text: str
    style: Style


class _Sheet(Artist):
    """The letters of a page, and the grounds behind them, drawn without being laid out once more."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[_Line] = []

    def draw(self, renderer: Any) -> None:
        for line in self.lines:
            context = renderer.new_gc()
            if line.style.ground:
                size = line.style.size
                context.set_linewidth(0)
                box = Affine2D().scale(WIDTH - MARGIN - line.x + 2 * _PADDING, _LEADING * size)
                box.translate(line.x - _PADDING, line.y - 0.3 * size)
                renderer.draw_path(context, Outline.unit_rectangle(), box, to_rgb(line.style.ground))
            context.set_foreground(line.style.colour)
            if line.text:
                renderer.draw_text(context, line.x, line.y, line.text, line.style.font, 0, ismath=_is_formula(line.text, line.style))
            context.restore()


@dataclass
class Pages:
    """The pages of one document; to be entered, since a student's own settings of matplotlib must not change how they look."""

    target: BinaryIO
    title: str
    _sheet: _Sheet = field(default_factory=_Sheet)
    _figure: Figure = field(default_factory=lambda: Figure(figsize=(WIDTH / 72, HEIGHT / 72)))
    _number: int = 1
    _y: float = HEIGHT - MARGIN
    _settings: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Pages:
        self._settings.enter_context(matplotlib.style.context(["default", {"pdf.fonttype": 42}]))
        self._settings.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of letters that no font has
        self._file = self._settings.enter_context(PdfPages(self.target, metadata={"Title": self.title, "CreationDate": None}))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        self._settings.close()

    def text(self, text: str, style: Style) -> None:
        """Write a text below what is there; long lines are wrapped, long texts go on on the next page."""
        height = _LEADING * style.size
        for line in text.splitlines():
            for part in wrapped(line.expandtabs(4), style):
                self._make_room(height)
                self._y -= height
                self._sheet.lines.append(_Line(MARGIN + style.indent, self._y + 0.3 * style.size, part, style))

    def space(self, height: float) -> None:
        """Leave something free, but not at the top of a page."""
        if self._y < HEIGHT - MARGIN:
            self._y -= height

    def picture(self, pixels: np.ndarray) -> None:
        """Show a picture, an array (rows, columns, 3) of bytes, as large as a notebook shows it if it fits."""
        rows, columns = pixels.shape[:2]
        scale = min(_POINTS_PER_PIXEL, TEXT_WIDTH / columns, _HIGHEST_PICTURE / rows)
        width, height = scale * columns, scale * rows
        self._make_room(height + 4)
        self._y -= height + 4
        axes = self._figure.add_axes((MARGIN / WIDTH, self._y / HEIGHT, width / WIDTH, height / HEIGHT))
        axes.imshow(pixels, aspect="auto", interpolation="none")
        axes.set_axis_off()

    def _make_room(self, height: float) -> None:
        if self._y - height < MARGIN:
            self._finish()
            self._number += 1
            self._figure, self._sheet = Figure(figsize=(WIDTH / 72, HEIGHT / 72)), _Sheet()
            self._y = HEIGHT - MARGIN

    def _finish(self) -> None:
        self._sheet.lines.append(_Line(MARGIN, MARGIN / 2, f"{self.title} · {self._number}", Style(7, colour="dimgray")))
        self._figure.add_artist(self._sheet)
        self._file.savefig(self._figure)


def wrapped(line: str, style: Style) -> Iterator[str]:
    """The parts of a line that fit beside each other; code is broken at letters, other text at spaces where it has some."""
    room = TEXT_WIDTH - style.indent
    words = [line] if style.mono else _WORD.findall(line)
    part, used = "", 0.0
    for word in words:
        wide = _width(word, style)
        if used + wide <= room:
            part, used = part + word, used + wide
            continue
        if not style.mono and part.strip():
            yield part.rstrip()
            part, used = "", 0.0
            if word.isspace():
                continue
        for letter in [word] if wide <= room else word:
            wide = _width(letter, style)
            if part and used + wide > room:
                yield part
                part, used = "", 0.0
            part, used = part + letter, used + wide
    yield part.rstrip()


def _width(text: str, style: Style) -> float:
    return sum(_advance(letter, style.mono, style.bold) for letter in text) * style.size


@lru_cache(maxsize=4096)
def _advance(letter: str, mono: bool, bold: bool) -> float:
    """How far a letter leads, in sizes; those of Chinese, Japanese and Korean are square."""
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    font = get_font(fontManager.findfont(_font(mono, bold, 10)))
    font.set_size(10, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / 10


@lru_cache(maxsize=64)
def _font(mono: bool, bold: bool, size: float) -> FontProperties:
    there = {entry.name for entry in fontManager.ttflist if entry.fname.lower().endswith(".ttf")}
    families = ["DejaVu Sans Mono" if mono else "DejaVu Sans", *(name for name in _MORE_LETTERS if name in there)]
    return FontProperties(family=families, weight="bold" if bold else "normal", size=size)


def _is_formula(text: str, style: Style) -> bool:
    """Whether a text has formulas that matplotlib can set; the others stand there as they are written."""
    if style.mono or not re.search(_FORMULA, text) or len(re.findall(r"(?<!\\)\$", text)) % 2:
        return False
    try:
        MathTextParser("path").parse(text, 72, style.font)
    except ValueError:
        return False
    return True
