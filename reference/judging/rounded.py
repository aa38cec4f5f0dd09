"""4.2: numbers that are rounded or spelled out, which only a person can take for an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.reported.numbers import folded

_THOUSANDS = re.compile(
    r"(?<![\d.,])(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:k\b|\\?,?\\text\{k\}|thousand|tausend|mil\b|mille\b|[x×*·]\s*10\s*(?:\^\{?3\}?|³))", re.I
)
_SCIENTIFIC = re.compile(r"(?<![\d.,])(\d[.,]\d{1,6})\s*(?:e\+?0?(\d)\b|(?:[x×*·]|\\times|\\cdot)\s*10\s*\^\{?(\d)\}?)", re.I)
_HUNDREDS = re.compile(r"(?<![\d.,])(\d{2,3})[,. ]?(\d)00(?!\d)")
_WORDS = re.compile(r"\b(?:seventy|hundred)[\s-]+(?:[a-z]+[\s-]+){0,6}thousand\b", re.I)


def rounded(text: str, right: Sequence[int]) -> bool:
    """Whether a text gives one of the `right` numbers in thousands, in scientific notation, to hundreds or in words."""
    text = folded(text)
    values = [_value(found.group(1), 3) for found in _THOUSANDS.finditer(text)]
    values += [_value(found.group(1), int(found.group(2) or found.group(3))) for found in _SCIENTIFIC.finditer(text)]
    values += [(float(found.group(1) + found.group(2) + "00"), 100.0) for found in _HUNDREDS.finditer(text)]
    # Rounded or cut off: less than one unit of the last digit away.
    return _WORDS.search(text) is not None or any(abs(value - number) < unit for value, unit in values for number in right)


def _value(digits: str, exponent: int) -> tuple[float, float]:
    """The number, and the unit of its last digit."""
    whole, _, fraction = digits.replace(",", ".").partition(".")
    return float(f"{whole}.{fraction or 0}") * 10.0**exponent, 10.0 ** (exponent - len(fraction))
