"""1.2: one digit goes through the trained autoencoder (replayed, probed), and its reconstruction is shown (reported, replayed)."""

from __future__ import annotations

import math

import numpy as np

from autograder.checks import Evidence, Show, Student, by_a_person, check, require, review
from autograder.model.observations import Observations
from reference.judging.expected import Expected
from reference.judging.given import written
from reference.judging.mask_probes import wrong_mask
from reference.judging.passes import TRAINED_IN, Pass, digits_in, digits_out, is_from_trained, passes, trained_networks
from reference.judging.pictures import (
    EQUAL,
    PIXELS,
    SIDE,
    drawn_as_line,
    drawn_images,
    drawn_in_another_shape,
    drawn_turned,
    last_cell,
    observed_and_shown,
    pieces,
    shown_as,
    stack,
)
from reference.judging.three import alone, are_three, is_of_data_set, the_three, versions_of

QUESTION = "1.2"
NOTHING = "No reconstruction is shown in 1.2 yet."
HINT = "What the network returns has to be drawn."


def of_the_three(evidence: Evidence, through: tuple[Pass, ...], student: Student, reference: Expected) -> tuple[Pass, ...]:
    """The passes whose input is the given picture, masked or not; of which a right mask leaves something."""
    complete = [one for one in through if one.given is not None]
    digits = [one.given for one in complete if one.given is not None]
    distorted = wrong_mask(student, reference, evidence) is not None
    which = are_three(digits, the_three(evidence, through), evidence.data_folder, distorted=distorted)
    return tuple(one for one, digit, right in zip(complete, digits, which, strict=True) if right and (distorted or np.ptp(digit) > EQUAL))


def shown_among(evidence: Evidence, through: tuple[Pass, ...]) -> tuple[Pass, ...]:
    """The passes whose output is drawn in 1.2."""
    returned = stack(one.returned for one in through)
    found: set[int] = set()
    for picture in drawn_images(observed_and_shown(evidence, QUESTION)):
        for piece in pieces(picture, returned):
            found |= piece.shows
    return tuple(through[index] for index in sorted(found))


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_a_reconstruction(evidence: Evidence, student: Student, reference: Expected, show: Show) -> None:
    """The reconstructed image is shown."""
    evidence.section(QUESTION)
    if evidence.mode == "static":
        evidence.missing(QUESTION, NOTHING)
    through = passes(evidence, student, QUESTION)
    threes = of_the_three(evidence, through, student, reference)
    shown = shown_among(evidence, through)
    wanted = [one for one in shown if any(one is other for other in threes)]
    show_panels(evidence, wanted or list(shown), reference, show)
    if wanted:
        return
    observed = observed_and_shown(evidence, QUESTION)
    outputs = stack(one.returned for one in through)
    place = last_cell(drawn_images(observed))
    require(
        not drawn_as_line(observed, outputs),
        f"The reconstruction should be shown as an image of {SIDE} by {SIDE} pixels, but it is drawn as one row of {PIXELS}{place}.",
    )
    shape = drawn_in_another_shape(observed, outputs)
    require(
        shape is None,
        f"The reconstruction should be shown as an image of {SIDE} by {SIDE} pixels, but it is drawn as one of "
        f"{' by '.join(map(str, shape or ()))}{place}.",
    )
    require(
        not drawn_turned(observed, outputs),
        f"The reconstruction should be shown the way the input is, but it is drawn on its side{place}: rows and columns are exchanged.",
    )
    if was_cut(observed):
        review_what_is_unclear(evidence, through)
    require(
        not shown or any(one.given is None for one in shown),
        f"The reconstruction shown should be that of the 3 given in 1.2, but what went into the network was another picture{place}.",
    )
    review_what_is_unclear(evidence, through)
    if threes:
        evidence.missing(QUESTION, f"The network's reconstruction of the 3 was computed, but what is shown{place} is not it. {HINT}")
    if through:
        evidence.missing(QUESTION, "A network was called in 1.2, but it was not given the 3, so no reconstruction of it can be shown.")
    if observed.calls:
        evidence.missing(QUESTION, f"A network was called in 1.2, but what is shown is no image of {SIDE} by {SIDE} that it returned.")
    only_input = len(drawn_images(observed)) > 1
    evidence.missing(QUESTION, f"Only the input is shown in 1.2{place}: no network was called on it." if only_input else NOTHING)


