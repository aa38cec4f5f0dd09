"""Whether work that grows with the square of a length is told from work that grows with the length."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle

import linear
import pytest
from linear import is_linear

TEXT = "x" * 400_000


def costs(seconds: float, power: int, by_chance: Iterator[float]) -> bool:
    """What is said of work that takes these seconds for the whole text, times what chance adds to each measurement."""
    return is_linear(lambda some: next(by_chance) * seconds * (len(some) / len(TEXT)) ** power, TEXT)


@pytest.mark.parametrize("seconds", [1.5, 5.0, 50.0])
def test_squares_are_told_from_lines(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a quick machine and on a slow one, also where a measurement is half as much again by chance (the seconds are made up)."""
    monkeypatch.setattr(linear, "_seconds", lambda read, text: read(text))
    assert not costs(seconds, 2, cycle([1.5, 1.5, 1.0]))
    assert costs(seconds, 1, cycle([1.0, 1.0, 1.5]))


def test_the_time_of_the_processor_is_measured() -> None:
    """All that the work takes of it."""

    def work(_: str) -> None:
        until = time.process_time() + 0.2
        while time.process_time() < until:
            pass

    assert linear._seconds(work, TEXT) >= 0.2
