"""What was drawn while the notebook ran, and which digits it shows: arrays of grey values only, no image files.

A digit is a row of 784 grey values. It is recognised in a picture of its own, in one composed of several, enlarged, upside down (as a mesh
is drawn whose axis was not turned over), inverted, or with another brightness and contrast.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograder.checks import Evidence
from autograder.model.observations import Axes, Observations

SIDE = 28
PIXELS = SIDE * SIDE
ALIKE = 0.999  # correlation of two pictures that differ by rounding or brightness only; two different digits stay below 0.95
# The same when one was enlarged and is made small again: at least 0.978 for 61 digits of the sample, two to twenty times as large, with any
# interpolation; two different ones of them correlate by 0.90 at most.
ALIKE_ENLARGED = 0.97
LEAD = 1e-4  # correlations closer than this do not tell which of two digits a picture shows; rounding to 8 bits costs 2e-5
EQUAL = 1e-5  # grey values of the same picture
COLOURLESS = 0.02  # difference between colour channels that rounding makes
LARGEST_SEARCH = 400  # pixels a side of a composed picture that is searched for digits


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

    @property
    def may_hold_digits(self) -> bool:
        """Whether a digit has room in it; a colour bar, which is drawn as a picture too, has none."""
        return len(self.shape) >= 2 and min(self.shape[:2]) >= SIDE


def observed_and_shown(evidence: Evidence, question: str) -> Observations:
    """What was observed in a question, without the figures that were drawn but never shown: saved and closed, and no picture after that."""
    observed = evidence.observed(question)
    runs = evidence.runs(question)
    if not any(run.outputs for run in runs):
        return observed
    showing = [run.index for run in runs if any(output.kind in ("display_data", "execute_result") for output in run.outputs)]
    last = max(showing, default=-1)
    return dataclasses.replace(observed, figures=tuple(figure for figure in observed.figures if figure.cell <= last))


def drawn_images(observed: Observations) -> tuple[Drawn, ...]:
    """Every picture drawn, in order."""
    return tuple(
        Drawn(figure.cell, axes, shape, observed.arrays.get(name))
        for figure in observed.figures
        for axes in figure.axes
        for name, shape in zip(axes.images, axes.image_shapes, strict=False)
    )


def last_cell(drawn: Sequence[Drawn]) -> str:
    """Where the last of the pictures was drawn, to be put into a sentence."""
    return f" (cell {drawn[-1].cell})" if drawn else ""


def examples(values: np.ndarray | None) -> np.ndarray:
    """The digits in an array of any layout, one a row: (N, 784). Empty where its values do not divide into digits."""
    if values is None or values.size == 0 or values.size % PIXELS:
        return np.empty((0, PIXELS))
    return np.asarray(values, np.float64).reshape(-1, PIXELS)


def stack(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Digits (N, 784) of all parts, in order; (0, 784) of none."""
    return np.concatenate([np.empty((0, PIXELS)), *(part.reshape(-1, PIXELS) for part in parts)])


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


def grey(values: np.ndarray) -> np.ndarray:
    """A picture (rows, columns), colour channels first or last averaged away."""
    squeezed = np.squeeze(np.asarray(values, np.float64))
    if squeezed.ndim == 3 and squeezed.shape[-1] in (3, 4):
        mapped = colour_mapped(squeezed[..., :3])
        return np.asarray(squeezed[..., :3].mean(axis=-1)) if mapped is None else mapped
    if squeezed.ndim == 3 and squeezed.shape[0] in (3, 4):
        return np.asarray(squeezed[:3].mean(axis=0))
    return squeezed


def colour_mapped(colours: np.ndarray) -> np.ndarray | None:
    """The values (rows, columns) behind a picture (rows, columns, 3) that was saved in matplotlib's own colours, as imsave does unasked."""
    if np.ptp(colours, axis=-1).max() < COLOURLESS or colours.max() > 1.0:
        return None
    own = _own_colours()
    found, where = np.unique(colours.reshape(-1, 3), axis=0, return_inverse=True)
    if len(found) > 2 * len(own):
        return None
    apart = np.abs(found[:, None] - own).max(axis=2)  # (colours, 256)
    if apart.min(axis=1).max() > COLOURLESS:
        return None
    return np.asarray(apart.argmin(axis=1)[where].reshape(colours.shape[:2]) / (len(own) - 1))


