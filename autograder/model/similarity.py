"""What submissions have in common beyond what all were given. It is for people to look at and never a score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a cell's source, and whether the other submission has it too."""

    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A cell, by its index in the notebook, in pieces that together are its source."""

    cell: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Two cells that share the most, one of each submission."""

    kind: str  # code or text
    one: Excerpt
    other: Excerpt


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions by id, with the shares of the smaller one's own code and own text that the other has too, from 0 to 1."""

    one: str
    other: str
    code: float
    text: float
    passages: tuple[Passage, ...] = ()

    @property
    def most(self) -> float:
        return max(self.code, self.text)


@dataclass(frozen=True, slots=True)
class Similarities:
    """Pairs, the most alike first, and the groups that they form. `compared` is the number of submissions that were looked at."""

    compared: int = 0
    pairs: tuple[Pair, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
