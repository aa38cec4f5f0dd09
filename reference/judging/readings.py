"""2.2: which sequences each network learned from and was tried on, with which labels, and which accuracies it had on either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.model.observations import Observations, Reading

Array = np.ndarray
# What stands for the special token, and for the digit zero, where the tokens are numbers or places in a one-hot code.
CODES = ((-1, 0), (10, 0), (0, 1), (11, 0), (11, 1))
UNKNOWN = -1
WRONG_LABELS = 0.5  # share of the sequences; the gradient of one that is known well may point elsewhere
FEWEST_LABELS = 8
FEWEST_VALUES = 3  # different ones in a curve that is compared
PROPORTION = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A reading with its labels. `sums` (N,) are the right ones; `learned` and `tried` (N,) say what the sequences were used for.

    For each sequence of each call: `places` its place, `answers`, `taught`, and `lessons`, whether it was learned from.
    """

    network: int
    length: int
    complete: bool
    sums: Array
    learned: Array
    tried: Array
    places: Array
    answers: Array
    taught: Array
    lessons: Array

    @property
    def tried_on_nothing_new(self) -> bool | None:
        """Whether all that it was tried on was also learned from; None where that is not known."""
        if not self.complete or not self.learned.any() or not self.tried.any():
            return None
        return not bool((self.tried & ~self.learned).any())

    @property
    def share_of_wrong_labels(self) -> float:
        """Of the sequences that it learned from; 0 where their labels are not known."""
        right = self.sums[self.places]
        known = (self.taught != UNKNOWN) & (right != UNKNOWN)
        return float(np.mean(self.taught[known] != right[known])) if known.sum() >= FEWEST_LABELS else 0.0

    def accuracies(self, *, learned: bool) -> Array:
        """The accuracy on what was learned from, or on the rest, each time that the network was tried between two lessons."""
        right = self.sums[self.places]
        known = (self.lessons == 0) & (self.answers != UNKNOWN) & (right != UNKNOWN) & (self.learned[self.places] == learned)
        time = np.cumsum(self.lessons)[known]
        correct = (self.answers == right)[known]
        return np.array([correct[time == moment].mean() for moment in np.unique(time)])


def readings(observed: Observations) -> Iterator[Read]:
    """The readings of which everything was kept."""
    for one in observed.readings:
        parts = [observed.arrays.get(name) for name in (one.sequences, one.uses, one.entries)]
        sequences, uses, entries = parts
        if sequences is not None and uses is not None and entries is not None and _fits(sequences, uses, entries):
            yield _read(one, sequences, uses.astype(bool), entries)


def _fits(sequences: Array, uses: Array, entries: Array) -> bool:
    count = len(sequences)
    if sequences.ndim != 2 or uses.shape != (2, count) or entries.ndim != 2 or len(entries) != 4:
        return False
    return bool(((entries[0] >= 0) & (entries[0] < count)).all())


def _read(one: Reading, sequences: Array, uses: Array, entries: Array) -> Read:
    return Read(one.network, one.length, one.complete, sums(sequences), uses[0], uses[1], *entries)


def sums(sequences: Array) -> Array:
    """The digit after the special token plus the last one, for sequences (N, L) of tokens; unknown where they are none of the task's."""
    for special, zero in CODES:
        marked = sequences == special
        digits = sequences - zero
        is_digit = (digits >= 0) & (digits <= 9)
        if len(sequences) and (marked.sum(axis=1) == 1).all() and not marked[:, -1].any() and (marked | is_digit).all():
            after = digits[np.arange(len(sequences)), marked.argmax(axis=1) + 1]
            return np.asarray(after + digits[:, -1])
    return np.full(len(sequences), UNKNOWN)


def shows_training_accuracy(curve: tuple[float, ...], read: Read) -> bool:
    """Whether a curve is, point by point, the accuracy on what the network learned from, and not that on anything else."""
    return _proportional(curve, read.accuracies(learned=True)) and not _proportional(curve, read.accuracies(learned=False))


def _proportional(curve: tuple[float, ...], accuracies: Array) -> bool:
    """Equal, in percent, or divided by another number of sequences."""
    values = np.asarray(curve)
    if len(values) != len(accuracies) or len(set(curve)) < FEWEST_VALUES or not np.isfinite(values).all() or not accuracies.any():
        return False
    factor = values.sum() / accuracies.sum()
    return bool(factor > 0 and np.allclose(values, factor * accuracies, rtol=PROPORTION, atol=0))
