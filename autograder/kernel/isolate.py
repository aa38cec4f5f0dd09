"""Confines the processes of one submission: how they are launched, what they may use, how all of them are ended.

A `Sandbox` receives a command and a run folder and returns a running process; it refuses nothing by itself. `PlainProcess` is the weakest:
an own session with limits and a clean environment, no walls around files or the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

MARKER = "AUTOGRADER_RUN"
KERNEL = (sys.executable, "-m", "ipykernel_launcher")


@dataclass(frozen=True, slots=True)
class Limits:
    """What each process of a submission may use."""

    memory_mb: int = 4096  # data segment of one process
    file_mb: int = 256  # largest file that may be written
    threads: int = 1


class Confined(Protocol):
    """A running command and whatever it started."""

    def alive(self) -> bool:
        """Whether the command itself still runs."""

    def memory_mb(self) -> float:
        """Memory of all processes together, now; what they share counts once."""

    def end(self) -> None:
        """Kill every process of the submission and wait until none is left. Safe to call twice and from any thread."""


class Sandbox(Protocol):
    """A way to confine. `name` is written into the report."""

    @property
    def name(self) -> str: ...

    def launch(self, command: Sequence[str], run_folder: Path, limits: Limits) -> Confined:
        """Start `command` in `run_folder`/work with the environment of `clean_environment` and nothing else."""


def clean_environment(run_folder: Path, limits: Limits) -> dict[str, str]:
    """Everything that a kernel's environment holds: no secret, no path of the grader's but the interpreter's."""
    threads = str(limits.threads)
    home = run_folder / "home"
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(home),
        "TMPDIR": str(run_folder / "temporary"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "PYTHONPATH": str(run_folder / "inside"),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        MARKER: str(run_folder),
    }


@dataclass(frozen=True, slots=True)
class PlainProcess:
    """No isolation but that of a process: own session, limits on memory and files, clean environment, killed as a whole."""

    name: str = "none"

    def launch(self, command: Sequence[str], run_folder: Path, limits: Limits) -> Confined:
        environment = clean_environment(run_folder, limits)
        process = psutil.Popen(
            command,
            cwd=run_folder / "work",
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # an undrained pipe would block the kernel
            stderr=subprocess.DEVNULL,
        )
        _limit(process.pid, limits)
        return ProcessTree(process, process, run_folder)


def resource_limits(limits: Limits) -> dict[str, int]:
    """The system's limits on one process, by the names that follow RLIMIT_."""
    return {"DATA": limits.memory_mb << 20, "CORE": 0, "FSIZE": limits.file_mb << 20}


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


class ProcessTree:
    """A process `root`, its descendants, and those that left the tree but not the run folder's mark; `command` is what was launched.

    Both are one where the command is our own child; it is reaped here.
    """

    def __init__(self, root: psutil.Process | psutil.Popen, command: psutil.Process | psutil.Popen, run_folder: Path) -> None:
        self._root, self._command = root, command
        self._mark = f"{MARKER}={run_folder}".encode()

    def alive(self) -> bool:
        try:
            return bool(self._command.is_running()) and self._command.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def memory_mb(self) -> float:
        family = self._family()
        return sum(_resident(process, shared=len(family) > 1) for process in family) / 2**20

    def end(self) -> None:
        keeper = [] if self._root is self._command else [self._root]  # it holds the tree together, so it goes last
        for _ in range(50):
            members = [member for member in (*self._family(), *self._marked()) if member not in keeper]
            if not members:
                break
            for member in members:
                _kill(member)
            time.sleep(0.02)
        _kill(self._root)
        with suppress(psutil.Error):
            self._root.wait(timeout=10)

    def _family(self) -> list[psutil.Process]:
        """The root and its descendants; none once it is gone."""
        try:
            living = self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE
            return [self._root, *self._root.children(recursive=True)] if living else []
        except psutil.NoSuchProcess:
            return []

    def _marked(self) -> list[psutil.Process]:
        """Processes anywhere that carry this run's marker, such as one that became a daemon."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                environment = entry.read_bytes()
                if self._mark in environment.split(b"\0"):
                    found.append(psutil.Process(int(entry.parent.name)))
            except (OSError, psutil.NoSuchProcess):
                continue
        return found


def _resident(process: psutil.Process, *, shared: bool) -> int:
    """Bytes in memory; where pages may be shared with other members, each counts its share."""
    try:
        return int(getattr(process.memory_full_info(), "pss", 0) if shared else 0) or int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _kill(process: psutil.Process) -> None:
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            process.kill()
    except psutil.Error:
        return
