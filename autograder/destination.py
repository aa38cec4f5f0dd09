"""Where results are written: a folder of their own, in which nothing lies that somebody handed in.

Receives the results' folder and what is about to be graded. Raises `AssignmentError`, which says what is wrong, before anything is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import AssignmentError


def make_folder(out: Path) -> None:
    """Make the results' folder, or refuse one that cannot be written to."""
    try:
        if not out.exists():
            out.mkdir(parents=True, mode=0o700)  # grades are nobody else's business, and no kernel's
        with tempfile.TemporaryFile(dir=out):
            pass  # a folder that cannot be written to is told before anything is graded, not after
    except OSError as error:
        raise AssignmentError(f"{out}: the results cannot be written there ({error.strerror}). Name another folder with --out.") from error


def refuse_into(out: Path, ids: Iterable[str], places: Sequence[Path]) -> None:
    """Refuse to write into what is graded: a student's file would be lost, and the next run would take results for submissions."""
    own = {place for given in places for place in (given, *given.parents)}
    taken = next((out / id for id in ids if out.resolve() / id in own), None)
    if taken is not None:
        raise AssignmentError(f"{taken}: was handed in, and results would be written into it. Name another folder with --out.")


def refuse_over(out: Path, ids: Iterable[str]) -> None:
    """Refuse to write over somebody's files, in a folder into which nothing was graded yet."""
    taken = next((out / id for id in ids if _holds_something(out / id)), None)
    if taken is not None:
        raise AssignmentError(f"{taken}: exists, and is not of an earlier run into {out}. Name another folder with --out.")


def _holds_something(path: Path) -> bool:
    return path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir())))
