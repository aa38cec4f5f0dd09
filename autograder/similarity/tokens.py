"""Cuts a cell into tokens, so that what is only renamed or laid out anew is seen as the same.

Code: names that a student chooses count as one; keywords, names behind a dot, numbers and signs stay; comments, strings and layout do not
count. It needs no code that can be parsed. Text: words in lower case without accents; markup does not count.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_STRING = r"""[rRbBfFuU]{0,2}(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)"""
_CODE = re.compile(rf"#[^\n]*|(?P<string>{_STRING})|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<sign>[^\s\w])", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_KEPT = frozenset(keyword.kwlist)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """A number for each token, and where each begins and ends in the source."""

    values: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


@lru_cache(maxsize=4_000)
def of_code(source: str) -> Tokens:
    """The tokens of a code cell."""
    found: list[tuple[str, int, int]] = []
    before = ""
    for match in _CODE.finditer(source):
        kind = match.lastgroup
        if kind is not None:
            word = match[0]
            shown = "S" if kind == "string" else "V" if kind == "name" and before != "." and word not in _KEPT else word
            found.append((shown, *match.span()))
            before = word
    return _tokens(found)


@lru_cache(maxsize=4_000)
def of_text(source: str) -> Tokens:
    """The words of a markdown cell."""
    return _tokens([(_plain(match[0]), *match.span()) for match in _WORD.finditer(source)])


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    parted = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in parted if not unicodedata.combining(character))


def _tokens(found: Sequence[tuple[str, int, int]]) -> Tokens:
    words, starts, ends = zip(*found, strict=True) if found else ((), (), ())
    return Tokens(np.array([_number(word) for word in words], np.uint64), np.array(starts, np.int64), np.array(ends, np.int64))


@lru_cache(maxsize=100_000)
def _number(word: str) -> int:
    """The same for a word on every machine and in every run."""
    return zlib.crc32(word.encode("utf-8", "replace"))
