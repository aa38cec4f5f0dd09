"""2.2: what the trained networks answered to the grader's sequences, and where in the network the answers come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.checks import require
from autograder.model.execution import Finding
from autograder.model.observations import Observations

MOST_LAYERS = 6  # that are told apart
ROUNDED = 1e-6  # single precision


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a trained network answered to the grader's sequences, in the layout that it reads.

    `tokens` are the answers (B, classes), `last` those where the first sequence ends with another token, and `changed` those with other
    weights in one of its recurrent layers.
    """

    kind: str
    tokens: np.ndarray
    last: np.ndarray
    changed: tuple[np.ndarray, ...]

    @property
    def ignore_the_last_token(self) -> bool:
        return bool(np.array_equal(self.tokens, self.last))

    @property
    def mix_sequences(self) -> bool:
        """Whether a token of the first sequence changes the answers to some others; a network that remembers its last call changes all."""
        other = np.abs(self.tokens - self.last).max(axis=1) > ROUNDED
        return bool(other[1:].any() and not other.all())

    @property
    def unheard_layers(self) -> tuple[int, ...]:
        """The recurrent layers that have no say in the answer, counted from 1."""
        return tuple(place for place, other in enumerate(self.changed, start=1) if np.array_equal(self.tokens, other))


def answers(observed: Observations, finding: Finding) -> Iterator[Answers]:
    """The answers of each network that could be read; where it answers at every step, which one is used is decided elsewhere."""
    calls = [call for call in observed.calls if call.length and len(call.input_shape) > 1]
    time_first = sum(call.input_shape[0] == call.length != call.input_shape[1] for call in calls) > len(calls) / 2
    layout = "time_first" if time_first else "batch_first"
    networks = finding.facts.get("networks")
    for number, network in enumerate(networks if isinstance(networks, list) else []):
        before, after = (finding.arrays.get(f"{number}.{layout}.{name}") for name in ("tokens", "last"))
        if before is None or after is None or before.ndim != 2 or before.shape != after.shape:
            continue
        others = (finding.arrays.get(f"{number}.{layout}.changed{place}") for place in range(MOST_LAYERS))
        changed = tuple(other for other in others if other is not None)
        yield Answers(str(network.get("kind")) if isinstance(network, dict) else "network", before, after, changed)


def require_last_of_all(said: Answers) -> None:
    """Requires that an answer comes from the last step of the last recurrent layer."""
    require(
        not said.ignore_the_last_token,
        f"The answer should come from the last time step, when the whole sequence has been read, but that of the {said.kind} stays the "
        f"same when the last token is another one.",
    )
    unheard = " and ".join(map(str, said.unheard_layers))
    require(
        not unheard,
        f"The answer should come from the last of the recurrent layers, but that of the {said.kind} does not depend on its recurrent layer "
        f"{unheard} of {len(said.changed)}.",
    )
