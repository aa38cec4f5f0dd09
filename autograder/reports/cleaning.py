"""Makes text from a submission safe to show: no control, terminal or direction-changing characters, and no endless length.

It does not escape for HTML, CSV or markdown; whoever writes those does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# A title or a link that is never ended stands as text: a terminal would swallow what follows, and a reader must not miss it.
TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|[@-Z\\-_])")
# Of the characters that only steer how others are shown (Cf: the direction of writing, spaces without width, tags) these are needed:
# they join and part the letters of some scripts and the parts of an emoji, or are signs of their own beside numbers.
NEEDED = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd")
MOST_MARKS = 8  # accents on one letter; a tower of them would cover the lines above
LINE_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
LONGEST = 20_000
LONGEST_TOGETHER = 1_000_000


def clean(text: str, *, longest: int = LONGEST) -> str:
    """The text without what a reader cannot see or should not be steered by; line breaks and tabs stay."""
    text = LINE_BREAKS.sub("\n", TERMINAL_SEQUENCE.sub("", text))
    cut = len(text) - longest
    if cut > 0:
        text = text[:longest]
    shown = text if text.isascii() and text.isprintable() else "".join(_visible(text))
    return f"{shown} … ({cut:,} more characters)" if cut > 0 else shown


def one_line(text: str, *, longest: int = 300) -> str:
    """The cleaned text with every run of white space as one space."""
    return " ".join(clean(text, longest=longest).split())


def clean_each(texts: Iterable[str]) -> Iterator[str]:
    """Each text cleaned; what comes late is cut to nothing once all together are as long as a page may be."""
    left = LONGEST_TOGETHER
    for text in texts:
        yield clean(text, longest=min(LONGEST, left))
        left -= min(LONGEST, left, len(text))


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category == "Cs":  # half of a pair: cannot be written as UTF-8
            yield "\ufffd"
        elif character in "\n\t" or character in NEEDED or (category not in ("Cc", "Cf") and marks <= MOST_MARKS):
            yield character
