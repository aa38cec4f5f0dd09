"""What an LSTM was really given in 3.4: the numbers of its batches, read with the vocabularies that the notebook holds.

Tells which way round the sentences stand whatever kind of data set they come from, and when they are turned around on their way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from autograder.checks import Evidence, Student
from autograder.model.execution import Finding
from autograder.model.observations import NetworkCall
from reference.judging.sentences import LANGUAGE, Order, order_of, raw_lines, squeezed

Array = np.ndarray
Words = tuple[str | None, ...]
SENTENCES_READ = 24  # of a batch
FEWEST_READ = 4  # sentences that have to be found in the data before a batch counts as read
READ = 0.5  # and which share: some sentences hold too many unknown words
KNOWN_WORDS = 3  # that a sentence with unknown ones needs to be looked for
SPECIAL = re.compile(r"<.+>|\[[A-Za-z]+\]|SOS|EOS|BOS|PAD|UNK")
START = re.compile(r"\W?(sos|bos|s|start|go)\W?", re.IGNORECASE)
PADDING = re.compile(r"\W?pad(ding)?\W?", re.IGNORECASE)
UNKNOWN = re.compile(r"\W?unk(nown)?\W?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Batch:
    """How many sentences of a batch stand which way round, by side; and one to show.

    `turned_whole` are the sides where start tokens or padding stand on the wrong side of the words, as when a tensor is flipped.
    """

    with_gradient: bool
    orders: dict[str, Counter[Order]]
    examples: dict[str, str]
    turned_whole: frozenset[str] = frozenset()

    def order(self, side: str) -> Order:
        """That of nearly all sentences of a side; UNKNOWN where they differ or could not be read."""
        counted = self.orders[side]
        total = counted[Order.FORWARD] + counted[Order.REVERSED] + counted[Order.OTHER]
        found = max((Order.FORWARD, Order.REVERSED, Order.OTHER), key=lambda order: counted[order])
        return found if total >= FEWEST_READ and counted[found] >= 0.9 * total and total >= READ * counted.total() else Order.UNKNOWN


def read_batches(evidence: Evidence, student: Student, networks: Collection[int]) -> tuple[Batch, ...]:
    """The first batches that these networks were given in 3.4, with and without gradient."""
    answer = student.answer("q3_4.data")
    listed = answer.facts.get("vocabularies") if isinstance(answer, Finding) else None
    vocabularies = [tuple(map(str, words)) for words in listed if isinstance(words, list)] if isinstance(listed, list) else []
    observed = evidence.observed("3.4")
    calls = [call for call in observed.calls if call.network in networks and call.numbers]
    return tuple(
        _read(call, [observed.arrays[name] for name in call.numbers if name], vocabularies, evidence.data_folder) for call in calls
    )


def _read(call: NetworkCall, given: Sequence[Array], vocabularies: Sequence[tuple[str, ...]], folder: Path) -> Batch:
    tables = [one for one in given if one.ndim == 2][:2]
    orders = {side: Counter[Order]() for side in LANGUAGE}
    examples = dict.fromkeys(LANGUAGE, "")
    turned_whole: set[str] = set()
    if len(tables) == 2:
        for side, numbers in zip(("source", "target"), _time_first(*tables), strict=True):
            for words in vocabularies:
                if numbers.max() >= len(words) or numbers.min() < 0:
                    continue
                sentences = [sentence for column in numbers.T[:SENTENCES_READ] if (sentence := _sentence(column, words))]
                counted = Counter(order_with_gaps(sentence, folder, LANGUAGE[side]) for sentence in sentences)
                if counted.total() - counted[Order.UNKNOWN] > orders[side].total() - orders[side][Order.UNKNOWN]:
                    orders[side] = counted
                    examples[side] = " ".join(word or "…" for word in sentences[0][:8])
                    turned_whole -= {side}
                    turned_whole |= {side} if any(_is_turned_whole([words[number] for number in column]) for column in numbers.T) else set()
    return Batch(call.with_gradient, orders, examples, frozenset(turned_whole))


def _is_turned_whole(tokens: Sequence[str]) -> bool:
    """Whether a start token stands behind a word, or padding before one."""
    special = [_is_special(token) for token in tokens]
    if all(special):
        return False
    first, last = special.index(False), len(special) - 1 - special[::-1].index(False)
    starts = (place for place, token in enumerate(tokens) if special[place] and START.fullmatch(token))
    padding = (place for place, token in enumerate(tokens) if special[place] and PADDING.fullmatch(token))
    return any(place > first for place in starts) or any(place < last for place in padding)


def _time_first(source: Array, target: Array) -> tuple[Array, Array]:
    """Both as (T, B): target sentences all start with the same word."""
    if not np.all(target[0] == target[0, 0]) and np.all(target[:, 0] == target[0, 0]):
        target = target.T
    return (source if source.shape[1] == target.shape[1] else source.T), target


def _sentence(numbers: Array, words: Sequence[str]) -> Words:
    """The words without the special ones; None for an unknown word."""
    found = (words[number] for number in numbers)
    return tuple(None if _is_unknown(word) else word for word in found if _is_unknown(word) or not _is_special(word))


@lru_cache(maxsize=65_536)
def _is_special(word: str) -> bool:
    return SPECIAL.fullmatch(word) is not None


@lru_cache(maxsize=65_536)
def _is_unknown(word: str) -> bool:
    return UNKNOWN.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def order_with_gaps(sentence: Words, folder: Path, language: str) -> Order:
    """As `order_of`, for sentences with unknown words; UNKNOWN when it reads the same both ways or has too few known words."""
    known = tuple(word for word in sentence if word is not None)
    if len(known) == len(sentence):
        return Order.UNKNOWN if len(set(known)) < 2 else order_of(known, raw_lines(folder, language))
    if len(set(known)) < KNOWN_WORDS or 2 * len(known) < len(sentence):
        return Order.UNKNOWN
    parts = sorted(map(squeezed, set(known)), key=len, reverse=True)  # the longest is in the fewest lines
    lines = [line for line in _lines_with(parts[0], _text(folder, language)) if all(part in line for part in parts)]
    if not lines:  # as with most vocabularies that are not the batch's own: there is no use in making patterns
        return Order.UNKNOWN
    found = [
        order
        for order, words in ((Order.FORWARD, sentence), (Order.REVERSED, sentence[::-1]))
        if any(map(re.compile("".join(".+" if word is None else re.escape(squeezed(word)) for word in words)).fullmatch, lines))
    ]
    return found[0] if len(found) == 1 else Order.UNKNOWN


def _lines_with(part: str, text: str) -> Iterator[str]:
    place = text.find(part)
    while place >= 0:
        begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        yield text[begin:] if end < 0 else text[begin:end]
        place = text.find(part, end + 1) if end >= 0 else -1


@lru_cache(maxsize=8)
def _text(folder: Path, language: str) -> str:
    """All lines of the staged data in one language, squeezed: together they are searched faster than one by one."""
    return "\n".join(line for lines in raw_lines(folder, language).values() for line in lines)
