"""1.1: what the reconstruction is compared with: all of the image or a part of it, the same image or another one."""

from __future__ import annotations

import bisect
import math

import numpy as np

from autograder.checks import require
from autograder.model.observations import LossCall, NetworkCall, Observations
from reference.judging.masking import training_calls
from reference.judging.pictures import ALIKE, correlation, examples, left, right

LEAST_COMPARED = 0.99  # of the values that the network returned
FEWEST_CALLS = 3  # that the judgement rests on


def judge_comparison(observed: Observations) -> None:
    """Requires that the losses look at all of the reconstruction, and at the image that it is a reconstruction of."""
    part = compared_part(observed)
    require(
        part >= LEAST_COMPARED,
        f"All of the reconstruction should be compared with the image, but the loss looks at only {part:.0%} of what the network returns.",
    )
    others, told = compares_other_images(observed)
    require(
        others <= told / 2,
        f"Each reconstruction should be compared with its own image, but {others} of the {told} targets looked at are other digits than "
        f"the network was given in their place.",
    )


def compared_part(observed: Observations) -> float:
    """How much of what the network returned the losses look at, from 0 to 1; 1 where that is not known.

    Losses of several parts that follow one call are added up, and a penalty beside a loss of the whole changes nothing.
    """
    parts = []
    for call, losses in _following(observed):
        returned = math.prod(call.output_shape)
        sizes = [math.prod(loss.first_shape) for loss in losses if math.prod(loss.first_shape) == math.prod(loss.second_shape)]
        if returned and sizes:
            parts.append(min(1.0, sum(sizes) / returned))
    return float(np.median(parts)) if len(parts) >= FEWEST_CALLS else 1.0


def compares_other_images(observed: Observations) -> tuple[int, int]:
    """How many targets are another digit than the one that the network was given in their place, of how many that could be told."""
    others = told = 0
    for call, losses in _following(observed):
        given = examples(observed.arrays.get(call.input))
        for loss in losses:
            for name in (loss.first, loss.second):
                target = examples(observed.arrays.get(name))
                if not len(given) or target.shape != given.shape:
                    continue
                halves = np.maximum(correlation(right(given), right(target)), correlation(left(given), left(target)))
                known = halves.max(axis=1) > ALIKE
                told += int(known.sum())
                others += int((known & (np.diagonal(halves) <= ALIKE)).sum())
    return others, told


def _following(observed: Observations) -> list[tuple[NetworkCall, list[LossCall]]]:
    """Each training call with the losses between it and the next one."""
    calls = training_calls(observed)
    orders = [call.order for call in calls]
    found: list[tuple[NetworkCall, list[LossCall]]] = [(call, []) for call in calls]
    for loss in observed.losses:
        place = bisect.bisect(orders, loss.order)
        if loss.with_gradient and place:
            found[place - 1][1].append(loss)
    return [(call, losses) for call, losses in found if losses]
