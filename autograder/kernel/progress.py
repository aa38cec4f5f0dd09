"""How far a training loop is, as a kernel tells it while a cell runs: a claim, of which nothing but what is shown to who waits depends.

Receives the content of a message; returns a `Loop`, or None for anything that does not look like one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from autograder.kernel.conversation import Message
from autograder.kernel.wire import LOOPS

LARGEST_MESSAGE = 4096
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Place:
    """The round that a loop is in, counted from 1."""

    name: str
    round: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Loop:
    """A training loop, from its outermost part to its innermost, and how long it has been running."""

    cell: int
    question: str
    places: tuple[Place, ...]
    seconds: float

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1: all rounds are thought to take equally long, and the running innermost one to be over."""
        done, part = 0.0, 1.0
        for place in self.places:
            done += part * (place.round - 1) / place.rounds
            part /= place.rounds
        return min(1.0, done + part)

    @property
    def seconds_left(self) -> float:
        return self.seconds * (1 - self.share) / self.share

    def said(self) -> str:
        """In a few words."""
        where = ", ".join(f"{place.name} {place.round} of {place.rounds}" for place in self.places)
        minutes = self.seconds_left / 60
        left = "less than a minute" if minutes < 1 else f"about {minutes:.0f} min" if minutes < 90 else f"about {minutes / 60:.1f} h"
        return f"{where}, {left} left in this loop"


def loop_of(message: Message, cell: int, question: str) -> Loop | None:
    """The loop that a message tells of."""
    if message.kind != "display_data" or message.size > LARGEST_MESSAGE:
        return None
    data = message.content().get("data")
    told: Any = data.get(LOOPS) if isinstance(data, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("loops"), list):
        return None
    places = []
    for claim in told["loops"][:4]:
        match claim:
            case [str(name), int(at), int(of)] if name.isidentifier() and 0 <= at <= of <= _MOST and of > 0:
                places.append(Place(name[:20], max(1, at), of))
    seconds = told.get("seconds")
    if not places or not isinstance(seconds, (int, float)) or not math.isfinite(seconds) or not 0 <= seconds < _MOST:
        return None
    return Loop(cell, question, tuple(places), float(seconds))
