"""2.2: labels and accuracies, judged by what the networks read."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.model.observations import Observations, Reading
from reference.judging.readings import UNKNOWN, Read, readings, shows_training_accuracy, sums

RANDOM = np.random.default_rng(0)
DIGITS = RANDOM.integers(0, 10, (40, 6))
PLACES = RANDOM.integers(0, 4, 40)
ROWS = np.arange(40)
SUMS = DIGITS[ROWS, PLACES + 1] + DIGITS[:, -1]


def coded(special: int, zero: int) -> np.ndarray:
    tokens = DIGITS + zero
    tokens[ROWS, PLACES] = special
    return tokens.astype(np.int8)


@pytest.mark.parametrize(("special", "zero"), [(-1, 0), (10, 0), (0, 1), (11, 0), (11, 1)])
def test_the_sum_is_read_from_the_tokens(special: int, zero: int) -> None:
    """The special token may stand before the digits or behind them."""
    assert np.array_equal(sums(coded(special, zero)), SUMS)


def test_sequences_of_another_task_have_no_sum() -> None:
    """No special token, or several."""
    assert (sums(DIGITS) == UNKNOWN).all()
    assert (sums(np.full((3, 6), 10)) == UNKNOWN).all()


def read(taught: np.ndarray, *, answers: np.ndarray = SUMS, learned: int = 20, tried: slice = slice(20, 40), complete: bool = True) -> Read:
    """Three rounds: the first sequences are learned from, then some are tried with so many right answers as the round counts."""
    uses = np.zeros((2, 40), np.int8)
    uses[0, :learned], uses[1, tried] = 1, 1
    columns = []
    for right in (3, 7, 12):
        columns += [(place, SUMS[place], taught[place], 1) for place in range(learned)]
        columns += [(place, answers[place] if k < right else 30, UNKNOWN, 0) for k, place in enumerate(ROWS[tried])]
    arrays = {"s": coded(10, 0), "u": uses, "e": np.array(columns, np.int32).T}
    seen = Observations(readings=(Reading(1, 1, "2.2", 1, 6, complete, "s", "u", "e"),), arrays=arrays)
    (found,) = readings(seen)
    return found


def test_labels_that_belong_to_other_sequences_are_counted() -> None:
    """None of the right ones is wrong, and nearly all of shifted ones are."""
    assert read(SUMS).share_of_wrong_labels == 0
    assert read(np.roll(SUMS, 1)).share_of_wrong_labels > 0.8
    assert read(np.full(40, UNKNOWN)).share_of_wrong_labels == 0


def test_a_part_of_the_training_sequences_is_nothing_new() -> None:
    """One sequence that was not learned from is something new; what was not kept is not known."""
    assert read(SUMS).tried_on_nothing_new is False
    assert read(SUMS, tried=slice(5, 15)).tried_on_nothing_new is True
    assert read(SUMS, tried=slice(5, 21)).tried_on_nothing_new is False
    assert read(SUMS, tried=slice(5, 15), complete=False).tried_on_nothing_new is None


def test_a_curve_shows_which_sequences_it_was_measured_on() -> None:
    """As a share, in percent or divided by another number; three different values at least."""
    own, other = read(SUMS, tried=slice(0, 20)), read(SUMS)
    for factor in (1, 100, 0.4):
        curve = tuple(factor * right / 20 for right in (3, 7, 12))
        assert shows_training_accuracy(curve, own)
        assert not shows_training_accuracy(curve, other)
    assert not shows_training_accuracy((3 / 20, 7 / 20, 11 / 20), own)
    assert not shows_training_accuracy((3 / 20, 7 / 20), own)
    assert not shows_training_accuracy((0.1, 0.2, 0.3), read(SUMS, answers=np.full(40, 30), tried=slice(0, 20)))
