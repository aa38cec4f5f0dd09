"""Digits in MNIST's manner, drawn from the fonts that matplotlib ships: 28×28, white on black, in a 20×20 box, centred by mass."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 28
BOX = 20  # MNIST fits its digits into a box of this side
MASTER_BOX = 4 * BOX  # the size that glyphs are drawn in once; every digit is a smaller, bent copy
FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSerif-Italic.ttf",
    "STIXGeneral.ttf",
    "STIXGeneralBol.ttf",
    "STIXGeneralItalic.ttf",
    "cmr10.ttf",
    "cmss10.ttf",
    "cmtt10.ttf",
)
DEGREES = 12.0
SHEAR = 0.2
SMALLEST, LARGEST = 0.8, 1.02  # of the box, drawn for width and height apart; larger ones would be cut off at the edge


def draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` digits: images uint8 (count, 28, 28) and labels int64 (count,)."""
    images = np.zeros((count, SIDE, SIDE), dtype=np.uint8)
    labels = np.zeros(count, dtype=np.int64)
    random = np.random.default_rng(seed)
    for index in range(count):
        digit, font = int(random.integers(10)), int(random.integers(len(FONTS)))
        turn, shear = random.uniform(-1.0, 1.0, size=2)
        wide, high = random.uniform(SMALLEST, LARGEST, size=2)
        labels[index] = digit
        images[index] = _bent(FONTS[font], digit, np.radians(DEGREES * turn), SHEAR * shear, wide, high)
    return images, labels


def right_part_of_three() -> np.ndarray:
    """A 3 with nothing left of column 12: float32 (28, 28) between 0 and 1."""
    image = _bent("DejaVuSans.ttf", 3, 0.0, 0.0, 1.05, 1.0).astype(np.float32) / 255.0
    image[:, :12] = 0.0
    return image


def _bent(font: str, digit: int, angle: float, shear: float, wide: float, high: float) -> np.ndarray:
    master, (centre_x, centre_y) = _master(font, digit)
    forward = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.array([[wide, -shear], [0.0, high]])
    # Pillow asks where each pixel of the result comes from. The result is drawn at twice its size and halved, against jagged edges.
    back = np.linalg.inv(forward) * (MASTER_BOX / BOX / 2)
    shift = np.array([centre_x, centre_y]) - back @ np.array([SIDE, SIDE])
    coefficients = (back[0, 0], back[0, 1], shift[0], back[1, 0], back[1, 1], shift[1])
    drawn = master.transform((2 * SIDE, 2 * SIDE), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
    return np.asarray(drawn.reduce(2))


@cache
def _master(font: str, digit: int) -> tuple[Image.Image, tuple[float, float]]:
    """The glyph, its longer side MASTER_BOX, and its centre of mass (x, y); an affine copy keeps the centre, so centring comes for free."""
    type_face = ImageFont.truetype(str(_font_folder() / font), size=2 * MASTER_BOX)
    canvas = Image.new("L", (4 * MASTER_BOX, 4 * MASTER_BOX))
    ImageDraw.Draw(canvas).text((MASTER_BOX, MASTER_BOX // 2), str(digit), fill=255, font=type_face)
    glyph = canvas.crop(canvas.getbbox())
    scale = MASTER_BOX / max(glyph.size)
    glyph = glyph.resize((max(1, round(glyph.width * scale)), max(1, round(glyph.height * scale))), Image.Resampling.BOX)
    weights = np.asarray(glyph, dtype=np.float64)
    rows, columns = np.indices(weights.shape) + 0.5
    return glyph, (float((columns * weights).sum() / weights.sum()), float((rows * weights).sum() / weights.sum()))


def _font_folder() -> Path:
    # found without importing matplotlib, which takes half a second
    package = find_spec("matplotlib")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError(
            "matplotlib, whose fonts the sample digits are drawn from, is not installed. Install the pinned packages."
        )
    return Path(package.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
