"""Lengths and indices that were written for a whole data set, fitted to a smaller one."""

from __future__ import annotations

import pytest

from autograder.kernel.inside.lengths import fitted_indices, fitted_lengths


@pytest.mark.parametrize(
    ("lengths", "size", "fitted"),
    [
        ([45_000, 5_000], 256, [230, 26]),
        ([50_000, 5_000, 5_000], 10, [8, 1, 1]),
        ([200, 56], 256, [200, 56]),
        ([0.8, 0.2], 256, [0.8, 0.2]),
        ([10, 10], 256, [10, 10]),
    ],
)
def test_lengths_keep_their_proportions(lengths: list[float], size: int, fitted: list[float]) -> None:
    """Whole lengths that are too long are made to add up; fractions and lengths that fit are left alone."""
    assert fitted_lengths(lengths, size) == fitted


def test_disjoint_indices_stay_disjoint_and_cover_the_set() -> None:
    """Two parts of the whole set are two parts of the small one, and none of it is lost."""
    first, second = fitted_indices(range(45_000), 256, 50_000), fitted_indices(range(45_000, 50_000), 256, 50_000)
    assert sorted([*first, *second]) == list(range(256))
    assert len(first) == 231


def test_indices_that_fit_are_left_alone() -> None:
    """Indices within the small set are the student's own choice."""
    assert list(fitted_indices([3, 1, 2], 256, 50_000)) == [3, 1, 2]
