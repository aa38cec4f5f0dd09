"""Works through tasks on several threads, in the order given; a thread that gives no sign of life for too long is given up and replaced.

Receives functions of a `Pulse`; yields how each ended, as they end. Ending the iteration early tells running tasks to stop and waits.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Result = TypeVar("Result")
_LOOK_SECONDS = 0.5
_STOP_SECONDS = 20.0  # for running tasks to end their processes once they are told to


class Hung(Exception):
    """A task gave no sign of life for longer than it may."""


@dataclass(slots=True, eq=False)
class Pulse:
    """Between a task and who waits for it: the task beats whenever it gets on, and stops soon after `cancelled` is set."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    latest: float = field(default_factory=lambda: time.monotonic())  # looked up when called: tests put another clock in its place

    def beat(self) -> None:
        self.latest = time.monotonic()


@dataclass(frozen=True, slots=True)
class Ended(Generic[Result]):
    """How the task of this number ended: with a result, or with what it raised."""

    number: int
    result: Result | None
    error: BaseException | None = None


def work(tasks: Sequence[Callable[[Pulse], Result]], *, threads: int, silence_seconds: float) -> Iterator[Ended[Result]]:
    """Do all tasks, `threads` at a time; one that is silent for longer than `silence_seconds` ends as `Hung` and is given up."""
    ended: SimpleQueue[Ended[Result]] = SimpleQueue()
    waiting = deque(range(len(tasks)))
    running: dict[int, tuple[Pulse, threading.Thread]] = {}

    def run(number: int, pulse: Pulse) -> None:
        outcome: Ended[Result]
        try:
            outcome = Ended(number, tasks[number](pulse))
        except BaseException as error:  # noqa: BLE001 - who waits for the task decides what its failure means
            outcome = Ended(number, None, error)
        try:
            _give_back_memory()
        finally:
            ended.put(outcome)

    try:
        while waiting or running:
            while waiting and len(running) < threads:
                number, pulse = waiting.popleft(), Pulse()
                # A daemon, so that a thread that was given up does not keep the process from ending.
                thread = threading.Thread(target=run, args=(number, pulse), name=f"submission-{number}", daemon=True)
                running[number] = pulse, thread
                thread.start()
            try:
                outcome = ended.get(timeout=_LOOK_SECONDS)
                if running.pop(outcome.number, None):  # what was given up and ends after all is not told twice
                    yield outcome
            except Empty:
                for number, (pulse, _) in list(running.items()):
                    if time.monotonic() - pulse.latest > silence_seconds:
                        pulse.cancelled.set()
                        del running[number]
                        yield Ended(number, None, Hung(f"there was no sign of life for {silence_seconds:.0f} seconds."))
    finally:
        for pulse, _ in running.values():
            pulse.cancelled.set()
        until = time.monotonic() + _STOP_SECONDS
        for _, thread in running.values():
            if thread.is_alive():  # the interruption may have come before it began; then it ends at once
                thread.join(max(0.0, until - time.monotonic()))


def _give_back_memory() -> None:
    """Let the C library give back what a task has freed, which it would keep for each thread (malloc_trim(3), glibc only)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