@lru_cache(maxsize=1)
def _own_colours() -> np.ndarray:
    import matplotlib

    return np.asarray(matplotlib.colormaps["viridis"](np.arange(256)))[:, :3]


def limited(digits: np.ndarray) -> tuple[np.ndarray, ...]:
    """Digits as they may be drawn: as they are, and where they are no grey values also after a sigmoid and cut to 0 and 1."""
    if not len(digits) or (digits.min() >= 0.0 and digits.max() <= 1.0):
        return (digits,)
    return digits, 1 / (1 + np.exp(-np.clip(digits, -60.0, 60.0))), np.clip(digits, 0.0, 1.0)


def among(digit: np.ndarray, candidates: np.ndarray, *, alike: float = ALIKE) -> frozenset[int]:
    """The rows of `candidates` (N, 784) that a digit (784) may be: those that equal it, else those that are most alike."""
    if not len(candidates):
        return frozenset()
    apart = np.abs(candidates - digit.reshape(1, PIXELS)).max(axis=1)
    if apart.min() < EQUAL:  # a network that has learned little makes almost the same of every image, so equality comes first
        return frozenset(np.flatnonzero(apart < EQUAL).tolist())
    found = np.abs(correlation(digit.reshape(1, PIXELS), candidates)[0])
    return frozenset(np.flatnonzero((found > alike) & (found > found.max() - LEAD)).tolist())


def shown_as(digit: np.ndarray, candidates: np.ndarray, *, alike: float = ALIKE) -> frozenset[int]:
    """The rows of `candidates` (N, 784) that a digit in a picture may show, also as drawn upside down or after a sigmoid."""
    for upright in (digit, np.flipud(digit.reshape(SIDE, SIDE)).reshape(-1)):
        for drawn in limited(candidates):
            found = among(upright, drawn, alike=alike)
            if found:
                return found
    return frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A digit (784) that is seen in a picture, and the rows of the known digits that it may be: none for an unknown one."""

    cell: int
    values: np.ndarray
    shows: frozenset[int]


def pieces(picture: Drawn, known: np.ndarray) -> list[Piece]:
    """The digits in a picture: itself when it is as large as one, else the places of a composed or enlarged one that show `known`."""
    if picture.values is None:
        return []
    values = grey(picture.values)
    if values.shape == (SIDE, SIDE):
        return [Piece(picture.cell, values.reshape(-1), shown_as(values.reshape(-1), known))]
    if values.ndim != 2 or min(values.shape) < SIDE or not len(known):
        return []
    for small, alike in _made_small(values):
        if small.shape == (SIDE, SIDE):
            found = [Piece(picture.cell, small.reshape(-1), shown_as(small.reshape(-1), known, alike=alike))]
        else:
            found = _found(picture.cell, small, known) or _found(picture.cell, np.flipud(small), known)
        if any(piece.shows for piece in found):
            return found
    return []


def _made_small(values: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """The picture as it is and with each whole factor by which it may have been enlarged, and how alike its digits then are."""
    rows, columns = values.shape
    if max(rows, columns) <= LARGEST_SEARCH:
        yield values, ALIKE
    if rows == columns:
        yield _averaged(values, SIDE, SIDE), ALIKE_ENLARGED
    for factor in range(2, min(rows, columns) // SIDE + 1):
        if rows % factor == 0 and columns % factor == 0 and (rows, columns) != (SIDE * factor, SIDE * factor):
            yield _averaged(values, rows // factor, columns // factor), ALIKE


def _averaged(values: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The picture with so many rows and columns, each value the mean of the area that it covers."""
    for size in (rows, columns):
        sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
        places = np.linspace(0, len(values), size + 1)
        whole = np.minimum(places.astype(int), len(values) - 1)
        at = sums[whole] + (places - whole)[:, None] * values[whole]
        values = (np.diff(at, axis=0) / (places[1] - places[0])).T
    return values


