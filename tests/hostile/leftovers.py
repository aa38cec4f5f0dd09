"""What a submission may leave behind, and must not: processes, run folders, sockets, cgroups, mounts, memory of the grader's.

Every process that anything started here is a descendant of this one, for orphans are handed to it; and every folder and socket of a run
lies below this process' own place for temporary files. So nothing of another program on the machine is ever taken for a leftover.
"""

from __future__ import annotations

import ctypes
import os
import re
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from autograder.kernel.isolation import slots

_SET_CHILD_SUBREAPER = 36
_RUN = re.compile(r"ag-\w+|k\d+\.json|\b\d+\b")


def adopt_orphans() -> None:
    """Let processes whose parent has ended become children of this one."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Present:
    """What is there at one moment, by kind; names of single runs are left out, so that two moments can be compared."""

    def __init__(self) -> None:
        place = tempfile.gettempdir()
        self.kinds: dict[str, Counter[str]] = {
            "process": Counter(processes()),
            "run folder": Counter("ag-*" for _ in Path(place).glob("ag-*")),
            "shared file": Counter(path for folder in ("/tmp", "/var/tmp", "/dev/shm") for path in _of_students(folder)),
            "socket": Counter(_sockets(place)),
            "cgroup": Counter(_RUN.sub("*", name) for name in cgroups(f"autograder-{os.getpid()}-")),
            "mount": Counter(_RUN.sub("*", line) for line in _mounts(place)),
        }

    def beyond(self, before: Present) -> list[str]:
        """What is there now and was not before."""
        return [
            f"a {kind} is left: {name[:150]}" + (f" ({count} times)" if count > 1 else "")
            for kind, seen in self.kinds.items()
            for name, count in (seen - before.kinds[kind]).items()
        ]


def left_beyond(before: Present, patience_seconds: float = 3.0) -> list[str]:
    """What is still there after some time in which it may end by itself."""
    until = time.monotonic() + patience_seconds
    while (found := Present().beyond(before)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def processes() -> list[str]:
    """The command lines of everything that was started here, by whomever, and still runs."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(_RUN.sub("*", " ".join(process.cmdline())))
    return found


def _of_students(folder: str) -> list[str]:
    """What lies there and belongs to a user that kernels run under; without root that is one's own, whose other programs use /tmp too."""
    with suppress(OSError):
        owners = {entry.path: entry.stat(follow_symlinks=False).st_uid for entry in os.scandir(folder)}
        if os.geteuid() == 0:
            return [path for path, owner in owners.items() if slots.FIRST <= owner <= slots.LAST]
        return [path for path, owner in owners.items() if owner == os.geteuid() and folder != "/tmp"]
    return []


def _sockets(place: str) -> list[str]:
    lines = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    names = (line.split()[7] for line in lines if len(line.split()) > 7)
    return [_RUN.sub("*", name) for name in names if name.startswith(place)]


def cgroups(mark: str) -> list[str]:
    """The control groups whose names begin so."""
    return [str(path) for top in Path("/sys/fs/cgroup").glob("*") if top.is_dir() for path in _below(top, 3) if path.name.startswith(mark)]


def _below(top: Path, depth: int) -> list[Path]:
    found: list[Path] = []
    with suppress(OSError):
        for path in top.iterdir():
            if path.is_dir() and not path.is_symlink():
                found += [path, *(_below(path, depth - 1) if depth > 1 else [])]
    return found


def _mounts(place: str) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return [point for line in lines if (point := line.split()[4]).startswith(place)]


class Growth:
    """How much memory this process takes beyond what it had at the beginning, at its peak."""

    def __init__(self) -> None:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from now on
        self._before = self._megabytes("VmRSS")

    def megabytes(self) -> float:
        return self._megabytes("VmHWM") - self._before

    @staticmethod
    def _megabytes(name: str) -> float:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(re.findall(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)[0]) / 1024
