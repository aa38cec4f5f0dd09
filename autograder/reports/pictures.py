"""Pictures as data URIs: the panels of an exhibit, and the student's stored figures, decoded and written anew by us.

A stored figure is somebody else's file. It is opened as PNG, JPEG or GIF only, within limits on bytes and pixels, drawn on white
and saved again, so that nothing but its pixels reaches a page.
"""

from __future__ import annotations

import base64
import functools
import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from autograder.model.grading import Panel
from autograder.model.submission import Figure, FigureOrigin

LARGEST_BYTES = 12_000_000
LARGEST_PIXELS = 20_000_000  # opened, ten bytes each
LONGEST_SIDE = 1_000  # of a picture on a page
HEAVY = 120_000  # bytes of PNG beyond which a picture is saved as JPEG
MOST_PICTURES = 12  # of one question
MOST_TRIED = 3 * MOST_PICTURES  # of one question, those that cannot be shown included
FORMATS = ("PNG", "JPEG", "GIF")
ORIGINS = {
    FigureOrigin.OUTPUT: "drawn by cell",
    FigureOrigin.ATTACHMENT: "pasted into cell",
    FigureOrigin.DATA_URI: "written into cell",
    FigureOrigin.FILE: "linked from cell",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored figure fit for a page."""

    uri: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The figures of a question; `left_out` says in words which are not shown and why."""

    shown: tuple[Picture, ...]
    left_out: tuple[str, ...]


@functools.lru_cache(maxsize=64)  # both pages of a report show the same panels
def panel(image: Panel) -> str:
    """A panel as a grey PNG, a pixel a value; the page enlarges it."""
    columns = max((len(row) for row in image.pixels), default=0)
    if not columns:
        return _uri(_saved(Image.new("L", (1, 1))), "image/png")
    grey = bytearray()
    for row in image.pixels:
        grey += bytes(_grey(value) for value in row) + bytes(columns - len(row))
    return _uri(_saved(Image.frombytes("L", (columns, len(image.pixels)), bytes(grey))), "image/png")


def pictures(figures: Iterable[Figure]) -> Pictures:
    """Each figure shown once, the first of them only, and a word on those that are not."""
    shown: list[Picture] = []
    left_out: list[str] = []
    seen: set[bytes] = set()
    beyond = 0
    for figure in figures:
        if figure.data in seen:
            continue
        seen.add(figure.data)
        if len(shown) >= MOST_PICTURES or len(seen) > MOST_TRIED:
            beyond += 1
            continue
        caption = f"{ORIGINS[figure.origin]} {figure.cell}"
        picture = _picture(figure, caption)
        if isinstance(picture, Picture):
            shown.append(picture)
        else:
            left_out.append(f"A figure {caption} is not shown: {picture}.")
    if beyond:
        left_out.append(f"{beyond} more of these figures are not shown.")
    return Pictures(tuple(shown), tuple(left_out))


@functools.lru_cache(maxsize=64)  # both pages of a report show the same figures
def _picture(figure: Figure, caption: str) -> Picture | str:
    """The figure written anew, or why it cannot be shown."""
    if "svg" in figure.media_type:
        return "it is an SVG drawing, which could hold more than a picture"
    if len(figure.data) > LARGEST_BYTES:
        return "its file is too large"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pillow warns of large pictures when it opens them; the limit below is ours
            opened = Image.open(io.BytesIO(figure.data), formats=FORMATS)
            if opened.width * opened.height > LARGEST_PIXELS:
                return "it has too many pixels"
            drawn = _on_white(_small(opened))
    except Image.DecompressionBombError:  # pillow's own limit, far above ours
        return "it has too many pixels"
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, LookupError, TypeError, struct.error, zlib.error):
        return "its file cannot be read as a picture"
    data, media_type = _saved(drawn), "image/png"
    if len(data) > HEAVY:
        data, media_type = _saved(drawn, "JPEG"), "image/jpeg"
    return Picture(_uri(data, media_type), caption, drawn.width, drawn.height)


def _small(image: Image.Image) -> Image.Image:
    """The picture no larger than a page needs, in colours that can be blended; a large one is never copied in full."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # of a JPEG no more is decoded
    factor = min(max(image.size) // (2 * LONGEST_SIDE), min(image.size))
    if factor > 1 and image.mode in ("L", "RGB", "RGBA"):
        image = image.reduce(factor)
    coloured = image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGBA")
    coloured.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return coloured


def _on_white(image: Image.Image) -> Image.Image:
    coloured = image.convert("RGBA")
    background = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(background, coloured).convert("RGB")


def _grey(value: float) -> int:
    return round(255 * min(max(value, 0.0), 1.0)) if math.isfinite(value) else 0


def _saved(image: Image.Image, form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, quality=82, compress_level=6)  # each format takes its own and leaves the other
    return buffer.getvalue()


def _uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"