def _found(cell: int, values: np.ndarray, known: np.ndarray) -> list[Piece]:
    """The places of a composed picture where some of `known` (N, 784) are.

    A digit that was moved is also found beside its place, as the digit before it was moved; both are told.
    """
    likeness = np.max([_correlation_maps(values, drawn) for drawn in limited(known)], axis=0)  # (N, R - 27, C - 27)
    best = likeness.max(axis=0)
    found: list[Piece] = []
    while best.max(initial=0.0) > ALIKE:
        row, column = (int(place) for place in np.unravel_index(int(best.argmax()), best.shape))
        around = (slice(max(0, row - SIDE // 2), row + SIDE // 2), slice(max(0, column - SIDE // 2), column + SIDE // 2))
        here = likeness[(slice(None), *around)].reshape(len(known), -1).max(axis=1)
        shows = frozenset(np.flatnonzero(here > max(ALIKE, here.max() - LEAD)).tolist())
        found.append(Piece(cell, values[row : row + SIDE, column : column + SIDE].reshape(-1), shows))
        best[around] = 0.0
    return found


def _correlation_maps(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """How much each place of a picture (R, C) looks like each of the known digits (N, 784): (N, R - 27, C - 27)."""
    rows, columns = values.shape
    windows = (rows - SIDE + 1, columns - SIDE + 1)
    values = values - values.mean()

    def sums(of: np.ndarray) -> np.ndarray:
        added = np.pad(of, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
        return np.asarray(added[SIDE:, SIDE:] - added[:-SIDE, SIDE:] - added[SIDE:, :-SIDE] + added[:-SIDE, :-SIDE])

    spread = np.sqrt(np.maximum(sums(values**2) - sums(values) ** 2 / PIXELS, 0.0))
    transformed = np.fft.rfft2(values)
    maps = np.zeros((len(known), *windows))
    for place, digit in enumerate(_standardised(known).reshape(-1, SIDE, SIDE)):
        product = np.fft.irfft2(transformed * np.conj(np.fft.rfft2(digit, (rows, columns))), (rows, columns))
        np.divide(np.abs(product[: windows[0], : windows[1]]), spread, out=maps[place], where=spread > 1e-4)
    return maps


def drawn_as_line(observed: Observations, candidates: np.ndarray) -> bool:
    """Whether a digit was drawn as a row or column of 784 values, or as a line of a plot."""
    for picture in drawn_images(observed):
        if tuple(size for size in picture.shape if size != 1) == (PIXELS,):
            return True
    return any(
        len(line.y) == PIXELS and bool(shown_as(np.asarray(line.y), candidates))
        for figure in observed.figures
        for axes in figure.axes
        for line in axes.lines
    )


def drawn_in_another_shape(observed: Observations, candidates: np.ndarray) -> tuple[int, ...] | None:
    """The rows and columns in which the 784 values of a digit were drawn, where they are not 28 by 28."""
    for picture in drawn_images(observed):
        shape = tuple(size for size in picture.shape if size != 1)
        whole = picture.values is not None and picture.values.size == PIXELS
        if whole and len(shape) == 2 and shape != (SIDE, SIDE) and shown_as(np.asarray(picture.values, np.float64).reshape(-1), candidates):
            return shape
    return None


def drawn_turned(observed: Observations, candidates: np.ndarray) -> bool:
    """Whether a digit was drawn on its side or mirrored: rows for columns, or turned by a quarter."""
    for picture in drawn_images(observed):
        if picture.values is not None and picture.is_digit_sized:
            seen = grey(picture.values)
            if any(among(one.reshape(-1), candidates) for one in (seen.T, np.rot90(seen), np.rot90(seen, 3), np.fliplr(seen))):
                return True
    return False
