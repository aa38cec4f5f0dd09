"""Finds the sockets of a kernel and holds on to what was found.

A kernel may put anything in the place of its sockets, such as a link to one of the machine's own. So no link is followed on the way to a
socket, and what is connected to, and connected to again, is the socket that was found and not its name.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import ExitStack
from pathlib import Path


class PinnedSockets:
    """The sockets behind a kernel's `root`. Safe to close twice."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[Path, int] = {}
        self._open = ExitStack()

    def address(self, path: Path) -> str:
        """What to connect to for the socket that the kernel knows as `path`; OSError when there is none."""
        if sys.platform != "linux":
            return str(path)
        if path not in self._found:
            descriptor = _descend(self._root, path)
            self._open.callback(os.close, descriptor)
            self._found[path] = descriptor
        return f"/proc/self/fd/{self._found[path]}"

    def close(self) -> None:
        """To be called when nothing connects any more: the descriptors' numbers will mean something else."""
        self._open.close()


def _descend(root: Path, path: Path) -> int:
    at = os.open(root, os.O_PATH | os.O_CLOEXEC)
    for name in path.parts[1:]:
        above = at
        try:
            at = os.open(name, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    if not stat.S_ISSOCK(os.fstat(at).st_mode):
        os.close(at)
        raise FileNotFoundError(f"{path} is no socket")
    return at
