"""1.3: a random affine transform and what the autoencoder makes of three transformed images (replayed)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.checks import Evidence, Show, by_a_person, check, require, review
from autograder.model.observations import Observations, Transform
from reference.judging.given import written
from reference.judging.pictures import (
    EQUAL,
    SIDE,
    among,
    drawn_images,
    examples,
    reconstructions,
    shown_in,
    stack,
)

QUESTION = "1.3"
DEGREES, SHIFT, SHEAR = 10.0, 0.2, 5.0
NO_TRANSFORM = "There is no RandomAffine transform in 1.3 yet."
NOTHING = "No augmented image and no reconstruction is shown in 1.3 yet."
WANTED = 3
SAME_PICTURE = 0.01  # of the brightest pixel: rounding to 8 bits
WHOLE, FIRST, SECOND = slice(None), slice(None, SIDE // 2), slice(SIDE // 2, None)
HALVES = ((WHOLE, FIRST), (WHOLE, SECOND), (FIRST, WHOLE), (SECOND, WHOLE))
FEWEST_KEPT = 5  # bright pixels that a masked picture must still have to be recognised


def close(values: tuple[float, ...] | None, *wanted: tuple[float, ...]) -> bool:
    return values is not None and any(len(values) == len(one) and np.allclose(values, one, atol=1e-6) for one in wanted)


def ranges_wrong(transform: Transform) -> tuple[str, ...]:
    """What differs from the ranges asked for, in words; scalars, pairs and the full form of shear mean the same."""
    wrong = []
    if not close(transform.degrees, (DEGREES,), (-DEGREES, DEGREES)):
        wrong.append(f"rotation by {said(transform.degrees)} degrees instead of -10 to 10")
    if not close(transform.translate, (SHIFT, SHIFT)):
        wrong.append(f"translation by {said(transform.translate)} instead of at most 0.2 both ways")
    # Along x only is what a single range means to torchvision; the same along y as well also lies between -5 and 5 degrees.
    along_x, none = (-SHEAR, SHEAR), (0.0, 0.0)
    if not close(transform.shear, (SHEAR,), along_x, (*along_x, *none), (*along_x, *along_x), (*none, *along_x)):
        wrong.append(f"shear by {said(transform.shear)} degrees instead of -5 to 5")
    return tuple(wrong)


def said(values: tuple[float, ...] | None) -> str:
    if values is None:
        return "nothing"
    return " to ".join(f"{value:g}" for value in values) if len(values) == 2 else ", ".join(f"{value:g}" for value in values)


@check(question=QUESTION, points=30, evidence="replayed")
def check_transform_has_the_ranges_asked_for(evidence: Evidence) -> None:
    """The RandomAffine transform turns by -10 to 10 degrees, moves by at most 0.2 and shears by -5 to 5 degrees."""
    observed = evidence.observed(QUESTION)
    applied = {call.transform for call in observed.transform_calls}
    # One that was built in an earlier section may be applied here.
    used = [one for one in evidence.execution.observations.transforms if one.id in applied] or list(observed.transforms)
    used = [one for one in used if "affine" in one.kind.lower()] or used
    if not used:
        if observed.calls or len(drawn_images(observed)) >= WANTED:
            review("Images were transformed without torchvision's RandomAffine, so a person has to look at the ranges.")
        evidence.missing(QUESTION, NO_TRANSFORM)
    wrong = [ranges_wrong(one) for one in used]
    if all(wrong) or not any(not one for one in wrong):
        require(False, f"The transform has another range than asked for: {'; '.join(wrong[-1])}.")
    if any(wrong):
        review("Several transforms are used and not all have the ranges asked for, so a person has to look at them.")
    if any(one.scale is not None and not close(one.scale, (1.0, 1.0)) for one in used):
        review("The transform also changes the size of the image, which was not asked for, so a person has to look at it.")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What 1.3 drew: pictures of augmented images, pictures of their reconstructions, and how many pictures are neither."""

    augmented: int
    reconstructed: int
    others: int
    pictures: dict[str, np.ndarray]


