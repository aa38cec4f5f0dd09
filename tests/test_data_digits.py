"""The sample's digits."""

from __future__ import annotations

import numpy as np

from reference.data.sample.digits import draw, right_part_of_three


def test_digits_look_like_mnist() -> None:
    """28×28 bytes, black around, white strokes, the mass in the middle, mostly within the box of 20."""
    images, labels = draw(500, seed=1)
    assert images.shape == (500, 28, 28)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert set(labels.tolist()) == set(range(10))
    assert (images[:, [0, 1, 26, 27]] == 0).mean() > 0.98
    assert (images.max(axis=(1, 2)) > 180).all()
    assert 0.05 < (images > 127).mean() < 0.25
    rows, columns = np.indices((28, 28)) + 0.5
    mass = images.sum(axis=(1, 2))
    for axis in (rows, columns):
        centre = (images * axis).sum(axis=(1, 2)) / mass
        assert np.abs(centre - 14).max() < 0.5


def test_strokes_are_smooth() -> None:
    """Between black and white there are greys: at least a tenth of the drawn pixels."""
    images, _ = draw(100, seed=2)
    drawn = images > 0
    assert ((images > 0) & (images < 255)).sum() > 0.1 * drawn.sum()


def test_the_same_seed_draws_the_same_and_another_not() -> None:
    """Also, a shorter request gives the beginning of a longer one."""
    images, labels = draw(30, seed=3)
    longer_images, longer_labels = draw(60, seed=3)
    np.testing.assert_array_equal(images, longer_images[:30])
    np.testing.assert_array_equal(labels, longer_labels[:30])
    assert not np.array_equal(draw(30, seed=4)[0], images)


def test_digits_of_a_class_are_alike() -> None:
    """A digit is nearest to the mean of its own class in most cases: the labels belong to the images."""
    images, labels = draw(2000, seed=5)
    flat = images.reshape(len(images), -1).astype(np.float64)
    means = np.stack([flat[:1500][labels[:1500] == digit].mean(axis=0) for digit in range(10)])
    distances = ((flat[1500:, None] - means) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) == labels[1500:]).mean() > 0.75


def test_no_two_digits_are_the_same() -> None:
    """Each is bent in its own way."""
    images, _ = draw(1000, seed=6)
    assert len({image.tobytes() for image in images}) == 1000


def test_the_right_part_of_a_three_opens_to_the_left() -> None:
    """Grey values between 0 and 1, nothing left of column 12, three strokes down column 13."""
    image = right_part_of_three()
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert 0.0 <= image.min() <= image.max() <= 1.0
    assert (image[:, :12] == 0).all()
    white = image[:, 13] > 0.5
    assert int((white[1:] & ~white[:-1]).sum()) == 3
