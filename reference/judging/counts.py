"""4.2: the numbers of parameters in a free answer: which network and which length of names each is stated for, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.reported.numbers import Number, folded, located
from reference.judging.networks import BOTH, Named, lengths, networks
from reference.judging.sizes import RIGHT, SMALLEST

TEXT_LIMIT = 40_000  # characters; answers have a few thousand, outputs can be endless
SENTENCE_LIMIT = 2_000
NEAR = 250  # characters before a number that can deny it
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=[。；！？])|\\\\")
_STRUCK = re.compile(r"~~[^~]{1,400}~~|\\(?:cancel|sout|st)\{[^{}]*\}", re.S | re.I)
_EQUALS = re.compile(
    r"(?:[\s$&{}*_)\]\\,]|\\(?:text|quad|qquad|big|mathbf|boxed|mathrm|bf)\b\{?|\((?:total|sum)\))*(?:=|≙|⇒|=>)[\s$&{}*_(\\]*"
    r"(?:(?:text|mathbf|boxed|mathrm|bf|underline)\s*\{?\s*[*_]*)*"
)
_COMPARED = re.compile(r"\b(?:than|vs|versus|against|compared|gegenüber|als)\b", re.I)
# Behind a number that is none of parameters: a difference, or something else that is counted.
_DIFFERENCE = re.compile(
    r"^[\s*_$]*(?:\w+\s+)?(?:more|fewer|less|additional|extra|mehr|weniger)\b|^\s*(?:bytes?|[km]i?b|flops?|bits?|multiplications|operations|names"
    r"|examples|samples|times|%)\b",
    re.I,
)
_DENIED = re.compile(
    r"(?:\b(?:not|nor|instead of|rather than|nicht|statt|and not|wrong:?)|n['’]t(?: be)?)\s+(?:[\w'’]+\s+){0,2}[(*_$\s]*$", re.I
)
_FIRST_TRY = re.compile(
    r"\b(?:first|initially|originally|mistakenly|wrongly|incorrectly|zuerst|anfangs)\b.{0,40}\b(?:thought|got|had|counted|calculated|wrote|computed"
    r"|tried|believed|assumed|guessed|dachte|hatte)\b|\b(?:i|we)\s+(?:\w+\s+)?(?:mistakenly|wrongly|incorrectly|first|initially|originally)\b",
    re.I,
)
_TURN = re.compile(r"\b(?:but|however|actually|instead|then|now|correct(?:ly|ed)?|aber|sondern|really)\b", re.I)
_HEDGED = re.compile(
    r"(?:[~≈≃]|\\approx|\\sim|\babout|\broughly|\bapprox(?:imately|\.)?|\baround|\balmost|\bnearly|\bca\.?|\bcirca)[\s$*_{]*$", re.I
)
# A number for 10 characters that leads to the one for 20.
_FROM = re.compile(
    r"\b(?:from|von)\s+[\d.,'’ {}\\]+(?:\w+\s+){0,2}(?=(?:up\s+)?(?:to|auf)\b)|[\d.,{}]{5,}\s*(?=(?:→|-{1,2}>|=>|\\to\b|\\rightarrow))",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:instead of|before|previously|formerly|up from|earlier|compared (?:to|with))\s+[(*_$\s]*[\d.,'’{}\\]{4,}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of 1,000 and more.

    `network` is "A", "B", "other" or "" when none is named; `certain` when it is named in the same sentence, row or heading.
    `characters` is 10, 20 or 0; `earlier` when that is told by "from … to …". `total`: no part of a sum
    and no step to another number. `dropped`: struck out, denied or a first try.
    """

    value: int
    network: str
    certain: bool
    characters: int = 0
    total: bool = True
    dropped: bool = False
    computed: bool = False
    earlier: bool = False


def counts(text: str) -> tuple[Count, ...]:
    """All of them, in order, of a long text those of its beginning and its end."""
    if len(text) > TEXT_LIMIT:
        text = f"{text[: TEXT_LIMIT // 2]}\n{text[-TEXT_LIMIT // 2 :]}"
    return tuple(_Reader().read(_STRUCK.sub(" ", folded(text))))


