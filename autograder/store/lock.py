"""Keeps a second process from grading into the same folder. The system gives the lock back when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import AssignmentError

_FILE = ".lock"


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder; AssignmentError where another process does."""
    with (folder / _FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AssignmentError(
                f"{folder}: another run is grading into this folder. Wait for its end, or name another with --out."
            ) from error
        yield
