"""1.3: whether random transforms have the ranges asked for, one RandomAffine or several transforms in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.checks import Evidence
from autograder.model.observations import Transform, TransformCall

QUESTION = "1.3"
DEGREES, SHIFT, SHEAR = 10.0, 0.2, 5.0
NOTHING, ALONG_X = (0.0, 0.0), (-SHEAR, SHEAR)
# Along x only is what a single range means to torchvision; the same along y as well also lies between -5 and 5 degrees.
SHEARS = ((SHEAR,), ALONG_X, (*ALONG_X, *NOTHING), (*ALONG_X, *ALONG_X), (*NOTHING, *ALONG_X))
NO_SHEAR = ((0.0,), NOTHING, (*NOTHING, *NOTHING))


def close(values: tuple[float, ...] | None, *wanted: tuple[float, ...]) -> bool:
    return values is not None and any(len(values) == len(one) and np.allclose(values, one, atol=1e-6) for one in wanted)


def is_affine(transform: Transform) -> bool:
    return transform.kind.endswith("RandomAffine")


def turns(transform: Transform) -> bool:
    return transform.degrees is not None and not close(transform.degrees, (0.0,), NOTHING)


def moves(transform: Transform) -> bool:
    return transform.translate is not None and not close(transform.translate, NOTHING)


def shears(transform: Transform) -> bool:
    return transform.shear is not None and not close(transform.shear, *NO_SHEAR)


def ranges_wrong(transform: Transform) -> tuple[str, ...]:
    """What differs from the ranges asked for, in words; scalars, pairs and the full form of shear mean the same."""
    wrong = []
    if not close(transform.degrees, (DEGREES,), (-DEGREES, DEGREES)):
        wrong.append(f"rotation by {said(transform.degrees)} degrees instead of -10 to 10")
    if not close(transform.translate, (SHIFT, SHIFT)):
        wrong.append(f"translation by {said(transform.translate)} instead of at most 0.2 both ways")
    if not close(transform.shear, *SHEARS):
        wrong.append(f"shear by {said(transform.shear)} degrees instead of -5 to 5")
    if transform.scale is not None and not close(transform.scale, (1.0, 1.0)):
        wrong.append(f"scaling by {said(transform.scale)}, which was not asked for")
    return tuple(wrong)


def said(values: tuple[float, ...] | None) -> str:
    if values is None:
        return "nothing"
    return " to ".join(f"{value:g}" for value in values) if len(values) == 2 else ", ".join(f"{value:g}" for value in values)


def chains(evidence: Evidence) -> list[tuple[Transform, ...]]:
    """The transforms that each image of 1.3 went through, one after the other; those that were only built, where none was applied."""
    every = {one.id: one for one in evidence.execution.observations.transforms}  # one built in an earlier section may be applied here
    observed = evidence.observed(QUESTION)
    found: list[list[TransformCall]] = []
    for call in observed.transform_calls:
        before = next((chain for chain in reversed(found) if chain[-1].output_fingerprint == call.input_fingerprint), None)
        # A draw that changed nothing does not tell what comes next from what starts anew.
        unchanged = before is not None and call.input_fingerprint == before[-1].input_fingerprint
        if before is not None and not (unchanged and _overlap(every, before, call)):
            before.append(call)
        else:
            found.append([call])
    applied = [tuple(every[call.transform] for call in chain if call.transform in every) for chain in found]
    return [chain for chain in applied if chain] or [(one,) for one in observed.transforms]


def _overlap(every: Mapping[int, Transform], before: Sequence[TransformCall], call: TransformCall) -> bool:
    """Whether a transform does what one of those before does as well."""
    new = every.get(call.transform)
    old = [every[one.transform] for one in before if one.transform in every]
    return new is None or any(does(new) and does(one) for does in (turns, moves, shears) for one in old)


def wrong_in(chain: Sequence[Transform]) -> tuple[str, ...]:
    """What is wrong with the transforms that one image went through; nothing when together they do what was asked."""
    others = [one for one in chain if not is_affine(one) and not (one.kind.endswith("RandomRotation") and not turns(one))]
    parts = [one for one in chain if one not in others or one.kind.endswith("RandomRotation")]
    also = tuple(f"{one.kind}, which was not asked for" for one in others if one not in parts)
    if len(parts) == 1:
        return (*ranges_wrong(parts[0]), *also)
    if not parts:
        return ("no rotation, translation and shear", *also)
    wrong = [*also]
    for does, right, name in ((turns, _turn, "rotation"), (moves, _move, "translation"), (shears, _shear, "shear")):
        doing = [one for one in parts if does(one)]
        if len(doing) != 1 or not right(doing[0]):
            wrong.append(f"{name} by another range than asked for")
    wrong += [f"scaling by {said(one.scale)}, which was not asked for" for one in parts if one.scale and not close(one.scale, (1.0, 1.0))]
    return tuple(wrong)


def _turn(transform: Transform) -> bool:
    return close(transform.degrees, (DEGREES,), (-DEGREES, DEGREES))


def _move(transform: Transform) -> bool:
    return close(transform.translate, (SHIFT, SHIFT))


def _shear(transform: Transform) -> bool:
    return close(transform.shear, *SHEARS)


def is_one_affine(chain: Sequence[Transform]) -> bool:
    """Whether an image went through a single RandomAffine, as the question asks; others that do nothing do not count."""
    return sum(turns(one) or moves(one) or shears(one) for one in chain) <= 1
