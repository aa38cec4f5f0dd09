"""Recognising digits in pictures: enlarged, composed, inverted, coloured; versions of one picture; pairs of pictures."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from autograder.model.observations import Axes, Transform
from reference.data.sample import digits
from reference.judging.affine import wrong_in
from reference.judging.augmented import most_pairs
from reference.judging.pictures import Drawn, pieces, shown_as
from reference.judging.three import distorted_versions_of, handed_out, versions_of

KNOWN = digits.draw(8, 3)[0].reshape(8, 784) / 255.0


def drawn(values: np.ndarray) -> Drawn:
    return Drawn(1, Axes("", "", "", (), ("a1",), (values.shape,)), values.shape, values)


def enlarged(digit: np.ndarray, side: int, method: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray((digit.reshape(28, 28) * 255).astype("uint8")).resize((side, side), method)) / 255.0


@pytest.mark.parametrize(
    "picture",
    [
        KNOWN[2].reshape(28, 28),
        1 - KNOWN[2].reshape(28, 28),
        KNOWN[2].reshape(28, 28)[::-1],
        np.round(KNOWN[2].reshape(28, 28) * 200) + 20,
        np.repeat(KNOWN[2].reshape(28, 28, 1), 3, axis=2),
        mpl.colormaps["viridis"](KNOWN[2].reshape(28, 28)),
        enlarged(KNOWN[2], 224, Image.Resampling.NEAREST),
        enlarged(KNOWN[2], 300, Image.Resampling.BILINEAR),
    ],
    ids=["itself", "inverted", "upside down", "other greys", "channels", "colours", "enlarged", "smoothly enlarged"],
)
def test_a_digit_is_recognised_however_it_is_drawn(picture: np.ndarray) -> None:
    """One digit, and no other."""
    assert [piece.shows for piece in pieces(drawn(picture), KNOWN)] == [{2}]


@pytest.mark.parametrize("factor", [1, 3])
def test_a_composed_picture_shows_each_of_its_digits(factor: int) -> None:
    """With a frame around each, also enlarged."""
    sheet = np.zeros((62, 62))
    for place, (row, column) in zip((5, 1, 7, 1), ((2, 2), (2, 32), (32, 2), (32, 32)), strict=True):
        sheet[row : row + 28, column : column + 28] = KNOWN[place].reshape(28, 28)
    found = pieces(drawn(np.kron(sheet, np.ones((factor, factor)))), KNOWN)
    assert sorted(index for piece in found for index in piece.shows) == [1, 1, 5, 7]


def test_another_digit_or_one_on_its_side_is_not_recognised() -> None:
    """Nor what is too small to hold one."""
    other = digits.draw(9, 4)[0][-1] / 255.0
    assert not shown_as(other.reshape(-1), KNOWN)
    assert not shown_as(KNOWN[2].reshape(28, 28).T.reshape(-1), KNOWN)
    assert pieces(drawn(KNOWN[2].reshape(14, 56)), KNOWN) == []


def test_masked_and_rescaled_digits_are_versions() -> None:
    """Of the digit that they come from, and of no other."""
    half = KNOWN[3].copy().reshape(28, 28)
    half[:, :14] = 0
    ones = KNOWN[3].copy().reshape(28, 28)
    ones[:, :14] = 1
    normalised = (KNOWN[3] - 0.13) / 0.31
    for version in (KNOWN[3], half, ones, 255 * KNOWN[3], 255 * half, normalised):
        assert versions_of(version.reshape(-1), KNOWN) == {3}
    assert not versions_of(np.random.default_rng(0).random(784), KNOWN)


def test_what_a_wrong_mask_leaves_is_recognised_where_one_is_known() -> None:
    """Black and white for grey, in the half that the mask should leave alone."""
    changed = (KNOWN[3] > 0.5).astype(float).reshape(28, 28)
    changed[:, :14] = 0
    assert not versions_of(changed.reshape(-1), KNOWN)
    assert distorted_versions_of(changed.reshape(-1), KNOWN) == {3}
    assert not distorted_versions_of(np.random.default_rng(0).random(784), KNOWN)


def test_the_homework_gives_a_three() -> None:
    """It is read from the template, a picture with nothing left of column 12."""
    picture = handed_out().reshape(28, 28)
    assert picture.max() == 1.0
    assert not picture[:, :12].any()


def test_pairs_need_pictures_of_both_kinds() -> None:
    """No picture counts twice, and one that may be of several draws counts for the best of them."""
    assert most_pairs([{0}, {1}, {2}], [{0}, {1}, {2}]) == 3  # type: ignore[list-item]
    assert most_pairs([{0}, {1}, {2}], [{0, 1, 2}, {0, 1, 2}]) == 2  # type: ignore[list-item]
    assert most_pairs([{0, 1}, {0}], [{0}, {0, 1}]) == 2  # type: ignore[list-item]
    assert most_pairs([{0}, {2}, {4}], [{1}, {3}, {5}]) == 0  # type: ignore[list-item]


def affine(kind: str = "RandomAffine", **ranges: tuple[float, ...] | None) -> Transform:
    wanted = {"degrees": (-10.0, 10.0), "translate": (0.2, 0.2), "scale": None, "shear": (-5.0, 5.0), **ranges}
    return Transform(1, 1, "1.3", 1, kind, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chain", "wrong"),
    [
        ([affine()], False),
        ([affine(scale=(1.0, 1.0))], False),
        ([affine(scale=(0.8, 1.2))], True),
        ([affine(), affine()], True),
        ([affine(), affine("RandomHorizontalFlip", degrees=None, translate=None, shear=None)], True),
        ([affine("RandomRotation", translate=None, shear=None)], True),
        ([affine("RandomRotation", translate=None, shear=None), affine(degrees=(0.0, 0.0))], False),
        ([affine(translate=None, shear=None), affine(degrees=(0.0, 0.0), shear=None), affine(degrees=(0.0, 0.0), translate=None)], False),
    ],
)
def test_transforms_in_a_row_are_judged_together(chain: list[Transform], wrong: bool) -> None:
    """Each part of what was asked is done once, and nothing else."""
    assert bool(wrong_in(chain)) is wrong
