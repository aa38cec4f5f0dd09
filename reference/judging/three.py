"""1.2 and 1.3: the "3" that the homework gives, and whether a digit is a masked, rescaled or inverted version of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from autograder.checks import Evidence
from reference.judging.given import template
from reference.judging.passes import Pass
from reference.judging.pictures import (
    ALIKE,
    EQUAL,
    PIXELS,
    SIDE,
    Drawn,
    among,
    correlation,
    drawn_images,
    examples,
    grey,
    observed_and_shown,
    right,
    stack,
)

QUESTION = "1.2"
DIGIT = 3
BRIGHTEST = 9  # of the picture that the homework writes in digits
SAME_PICTURE = 0.01  # of the brightest pixel: rounding to 8 bits
FEWEST_KEPT = 5  # bright pixels that a masked picture must still have to be recognised
DISTORTED = 0.9  # correlation of half a picture with itself in black and white: 0.92 and more; of one in a thousand other digits above
FEWEST_CHANGED = 20  # bright pixels that such a half must have, so that they tell a picture
MANY_KEPT = 100  # pixels whose correlation tells a picture, its background among them
WHOLE, FIRST, SECOND = slice(None), slice(None, SIDE // 2), slice(SIDE // 2, None)
FIRST_OF_DATA = 1024  # images of a part of the data set that a drawn picture is compared with
PARTS = ("train", "test")
HALVES = ((WHOLE, FIRST), (WHOLE, SECOND), (FIRST, WHOLE), (SECOND, WHOLE))


def versions_of(digit: np.ndarray, originals: np.ndarray) -> frozenset[int]:
    """The rows of `originals` (N, 784) that a digit (784) may be a version of: the same, masked in any way, or in other grey values."""
    found = among(digit, originals)
    if found or not len(originals):
        return found
    kept = np.abs(digit) > EQUAL  # whatever a mask left; a wrong one, which is counted in 1.1, may leave nothing of this picture
    if not kept.any() or (kept.sum() >= PIXELS // 4 and np.ptp(digit[kept]) < EQUAL):
        return frozenset(range(len(originals)))
    half = [index for index, one in enumerate(originals) if any(_same_half(digit, one, part) for part in HALVES)]
    if half:  # a wrong mask may write other values than zeros
        return frozenset(half)
    if kept.sum() < FEWEST_KEPT:
        return frozenset(range(len(originals)))
    if kept.sum() >= MANY_KEPT:
        alike = np.abs(correlation(digit[None, kept], originals[:, kept])[0]) > ALIKE
        if alike.any():
            return frozenset(np.flatnonzero(alike).tolist())
    # Up to a factor: pictures of 0 to 255 become tensors of 0 to 1.
    factors = originals[:, kept] @ digit[kept] / (digit[kept] @ digit[kept])
    apart = np.abs(originals[:, kept] - factors[:, None] * digit[kept]).max(axis=1)
    return frozenset(np.flatnonzero(apart < SAME_PICTURE * np.abs(originals[:, kept]).max(axis=1)).tolist())


def distorted_versions_of(digit: np.ndarray, originals: np.ndarray) -> frozenset[int]:
    """As `versions_of`, also for what a mask returns that changes the half it should leave, as making it black and white does."""
    found = versions_of(digit, originals)
    if found:
        return found
    rows = originals.reshape(-1, SIDE, SIDE)
    for part in HALVES:
        own, others = digit.reshape(SIDE, SIDE)[part].reshape(1, -1), rows[(WHOLE, *part)].reshape(len(rows), -1)
        if (np.abs(own) > EQUAL).sum() >= FEWEST_CHANGED and (alike := correlation(own, others)[0] > DISTORTED).any():
            return frozenset(np.flatnonzero(alike).tolist())
    return frozenset()


def _same_half(digit: np.ndarray, original: np.ndarray, part: tuple[slice, slice]) -> bool:
    """Whether the bright pixels of this half of the picture are those of the original; a few must also be as bright."""
    one, other = digit.reshape(SIDE, SIDE)[part], original.reshape(SIDE, SIDE)[part]
    bright = np.abs(one) > EQUAL
    if not bright.any() or not np.array_equal(bright, np.abs(other) > EQUAL):
        return False
    return bool(bright.sum() >= FEWEST_KEPT or np.allclose(one, other, atol=EQUAL))


@lru_cache(maxsize=1)
def handed_out() -> np.ndarray:
    """The picture that the homework's own notebook holds, grey values from 0 to 1: (784,)."""
    section = template().section(QUESTION)
    assert section is not None
    rows = [row for cell in section.code for row in re.findall(rf"^[.0-9]{{{SIDE}}}$", cell.source, re.MULTILINE)]
    return np.array([int(pixel) / BRIGHTEST for pixel in "".join(rows[:SIDE]).replace(".", "0")])


def the_three(evidence: Evidence, through: tuple[Pass, ...]) -> np.ndarray:
    """The picture that 1.2 is about: (1, 784), or as it was seen too, (2, 784), or (0, 784) when it was not seen.

    It is the homework's own, or, in a notebook of another year, the first one drawn in 1.2 that did not come out of a network.
    """
    own = handed_out().reshape(1, PIXELS)
    drawn = [digit for picture in drawn_images(observed_and_shown(evidence, QUESTION)) for digit in alone(picture)]
    given = [one.given for one in through if one.given is not None]
    seen = [digit for digit in (*drawn, *given) if among(digit, own)]
    if seen:
        return stack([own, seen[0]])  # as it was written, which rounding may have changed
    returned = stack(one.returned for one in through)
    first = next((digit for digit in drawn if not among(digit, returned)), None)
    if first is not None:
        return first.reshape(1, PIXELS)
    return own if any(versions_of(digit, own) for digit in given) else stack([])


def alone(picture: Drawn) -> list[np.ndarray]:
    """The digit (784) that a picture of a digit's size shows."""
    return [] if picture.values is None or not picture.is_digit_sized else list(examples(grey(picture.values)))


def are_three(digits: Sequence[np.ndarray], three: np.ndarray, data_folder: Path, *, distorted: bool = False) -> list[bool]:
    """Which digits are the given one, masked or not; all when it was not seen, or when all are what the data set calls a 3.

    One 3 among other digits of the data set is there by chance. `distorted`: the mask is wrong, which is counted elsewhere.
    """
    if not len(three):
        return [True] * len(digits)
    own = [bool(distorted_versions_of(digit, three) if distorted else versions_of(digit, three)) for digit in digits]
    if any(own) or not len(digits):
        return own
    halves = right(stack(digits))  # the mask leaves this half as it is
    known = right(threes_of_data(data_folder))
    return [bool(len(known)) and bool((correlation(halves, known).max(axis=1) > ALIKE).all())] * len(digits)


def is_of_data_set(digit: np.ndarray, data_folder: Path) -> bool:
    """Whether a digit is one of the data set's first images."""
    return bool(among(digit, first_of_data(data_folder)))


@lru_cache(maxsize=1)
def threes_of_data(data_folder: Path) -> np.ndarray:
    """The images that the data set calls a 3: (N, 784)."""
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        found = [file[f"{part}_images"][file[f"{part}_labels"] == DIGIT] for part in PARTS]
    return stack(images.reshape(-1, PIXELS) / 255.0 for images in found)


@lru_cache(maxsize=1)
def first_of_data(data_folder: Path) -> np.ndarray:
    """The first images of both parts of the data set, more than a replay has: (N, 784)."""
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        found = [file[f"{part}_images"][:FIRST_OF_DATA] for part in PARTS]
    return stack(images.reshape(-1, PIXELS) / 255.0 for images in found)
