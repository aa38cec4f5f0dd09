"""3.4: finds vocabularies, wherever a notebook keeps them: the words by number, with which numbers that a network was given can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

import torch

FEWEST, MOST = 20, 20_000  # words
MOST_FOUND = 8
FULL = 0.9  # of the numbers up to the largest stand for a word
MOST_SEEN = 3_000  # objects that are looked at
DEEPEST = 3
LONGEST_WORD = 40
SMALL = 12  # a longer list holds data, not objects that hold vocabularies
SHELL = ("IPython", "ipykernel", "traitlets")  # `exit` and `quit` lead to the shell, which numbers the files of its cells
NEVER = (ModuleType, FunctionType, MethodType, type, torch.Tensor, torch.nn.Module, str, bytes, int, float, bool, type(None))


def vocabularies(roots: Iterable[Any]) -> list[list[str]]:
    """Words by number, of every vocabulary that can be reached from the roots; those with a special word such as <pad> first."""
    found: dict[int, list[str]] = {}
    for value in _reachable(roots):
        words = _words(value)
        if words is not None:
            found.setdefault(hash(tuple(words)), words)
    latest_first = list(reversed(found.values()))
    return sorted(latest_first, key=lambda words: not any(word[:1] in "<[" and len(word) > 2 for word in words[:8]))[:MOST_FOUND]


def _reachable(roots: Iterable[Any]) -> Iterator[Any]:
    waiting = [(value, 0) for value in roots]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_SEEN:
        value, depth = waiting.pop(0)
        if id(value) in seen or isinstance(value, NEVER) or type(value).__module__.partition(".")[0] in SHELL:
            continue
        seen.add(id(value))
        yield value
        if depth < DEEPEST:
            waiting += [(part, depth + 1) for part in _parts(value)]


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values()) if len(value) <= SMALL else []
    if isinstance(value, (list, tuple)):
        return list(value) if len(value) <= SMALL else []
    attributes = getattr(value, "__dict__", None)
    return list(attributes.values()) if isinstance(attributes, dict) else []


def _words(value: Any) -> list[str] | None:
    """The words by number of a list, of a mapping in either direction, or of an object of a library that tells them."""
    tells = getattr(value, "get_itos", None)
    if tells is not None:
        try:
            value = list(tells())
        except (AttributeError, TypeError, RuntimeError):
            return None
    if isinstance(value, Mapping):
        value = _by_number(value)
    if not isinstance(value, list) or not FEWEST <= len(value) <= MOST or not all(isinstance(word, str) for word in value):
        return None
    return [word[:LONGEST_WORD] for word in value] if len(set(value)) == len(value) else None


def _by_number(mapping: Mapping[Any, Any]) -> list[str] | None:
    pairs = [(key, value) if isinstance(key, int) else (value, key) for key, value in list(mapping.items())[: MOST + 1]]
    if not pairs or not all(type(number) is int and isinstance(word, str) for number, word in pairs):
        return None
    words: dict[int, str] = {}
    for number, word in pairs:  # torchtext adds each unknown word that it meets, with the number of the word for unknown ones
        words.setdefault(number, word)
    largest = max(words)
    if not 0 <= largest <= MOST or len(words) < FULL * (largest + 1):
        return None  # numbers of something else, such as how often each word occurs
    return [words.get(number, f"<none {number}>") for number in range(largest + 1)]
