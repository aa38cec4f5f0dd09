"""A control group that bounds the memory of all processes of a submission together, where this user may make one.

Both versions of control groups are known (Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of the Linux kernel).
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

MEMBERS = "cgroup.procs"
_NAME = "autograder"
_numbers = itertools.count()


@contextmanager
def memory_group(memory_mb: int) -> Iterator[Path | None]:
    """The group's folder, of which `MEMBERS` takes process ids; None where control groups are not to be had."""
    group = _made(memory_mb)
    try:
        yield group
    finally:
        if group is not None:
            _remove(group)


class Kills:
    """Whether the system has killed a process of `group` for memory since this was made; never where there is no group."""

    def __init__(self, group: Path | None, events: str = "memory.events") -> None:
        self._group, self._events = group, events
        self._before, self._full_before = self._kills(), self._full()

    def happened(self) -> bool:
        return _risen(self._before, self._kills())

    def at_its_limit(self) -> bool:
        """Whether it happened and the group was full; where it was not, there was too little memory for others too."""
        return self.happened() and _risen(self._full_before, self._full())

    def _kills(self) -> int | None:
        return _count(self._group, (self._events, "oom_kill"), ("memory.oom_control", "oom_kill"))

    def _full(self) -> int | None:
        return _count(self._group, (self._events, "oom"), ("memory.failcnt", ""))


def around() -> Kills:
    """The kills in the group that this process itself is in, such as a container's; those in groups below it do not count."""
    return Kills(_parent(), "memory.events.local")


def _risen(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and now > before


def _count(group: Path | None, *places: tuple[str, str]) -> int | None:
    """What the first of these files that is there says on the line of this name (0 without one); None where none can be read."""
    if group is None:
        return None
    for file, name in places:
        with suppress(OSError):
            lines = [line.split() for line in (group / file).read_text(encoding="ascii").splitlines()]
            return next((int(line[-1]) for line in lines if line[:-1] == ([name] if name else [])), 0)
    return None


def sweep() -> None:
    """Remove the groups of graders that were killed."""
    parent = _parent()
    pattern = f"{_NAME}-*-*"
    for group in _listed(parent, pattern) if parent else ():
        owner = group.name.split("-")[1]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            _remove(group)


def _listed(parent: Path, pattern: str) -> list[Path]:
    """Groups of any grader, below ours and below those beside it: each session of a user may have one of its own."""
    found: list[Path] = []
    for place in (parent, *parent.parent.iterdir()):
        with suppress(OSError):  # another grader's group, which it may be removing
            found += place.glob(pattern)
    return found


def _made(memory_mb: int) -> Path | None:
    parent = _parent()
    if parent is None:
        return None
    group = parent / f"{_NAME}-{os.getpid()}-{next(_numbers)}"
    try:
        group.mkdir()
    except OSError:
        return None
    limit = str(memory_mb << 20)
    try:
        if (group / "memory.max").exists():
            (group / "memory.max").write_text(limit)
            with suppress(OSError):  # absent where swap is not counted
                (group / "memory.swap.max").write_text("0")
        else:
            (group / "memory.limit_in_bytes").write_text(limit)
            with suppress(OSError):
                (group / "memory.swappiness").write_text("0")
    except OSError:
        _remove(group)
        return None
    return group


def _parent() -> Path | None:
    """The group that this process is in, of the hierarchy that accounts for memory; in a container it may be all that is shown."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        root = Path("/sys/fs/cgroup/memory") if "memory" in controllers.split(",") else Path("/sys/fs/cgroup")
        if "memory" in controllers.split(",") or not controllers:
            return next((group for group in (root / path.lstrip("/"), root) if (group / MEMBERS).exists()), None)
    return None


def _remove(group: Path) -> None:
    """Kill what is still in the group, and wait a little: the system takes its time to let go of the last process."""
    for _ in range(100):
        with suppress(OSError, ValueError):
            for member in (group / MEMBERS).read_text(encoding="ascii").split():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(int(member), 9)
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return
