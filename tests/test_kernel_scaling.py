"""Lengths and indices that were written for a whole data set, fitted to a smaller one."""

from __future__ import annotations

import pytest

from autograder.kernel.inside import scaling
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


def test_values_that_were_written_differently_stay_different(monkeypatch: pytest.MonkeyPatch) -> None:
    """A constant that a later cell sets to another value gets another scaled value, and both are told."""
    monkeypatch.setattr(scaling, "_limits", {"SIZE": 48})
    monkeypatch.setattr(scaling, "_constants", {})
    monkeypatch.setattr(scaling, "_changes", {})
    assert [scaling.constant("SIZE", value) for value in (512, 256, 512, 20)] == [48, 47, 48, 20]
    assert scaling.constants() == {"SIZE": [512, 48], "SIZE (2)": [256, 47], "SIZE (3)": [20, 20]}
