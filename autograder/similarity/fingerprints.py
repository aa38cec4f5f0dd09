"""Fingerprints of cells by winnowing (Schleimer, Wilkerson and Aiken, 2003), with copydetect's implementation.

Hashes of runs of tokens are our own: copydetect takes Python's, which differ from one process to the next, and a flag must not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from copydetect import utils as copydetect

from autograder.model.submission import Cell, CellKind
from autograder.similarity import tokens

_BASE = 1_000_003
_NONE = np.empty(0, np.int64)
_BITS = 11  # dropped: copydetect compares hashes as floats, which hold whole numbers of 53 bits


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of cell is compared. A shared run of `run + window - 1` tokens is always found, one below `run` never."""

    name: str
    cells: CellKind
    cut: Callable[[str], tokens.Tokens]
    run: int
    window: int


CODE = Kind("code", CellKind.CODE, tokens.of_code, 24, 9)
TEXT = Kind("text", CellKind.MARKDOWN, tokens.of_text, 8, 4)


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """Of one submission and one kind: fingerprints, and at which token of which cell each stands; `unique` are they without repetition."""

    values: np.ndarray
    cells: np.ndarray
    at: np.ndarray
    unique: np.ndarray


def prints(cells: Iterable[Cell], kind: Kind, *, without: np.ndarray) -> Prints:
    """The fingerprints of all cells of a kind, but for those of what everybody was given (sorted numbers)."""
    parts = [(cell.index, *_winnowed(cell.source, kind)) for cell in cells if cell.kind is kind.cells]
    values = np.concatenate([_NONE, *(values for _, values, _ in parts)])
    where = np.concatenate([_NONE, *(np.full(len(values), index) for index, values, _ in parts)])
    at = np.concatenate([_NONE, *(at for _, _, at in parts)])
    own = ~np.isin(values, without)
    return Prints(values[own], where[own], at[own], np.unique(values[own]))


def all_runs(sources: Iterable[str], kind: Kind) -> np.ndarray:
    """Every run of tokens in what was given, not only the winnowed ones: none of them may be left in a submission."""
    return np.unique(np.concatenate([_NONE, *(_hashes(kind.cut(source).values, kind.run) for source in sources)]))


def slices(cell: Cell, kind: Kind, at: np.ndarray) -> list[tuple[int, int]]:
    """From where to where the runs that begin at these tokens stand in the cell's source, joined where they overlap."""
    cut = kind.cut(cell.source)
    first, last = copydetect.get_copied_slices(np.unique(at), kind.run)
    return [(int(cut.starts[int(start)]), int(cut.ends[int(end) - 1])) for start, end in zip(first, last, strict=True)]


def _winnowed(source: str, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    hashes = _hashes(kind.cut(source).values, kind.run)
    if not len(hashes):
        return _NONE, _NONE
    values, at = copydetect.winnow(hashes, kind.window, remove_duplicates=False)
    return values, at


def _hashes(values: np.ndarray, run: int) -> np.ndarray:
    """One number for each run of so many tokens."""
    if len(values) < run:
        return _NONE
    hashed = np.zeros(len(values) - run + 1, np.uint64)
    for offset in range(run):
        hashed = hashed * np.uint64(_BASE) + values[offset : offset + len(hashed)]
    hashed ^= hashed >> np.uint64(31)
    hashed *= np.uint64(0x9E3779B97F4A7C15)
    return (hashed >> np.uint64(_BITS)).astype(np.int64)
