"""Reads the rows of printed tables: lines that hold nothing but numbers."""

from __future__ import annotations

import re


def row_of(line: str) -> tuple[float, ...]:
    """The numbers of a line that holds nothing else."""
    parts = [part for part in re.split(r"[|,;\s]+", line) if part]
    if not 2 <= len(parts) <= 20:
        return ()
    values = [number_or_none(part) for part in parts]
    return () if None in values else tuple(value for value in values if value is not None)


def number_or_none(text: str) -> float | None:
    """The number that a text is."""
    try:
        return float(text[:60])
    except ValueError:
        return None
