"""Keeps a second process from grading into the same folder. The system gives the lock back when its holder ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.locks import held_if_free

_FILE = ".lock"


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder; AssignmentError where another process does."""
    with held_if_free(folder / _FILE) as held:
        if not held:
            raise AssignmentError(f"{folder}: another run is grading into this folder. Wait for its end, or name another with --out.")
        yield