def what_is_shown(observed: Observations) -> Shown:
    """Sort the pictures into augmented images and reconstructions of augmented images."""
    passes = reconstructions(observed)
    inputs, outputs = stack(one.given for one in passes), stack(one.returned for one in passes)
    transformed = stack(examples(observed.arrays.get(call.output)) for call in observed.transform_calls)
    augmented = transformed if len(transformed) else inputs  # without a RandomAffine, what the network was given
    from_augmented = np.array([comes_from(row, augmented) for row in inputs], bool)
    reconstructed = outputs[from_augmented]
    known = np.concatenate([inputs, outputs, transformed])
    sources: set[int] = set()
    results, others = 0, 0
    pictures: dict[str, np.ndarray] = {}
    for picture in drawn_images(observed):
        as_result = shown_in(picture, reconstructed)
        as_source = shown_in(picture, augmented)
        for row in as_source:
            same = like(augmented, row)
            # Two draws of a transform may give the same picture; a picture that was only passed on twice is one.
            sources.update(([one for one in same if one not in sources] if len(transformed) else same)[:1])
        results += len(as_result)
        if not shown_in(picture, known):
            others += 1
        elif picture.values is not None and picture.is_digit_sized and (as_result or as_source) and len(pictures) < 2 * WANTED:
            kind = "reconstructed" if as_result else "augmented"
            pictures[f"{kind} {sum(name.startswith(kind) for name in pictures) + 1}"] = picture.values
    chosen = sorted(sources)
    if len(transformed) and len(chosen) >= WANTED and set(chosen) <= set(like(augmented, chosen[0])):
        sources = {chosen[0]}  # all draws alike are no chance: the same seed each time, or one draw for a whole batch
    return Shown(len(sources), min(results, len(reconstructed)), others, pictures)


def comes_from(row: np.ndarray, augmented: np.ndarray) -> bool:
    """Whether a network's input is an augmented image, masked or not."""
    if among(row, augmented) is not None:
        return True
    kept = np.abs(row) > EQUAL  # whatever the mask left; a wrong one, which is counted in 1.1, may leave nothing of this picture
    if not kept.any() or (kept.sum() >= row.size // 4 and np.ptp(row[kept]) < EQUAL):
        return len(augmented) > 0
    if any(same_half(row, augmented, part) for part in HALVES):  # a wrong mask may write other values than zeros
        return True
    if kept.sum() < FEWEST_KEPT:
        return False
    # Up to a factor: pictures of 0 to 255 become tensors of 0 to 1.
    factors = augmented[:, kept] @ row[kept] / (row[kept] @ row[kept])
    apart = np.abs(augmented[:, kept] - factors[:, None] * row[kept]).max(axis=1)
    return bool((apart < SAME_PICTURE * np.abs(augmented[:, kept]).max(axis=1)).any())


def same_half(row: np.ndarray, augmented: np.ndarray, part: tuple[slice, slice]) -> bool:
    """Whether the bright pixels of this half of the picture are those of an augmented image."""
    own = np.abs(row.reshape(SIDE, SIDE)[part]) > EQUAL
    return bool(own.sum() >= FEWEST_KEPT and any(np.array_equal(own, np.abs(one.reshape(SIDE, SIDE)[part]) > EQUAL) for one in augmented))


def like(rows: np.ndarray, chosen: int) -> list[int]:
    """The rows that show the same picture as the chosen one, itself among them."""
    return [index for index in range(len(rows)) if np.allclose(rows[index], rows[chosen], atol=1e-6)]


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_three_augmented_images_and_their_reconstructions(evidence: Evidence, show: Show) -> None:
    """Three different augmented images and their three reconstructions are shown."""
    section = evidence.section(QUESTION)
    if evidence.mode == "static":
        evidence.missing(QUESTION, NOTHING)
    observed = evidence.observed(QUESTION)
    shown = what_is_shown(observed)
    show.images("Drawn in 1.3, again from a network trained on few images", shown.pictures)
    if shown.augmented >= WANTED and shown.reconstructed >= WANTED:
        return
    drawn = drawn_images(observed)
    unseen = [figure for figure in section.figures if figure.cell not in {picture.cell for picture in drawn}]
    if unseen or shown.others:
        after = reconstructs_first(observed)
        require(
            not after,
            "Each image should be augmented first and reconstructed afterwards, but the transform was applied to the reconstruction.",
        )
        review(
            f"Of the pictures of 1.3, {shown.augmented} could be recognised as augmented images and {shown.reconstructed} as their "
            f"reconstructions. "
            "A person has to look at the others."
        )
    if not drawn:
        evidence.missing(QUESTION, NOTHING)
    require(
        not reconstructs_first(observed),
        "Each image should be augmented first and reconstructed afterwards, but the transform was applied to the reconstruction.",
    )
    evidence.missing(
        QUESTION,
        f"Three different augmented images and three reconstructions of them should be shown, but {shown.augmented} and "
        f"{shown.reconstructed} were seen.",
    )


def reconstructs_first(observed: Observations) -> bool:
    """Whether the transform was given what the network had returned."""
    passes = reconstructions(observed)
    inputs, outputs = stack(one.given for one in passes), stack(one.returned for one in passes)
    given = stack(examples(observed.arrays.get(call.input)) for call in observed.transform_calls)
    return any(among(row, outputs) is not None and among(row, inputs) is None for row in given)


@by_a_person(question=QUESTION, points=40)
def answer_explanation(evidence: Evidence) -> str:
    """Says whether the reconstructions are right and alike, and why."""
    return written(evidence, QUESTION, "EXPLANATION")
