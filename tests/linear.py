"""Tells work that grows with a text's length from work that grows faster, by a ratio, since seconds depend on the machine and its load."""

from __future__ import annotations

import time
from collections.abc import Callable

_FACTOR = 8  # a text four times as long takes 4 times as long, or 16 times where every part is held against every other
_SLACK_SECONDS = 0.25  # below it nothing is measured that would matter
_ATTEMPTS = 3


def is_linear(read: Callable[[str], object], text: str) -> bool:
    """Whether the whole text takes about four times the processor time of its first quarter."""
    quarter = text[: len(text) // 4]
    for _ in range(_ATTEMPTS):
        small = min(_seconds(read, quarter), _seconds(read, quarter))
        if _seconds(read, text) < _FACTOR * small + _SLACK_SECONDS:
            return True
    return False


def _seconds(read: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    read(text)
    return time.process_time() - begin
