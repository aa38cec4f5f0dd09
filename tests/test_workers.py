"""Tasks are done in order, a failing one is told, a hung one is given up, and none is left running."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable

import psutil
import pytest
from processes import eventually

from autograder import workers
from autograder.workers import Hung, Pulse, work


def test_tasks_begin_in_the_order_given_and_failures_are_told() -> None:
    """First come, first served; what a task raises is its outcome and ends no other."""
    begun: list[int] = []

    def task(number: int) -> Callable[[Pulse], int]:
        def do(pulse: Pulse) -> int:
            begun.append(number)
            if number == 1:
                raise KeyError(number)
            return number

        return do

    ended = {one.number: (one.result, type(one.error)) for one in work([task(n) for n in range(5)], threads=1, silence_seconds=60)}
    assert begun == [0, 1, 2, 3, 4]
    assert ended == {0: (0, type(None)), 1: (None, KeyError), 2: (2, type(None)), 3: (3, type(None)), 4: (4, type(None))}


class Clock:
    """In place of the module `time`, of which `workers` asks nothing but this; `now` goes on when a task says so."""

    def __init__(self) -> None:
        self.now, self.looked = 1000.0, 0

    def monotonic(self) -> float:
        self.looked += 1
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time go by, and wait until somebody has looked at the clock since."""
        self.now += seconds
        looked = self.looked
        assert eventually(lambda: self.looked > looked)


def test_a_silent_task_is_replaced_and_one_that_gets_on_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only silence counts, not length."""
    clock, released = Clock(), threading.Event()
    monkeypatch.setattr(workers, "time", clock)
    monkeypatch.setattr(workers, "_LOOK_SECONDS", 0.01)
    told: list[bool] = []

    def silent(pulse: Pulse) -> str:
        clock.now += 61
        released.wait(60)
        told.append(pulse.cancelled.is_set())
        return "silent"

    def long(pulse: Pulse) -> str:
        for _ in range(15):
            clock.pass_by(59)
            pulse.beat()
        return "long"

    ended = [(one.number, one.result, type(one.error)) for one in work([silent, long], threads=1, silence_seconds=60)]
    assert ended == [(0, None, Hung), (1, "long", type(None))]
    released.set()
    assert eventually(lambda: told == [True])


def test_leaving_early_tells_running_tasks_to_stop_and_waits_for_them() -> None:
    """Nothing runs on behind the back of who left; what was not begun never begins."""
    stopped: list[int] = []

    def task(number: int) -> Callable[[Pulse], int]:
        def do(pulse: Pulse) -> int:
            if number:
                assert pulse.cancelled.wait(20)
                time.sleep(0.2)
                stopped.append(number)
            return number

        return do

    running = work([task(n) for n in range(4)], threads=2, silence_seconds=60)
    assert next(running).result == 0
    running.close()  # type: ignore[attr-defined]
    assert stopped in ([1], [1, 2], [2, 1])


def test_an_interruption_before_a_thread_has_begun_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at the moment in which a thread is started is no fault of the grader's."""

    def interrupted(_: threading.Thread) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(work([lambda _: None], threads=1, silence_seconds=60))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are not asked for memory that was freed")
def test_what_a_task_has_freed_is_given_back() -> None:
    """A thread's memory does not stay with the process because something small is left at its end."""
    left: list[bytearray] = []

    def task(pulse: Pulse) -> int:
        many = [bytearray(2000) for _ in range(40_000)]
        left.append(many[-1])
        return psutil.Process().memory_info().rss

    (ended,) = work([task], threads=1, silence_seconds=60)
    assert ended.result is not None
    assert ended.result - psutil.Process().memory_info().rss > 40_000_000
