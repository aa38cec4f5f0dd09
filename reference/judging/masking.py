"""1.1: which pixels a mask took, and whether what a network was given are masked digits, whole digits or something else."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from autograder.model.observations import NetworkCall, Observations
from reference.judging.pictures import ALIKE, PIXELS, SIDE, correlation, examples, left, right, stack

HALF = PIXELS // 2
CHUNK = 4096  # digits compared at a time, which keeps the copies small
HALF_A_SHADE = 0.5 / 255  # less than between two grey values
LARGEST_LOOKED_THROUGH = 10_000  # digits of a set, where the whole of MNIST is there
EVEN = 1e-6  # largest difference within an area of one value


class Content(Enum):
    """What one row of 784 values holds."""

    WHOLE = "a whole digit"
    MASKED = "a digit whose left half is masked"
    BLANK = "no digit at all"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Mask:
    """What a mask function did to images (B, 28, 28), compared pixel by pixel; `varies` when it did something else another time."""

    given: np.ndarray
    returned: np.ndarray
    varies: bool = False

    @property
    def changed(self) -> np.ndarray:
        """(B, 28, 28), true where a pixel has a new value."""
        return np.asarray(np.abs(self.returned - self.given) > EVEN)

    @property
    def left_is_zero(self) -> bool:
        return bool((np.abs(self.returned[:, :, : SIDE // 2]) <= EVEN).all())

    @property
    def right_is_kept(self) -> bool:
        return not bool(self.changed[:, :, SIDE // 2 :].any())

    @property
    def is_right(self) -> bool:
        return self.left_is_zero and self.right_is_kept

    def seen(self) -> str:
        """What the mask took, in words."""
        changed = self.changed
        if not changed.any():
            return "no pixel was changed"
        if self.varies:
            return "the mask lies elsewhere from call to call"
        if len(changed) > 1 and changed[0].any() and not changed[1:].any():
            return f"only the first of {len(changed)} images was masked"
        if not (changed == changed[0]).all():
            return "the mask lies elsewhere from image to image"
        first = changed[0]
        rows, columns = np.flatnonzero(first.any(axis=1)), np.flatnonzero(first.any(axis=0))
        whole = first[np.ix_(rows, columns)].all()
        if np.array_equal(columns, np.arange(SIDE // 2)) and len(rows) == SIDE and whole:
            return f"the left half has values around {float(self.returned[0, :, : SIDE // 2].mean()):.2g}"
        form = "" if whole else " (not all of it)"
        return f"rows {rows[0]} to {rows[-1]} and columns {columns[0]} to {columns[-1]} were changed{form}"


def masks(given: np.ndarray, arrays: Mapping[str, np.ndarray]) -> tuple[Mask, ...]:
    """What the function did in each layout that was tried, the images' own layout first; empty when no result has the size of an image.

    Of two calls that differ, the one that went wrong counts.
    """
    planes = np.asarray(given, np.float64).reshape(-1, SIDE, SIDE)
    found = []
    for name in ("masked", "masked_planes", "masked_rows"):
        results = [arrays[key] for key in (name, f"{name}_again") if key in arrays]
        if results and all(one.size == planes.size and one.shape[0] == len(planes) for one in results):
            calls = [Mask(planes, np.asarray(one, np.float64).reshape(planes.shape), len(results) > 1) for one in results]
            found.append(next((mask for mask in calls if not mask.is_right), calls[0]))
    return tuple(found)


def keep_a_half(found: Sequence[Mask]) -> bool:
    """The images keep about half of their pixels on average, wherever the mask lies; one that is random may take a few more."""
    changed = np.concatenate([mask.changed.reshape(len(mask.given), -1) for mask in found])
    return bool(changed.sum(axis=1).mean() <= 1.2 * HALF)


def fits(mask: Mask, rows: np.ndarray) -> bool:
    """Whether images (N, 784) that a network was trained on are empty where this mask leaves zeros, and not empty elsewhere."""
    zero = (np.abs(mask.returned) <= EVEN).all(axis=0).ravel()
    if not len(rows) or not zero.any() or zero.all():
        return False
    return bool((np.abs(rows[:, zero]).max(axis=1) <= EVEN).mean() >= 0.9 and np.abs(rows[:, ~zero]).max() > EVEN)


def real_digits(data_folder: Path) -> np.ndarray:
    """The digits that the notebook was given, (N, 784) from 0 to 255."""
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        return np.concatenate([file[split].reshape(-1, PIXELS) for split in ("train_images", "test_images")])


def masked_elsewhere(rows: np.ndarray, real: np.ndarray) -> np.ndarray:
    """(N,), true for images from 0 to 1 of which something was emptied: they equal a digit wherever they are not zero."""
    found = np.zeros(len(rows), bool)
    for start in range(0, len(real), CHUNK):
        some = real[start : start + CHUNK].astype(np.float32) / 255
        for number, row in enumerate(rows):
            ink = np.abs(row) > EVEN
            if ink.any():
                same = some[np.abs(some[:, ink] - row[ink]).max(axis=1) < HALF_A_SHADE]
                found[number] |= bool((same[:, ~ink] > EVEN).any())
    return found


def from_the_test_set(rows: np.ndarray, data_folder: Path) -> np.ndarray:
    """(N,), true for rows whose right half is that of a test digit and of no training digit."""
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        near = [
            correlation(right(rows), right(file[split].reshape(-1, PIXELS)[:LARGEST_LOOKED_THROUGH].astype(np.float64))).max(axis=1)
            for split in ("train_images", "test_images")
        ]
    return np.asarray((near[1] > ALIKE) & (near[0] <= ALIKE))


def contents(rows: np.ndarray, real: np.ndarray) -> tuple[Content, ...]:
    """What each row (N, 784) holds. Brightness and contrast are free, so that normalised images are recognised."""
    if not len(rows):
        return ()
    whole, halves = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for start in range(0, len(real), CHUNK):
        some = real[start : start + CHUNK].astype(np.float64)
        whole |= correlation(rows, some).max(axis=1) > ALIKE
        halves |= correlation(right(rows), right(some)).max(axis=1) > ALIKE
    empty = np.ptp(left(rows), axis=1) < EVEN
    blank = np.ptp(rows, axis=1) < EVEN
    return tuple(
        Content.BLANK if is_blank else Content.MASKED if is_half and is_empty else Content.WHOLE if is_whole else Content.OTHER
        for is_whole, is_half, is_empty, is_blank in zip(whole, halves, empty, blank, strict=True)
    )


def share(found: tuple[Content, ...], content: Content) -> float:
    """How many of the rows hold `content`, from 0 to 1."""
    return found.count(content) / len(found) if found else 0.0


def training_calls(observed: Observations) -> tuple[NetworkCall, ...]:
    """The calls with gradient of the networks that were trained; where it shows, only those that a loss or a step follows.

    An encoder's call counts when that of the decoder that follows it does.
    """
    trained = {network for step in observed.steps for network in step.networks}
    calls = [call for call in observed.calls if call.with_gradient and (not trained or call.network in trained)]
    ends = {call.order: False for call in observed.calls}
    ends |= {loss.order: True for loss in observed.losses} | {step.order: True for step in observed.steps}
    following = dict(itertools.pairwise(sorted(ends)))
    by_order = {call.order: call for call in calls}
    for call in reversed(calls):
        after = following.get(call.order)
        decoder = by_order.get(after) if after is not None else None
        if after is not None and (decoder is None or decoder.input_shape == call.output_shape):
            ends[call.order] = ends[after]
    followed = [call for call in calls if ends[call.order]]
    return tuple(followed or calls)


def filled_in(reconstructed: np.ndarray, whole: np.ndarray) -> float:
    """How much of what digits have in their left half is painted there: near 1 when learned, near 0 when the target had nothing there.

    Where digits are bright on average is compared with where they never are, so that an even grey counts for nothing.
    """
    expected, painted = left(whole).mean(axis=0), left(reconstructed).mean(axis=0)
    bright, dark = expected >= np.quantile(expected, 0.8), expected <= np.quantile(expected, 0.2)
    contrast = expected[bright].mean() - expected[dark].mean()
    return float((painted[bright].mean() - painted[dark].mean()) / contrast) if contrast > 1e-3 else 0.0


def seen_targets(observed: Observations, real: np.ndarray) -> tuple[Content, ...]:
    """The sides of the losses that are digits, whole or masked; the other side is the network's output."""
    sides = [name for loss in observed.losses if loss.with_gradient for name in (loss.first, loss.second)]
    rows = {name: examples(observed.arrays.get(name)) for name in sides}  # each array once, however many losses name it
    told = iter(contents(stack(rows.values()), real))
    kinds = {name: tuple(itertools.islice(told, len(some))) for name, some in rows.items()}
    found = (content for name in sides for content in kinds[name])
    return tuple(content for content in found if content in (Content.WHOLE, Content.MASKED))


def range_of_greys(observed: Observations, real: np.ndarray) -> float:
    """From black to white in the images that the network's output is compared with: 1 unless they were scaled to other values."""
    for loss in observed.losses:
        for name in (loss.first, loss.second) if loss.with_gradient else ():
            rows = examples(observed.arrays.get(name))
            if len(rows) and all(content is Content.WHOLE for content in contents(rows, real)):
                return float(np.ptp(rows))
    return 1.0


def negative_targets(observed: Observations) -> bool:
    """Whether the images were scaled to other values than 0 to 1, which scales the squared error too."""
    sides = [observed.arrays.get(name) for loss in observed.losses for name in (loss.first, loss.second)]
    return any(values is not None and values.size and values.min() < -0.3 for values in sides)
