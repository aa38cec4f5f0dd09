"""What was drawn while the notebook ran, and whether two pictures show the same: arrays of grey values only, no image files."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from autograder.model.observations import Axes, NetworkCall, Observations

SIDE = 28
PIXELS = SIDE * SIDE
ALIKE = 0.999  # correlation of two pictures that differ by rounding or brightness only; two different digits stay below 0.95
EQUAL = 1e-5  # grey values of the same picture
LARGEST_SEARCH = 400  # pixels a side of a composed picture that is searched for a small one


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture as handed to imshow. `shape` is that of the student's array, also where the array itself was not kept."""

    cell: int
    axes: Axes
    shape: tuple[int, ...]
    values: np.ndarray | None

    @property
    def is_digit_sized(self) -> bool:
        return tuple(size for size in self.shape if size != 1) in ((SIDE, SIDE), (SIDE, SIDE, 3), (SIDE, SIDE, 4))


def drawn_images(observed: Observations) -> tuple[Drawn, ...]:
    """Every picture drawn, in order."""
    return tuple(
        Drawn(figure.cell, axes, shape, observed.arrays.get(name))
        for figure in observed.figures
        for axes in figure.axes
        for name, shape in zip(axes.images, axes.image_shapes, strict=False)
    )


def examples(values: np.ndarray | None) -> np.ndarray:
    """The digits in an array of any layout, one a row: (N, 784). Empty where its values do not divide into digits."""
    if values is None or values.size == 0 or values.size % PIXELS:
        return np.empty((0, PIXELS))
    return np.asarray(values, np.float64).reshape(-1, PIXELS)


