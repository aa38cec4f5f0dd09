"""How much a user has stored: what nothing else bounds where student code writes to the machine's own disk and memory.

Files in the given folders count, and those that have no name any more but are still open.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

MOST_FILES = 100_000
_EVERY_SECONDS = 0.5
_BLOCK = 512  # what st_blocks counts in, stat(2)


def stored_mb(user: int, folders: Sequence[str | Path], most_files: int = MOST_FILES) -> float:
    """Megabytes of files that `user` owns in these folders or holds open without a name; infinite when there are too many to count."""
    found: dict[tuple[int, int], int] = {}
    for status in (*_in(folders, user), *_nameless(user)):
        found[status.st_dev, status.st_ino] = status.st_blocks * _BLOCK
        if len(found) > most_files:
            return float("inf")
    return sum(found.values()) / 2**20


@contextmanager
def bounded(user: int, folders: Sequence[str | Path], most_mb: float, end: Callable[[], None]) -> Iterator[None]:
    """Look at what `user` has stored all the while, and call `end`, again and again, while it is more than `most_mb`."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_SECONDS):
            if stored_mb(user, folders) > most_mb:
                end()

    watcher = threading.Thread(target=watch, name="stored-files", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _in(folders: Sequence[str | Path], user: int) -> Iterator[os.stat_result]:
    pending: list[str] = [str(folder) for folder in folders]
    while pending:
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_uid == user:
                        yield status
                        if stat.S_ISDIR(status.st_mode):
                            pending.append(entry.path)


def _nameless(user: int) -> Iterator[os.stat_result]:
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.uids().real == user:
                for opened in os.scandir(f"/proc/{process.pid}/fd"):
                    with suppress(OSError):
                        status = opened.stat()
                        if status.st_nlink == 0 and status.st_uid == user and stat.S_ISREG(status.st_mode):
                            yield status
