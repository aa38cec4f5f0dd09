"""Measures whole commands from outside: what they and everything that they start cost. Linux only."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psutil

_SET_CHILD_SUBREAPER = 36
_LOOK_SECONDS = 0.5  # between two looks at the memory, each of which costs tens of milliseconds
_LEFT_SECONDS = 10.0  # for what a command leaves behind to end by itself


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    memory_mb: float


def measured(command: list[str], **environment: str) -> Cost:
    """Run a command to its end and measure it with everything that it started, also what outlives it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with _adopting():
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
        peak = 0.0
        ended = threading.Event()

        def sample() -> None:
            nonlocal peak
            before = 0.0
            while not ended.wait(_LOOK_SECONDS):
                now = _memory_mb(process.pid)
                # What holds for two looks: where a process is forked or ends during a look, pages that it shares are counted twice.
                peak, before = max(peak, min(before, now)), now

        sampler = threading.Thread(target=sample, daemon=True)
        sampler.start()
        status = process.wait()
        wall = time.perf_counter() - began
        ended.set()
        sampler.join()
    if status:
        raise SystemExit(f"bench: {' '.join(command)} exited with {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, peak)


@contextmanager
def _adopting() -> Iterator[None]:
    """Become the parent of processes that lose theirs, and wait for them: only the time of those that were waited for is counted."""
    system = ctypes.CDLL(None)
    system.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    own = set(psutil.Process().children())
    try:
        yield
        until = time.monotonic() + _LEFT_SECONDS
        while (left := set(psutil.Process().children()) - own) and time.monotonic() < until:
            psutil.wait_procs(left, timeout=1)
    finally:
        system.prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _memory_mb(pid: int) -> float:
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
    except psutil.Error:
        return 0.0
    return total / 1e6


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(cost.cpu_seconds for cost in costs), median(cost.wall_seconds for cost in costs), median(cost.memory_mb for cost in costs)
    )
