"""Looks at what runs, undisturbed by what ends meanwhile, and waits for conditions instead of for times."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import psutil


def eventually(condition: Callable[[], object], seconds: float = 60, *, pause: float = 0.02) -> bool:
    """Whether a condition holds, as soon as it does; the time is only there so that nothing waits for ever. `pause`: between two looks."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def lives(process: psutil.Process) -> bool:
    """Whether a process still runs; one that has ended and waits for its parent to ask how does not."""
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def of_user(user: int) -> list[psutil.Process]:
    """What runs under a user now."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess):
            if process.uids().real == user:
                found.append(process)
    return found


def command_line(process: psutil.Process) -> str:
    """What a process was started with; "" where it has ended."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