def left(digits: np.ndarray) -> np.ndarray:
    """Columns 0 to 13 of digits (N, 784): (N, 392)."""
    return digits.reshape(-1, SIDE, SIDE)[:, :, : SIDE // 2].reshape(len(digits), -1)


def right(digits: np.ndarray) -> np.ndarray:
    """Columns 14 to 27 of digits (N, 784): (N, 392)."""
    return digits.reshape(-1, SIDE, SIDE)[:, :, SIDE // 2 :].reshape(len(digits), -1)


def correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Between each row of `one` (N, P) and each of `other` (M, P): (N, M). A row without contrast correlates with nothing."""
    return np.asarray(_standardised(one) @ _standardised(other).T)


def _standardised(rows: np.ndarray) -> np.ndarray:
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-6))


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Two pictures of 784 pixels show the same, up to brightness and contrast."""
    return bool(correlation(one.reshape(1, PIXELS), other.reshape(1, PIXELS))[0, 0] > ALIKE)


def among(picture: np.ndarray, candidates: np.ndarray) -> int | None:
    """The row of `candidates` (N, 784) that the picture shows, or None."""
    if not len(candidates):
        return None
    apart = np.abs(candidates - picture.reshape(1, PIXELS)).max(axis=1)
    if apart.min() < EQUAL:  # a network that has learned little makes almost the same of every image, so equality comes first
        return int(apart.argmin())
    found = correlation(picture.reshape(1, PIXELS), candidates)[0]
    return int(found.argmax()) if found.max() > ALIKE else None


def grey(values: np.ndarray) -> np.ndarray:
    """A picture (rows, columns), colour channels first or last averaged away."""
    squeezed = np.squeeze(np.asarray(values, np.float64))
    if squeezed.ndim == 3 and squeezed.shape[-1] in (3, 4):
        return np.asarray(squeezed[..., :3].mean(axis=-1))
    if squeezed.ndim == 3 and squeezed.shape[0] in (3, 4):
        return np.asarray(squeezed[:3].mean(axis=0))
    return squeezed


def shown_in(picture: Drawn, candidates: np.ndarray) -> tuple[int, ...]:
    """The rows of `candidates` (N, 784) that a picture shows: itself, or somewhere in it when it is composed of several.

    What a network returned as logits, or beyond 0 and 1, is also recognised after a sigmoid or cut to these limits.
    """
    if picture.values is None or not len(candidates):
        return ()
    found = _shown_in(picture, candidates)
    if not found and (candidates.min() < 0.0 or candidates.max() > 1.0):
        limited = np.clip(candidates, -60.0, 60.0)
        found = _shown_in(picture, 1 / (1 + np.exp(-limited))) or _shown_in(picture, np.clip(candidates, 0.0, 1.0))
    return found


def _shown_in(picture: Drawn, candidates: np.ndarray) -> tuple[int, ...]:
    assert picture.values is not None
    values = grey(picture.values)
    if values.shape == (SIDE, SIDE):
        row = among(values, candidates)
        return () if row is None else (row,)
    if values.ndim != 2 or not all(SIDE <= size <= LARGEST_SEARCH for size in values.shape):
        return ()
    windows = np.lib.stride_tricks.sliding_window_view(values, (SIDE, SIDE))
    found: set[int] = set()
    for strip in windows:  # (columns, 28, 28), one strip at a time to keep the copies small
        best = correlation(candidates, strip.reshape(-1, PIXELS)).max(axis=1)
        found.update(int(row) for row in np.flatnonzero(best > ALIKE))
    return tuple(sorted(found))


def drawn_as_line(observed: Observations, candidates: np.ndarray) -> bool:
    """Whether a digit was drawn as a row or column of 784 values, or as a line of a plot."""
    for picture in drawn_images(observed):
        if tuple(size for size in picture.shape if size != 1) == (PIXELS,):
            return True
    return any(
        len(line.y) == PIXELS and among(np.asarray(line.y), candidates) is not None
        for figure in observed.figures
        for axes in figure.axes
        for line in axes.lines
    )


def drawn_in_another_shape(observed: Observations, candidates: np.ndarray) -> tuple[int, ...] | None:
    """The rows and columns in which the 784 values of a digit were drawn, where they are not 28 by 28."""
    for picture in drawn_images(observed):
        shape = tuple(size for size in picture.shape if size != 1)
        whole = picture.values is not None and picture.values.size == PIXELS
        if whole and len(shape) == 2 and shape != (SIDE, SIDE) and among(np.asarray(picture.values, np.float64), candidates) is not None:
            return shape
    return None


def stack(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Digits (N, 784) of all parts, in order; (0, 784) of none."""
    return np.concatenate([np.empty((0, PIXELS)), *parts])


def _holds_digits(shape: tuple[int, ...]) -> bool:
    return math.prod(shape) == PIXELS or (len(shape) > 1 and math.prod(shape[1:]) == PIXELS)


def digits_in(observed: Observations, call: NetworkCall) -> np.ndarray:
    """The digits that a network was given, as far as kept: (N, 784)."""
    return examples(observed.arrays.get(call.input)) if _holds_digits(call.input_shape) else stack([])


def digits_out(observed: Observations, call: NetworkCall) -> np.ndarray:
    """The digits that a network returned, as far as kept: (N, 784)."""
    return examples(observed.arrays.get(call.output)) if _holds_digits(call.output_shape) else stack([])


@dataclass(frozen=True, slots=True, eq=False)
class Reconstruction:
    """Digits that went into a network, or into an encoder, and what came out of it or of the decoder called next: both (N, 784)."""

    networks: tuple[int, ...]
    given: np.ndarray
    returned: np.ndarray


def reconstructions(observed: Observations) -> tuple[Reconstruction, ...]:
    """Every pass from digits to digits, in order, as far as kept."""
    found: list[Reconstruction] = []
    waiting: tuple[int, np.ndarray] | None = None
    for call in observed.calls:
        given, returned = digits_in(observed, call), digits_out(observed, call)
        if len(given) and len(returned):
            kept = min(len(given), len(returned))
            found.append(Reconstruction((call.network,), given[:kept], returned[:kept]))
        elif len(given):
            waiting = call.network, given
        elif len(returned) and waiting is not None:
            kept = min(len(waiting[1]), len(returned))
            found.append(Reconstruction((waiting[0], call.network), waiting[1][:kept], returned[:kept]))
            waiting = None
    return tuple(found)
