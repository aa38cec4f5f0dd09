"""Reads observed steps as training runs, for those who judge them. Pure functions over `Observations`.

A run is what a network goes through with one optimizer on one kind of data: its steps, one after the other. A new run begins

- with another optimizer, unless the optimizer was only made anew around weights that go on (an optimizer made in every epoch);
- when the weights are not those that the step before had left, and the optimizer is new or the cell is another (trained afresh);
- when the length of the sequences changes for good. Lengths that vary from step to step, as sentences do, are one run, whose `length` is 0:
  a length counts as lasting when at least `LASTING` consecutive steps have it, or a whole pass over a data set, or when every length of the
  network's steps comes in one piece.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from autograder.model.observations import DataPass, NetworkCall, Observations, Step

LASTING = 8  # steps


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One training of one network.

    `length` is that of the sequences, 0 without a recurrent layer or when it varies. `epochs` estimates how often the data was gone
    through, 0 when nothing tells. `losses` are those before each step that was really taken; `fast_forwarded` counts the others.
    `carried_from_earlier` says that weights or an optimizer that were trained on another length went on here.
    """

    network: int
    optimizer: int
    length: int
    steps: tuple[Step, ...]
    epochs: float
    losses: tuple[float, ...]
    before: str
    after: str
    carried_from_earlier: bool
    fast_forwarded: int

    @property
    def taken(self) -> int:
        """The steps that were really taken."""
        return len(self.steps) - self.fast_forwarded


def runs(observations: Observations) -> tuple[TrainingRun, ...]:
    """All training runs in the order in which they began; a step that moves several networks belongs to a run of each."""
    parts: list[tuple[int, tuple[Step, ...]]] = []
    for network in dict.fromkeys(identity for step in observations.steps for identity in step.networks):
        steps = [step for step in observations.steps if network in step.networks]
        for training in _trainings(steps):
            parts.extend((network, part) for part in _by_length(training, observations.passes))
    parts.sort(key=lambda part: part[1][0].order)
    found: list[TrainingRun] = []
    for network, part in parts:
        found.append(_run(network, part, found, observations))
    return tuple(found)


def _trainings(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps of one network, cut where it is trained afresh."""
    trainings: list[list[Step]] = []
    for step in steps:
        if trainings and not _afresh(trainings[-1][-1], step):
            trainings[-1].append(step)
        else:
            trainings.append([step])
    return trainings


def _afresh(earlier: Step, later: Step) -> bool:
    goes_on = not (earlier.after and later.before) or earlier.after == later.before
    if earlier.optimizer != later.optimizer:
        return not goes_on or earlier.cell != later.cell
    return not goes_on and (later.steps_before == 0 or earlier.cell != later.cell)


def _by_length(steps: Sequence[Step], passes: Sequence[DataPass]) -> list[tuple[Step, ...]]:
    """Steps of one training, cut where their length changes for good."""
    pieces = [tuple(piece) for _, piece in groupby(steps, key=lambda step: step.length)]
    if len(pieces) == 1:
        return pieces
    comes_once = max(Counter(piece[0].length for piece in pieces).values()) == 1
    many = max(len(piece) for piece in pieces) > 1
    if (comes_once and many) or all(len(piece) >= LASTING or _fills_a_pass(piece, steps, passes) for piece in pieces):
        return pieces
    return [tuple(steps)]


def _fills_a_pass(piece: Sequence[Step], steps: Sequence[Step], passes: Sequence[DataPass]) -> bool:
    """Whether some pass over a data set saw these steps, or some of them, and no others."""
    orders = {step.order for step in piece}
    for one in passes:
        within = {step.order for step in steps if one.order < step.order < one.end_order}
        if within and within <= orders:
            return True
    return False


def _run(network: int, steps: tuple[Step, ...], earlier: Sequence[TrainingRun], observations: Observations) -> TrainingRun:
    lengths = {step.length for step in steps}
    length = lengths.pop() if len(lengths) == 1 else 0
    return TrainingRun(
        network=network,
        optimizer=steps[0].optimizer,
        length=length,
        steps=steps,
        epochs=_epochs(network, steps, observations),
        losses=tuple(step.loss for step in steps if not step.fast_forwarded),
        before=steps[0].before,
        after=next((step.after for step in reversed(steps) if step.after), ""),
        carried_from_earlier=any(_carries_over(run, steps[0], length) for run in earlier),
        fast_forwarded=sum(step.fast_forwarded for step in steps),
    )


def _carries_over(earlier: TrainingRun, first: Step, length: int) -> bool:
    """Whether a run that begins with `first` goes on with the weights or the optimizer of an earlier run on another length."""
    if earlier.length == length:
        return False
    same_weights = bool(first.before) and any(first.before == step.after for step in earlier.steps)
    return same_weights or (earlier.optimizer == first.optimizer and first.steps_before > 0)


def _epochs(network: int, steps: Sequence[Step], observations: Observations) -> float:
    """The most that any of three signs tells: passes with steps, examples stepped over examples there are, one input that comes back."""
    during = [one for one in observations.passes if any(one.order < step.order < one.end_order for step in steps)]
    passes = Counter(one.dataset for one in during)
    most = float(max(passes.values(), default=0))
    sizes = [one.dataset_size for one in during if one.dataset_size > 0]
    if sizes:
        most = max(most, math.floor(sum(step.batch for step in steps) / max(sizes)))
    return max(most, float(_returns(network, steps, observations.calls)))


def _returns(network: int, steps: Sequence[Step], calls: Sequence[NetworkCall]) -> int:
    """How many steps followed a training call on the input that was seen most often."""
    own = [call for call in calls if call.network == network and call.with_gradient]
    orders = [call.order for call in own]
    inputs: Counter[str] = Counter()
    previous = -1
    for step in steps:
        place = bisect(orders, step.order) - 1
        if place >= 0 and orders[place] > previous:
            inputs[own[place].fingerprint] += 1
        previous = step.order
    return max(inputs.values(), default=0)