class _Reader:
    """Goes through a text sentence by sentence and keeps which network and which length are being spoken of."""

    def __init__(self) -> None:
        self.network = ""
        self.heading = False  # the network was named by a line that holds nothing else
        self.length = 0
        self.columns: dict[int, str] = {}
        self.column_lengths: dict[int, int] = {}
        self.sums: set[int] = set()

    def read(self, text: str) -> Iterator[Count]:
        for sentence in SENTENCE.split(text):
            sentence = sentence[:SENTENCE_LIMIT]
            if sentence.count("|") >= 2:
                yield from self._row(sentence)
                continue
            self.columns, self.column_lengths, self.sums = {}, {}, set()
            if sentence.strip():
                yield from self._sentence(sentence)

    def _sentence(self, sentence: str) -> Iterator[Count]:
        named, long = networks(sentence), lengths(sentence)
        found = _standing(sentence)
        totals = [one for one in found if one.total]
        if len(totals) == 1 and BOTH.search(sentence):
            value = totals[0]
            for network in ("A", "B"):
                yield Count(value.number.value, network, True, self._length_at(value.number.start, long), dropped=value.dropped)
        elif paired := _in_turn(named, totals):
            certain = _COMPARED.search(sentence) is None
            for one in found:
                if one.earlier:
                    yield one.count(self._network_at(one.number.start, named, label_first=True)[0], certain, 10)
            for network, one in paired:
                yield one.count(network, certain, self._length_at(one.number.start, long))
        else:
            first = totals[0].number.start if totals else len(sentence)
            label_first = bool(named) and named[0].start < first
            for one in found:
                network, certain = self._network_at(one.number.start, named, label_first=label_first)
                length = 10 if one.earlier else 20 if one.later else self._length_at(one.number.start, long)
                yield one.count(network, certain, length)
        own = [name for name in named if name.name != "other"]
        if own:
            label_first = not totals or own[0].start < totals[0].number.start
            self.network = own[-1].name if label_first else ""
            self.heading = len({name.name for name in own}) == 1 and not found
        if long:
            self.length = int(long[-1].name) if long[-1].name == "20" or not found else 0

    def _network_at(self, start: int, named: Sequence[Named], *, label_first: bool) -> tuple[str, bool]:
        before = [name.name for name in named if name.start < start]
        after = [name.name for name in named if name.start > start]
        own = (before[-1:] if label_first else after[:1]) or before[-1:]
        return (own[0], True) if own else (self.network, self.heading)

    def _length_at(self, start: int, long: Sequence[Named]) -> int:
        before = [name.name for name in long if name.start < start]
        only = {name.name for name in long}
        if before:
            return int(before[-1])
        return int(only.pop()) if len(only) == 1 else self.length

    def _row(self, line: str) -> Iterator[Count]:
        """The numbers of one row of a table, each with the network and length of its column or else of its row."""
        cells = line.split("|")
        own = {index: name for index, cell in enumerate(cells) if (name := _only(networks(cell.strip())))}
        long = {index: int(name) for index, cell in enumerate(cells) if (name := _only(lengths(cell.strip())))}
        rows: list[tuple[int, Count]] = []
        for index, cell in enumerate(cells):
            for one in _standing(cell):
                network = self.columns.get(index) or next(iter(own.values()), "") or self.network
                characters = self.column_lengths.get(index) or next(iter(long.values()), 0) or self.length
                rows.append((index, one.count(network, bool(network), characters)))
        if rows:
            yield from self._last_of_each(rows)
            return
        self.columns = own or self.columns
        self.column_lengths = long or self.column_lengths
        self.sums = {index for index, cell in enumerate(cells) if re.search(r"total|sum|param|#|gesamt|all", cell, re.I)} or self.sums

    def _last_of_each(self, rows: list[tuple[int, Count]]) -> Iterator[Count]:
        """Of several numbers for the same network and length, the one in the column of sums or the last is the total."""
        for index, count in rows:
            alike = [
                (where, other)
                for where, other in rows
                if (other.network, other.characters) == (count.network, count.characters) and other.total
            ]
            in_sums = [where for where, _ in alike if where in self.sums]
            chosen = in_sums[-1] if in_sums else (alike[-1][0] if alike else index)
            yield count if index == chosen or not count.network or count.value in RIGHT else replace(count, total=False)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A number of a sentence, and how it stands there."""

    number: Number
    total: bool
    dropped: bool
    earlier: bool = False
    later: bool = False

    def count(self, network: str, certain: bool, characters: int) -> Count:
        total = self.total or self.earlier
        return Count(self.number.value, network, certain, characters, total, self.dropped, self.number.computed, self.earlier)


def _standing(sentence: str) -> list[_Standing]:
    """The numbers of 1,000 and more in a sentence."""
    every = list(located(sentence))
    spans = [(one.start, one.end) for one in every if one.computed]
    operands = {one.start for one in every if not one.computed and any(begin <= one.start < end for begin, end in spans)}
    alone = [one for one in every if one.computed or one.start not in operands]
    compared = [found.span() for found in _BEFORE.finditer(sentence)]
    starts = [found.span() for found in _FROM.finditer(sentence)]
    result: list[_Standing] = []
    for one in every:
        if one.value < SMALLEST:
            continue
        if one not in alone:
            result.append(_Standing(one, False, False))
            continue
        earlier = any(begin <= one.start < end for begin, end in starts)
        step = earlier or _is_step(one, alone, sentence) or any(begin <= one.start < end for begin, end in compared)
        difference = _DIFFERENCE.match(sentence[one.end :]) is not None
        later = bool(result) and result[-1].earlier
        result.append(_Standing(one, not step and not difference, _is_dropped(one, sentence), earlier, later))
    return result


def _is_step(one: Number, alone: list[Number], sentence: str) -> bool:
    """Whether an equals sign leads on from this number to another one, or from another one to this sum."""
    chain = _chain(one, alone, sentence)
    written = [number for number in chain if not number.computed]
    return len(chain) > 1 and one is not (written or chain)[-1]


def _chain(one: Number, alone: list[Number], sentence: str) -> list[Number]:
    """The numbers and sums that equals signs connect with this one."""
    chain = [one]
    for number in alone[alone.index(one) + 1 :]:
        if number.start < chain[-1].end or _EQUALS.fullmatch(sentence[chain[-1].end : number.start]) is None:
            break
        chain.append(number)
    for number in reversed(alone[: alone.index(one)]):
        if number.end > chain[0].start or _EQUALS.fullmatch(sentence[number.end : chain[0].start]) is None:
            break
        chain.insert(0, number)
    return chain


def _is_dropped(one: Number, sentence: str) -> bool:
    before = sentence[max(0, one.start - NEAR) : one.start]
    if _DENIED.search(before):
        return True
    if _HEDGED.search(before) and one.value not in RIGHT:
        return True
    tries = [found.start() for found in _FIRST_TRY.finditer(before)]
    return bool(tries) and _TURN.search(before[tries[-1] :]) is None


def _in_turn(named: Sequence[Named], totals: Sequence[_Standing]) -> list[tuple[str, _Standing]]:
    """Networks and numbers that are named in turn: "A and B have 71,442 and 77,542 parameters", or the numbers first."""
    if len(named) != 2 or len(totals) != 2 or len({name.name for name in named}) != 2:
        return []
    (first, last), (begin, end) = (named[0].start, named[1].start), (totals[0].number.start, totals[1].number.start)
    if last < begin or end < first:
        return [(name.name, one) for name, one in zip(named, totals, strict=True)]
    return []


def _only(found: Sequence[Named]) -> str:
    names = {one.name for one in found} - {"other"}
    return names.pop() if len(names) == 1 else ""
