"""Tells which of a section's stored pictures are really pictures.

Receives `Figure`s; returns those that can be decoded, are larger than an icon, show more than one colour, and do not come with the
assignment.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Collection
from hashlib import sha256

from autograder.model.submission import Figure, FigureOrigin, Section

SMALLEST_SIDE = 8  # pixels; a bare digit of 28 by 28 is a picture
_LARGEST_PIXELS = 60_000_000
_SVG_SHAPES = (b"<path", b"<line", b"<polyline", b"<polygon", b"<rect", b"<circle", b"<image", b"<use", b"<text")


def real(
    section: Section, *, origins: Collection[FigureOrigin] = tuple(FigureOrigin), template: Section | None = None
) -> tuple[Figure, ...]:
    """The section's pictures of these origins that show something and are not the template's own."""
    given = {sha256(figure.data).digest() for figure in template.figures} if template else set()
    return tuple(
        figure
        for figure in section.figures
        if figure.origin in origins and sha256(figure.data).digest() not in given and shows_something(figure)
    )


def drawn(section: Section) -> tuple[Figure, ...]:
    """The real pictures that code cells drew."""
    return real(section, origins=(FigureOrigin.OUTPUT,))


def pasted(section: Section, *, template: Section | None = None) -> tuple[Figure, ...]:
    """The real pictures that stand in markdown: attached, written in, or linked."""
    return real(section, origins=(FigureOrigin.ATTACHMENT, FigureOrigin.DATA_URI, FigureOrigin.FILE), template=template)


def shows_something(figure: Figure) -> bool:
    """Whether the picture can be decoded, is not tiny and not of one colour."""
    if figure.media_type == "image/svg+xml":
        return any(shape in figure.data for shape in _SVG_SHAPES)
    from PIL import Image  # here, since most runs never look at a picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata; the size is checked below
            with Image.open(io.BytesIO(figure.data), formats=("PNG", "JPEG", "GIF")) as picture:
                width, height = picture.size
                if min(width, height) < SMALLEST_SIDE or width * height > _LARGEST_PIXELS:
                    return False
                low_and_high = [band.getextrema() for band in picture.convert("RGBA").split()]
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError):
        return False
    return any(isinstance(extremes, tuple) and extremes[0] != extremes[1] for extremes in low_and_high)
