"""4.2: whether an answer gives the right number for a network, from the counts that stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from reference.judging.counts import Count
from reference.judging.sizes import GROWTH, PARTS, RIGHT, fully_connected, recurrent


class Stated(Enum):
    """What an answer says of a network's number."""

    RIGHT = "right"
    WRONG = "wrong"
    OTHER = "given for the other network"
    SEVERAL = "several numbers"
    NOTHING = "nothing"


def of(found: Sequence[Count], network: str, right: Sequence[int]) -> Stated:
    """What the counts of one answer say of a network, for one length of names."""
    kept = [count for count in found if not count.dropped]
    mine = claims(kept, network)
    hits = [count for count in mine if count.total and count.value in right]
    wrong = [count for count in mine if count.total and count.value not in PARTS | RIGHT]
    if hits and wrong:
        return _of_several(mine, hits, wrong)
    if hits:
        return Stated.RIGHT
    elsewhere = [count for count in kept if count.total and count.value in right and count not in mine]
    if [count for count in mine if count.certain and (count.total or count.value in RIGHT)]:
        loose = [count for count in elsewhere if not count.network or not count.certain]
        if loose and not wrong and not _theirs(mine, network):
            return Stated.RIGHT
        return Stated.OTHER if elsewhere else Stated.WRONG
    if not elsewhere:
        return Stated.WRONG if mine or any(count.network == "other" and count.total for count in kept) else Stated.NOTHING
    other = "B" if network == "A" else "A"
    if all(count.certain and count.network == other for count in elsewhere):
        own = [count for count in claims(kept, other) if count.value in _rights_of(other)]
        return Stated.RIGHT if own else Stated.OTHER
    return Stated.SEVERAL if _reversed(kept) else Stated.RIGHT


def claims(found: Sequence[Count], network: str) -> list[Count]:
    """The counts that are stated for a network: by name, or without one by the order of the question."""
    mine = [count for count in found if count.network == network]
    if mine:
        return mine
    totals = [count for count in found if count.total and not count.network and count.value not in PARTS]
    named = {count.network for count in found if count.total and count.certain and count.network in ("A", "B")}
    if len(totals) == 1 and named:
        return totals
    if len(totals) == 2 and not named and totals[0].value not in RIGHT.difference(_rights_of("A")):
        return totals[:1] if network == "A" else totals[1:]
    return []


def totals(found: Sequence[Count], network: str) -> Iterator[int]:
    """The values stated for a network as its number of parameters."""
    return (count.value for count in claims(found, network) if count.total and not count.dropped)


def carried_on(before: Sequence[Count], later: Sequence[Count]) -> bool:
    """Whether a number for network A is followed by one that is larger by what the longer names add."""
    first = set(totals(before, "A"))
    return any(value - GROWTH in first for value in list(totals(later, "A"))[-1:])


def _of_several(mine: Sequence[Count], hits: Sequence[Count], wrong: Sequence[Count]) -> Stated:
    """Right and wrong numbers for one network: what is written beats what its sum gives, and the last one beats one before."""
    if all(count.computed for count in hits):
        return Stated.WRONG if any(not count.computed for count in wrong) else Stated.SEVERAL
    written = {count.value for count in wrong if not count.computed}
    last = max(mine.index(count) for count in hits)
    if len(written) > 1 or any(mine.index(count) > last for count in wrong if not count.computed):
        return Stated.SEVERAL
    return Stated.RIGHT


def _theirs(mine: Sequence[Count], network: str) -> bool:
    other = _rights_of("B" if network == "A" else "A")
    return any(count.value in other for count in mine)


def _rights_of(network: str) -> frozenset[int]:
    return frozenset(recurrent() if network == "B" else (*fully_connected(10), *fully_connected(20)))


def _reversed(found: Sequence[Count]) -> bool:
    """Whether unnamed numbers stand in the other order than the question's networks."""
    unnamed = [count.value for count in found if not count.network and count.total and count.value in RIGHT]
    first_b = next((place for place, value in enumerate(unnamed) if value in _rights_of("B")), None)
    first_a = next((place for place, value in enumerate(unnamed) if value in _rights_of("A")), None)
    return first_a is not None and first_b is not None and first_b < first_a
