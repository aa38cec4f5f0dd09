"""Reads JSON that came from a kernel, where that does not take much more memory than it is long.

A list of empty lists takes twenty times the memory of its text, and one character outside of ASCII can make a text four times as large.
"""

from __future__ import annotations

import json

MOST_VALUES = 1_000_000  # an honest notebook's largest reply holds 30,000
_WIDEST = 8 << 20  # bytes of a text with other characters than ASCII


def parsed(text: str | bytes) -> object:
    """What the text says; ValueError where it is no JSON or holds too much, RecursionError where it is nested too deeply."""
    comma, opened = (b",", (b"[", b"{")) if isinstance(text, bytes) else (",", ("[", "{"))
    values = text.count(comma) + sum(map(text.count, opened))  # type: ignore[arg-type]
    if values > MOST_VALUES:
        raise ValueError(f"some {values} values in one message")
    if len(text) > _WIDEST and not text.isascii():
        raise ValueError(f"{len(text)} characters of which not all are ASCII")
    return json.loads(text)
