"""A user without an account, a filter on system calls, and Landlock where there is one: for root where namespaces are not allowed.

Files that others may not read are out of reach, and so are other processes, the network, and (with Landlock) everything but what a kernel
needs. Temporary folders are shared with the machine where Landlock is missing, and /dev/shm is: what is stored there and in the run folder
is counted twice a second, bounded by ending all processes, and removed with the room.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.errors import HarnessError
from autograder.kernel.isolation.leavings import remove
from autograder.kernel.isolation.memory import MEMBERS, memory_group
from autograder.kernel.isolation.plain import ProcessTree
from autograder.kernel.isolation.sandbox import WRITABLE, Confined, Limits, Room, confined_limits, gpu_nodes
from autograder.kernel.isolation.slots import own_user, warden
from autograder.kernel.isolation.starting import Starter, request
from autograder.kernel.isolation.stored import bounded
from autograder.kernel.isolation.walls import readable_paths

STORED_MB = sum(WRITABLE.values()) + 256  # as much as the stronger tiers have room for
_SHARED = ("/dev/shm", "/tmp", "/var/tmp")
# May signal every process of the user, but none of them may signal it: they would kill or stop it first.
_KILL = """
import os, sys
user, warden = map(int, sys.argv[1:])
os.setgroups([])
os.setresgid(warden, warden, warden)
os.setresuid(warden, user, warden)
os.kill(-1, 9)
"""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm")
_MACHINE = (
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/filesystems", "/proc/sys"),
    *("/sys/devices/system", "/sys/fs/cgroup"),
)
_OF_A_GPU = ("/proc/driver/nvidia", "/sys/bus/pci", "/sys/devices")


@dataclass(frozen=True, slots=True)
class OwnUser:
    """The tier `user`. `calls` is the filter; `private` are paths that a kernel must not be able to read."""

    starter: Starter
    calls: str
    private: tuple[Path, ...] = ()
    name: str = "user"

    @contextmanager
    def room(self, run_folder: Path, limits: Limits) -> Iterator[Room]:
        with own_user(run_folder, writable=True) as user, memory_group(limits.memory_mb * 5 // 4) as group:
            if user is None:
                raise HarnessError("the tier `user` needs root")
            _end_all(user)
            _remove_left_behind(user)  # by a grader that was killed
            places: list[str | Path] = [*(run_folder / part for part in WRITABLE), *_SHARED]
            try:
                with bounded(user, places, STORED_MB, lambda: _kill_all(user)):
                    yield _UserRoom(self, run_folder, limits, user, group)
            finally:
                _end_all(user)
                _remove_left_behind(user)


@dataclass(frozen=True, slots=True)
class _UserRoom:
    tier: OwnUser
    run_folder: Path
    limits: Limits
    user: int
    group: Path | None

    def launch(self, arguments: Sequence[str]) -> Confined:
        asked = request(arguments, self.run_folder, self.limits, self.tier.private)
        asked |= {"limits": confined_limits(self.limits), "user": self.user, "filter": self.tier.calls}
        asked["paths"] = {
            "read": [*map(str, readable_paths()), str(self.run_folder), *_MACHINE, *(_OF_A_GPU if self.limits.gpu else ())],
            "write": [*(str(self.run_folder / part) for part in WRITABLE), *_DEVICES, *gpu_nodes(self.limits)],
        }
        if self.group is not None:
            asked["group"] = str(self.group / MEMBERS)
        keeper, kernel = self.tier.starter.start(asked)
        return _UserTree(keeper, kernel, self.run_folder, self.user, self.group)


class _UserTree(ProcessTree):
    """All processes of a user are those of its submission."""

    def __init__(self, keeper: psutil.Process, kernel: psutil.Process, run_folder: Path, user: int, group: Path | None) -> None:
        super().__init__(keeper, kernel, run_folder, group)
        self._user = user

    def end(self) -> None:
        _end_all(self._user)
        super().end()


def _end_all(user: int) -> None:
    """Kill every process of `user` in one blow, so that none can be started between two. Raises HarnessError if one is left."""
    for _ in range(50):
        if not _any(user):
            return
        _kill_all(user)
        time.sleep(0.02)
    if _any(user):
        raise HarnessError(f"processes of user {user} could not be ended")


def _kill_all(user: int) -> None:
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", _KILL, str(user), str(warden(user))], env={}, cwd="/", stderr=subprocess.DEVNULL, check=False
    )


def _any(user: int) -> bool:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == user and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def _remove_left_behind(user: int) -> None:
    for folder in _SHARED:
        with suppress(OSError):
            for entry in os.scandir(folder):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == user:
                        if entry.is_dir(follow_symlinks=False):
                            remove(Path(entry.path))
                        else:
                            os.unlink(entry.path)
