"""No isolation but that of a process: own session, limits on memory and files, clean environment, killed as a whole.

For a student's own machine and for trusted notebooks; there are no walls around files or the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.kernel.isolation.memory import Kills
from autograder.kernel.isolation.sandbox import KERNEL, MARKER, Confined, Limits, Room, clean_environment, resource_limits
from autograder.kernel.isolation.starting import Starter, request

_RISEN = 1.05
_LOOK_SECONDS, _PATIENT_SECONDS = 2.0, 10.0  # between two looks at what is shared
_LITTLE = 512 << 20  # bytes that may be more than was seen, while there is patience; a forked kernel and its keeper share fewer
_CHILDREN_ARE_LISTED = Path("/proc/thread-self/children").exists()  # proc_pid_task(5)


@dataclass(frozen=True, slots=True)
class PlainProcess:
    """The tier `none`. Kernels are forked by `starter` where there is one."""

    starter: Starter | None = None
    name: str = "none"

    @contextmanager
    def room(self, run_folder: Path, limits: Limits) -> Iterator[Room]:
        yield _PlainRoom(self.starter, run_folder, limits)


@dataclass(frozen=True, slots=True)
class _PlainRoom:
    starter: Starter | None
    run_folder: Path
    limits: Limits

    def launch(self, arguments: Sequence[str]) -> Confined:
        if self.starter is not None:
            keeper, kernel = self.starter.start(request(arguments, self.run_folder, self.limits))
            return ProcessTree(keeper, kernel, self.run_folder)
        return launch_plainly([*KERNEL, *arguments], self.run_folder, self.limits)


def launch_plainly(command: Sequence[str], run_folder: Path, limits: Limits) -> ProcessTree:
    """Any command as a child of this process."""
    process = psutil.Popen(
        command,
        cwd=run_folder / "work",
        env=clean_environment(run_folder, limits),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # an undrained pipe would block the kernel
        stderr=subprocess.DEVNULL,
    )
    _limit(process.pid, limits)
    return ProcessTree(process, process, run_folder)


def _limit(pid: int, limits: Limits) -> None:
    """Set the limits from outside: a function run between fork and exec is not safe beside other threads."""
    if sys.platform != "linux":
        return
    import resource

    for name, value in resource_limits(limits).items():
        try:
            resource.prlimit(pid, getattr(resource, f"RLIMIT_{name}"), (value, value))
        except ProcessLookupError:
            return


@dataclass(frozen=True, slots=True)
class _Look:
    """At the memory of several processes, bytes: `at_most` counts what they share for each, `memory` once."""

    when: float = 0.0
    at_most: int = 0
    memory: int = 0


class ProcessTree:
    """A process `root`, its descendants, and those that left the tree but not the run folder's mark; `command` is what was launched.

    `group` is the control group of all. Root and command are one where the
    command is our own child; it is reaped here.
    """

    def __init__(
        self, root: psutil.Process | psutil.Popen, command: psutil.Process | psutil.Popen, run_folder: Path, group: Path | None = None
    ) -> None:
        self._root, self._command, self._kills = root, command, Kills(group)
        self._looked = _Look()
        self._ending = threading.Lock()
        self._mark = f"{MARKER}={run_folder}".encode()

    def alive(self) -> bool:
        try:
            return bool(self._command.is_running()) and self._command.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def memory_mb(self) -> float:
        """As for `Confined`; how much several processes share is looked up only now and then, and when they may use more than before."""
        family = self.members()
        at_most = sum(_resident(process) for process in family)
        before, now = self._looked, time.monotonic()
        patience = _PATIENT_SECONDS if at_most - before.memory < _LITTLE else _LOOK_SECONDS
        if len(family) > 1 and (at_most > _RISEN * before.at_most or now - before.when > patience):
            self._looked = _Look(now, at_most, sum(_share(process) for process in family))
        return (self._looked.memory if len(family) > 1 else at_most) / 2**20

    def out_of_memory(self) -> bool:
        return self._kills.at_its_limit()

    def killed_for_memory(self) -> bool:
        return self._kills.happened()

    def end(self) -> None:
        with self._ending:  # of two threads that reap a process, one would not learn how it ended
            self._end()

    def _end(self) -> None:
        keeper = [] if self._root is self._command else [self._root]  # it holds the tree together, so it goes last
        for _ in range(50):
            members = [member for member in (*self.members(), *self._marked()) if member not in keeper]
            if not members:
                break
            for member in members:
                kill(member)
            time.sleep(0.02)
        else:
            self.overrun()
        kill(self._root)
        with suppress(psutil.Error):
            self._root.wait(timeout=10)

    def root(self) -> Path:
        return Path("/")

    def members(self) -> list[psutil.Process]:
        """The root and its descendants; none once it is gone."""
        return with_descendants(self._root)

    def overrun(self) -> None:
        """What else can be done about processes that multiply faster than they are killed: here, nothing."""

    def _marked(self) -> list[psutil.Process]:
        """Processes anywhere that carry this run's marker, such as one that became a daemon."""
        found = []
        for number in psutil.pids():
            try:
                if self._mark in Path(f"/proc/{number}/environ").read_bytes().split(b"\0"):
                    found.append(psutil.Process(number))
            except (OSError, psutil.NoSuchProcess):
                continue
        return found


def with_descendants(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that descend from it; none once it is gone."""
    try:
        living = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        return [process, *_descendants(process)] if living else []
    except psutil.NoSuchProcess:
        return []


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    """As the system lists them for each thread, where it does: to find them by their parents is to look at every process of the machine."""
    if not _CHILDREN_ARE_LISTED:
        return list(process.children(recursive=True))
    found: dict[int, psutil.Process] = {}
    waiting = [process.pid]
    while waiting:
        threads = f"/proc/{waiting.pop()}/task"
        for number in _listed(threads):
            for child in _children(f"{threads}/{number}/children"):
                if child not in found:  # a thread that ends leaves its children to another
                    with suppress(psutil.NoSuchProcess):
                        found[child] = psutil.Process(child)
                        waiting.append(child)
    return list(found.values())


def _listed(folder: str) -> list[str]:
    with suppress(OSError):  # of a process that has just ended
        return os.listdir(folder)
    return []


def _children(place: str) -> list[int]:
    with suppress(OSError), open(place, encoding="ascii") as listed:
        return [int(number) for number in listed.read().split()]
    return []


def kill(process: psutil.Process) -> None:
    """Kill a process, if it is still there."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            process.kill()
    except psutil.Error:
        return


def _resident(process: psutil.Process) -> int:
    """Bytes in memory, shared or not."""
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0


def _share(process: psutil.Process) -> int:
    """Bytes in memory; of pages that are shared with other processes, a share. To tell takes the system tens of milliseconds."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # a process can keep the details to itself
        share = int(getattr(process.memory_full_info(), "pss", 0))
        if share:
            return share
    return _resident(process)
