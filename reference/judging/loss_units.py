"""1.1: in which unit the notebook prints its loss, read from what its own code printed in the replay beside the losses seen there.

A sum over the pixels, the images or the batches, a root, or a percentage is told apart from a loss that is too high: the replay shows
what the print statement makes of a loss that is known.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.checks import Evidence
from autograder.model.observations import LossCall, Observations
from autograder.reported import printed
from reference.judging.autoencoder_training import epochs_seen
from reference.judging.pictures import PIXELS

ALL_IMAGES = 60_000  # MNIST's training images, of which the replay sees a few
SAME = 1.6  # factor up to which two values may be the same quantity: an epoch's mean, its last batch, or the mean of the first examples
A_SUM = 1.1  # factor within which a sum over the batches of an epoch is met
PLAIN = 2.5  # factor up to which what was printed is the loss itself, perhaps of other images
FAR_ABOVE = 1.3  # times its limit, which is known to a tenth or so, a loss of another kind than the squared error is too high
LARGEST_SQUARED_ERROR = 0.03  # of 1.1 at the end: twice the 0.0150 ± 0.0010 of reference/recorded.json; at epoch 1 it is 0.0634
SQUARED = ("mse_loss", "squared_difference")
# What the mean of each kind is when the squared error is at that limit, read from one run of the reference on MNIST, trained with cross
# entropy: a squared error of 0.0276 came with a cross entropy of 0.142 and an absolute error of 0.070. The smooth one halves squares.
LIMITS = {
    "mse_loss": LARGEST_SQUARED_ERROR,
    "squared_difference": LARGEST_SQUARED_ERROR,
    "smooth_l1_loss": LARGEST_SQUARED_ERROR,
    "binary_cross_entropy": 0.15,
    "binary_cross_entropy_with_logits": 0.15,
    "l1_loss": 0.07,
    "absolute_difference": 0.07,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed number is `factor` times the mean loss of a pixel, of `kind`; its square, where it is a `root`."""

    kind: str
    factor: float
    root: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.root and self.factor == 1.0

    def mean(self, number: float) -> float:
        """The mean loss of a pixel that a printed number stands for."""
        return (number**2 if self.root else number) / self.factor


def unit(evidence: Evidence, question: str) -> Unit | None:
    """The unit of the losses printed in a section, or None where the replay does not show it."""
    observed = evidence.observed(question)
    losses = [loss for loss in observed.losses if loss.with_gradient and loss.kind in LIMITS]
    kinds = {loss.kind for loss in losses}
    shown = _printed_in_the_replay(evidence, question)
    steps = [step for step in observed.steps if math.isfinite(step.loss)]
    epochs, _, _ = epochs_seen(observed, evidence.data_folder)
    if len(kinds) != 1 or shown is None or not steps or not epochs or not math.isfinite(shown) or shown <= 0:
        return None
    kind = next(iter(kinds))
    batches = max(1, round(len(steps) / epochs))
    seen = float(np.mean([step.loss for step in steps[-batches:]]))
    summed = _summed_over(losses, observed)
    if summed is None or seen <= 0:
        return None
    mean = seen / summed
    if batches > 1 and _alike(shown / seen, batches, A_SUM):
        return Unit(kind, summed * _batches_of_all(observed, evidence.data_folder, batches))
    if _alike(shown, mean, PLAIN):
        return Unit(kind, 1.0)
    if _alike(shown**2, mean):
        return Unit(kind, 1.0, root=True)
    return Unit(kind, shown / mean) if shown > mean else None


def _printed_in_the_replay(evidence: Evidence, question: str) -> float | None:
    """The last loss that the section printed when it was executed."""
    section = evidence.section(question)
    ran = {run.index: run.outputs for run in evidence.runs(question)}
    cells = tuple(dataclasses.replace(cell, outputs=ran.get(cell.index, ())) for cell in section.cells)
    found = printed.losses(dataclasses.replace(section, cells=cells))
    last = printed.last(found, (printed.LossKind.TRAIN, printed.LossKind.UNKNOWN))
    return last.value if last is not None else None


def _summed_over(losses: list[LossCall], observed: Observations) -> float | None:
    """Over how many values the loss function sums: 1 for a mean, the pixels of an image, or all values of a batch."""
    for loss in losses:
        first, second = observed.arrays.get(loss.first), observed.arrays.get(loss.second)
        if first is None or second is None or first.shape != second.shape or not first.size:
            continue
        apart = np.abs(first.astype(np.float64) - second)
        kind = loss.kind
        natural = float((apart**2).mean() if kind in SQUARED else (0.5 * apart**2).mean() if kind == "smooth_l1_loss" else apart.mean())
        if kind.startswith("binary"):
            return 1.0 if loss.value < 1.0 else None
        possible = (1.0, float(PIXELS), float(math.prod(loss.first_shape)))
        return next((number for number in possible if _alike(loss.value, natural * number)), None)
    return None


def _batches_of_all(observed: Observations, data_folder: Path, batches: int) -> int:
    """In how many batches all images come, when the few of the replay come in `batches`."""
    sizes = [one.batch_size for one in observed.passes if one.batch_size > 0]
    if sizes:
        return math.ceil(ALL_IMAGES / max(set(sizes), key=sizes.count))
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        return max(batches, round(batches * ALL_IMAGES / len(file["train_images"])))


def _alike(one: float, other: float, factor: float = SAME) -> bool:
    return one > 0 and other > 0 and max(one / other, other / one) <= factor