def was_cut(observed: Observations) -> bool:
    """Whether a network was given more digits than were kept, so that the 3 may have been among them."""
    return any(len(digits_in(observed, call)) < math.prod(call.input_shape) // PIXELS for call in observed.calls)


def review_what_is_unclear(evidence: Evidence, through: tuple[Pass, ...]) -> None:
    """Leave pictures to a person that may be a reconstruction for all that was seen."""
    observed, section = observed_and_shown(evidence, QUESTION), evidence.section(QUESTION)
    drawn = drawn_images(observed)
    known = np.concatenate([the_three(evidence, through), stack(one.given for one in through if one.given is not None)])
    apart = stack(one.returned - digit for one in through for digit in known)
    known = np.concatenate([known, outputs_of_training(evidence), apart, np.abs(apart), apart**2])
    unknown = any(
        not any(is_known(digit, known, evidence) for digit in alone(picture)) and not any(piece.shows for piece in pieces(picture, known))
        for picture in drawn
        if picture.may_hold_digits
    )
    encoded = any(one.given is not None for one in through) or not through
    pasted = [figure for figure in section.figures if figure.cell not in {picture.cell for picture in drawn}]
    if unknown and encoded:
        review(
            "A picture is there that is neither the input nor what a network was seen to return, so a person has to look at it."
            if through
            else "A picture is there, but no network was seen that made it, so a person has to look at it."
        )
    if pasted and (through or drawn or not observed.figures):
        # The given cell draws the input; a picture that no code here drew may be anything.
        review("A picture is there that the code of 1.2 did not draw when it was run again, so a person has to look at it.")


def outputs_of_training(evidence: Evidence) -> np.ndarray:
    """What networks returned while they were trained in 1.1, as far as kept: (N, 784)."""
    training = evidence.observed(TRAINED_IN)
    return stack(digits_out(training, call) for call in training.calls)


def is_known(digit: np.ndarray, known: np.ndarray, evidence: Evidence) -> bool:
    """Whether a drawn digit is the 3, what a network was given, a masked version of these, or an image of the data set."""
    return bool(versions_of(digit, known)) or bool(shown_as(digit, known)) or is_of_data_set(digit, evidence.data_folder)


def show_panels(evidence: Evidence, shown: list[Pass], reference: Expected, show: Show) -> None:
    """The first picture that was drawn, the reconstructions, and the reference's."""
    first = [digit for picture in drawn_images(observed_and_shown(evidence, QUESTION)) for digit in alone(picture)][:1]
    captions = ("first drawn", "reconstruction", "reconstruction 2", "reconstruction 3")
    panels = dict(zip(captions, [*first, *(one.returned for one in shown)], strict=False)) if first else {}
    if first:
        panels["the reference's, trained as little"] = reference.reconstruct(first[0].reshape(SIDE, SIDE))
    show.images(
        f"Drawn in 1.2, again from a network trained on {evidence.extent} images",
        {name: one.reshape(SIDE, SIDE) for name, one in panels.items()},
    )


@check(question=QUESTION, points=20, evidence="replayed")
def check_uses_the_trained_autoencoder(evidence: Evidence, student: Student, reference: Expected) -> None:
    """The reconstruction comes from the autoencoder that was trained in 1.1."""
    through = passes(evidence, student, QUESTION)
    if not through:
        if evidence.observed(QUESTION).calls:
            review("A network was called in 1.2 but returned no image, so whether it was the trained one is for a person to see.")
        evidence.missing(QUESTION, "No network was called on the image in 1.2 yet.")
    shown = shown_among(evidence, through)
    threes = of_the_three(evidence, through, student, reference)
    judged = [one for one in shown if any(one is other for other in threes)] or list(threes) or list(shown) or list(through)
    verdicts = [is_from_trained(one, evidence, student, reference, QUESTION) for one in judged]
    if any(verdicts):
        return
    if not trained_networks(evidence):
        require(None in verdicts, "The network that reconstructs the image was never trained in 1.1.")
        evidence.missing(TRAINED_IN, "The network that reconstructs the image was never trained in 1.1.")
    if None in verdicts:
        review("The image is reconstructed by another network object than the one trained in 1.1, so a person has to look at it.")
    used = judged[-1].networks
    names = " and ".join(network.class_name for network in evidence.execution.observations.networks if network.id in used) or "network"
    require(
        not set(used) <= trained_networks(evidence),
        f"The image should be reconstructed by the autoencoder as it was trained in 1.1, but the weights of the {names} were changed in "
        f"between: it restores other digits far worse than it did at the end of 1.1.",
    )
    require(
        False,
        f"The image should be reconstructed by the autoencoder trained in 1.1, but the {names} used here is another one: it makes "
        f"something else of the image than the trained one would.",
    )


@by_a_person(question=QUESTION, points=50)
def answer_explanation(evidence: Evidence) -> str:
    """Says whether the reconstruction is faithful, and why not."""
    return written(evidence, QUESTION, "EXPLANATION")
