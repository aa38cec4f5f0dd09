"""Makes text from a submission safe to show: no control, terminal or direction-changing characters, and no endless length.

It does not escape for HTML, CSV or markdown; whoever writes those does.
"""

from __future__ import annotations

import re
import unicodedata

TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Characters that change the direction of what follows: a sentence must not be able to reorder the page around it.
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad")
LINE_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
LONGEST = 20_000


def clean(text: str, *, longest: int = LONGEST) -> str:
    """The text without what a reader cannot see or should not be steered by; line breaks and tabs stay."""
    text = LINE_BREAKS.sub("\n", TERMINAL_SEQUENCE.sub("", text))
    cut = len(text) - longest
    if cut > 0:
        text = text[:longest]
    shown = "".join(character if character in "\n\t" else _visible(character) for character in text)
    return f"{shown} … ({cut:,} more characters)" if cut > 0 else shown


def one_line(text: str, *, longest: int = 300) -> str:
    """The cleaned text with every run of white space as one space."""
    return " ".join(clean(text, longest=longest).split())


def _visible(character: str) -> str:
    if character in DIRECTION or character in INVISIBLE:
        return ""
    category = unicodedata.category(character)
    if category == "Cs":  # half of a pair: cannot be written as UTF-8
        return "\ufffd"
    return "" if category == "Cc" else character
