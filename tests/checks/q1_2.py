"""1.2: one digit goes through the trained autoencoder (replayed, probed), and its reconstruction is shown (reported, replayed)."""

from __future__ import annotations

import numpy as np

from autograder.checks import Evidence, Show, Student, by_a_person, check, require, review
from autograder.model.execution import Finding
from autograder.model.observations import Observations
from reference.judging.expected import Expected
from reference.judging.given import written
from reference.judging.pictures import (
    PIXELS,
    SIDE,
    Drawn,
    among,
    digits_in,
    digits_out,
    drawn_as_line,
    drawn_images,
    drawn_in_another_shape,
    examples,
    shown_in,
    stack,
)

QUESTION = "1.2"
TRAINED_IN = "1.1"
NOTHING = "No reconstruction is shown in 1.2 yet."
SAME = 1e-3  # grey values of the same network's outputs for the same images


def outputs_of(observed: Observations) -> np.ndarray:
    """Every digit-sized output of a network, also of a decoder whose input is a latent vector: (N, 784)."""
    return stack(digits_out(observed, call) for call in observed.calls)


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_a_reconstruction(evidence: Evidence, reference: Expected, show: Show) -> None:
    """The reconstructed image is shown."""
    section = evidence.section(QUESTION)
    if evidence.mode == "static":
        evidence.missing(QUESTION, NOTHING)
    observed = evidence.observed(QUESTION)
    outputs, drawn = outputs_of(observed), drawn_images(observed)
    shown = [picture for picture in drawn if shown_in(picture, outputs)]
    given = [picture.values for picture in drawn if picture.is_digit_sized and picture.values is not None][:1]
    pictures = panels([*given, *(picture.values for picture in shown)])
    if given and given[0].size == SIDE * SIDE:
        pictures["the reference's, trained as little"] = reference.reconstruct(given[0])
    show.images("Drawn in 1.2, again from a network trained on few images", pictures)
    if shown:
        return
    require(
        not drawn_as_line(observed, outputs),
        f"The reconstruction should be shown as an image of {SIDE} by {SIDE} pixels, but it is drawn as one row of {PIXELS}.",
    )
    shape = drawn_in_another_shape(observed, outputs)
    require(
        shape is None,
        f"The reconstruction should be shown as an image of {SIDE} by {SIDE} pixels, but it is drawn as one of "
        f"{' by '.join(map(str, shape or ()))}.",
    )
    pasted = [figure for figure in section.figures if figure.cell not in {picture.cell for picture in drawn}]
    if len(outputs) and (pasted or any(unrecognised(picture, observed) for picture in drawn)):
        review(
            "A network was called and a picture is there, but whether it shows the network's output could not be seen, so a person "
            "has to look at it."
        )
    if pasted and (drawn or not observed.figures):
        # The given cell draws the input; a picture that no code here drew may be anything.
        review("A picture is there that the code of 1.2 did not draw when it was run again, so a person has to look at it.")
    if len(outputs):
        evidence.missing(QUESTION, "The network's output was computed, but only the input is shown, not the reconstruction.")
    evidence.missing(QUESTION, "Only the input is shown in 1.2: no network was called on it." if len(drawn) > 1 else NOTHING)


def panels(values: list[np.ndarray | None]) -> dict[str, np.ndarray]:
    captions = ("first drawn", "reconstruction", "reconstruction 2", "reconstruction 3")
    return {caption: value for caption, value in zip(captions, values, strict=False) if value is not None}


def unrecognised(picture: Drawn, observed: Observations) -> bool:
    """A picture that is neither an input nor an output of a network, nor what the section drew first."""
    inputs = stack(digits_in(observed, call) for call in observed.calls)
    if picture.values is None:
        return True
    rows = examples(picture.values)
    first = drawn_images(observed)[0]
    if first.values is not None and first.values.size == PIXELS:
        inputs = np.concatenate([inputs, examples(first.values)])
    return not (len(rows) == 1 and among(rows[0], inputs) is not None)


@check(question=QUESTION, points=20, evidence="replayed")
def check_uses_the_trained_autoencoder(evidence: Evidence, student: Student, reference: Expected) -> None:
    """The reconstruction comes from the autoencoder that was trained in 1.1."""
    observed = evidence.observed(QUESTION)
    calls = [call for call in observed.calls if len(digits_out(observed, call))]
    if not calls:
        evidence.missing(QUESTION, "No network was called on the image in 1.2 yet.")
    shown = [call for call in calls if any(shown_in(picture, digits_out(observed, call)) for picture in drawn_images(observed))]
    judged = shown or calls
    training = evidence.observed(TRAINED_IN)
    trained = {network for step in training.steps for network in step.networks}
    if not trained:  # a loop that never steps was counted in 1.1
        trained = {call.network for call in training.calls if call.with_gradient}
    if any(call.network in trained for call in judged):
        return
    same = same_as_trained(student)
    if same is True:
        return
    if not trained:
        require(same is None, "The network that reconstructs the image was never trained in 1.1.")
        evidence.missing(TRAINED_IN, "The network that reconstructs the image was never trained in 1.1.")
    later = {network for step in evidence.execution.observations.steps for network in step.networks}
    if same is None or any(call.network in later for call in judged):
        review("The image is reconstructed by another network object than the one trained in 1.1, so a person has to look at it.")
    name = next((network.class_name for network in observed.networks if network.id == judged[-1].network), "network")
    require(
        False,
        f"The image should be reconstructed by the autoencoder trained in 1.1, but the {name} used here is another one that was not "
        f"trained.",
    )


def same_as_trained(student: Student) -> bool | None:
    """Whether the network used in 1.2 computes what the one trained in 1.1 computes; None when that could not be measured."""
    used, trained = student.answer("q1_2.autoencoder"), student.answer("q1_1.trained_autoencoder")
    if not isinstance(used, Finding):
        return None
    if used.facts.get("same_as_trained") is True:
        return True
    if not isinstance(trained, Finding):
        return None
    one, other = examples(used.arrays.get("reconstructed")), examples(trained.arrays.get("reconstructed"))
    kept = min(len(one), len(other))
    return bool(kept) and bool(np.abs(one[:kept] - other[:kept]).max() < SAME)


@by_a_person(question=QUESTION, points=50)
def answer_explanation(evidence: Evidence) -> str:
    """Says whether the reconstruction is faithful, and why not."""
    return written(evidence, QUESTION, "EXPLANATION")
