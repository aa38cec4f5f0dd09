"""Locks on files, which the system lifts when their holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import HarnessError


@contextmanager
def held_if_free(path: Path) -> Iterator[bool]:
    """Hold the lock of a file, which is made if need be; False where another holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _held(lock)
    finally:
        os.close(lock)


def own_folder(name: str) -> Path:
    """The folder of this name for locks of this user's processes on this machine; HarnessError where it is somebody else's."""
    folder = Path("/run" if os.access("/run", os.W_OK) else tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise HarnessError(f"{folder} belongs to somebody else; remove it")
    return folder


def _held(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
