"""1.1: what the student's mask function did to the grader's images, in the layout in which the student's training uses it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Finding, Raised
from reference.judging.expected import Expected
from reference.judging.mask_used import says_it_trains_on_its_mask
from reference.judging.masking import EVEN, Content, Mask, contents, fits, masks, real_digits, training_calls
from reference.judging.passes import digits_in
from reference.judging.pictures import left, stack
from reference.probes import BATCHES, DIGITS_PROBE

QUESTION = "1.1"
PROBES = tuple(f"q1_1.apply_mask.{name}" for name in BATCHES)
MOST = 0.5  # of the rows that a network was trained on


def student_masks(student: Student, reference: Expected, evidence: Evidence) -> tuple[tuple[np.ndarray, np.ndarray, Mask], ...]:
    """For each batch: the images given, the argument after the call, and what the mask did.

    The images' own layout (B, 1, 28, 28) counts. Where the mask is wrong in it, the layout counts whose mask the images have that the
    training saw: then it is the layout the student works in.
    """
    measured = []
    for name in PROBES:
        answer = student.answer(name)
        if isinstance(answer, Raised) and answer.error.startswith("NotImplementedError"):
            require(False, "There is no apply_mask yet.")
        arrays = student.finding(name).arrays
        given = reference.probe(name).arrays["images"]
        found = masks(given, arrays)
        require(
            bool(found),
            f"apply_mask should return an image for every image: given an array of shape {given.shape}, it returned one of shape "
            f"{arrays['masked'].shape}.",
        )
        measured.append((given, arrays["after"], found))
    layouts = [[found[layout] for _, _, found in measured] for layout in range(min(len(found) for _, _, found in measured))]
    chosen = 0
    if evidence.is_live:  # in which layout the training uses it only shows when the notebook is replayed
        if not layouts_right(layouts[:1]) and layouts_right(layouts[1:]):
            review("apply_mask is right for images of one shape and wrong for another; the one that your training uses counts.")
    elif not all(mask.is_right for mask in layouts[0]):
        rows = trained_on(evidence)[1]
        used = [number for number, found in enumerate(layouts) if fits(found[-1], rows)]
        right = [number for number in used if all(mask.is_right for mask in layouts[number])]
        chosen = next(iter([*right, *used]), 0)
    if not evidence.is_live and all(mask.is_right for mask in layouts[chosen]):
        digits = masks(reference.probe(DIGITS_PROBE).arrays["images"], student.finding(DIGITS_PROBE).arrays)
        require(
            len(digits) > chosen and digits[chosen].is_right,
            "apply_mask should mask the left half of every image, but it does so for images drawn at random and not for digits.",
        )
        rows = training_rows(evidence)
        if len(rows) and (np.ptp(left(rows), axis=1) > EVEN).mean() > MOST and says_it_trains_on_its_mask(evidence, QUESTION):
            review(
                "apply_mask is right when the grader calls it, but what it gave the network in training was not masked, so a person has "
                "to look at it."
            )
    return tuple((given, after, found[chosen]) for given, after, found in measured)


def layouts_right(layouts: Sequence[Sequence[Mask]]) -> bool:
    """Whether the mask is right in one of these layouts."""
    return any(all(mask.is_right for mask in layout) for layout in layouts)


def wrong_mask(student: Student, reference: Expected, evidence: Evidence) -> Mask | None:
    """The student's mask where it is not the left half, else None."""
    if not all(isinstance(student.answer(name), Finding) for name in PROBES):
        return None
    for name in PROBES:
        if not masks(reference.probe(name).arrays["images"], student.finding(name).arrays):
            return None
    return next((mask for _, _, mask in student_masks(student, reference, evidence) if not mask.is_right), None)


def trained_on(evidence: Evidence) -> tuple[tuple[Content, ...], np.ndarray]:
    """What the networks trained in 1.1 were given, and those rows (N, 784)."""
    rows = training_rows(evidence)
    return contents(rows, real_digits(evidence.data_folder)), rows


def training_rows(evidence: Evidence) -> np.ndarray:
    """What the networks trained in 1.1 were given, (N, 784)."""
    observed = evidence.observed(QUESTION)
    return stack(digits_in(observed, call) for call in training_calls(observed))
