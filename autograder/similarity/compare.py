"""Compares all submissions of a course with one another.

Receives submissions and the sources that everybody was given; returns `Similarities`. What very many share beyond that is taken for an
idiom or for something that was said in class, as MOSS does. It knows no names, no grades and no verdicts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from autograder.model.similarity import Excerpt, Pair, Passage, Piece, Similarities
from autograder.model.submission import Cell, CellKind, Submission
from autograder.similarity.fingerprints import CODE, TEXT, Kind, Prints, all_runs, prints, slices

_OF_CLASS = 0.05  # shared by more of the class, and by more than `_FEW`, it says nothing of any two
_FEW = 10
_SHARE = {CODE.name: 0.3, TEXT.name: 0.25}  # of the smaller one's own work; from there on a person should look
_LEAST = {CODE.name: 12, TEXT.name: 8}  # fingerprints: about 60 tokens of code, 20 words
_PASSAGES = 6  # of a pair that are shown
_SHOWN_PAIRS = 200


@dataclass(frozen=True, slots=True)
class _Work:
    """One submission's own work, as fingerprints of each kind."""

    id: str
    people: frozenset[str]
    cells: Mapping[int, Cell]
    prints: Mapping[str, Prints]
    same: int  # the same number for submissions that are the same in all their tokens


def compare(submissions: Sequence[Submission], given: Sequence[Cell]) -> Similarities:
    """All pairs of which one has much of what is the other's own."""
    known = {kind.name: all_runs((cell.source for cell in given if cell.kind is kind.cells), kind) for kind in (CODE, TEXT)}
    # A text that was given may be quoted in a comment or in another kind of cell; it is nobody's own there either.
    known[TEXT.name] = np.union1d(known[TEXT.name], all_runs((cell.source for cell in given if cell.kind is CellKind.CODE), TEXT))
    works = _works(submissions, known)
    counted: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for kind in (CODE, TEXT):
        for pair, share in _shares(works, kind):
            counted[pair][kind.name] = share
    alike = {
        pair: shares
        for pair, shares in counted.items()
        if any(share >= _SHARE[name] for name, share in shares.items()) and not works[pair[0]].people & works[pair[1]].people
    }
    in_order = sorted(alike, key=lambda pair: (-max(alike[pair].values()), works[pair[0]].id, works[pair[1]].id))
    pairs = [
        Pair(
            works[one].id,
            works[other].id,
            alike[one, other].get(CODE.name, 0.0),
            alike[one, other].get(TEXT.name, 0.0),
            tuple(_passages(works[one], works[other])) if number < _SHOWN_PAIRS else (),
        )
        for number, (one, other) in enumerate(in_order)
    ]
    return Similarities(len(works), tuple(pairs), _groups(pairs))


def _works(submissions: Iterable[Submission], known: Mapping[str, np.ndarray]) -> list[_Work]:
    found: dict[bytes, int] = {}
    works = []
    for submission in submissions:
        cells = submission.notebook.cells
        own = {kind.name: prints(cells, kind, without=known[kind.name]) for kind in (CODE, TEXT)}
        same = found.setdefault(b"|".join(one.unique.tobytes() for one in own.values()), len(found))
        people = frozenset(person.user or person.school or person.email for person in submission.received.people) - {""}
        works.append(_Work(submission.id, people, {cell.index: cell for cell in cells}, own, same))
    return works


def _rare(works: Sequence[_Work], kind: Kind) -> Iterable[tuple[int, ...]]:
    """Who has each fingerprint that more than one and not very many have; copies of one another count as one."""
    values = np.concatenate([work.prints[kind.name].unique for work in works] or [np.empty(0)])
    owners = np.repeat(np.arange(len(works)), [len(work.prints[kind.name].unique) for work in works])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    begins = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.empty(0, np.int64)
    ends = np.r_[begins[1:], len(values)]
    most = max(_FEW, _OF_CLASS * len(works))
    for begin, end in zip(begins[ends - begins > 1].tolist(), ends[ends - begins > 1].tolist(), strict=True):
        who = owners[begin:end].tolist()
        if len(who) <= _FEW or len({works[one].same for one in who}) <= most:
            yield tuple(who)


def _shares(works: Sequence[_Work], kind: Kind) -> Iterable[tuple[tuple[int, int], float]]:
    """Of all pairs that have enough in common: the share of the smaller one's fingerprints that both have."""
    together: Counter[tuple[int, int]] = Counter()
    for who, number in Counter(_rare(works, kind)).items():
        for pair in combinations(who, 2):
            together[pair] += number
    for (one, other), number in together.items():
        if number >= _LEAST[kind.name]:
            yield (one, other), number / min(len(works[one].prints[kind.name].unique), len(works[other].prints[kind.name].unique))


def _passages(one: _Work, other: _Work) -> Iterable[Passage]:
    """The cells that share the most, each with the cell of the other submission that has most of it."""
    found: list[tuple[int, Kind, int, int, list[int]]] = []
    for kind in (CODE, TEXT):
        mine, theirs = one.prints[kind.name], other.prints[kind.name]
        there: dict[int, list[int]] = defaultdict(list)
        for value, cell in zip(theirs.values.tolist(), theirs.cells.tolist(), strict=True):
            there[value].append(cell)
        here: dict[int, set[int]] = defaultdict(set)
        for value, cell in zip(mine.values.tolist(), mine.cells.tolist(), strict=True):
            if value in there:
                here[cell].add(value)
        for cell, values in here.items():
            shared = Counter(chain.from_iterable(there[value] for value in values))
            best, _ = min(shared.items(), key=lambda item: (-item[1], item[0]))
            both = [value for value in values if best in there[value]]
            found.append((len(both) * kind.window, kind, cell, best, both))
    found.sort(key=lambda item: (-item[0], item[1].name, item[2]))
    for _, kind, cell, best, both in found[:_PASSAGES]:
        yield Passage(kind.name, _excerpt(one, cell, kind, both), _excerpt(other, best, kind, both))


def _excerpt(work: _Work, index: int, kind: Kind, both: Sequence[int]) -> Excerpt:
    cell, own = work.cells[index], work.prints[kind.name]
    pieces, place = [], 0
    for start, end in slices(cell, kind, own.at[(own.cells == index) & np.isin(own.values, both)]):
        pieces += [Piece(cell.source[place:start], False), Piece(cell.source[start:end], True)]
        place = end
    pieces.append(Piece(cell.source[place:], False))
    return Excerpt(index, tuple(piece for piece in pieces if piece.text))


def _groups(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Submissions that are joined by pairs, the largest groups first."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group.get(pair.one, {pair.one}) | group.get(pair.other, {pair.other})
        for member in joined:
            group[member] = joined
    unique = {tuple(sorted(members)) for members in group.values()}
    return tuple(sorted(unique, key=lambda members: (-len(members), members)))
