"""Lines of plots as handed to matplotlib: loss or accuracy, of training or of validation, told by their words and values."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from autograder.model.observations import Line, Observations
from autograder.reported.printed import PrintedLoss

LOSS_WORDS = re.compile(r"loss|cross.?entropy|criterion|\bnll\b|\bce\b|error|verlust", re.I)
ACCURACY_WORDS = re.compile(r"acc(?!ording|ess)|correct|genauigkeit", re.I)
TRAINING_WORDS = re.compile(r"train|\btr\b|trn", re.I)
VALIDATION_WORDS = re.compile(r"val(?!ue)|\bv[_\s]|test|\bdev\b|eval|held.?out|unseen", re.I)
FEWEST_POINTS = 10  # of a loss curve that tells how a training went: question 3 trains for ten epochs, 1.1 for thirty
FEWEST_JOINED = 3  # points drawn one by one that count as a line
CHANCE_LOSS = math.log(19)  # of 19 classes; a loss line starts near it, an accuracy cannot


class Measure(Enum):
    LOSS = "loss"
    ACCURACY = "accuracy"
    UNKNOWN = "unknown"


class Split(Enum):
    TRAINING = "training"
    VALIDATION = "validation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A line with the words around it: its own label first, then its axes' title and axis labels. `axes` counts through the section."""

    cell: int
    axes: int
    label: str
    surroundings: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, self.y))

    @property
    def measure(self) -> Measure:
        """By its words; by its values where they say nothing or both."""
        for words in (self.label, self.surroundings):
            loss, accuracy = bool(LOSS_WORDS.search(words)), bool(ACCURACY_WORDS.search(words))
            if loss != accuracy:
                return Measure.LOSS if loss else Measure.ACCURACY
        largest = max(self.y, default=0.0)
        if largest > 1.0 and abs(self.y[0] - CHANCE_LOSS) < 1.0:
            return Measure.LOSS
        return Measure.ACCURACY if largest <= 1.0 and min(self.y, default=-1.0) >= 0.0 else Measure.UNKNOWN

    @property
    def split(self) -> Split:
        for words in (self.label, self.surroundings):
            training, validation = bool(TRAINING_WORDS.search(words)), bool(VALIDATION_WORDS.search(words))
            if training != validation:
                return Split.TRAINING if training else Split.VALIDATION
        return Split.UNKNOWN


def lines(observed: Observations, *, fewest: int = 2) -> tuple[PlotLine, ...]:
    """Every line with so many points at least; a figure that was both saved and shown counts once."""
    found: list[PlotLine] = []
    before: tuple[object, ...] = ()
    axes_count = 0
    for figure in observed.figures:
        if before == (figure.cell, figure.axes):
            continue
        before = (figure.cell, figure.axes)
        for axes in figure.axes:
            axes_count += 1
            surroundings = " ".join(part for part in (axes.title, axes.y_label) if part)
            # Labels given to legend() directly are not on the lines.
            named = [line.label for line in axes.lines if line.label and not line.label.startswith("_")]
            given = axes.legend if not named and len(axes.legend) == len(axes.lines) else ()
            joined = _joined(axes.lines)
            if len(joined.y) >= max(fewest, FEWEST_JOINED):
                found.append(PlotLine(figure.cell, axes_count, joined.label, surroundings, joined.x, joined.y))
            for index, line in enumerate(axes.lines):
                if len(line.y) < fewest:
                    continue
                label = given[index] if given else "" if line.label.startswith("_") else line.label
                found.append(PlotLine(figure.cell, axes_count, label, surroundings, line.x, line.y))
    return tuple(found)


def _joined(drawn: Sequence[Line]) -> Line:
    """The points that were drawn one by one, as one line."""
    single = [line for line in drawn if len(line.y) == 1]
    points_of_all = sorted((line.x[0], line.y[0]) for line in single)
    return Line(next((line.label for line in single), ""), tuple(x for x, _ in points_of_all), tuple(y for _, y in points_of_all))


def falling(values: Sequence[float]) -> bool:
    """The last third lies below the first third, on average."""
    if len(values) < 2 or not all(map(math.isfinite, values)):
        return False
    third = max(1, len(values) // 3)
    return sum(values[-third:]) < sum(values[:third])


def points(values: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Values against 1, 2, 3, …"""
    return tuple(float(n) for n in range(1, len(values) + 1)), tuple(values)


def by_epoch(losses: Sequence[PrintedLoss]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Finite losses against the epochs printed with them, counted from 1; against 1, 2, 3, … where these are not known or do not rise."""
    finite = [loss for loss in losses if loss.finite][:200]
    epochs = [loss.epoch for loss in finite if loss.epoch is not None]
    values = [loss.value for loss in finite]
    if len(epochs) < len(finite) or any(later <= earlier for earlier, later in itertools.pairwise(epochs)):
        return points(values)
    first = 1 if epochs and epochs[0] == 0 else 0
    return tuple(float(epoch + first) for epoch in epochs), tuple(values)
