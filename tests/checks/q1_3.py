"""1.3: a random affine transform and what the autoencoder makes of three transformed images (replayed)."""

from __future__ import annotations

from autograder.checks import Evidence, Show, Student, by_a_person, check, require, review
from reference.judging.affine import chains, is_one_affine, wrong_in
from reference.judging.augmented import Augmented, reconstructs_first, what_is_shown
from reference.judging.expected import Expected
from reference.judging.given import written
from reference.judging.mask_probes import wrong_mask
from reference.judging.passes import is_from_trained, passes
from reference.judging.pictures import SIDE, drawn_as_line, drawn_images, drawn_in_another_shape, last_cell, observed_and_shown, stack
from reference.judging.three import the_three, versions_of

QUESTION, BEFORE = "1.3", "1.2"
NO_TRANSFORM = "There is no RandomAffine transform in 1.3 yet."
NOTHING = "No augmented image and no reconstruction is shown in 1.3 yet."
WANTED = 3
ORDER = "Each image should be augmented first and reconstructed afterwards, but the transform was applied to the reconstruction."


@check(question=QUESTION, points=30, evidence="replayed")
def check_transform_has_the_ranges_asked_for(evidence: Evidence, student: Student) -> None:
    """The RandomAffine transform turns by -10 to 10 degrees, moves by at most 0.2 and shears by -5 to 5 degrees."""
    used = chains(evidence)
    if not used:
        observed = evidence.observed(QUESTION)
        before = passes(evidence, student, BEFORE)
        three = the_three(evidence, before)
        moved = [one for one in passes(evidence, student, QUESTION) if one.given is None or not versions_of(one.given, three)]
        if moved or (not observed.calls and len(drawn_images(observed)) >= WANTED):
            review("Images were transformed without torchvision's RandomAffine, so a person has to look at the ranges.")
        evidence.missing(QUESTION, NO_TRANSFORM)
    right = [chain for chain in used if not wrong_in(chain)]
    wrong = [chain for chain in used if wrong_in(chain)]
    # Who has augmented three images as asked may have tried other ranges as well.
    if wrong and len(right) < WANTED:
        some = "One of the transforms has" if right else "The transform has"
        said = "; ".join(wrong_in(wrong[-1]))
        require(False, f"{some} another range than asked for (cell {wrong[-1][-1].cell}): {said}.")
    if not any(is_one_affine(chain) for chain in right):
        review("Several transforms in a row do together what one RandomAffine was to do, so a person has to look at them.")


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_three_augmented_images_and_their_reconstructions(
    evidence: Evidence, student: Student, reference: Expected, show: Show
) -> None:
    """Three different augmented images and their three reconstructions are shown."""
    evidence.section(QUESTION)
    if evidence.mode == "static":
        evidence.missing(QUESTION, NOTHING)
    through = passes(evidence, student, QUESTION)
    distorted = wrong_mask(student, reference, evidence) is not None
    shown = what_is_shown(evidence, through, passes(evidence, student, BEFORE), distorted=distorted)
    pictures = {name: values.reshape(SIDE, SIDE) for name, values in shown.pictures(WANTED).items()}
    show.images(f"Drawn in 1.3, again from a network trained on {evidence.extent} images", pictures)
    require(not shown.of_another, "The 3 given in 1.2 should be augmented, but the transform was applied to other pictures.")
    if shown.pairs < WANTED:
        not_enough(evidence, shown)
    require_trained(evidence, student, reference, shown)


def not_enough(evidence: Evidence, shown: Augmented) -> None:
    """End the check for want of three pairs: undecided where pictures are there that could not be recognised."""
    observed = observed_and_shown(evidence, QUESTION)
    drawn = drawn_images(observed)
    require(not reconstructs_first(evidence, shown.through), ORDER)
    outputs = stack(one.returned for one in shown.through)
    require(
        not drawn_as_line(observed, outputs) and drawn_in_another_shape(observed, outputs) is None,
        f"The reconstructions should be shown as images of {SIDE} by {SIDE} pixels, but are drawn in another shape{last_cell(drawn)}.",
    )
    unseen = [figure for figure in evidence.section(QUESTION).figures if figure.cell not in {picture.cell for picture in drawn}]
    if unseen or shown.unknown:
        review(
            f"Of the pictures of 1.3, {shown.augmented} could be recognised as augmented images and {shown.reconstructed} as their "
            f"reconstructions. A person has to look at the others."
        )
    if not drawn:
        evidence.missing(QUESTION, NOTHING)
    require(
        min(shown.augmented, shown.reconstructed) < WANTED,
        f"The reconstructions should be those of the augmented images that are shown, but that is so for {shown.pairs} of "
        f"{shown.augmented}{last_cell(drawn)}. A random transform makes another image each time it is called.",
    )
    evidence.missing(
        QUESTION,
        f"Three different augmented images and three reconstructions of them should be shown, but {shown.augmented} and "
        f"{shown.reconstructed} were seen{last_cell(drawn)}.",
    )


def require_trained(evidence: Evidence, student: Student, reference: Expected, shown: Augmented) -> None:
    """The reconstructions come from the trained autoencoder; where it was already another one in 1.2, that was counted there."""
    here = [is_from_trained(one, evidence, student, reference, QUESTION) for one in shown.through]
    if any(verdict is not False for verdict in here):
        return
    before = passes(evidence, student, BEFORE)
    require(
        not any(is_from_trained(one, evidence, student, reference, BEFORE) for one in before),
        "The augmented images should be reconstructed by the autoencoder trained in 1.1, but the network used here is another one.",
    )


@by_a_person(question=QUESTION, points=40)
def answer_explanation(evidence: Evidence) -> str:
    """Says whether the reconstructions are right and alike, and why."""
    return written(evidence, QUESTION, "EXPLANATION")
