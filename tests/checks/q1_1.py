"""1.1: the mask itself (probed), what was trained on what (replayed), and the loss that the notebook shows (reported)."""

from __future__ import annotations

import numpy as np

from autograder.checks import Evidence, Show, Student, check, require, review
from autograder.model.execution import Finding, Raised
from autograder.model.submission import FigureOrigin
from autograder.reported import printed
from reference import recorded
from reference.judging.autoencoder_training import (
    LARGEST_OF_OTHER_KINDS,
    calls_its_mask,
    epochs_seen,
    masks_in_place,
    masks_inside,
    parameters_moved,
)
from reference.judging.curves import by_epoch, falling, lines
from reference.judging.expected import Expected
from reference.judging.given import not_trained
from reference.judging.masking import (
    Content,
    Mask,
    contents,
    filled_in,
    masks,
    negative_targets,
    real_digits,
    seen_targets,
    share,
    training_calls,
)
from reference.judging.passes import digits_in
from reference.judging.pictures import SIDE, examples, stack

QUESTION = "1.1"
PROBES = tuple(f"q1_1.apply_mask.batch{batch}" for batch in (1, 5, 64))
EPOCHS = 30
SMALLEST_SHARE = 0.4  # of the images, in an epoch: a last batch that is dropped may be nearly half of the few images of the replay
LARGEST_LOSS = 0.03  # the reference ends at 0.0150 ± 0.0010
FEWEST_POINTS = 10  # of a loss plot
NO_TRAINING = "There is no training loop yet: no network was trained in 1.1."
TARGET_LEARNED, TARGET_EMPTY = 0.4, 0.15  # of `filled_in`: measured 0.8 and more after 30 short epochs, 0.02 with a masked target


def student_masks(student: Student, reference: Expected, evidence: Evidence) -> tuple[tuple[np.ndarray, np.ndarray, Mask], ...]:
    """For each batch: the images given, the argument after the call, and what the mask did.

    The images' own layout (B, 1, 28, 28) counts. Another one that the function also takes counts when the mask is right in it and the
    training saw left halves that are zero: then it is the layout the student works in.
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
    chosen = 0
    if not all(found[0].is_right for _, _, found in measured) and trained_on(evidence)[0].count(Content.MASKED):
        layouts = min(len(found) for _, _, found in measured)
        chosen = next((layout for layout in range(layouts) if all(found[layout].is_right for _, _, found in measured)), 0)
    return tuple((given, after, found[chosen]) for given, after, found in measured)


def trained_on(evidence: Evidence) -> tuple[tuple[Content, ...], np.ndarray]:
    """What the networks trained in 1.1 were given, and those rows (N, 784)."""
    observed = evidence.observed(QUESTION)
    rows = stack(digits_in(observed, call) for call in training_calls(observed))
    return contents(rows, real_digits(evidence.data_folder)), rows


@check(question=QUESTION, points=20, evidence="probed")
def check_zeroes_left_half(student: Student, reference: Expected, evidence: Evidence, show: Show) -> None:
    """apply_mask sets the left half of every image to zero."""
    found = student_masks(student, reference, evidence)
    given, _, mask = found[-1]
    show.images(
        "A grey test image, masked",
        {"given": given[0], "yours": mask.returned[0], "expected": reference.mask_left_half(given)[0]},
        hidden=False,
    )
    for given, _, mask in found:
        require(
            mask.left_is_zero,
            f"apply_mask should set columns 0 to 13 of every image to zero. With a batch of {len(given)}: {mask.seen()}.",
        )


@check(question=QUESTION, points=10, evidence="probed")
def check_keeps_the_other_half(student: Student, reference: Expected, evidence: Evidence) -> None:
    """apply_mask leaves the other half of the image as it is."""
    for given, _, mask in student_masks(student, reference, evidence):
        # A mask of the right size in the wrong place was counted at the left half; here only what it takes too much counts.
        kept = mask.right_is_kept if mask.left_is_zero else mask.keeps_a_half
        require(kept, f"apply_mask should change no more than one half of the image. With a batch of {len(given)}: {mask.seen()}.")


@check(question=QUESTION, points=10, evidence="probed")
def check_leaves_the_input_alone(student: Student, reference: Expected, evidence: Evidence) -> None:
    """apply_mask works on a copy: the images it is given stay as they were."""
    for given, after, _ in student_masks(student, reference, evidence):
        require(
            after.size == given.size and np.array_equal(after.reshape(given.shape), given),
            "apply_mask should leave its argument as it is, because the original image is still needed as the target. "
            "After the call the argument itself had changed.",
        )


@check(question=QUESTION, points=15, evidence="replayed")
def check_trains_on_masked_images(student: Student, reference: Expected, evidence: Evidence, show: Show) -> None:
    """The network is trained on masked images."""
    observed = evidence.observed(QUESTION)
    calls = training_calls(observed)
    if not observed.steps:
        if not calls:
            not_trained(evidence, QUESTION, NO_TRAINING)
        evidence.missing(QUESTION, "The loop computes the network's output, but no optimizer step was seen, so nothing is learned.")
    require(
        any(step.before != step.after or not step.before for step in observed.steps),
        "The optimizer took its steps, but the network's weights were the same afterwards, so nothing was learned.",
    )
    moved, owned = parameters_moved(observed)
    require(moved >= owned, f"The optimizer should move all parameters of the network, but it holds only {moved:,} of {owned:,}.")
    found, rows = trained_on(evidence)
    if not found:
        review("A network was trained, but not on arrays that could be recognised as images.")
    show.images("What the network was trained on, first images", {str(n + 1): row.reshape(SIDE, SIDE) for n, row in enumerate(rows[:4])})
    if share(found, Content.MASKED) >= 0.5:
        return
    own_mask = wrong_mask(student, reference, evidence)
    if own_mask is not None and own_mask.changed.any() and found.count(Content.WHOLE) < len(found):
        return  # masked, with a mask that is wrong: that was counted at apply_mask
    takes_nothing = own_mask is not None and not own_mask.changed.any()
    if (takes_nothing and calls_its_mask(evidence, QUESTION)) or masks_inside(student):
        return  # masked with a mask that takes nothing, or by the network itself
    whole = found.count(Content.WHOLE)
    require(
        share(found, Content.WHOLE) < 0.5,
        f"The network should be trained on images whose left half is zero, but {whole} of the {len(found)} training inputs looked at "
        f"were whole images: the mask is not used.",
    )
    require(
        share(found, Content.BLANK) < 0.5,
        f"The network should see the right half of each image, but {found.count(Content.BLANK)} of the {len(found)} training inputs "
        f"looked at were empty.",
    )
    review("The training inputs are neither whole nor left-masked images, so a person has to look at them.")


def wrong_mask(student: Student, reference: Expected, evidence: Evidence) -> Mask | None:
    """The student's mask where it is not the left half, else None."""
    if not all(isinstance(student.answer(name), Finding) for name in PROBES):
        return None
    for name in PROBES:
        if not masks(reference.probe(name).arrays["images"], student.finding(name).arrays):
            return None
    return next((mask for _, _, mask in student_masks(student, reference, evidence) if not mask.is_right), None)


@check(question=QUESTION, points=15, evidence="replayed")
def check_target_is_the_unmasked_image(student: Student, reference: Expected, evidence: Evidence, show: Show) -> None:
    """The reconstruction is compared with the unmasked image."""
    observed = evidence.observed(QUESTION)
    if not observed.steps and not observed.losses and not training_calls(observed):
        not_trained(evidence, QUESTION, NO_TRAINING)
    painted = reconstruction(student, reference, show)
    targets = seen_targets(observed, real_digits(evidence.data_folder))
    if targets:
        whole, masked = targets.count(Content.WHOLE), targets.count(Content.MASKED)
        require(
            whole > masked,
            f"The reconstruction should be compared with the whole image, but {masked} of the {len(targets)} targets looked at had an "
            f"empty left half."
            + (" apply_mask changes its argument, so the target was masked too." if masks_in_place(student, reference, PROBES[-1]) else ""),
        )
        moved, owned = parameters_moved(observed)
        latest = [step for step in observed.steps if step.networks == observed.steps[-1].networks]
        learned = sum(step.before != step.after for step in latest) >= 60 and moved >= owned
        if painted is not None and painted <= TARGET_EMPTY and learned:
            review(
                "The loss compares with whole images, but the trained network leaves the left half empty, so a person has to look at it.",
                detail=f"filled_in = {painted:.3f}",
            )
        return
    if painted is None:
        review("What the reconstruction is compared with could not be seen, so a person has to look at it.")
    require(
        painted > TARGET_EMPTY or not observed.steps,
        "The reconstruction should be compared with the whole image, but the trained network leaves the left half empty, as if that "
        "were its target.",
        detail=f"filled_in = {painted:.3f}",
    )
    if painted < TARGET_LEARNED:
        review(
            "What the reconstruction is compared with could not be seen, so a person has to look at it.",
            detail=f"filled_in = {painted:.3f}",
        )


def reconstruction(student: Student, reference: Expected, show: Show) -> float | None:
    """How much of the left half the trained network paints for fresh masked digits; None when it could not be asked."""
    answer = student.answer("q1_1.trained_autoencoder")
    if not isinstance(answer, Finding):
        return None
    whole, painted = reference.fresh_digits(), examples(answer.arrays.get("reconstructed"))
    if painted.shape != whole.shape:
        return None
    show.images(
        "Fresh digits and what the network, trained on few images, makes of their right half",
        {
            "digit": whole[0].reshape(SIDE, SIDE),
            "painted": painted[0].reshape(SIDE, SIDE),
            "digit ": whole[1].reshape(SIDE, SIDE),
            "painted ": painted[1].reshape(SIDE, SIDE),
        },
    )
    return filled_in(painted, whole)


@check(question=QUESTION, points=5, evidence="replayed")
def check_trains_for_30_epochs(evidence: Evidence) -> None:
    """Training goes on for 30 epochs."""
    observed = evidence.observed(QUESTION)
    if not observed.steps and not training_calls(observed):
        not_trained(evidence, QUESTION, NO_TRAINING)
    epochs, images, available = epochs_seen(observed, evidence.data_folder)
    if epochs >= EPOCHS:
        # A last batch may be dropped, and calls beyond a limit are not kept.
        require(
            not observed.steps or images >= SMALLEST_SHARE * epochs * available or bool(observed.truncated),
            f"Each epoch should go over all images, but the {epochs} passes seen used about {images // epochs} of {available} images each.",
        )
        return
    if "passes" in observed.truncated or "steps" in observed.truncated:
        review("The training was too long to be seen whole, so a person has to count the epochs.")
    evidence.missing(QUESTION, f"Training should go over all images {EPOCHS} times, but {epochs} passes were seen.")


@check(question=QUESTION, points=10, evidence="reported")
def check_reports_a_low_loss(evidence: Evidence, show: Show) -> None:
    """The last loss printed is at most 0.03."""
    section = evidence.section(QUESTION)
    observed = evidence.observed(QUESTION)
    reported = printed.losses(section)
    if not reported:
        if observed.steps or observed.losses or section.figures or any(cell.outputs for cell in section.code):
            review("No loss was printed, so a person has to read it from the plot.")
        require(False, "There is no loss in 1.1 yet: the last one printed should be at most 0.03.")
    show.curves("Printed loss", {"yours": by_epoch(reported)}, band=recorded.band("autoencoder"), x_label="epoch", y_label="loss")
    found = printed.last(reported, (printed.LossKind.TRAIN, printed.LossKind.UNKNOWN)) or reported[-1]
    last = found.value
    if last <= LARGEST_LOSS:
        return
    require(found.finite, f"The last loss printed should be at most {LARGEST_LOSS}, but it is {last}.")
    kinds = {loss.kind for loss in observed.losses if loss.with_gradient}
    if last <= max((LARGEST_OF_OTHER_KINDS.get(kind, 0.0) for kind in kinds), default=0.0):
        return
    if kinds - {"mse_loss"} or any(loss.value > 1.0 for loss in observed.losses) or negative_targets(observed):
        review(
            f"The last loss printed is {last:.4g}. It is not a mean squared error of grey values from 0 to 1, so a person has to judge it."
        )
    require(False, f"The last loss printed should be at most {LARGEST_LOSS}, but it is {last:.4g}.")


@check(question=QUESTION, points=15, evidence="reported")
def check_shows_a_loss_plot(evidence: Evidence, show: Show) -> None:
    """There is a plot of the reconstruction loss."""
    section = evidence.section(QUESTION)
    observed = evidence.observed(QUESTION)
    curves = [line for line in lines(observed) if len(line.y) >= FEWEST_POINTS and falling(line.y)]
    if curves:
        show.curves("Loss, as drawn again from few images", {"yours": (curves[0].x, curves[0].y)}, x_label="epoch", y_label="loss")
        return
    # A cell of which only pictures of digits were seen shows no plot; what stands anywhere else may be one.
    pictures_only = {figure.cell for figure in observed.figures} - {
        figure.cell for figure in observed.figures if any(axes.lines for axes in figure.axes)
    }
    plots = [figure for figure in section.figures if figure.origin is not FigureOrigin.OUTPUT or figure.cell not in pictures_only]
    if plots:
        return
    if observed.scalars or any("tensorboard" in cell.source.lower() or "SummaryWriter" in cell.source for cell in section.code):
        review("The loss was logged to TensorBoard and no plot stands in the notebook, so a person has to look for it.")
    short = max((len(line.y) for line in lines(observed)), default=0)
    if short:
        require(
            False,
            f"The plot should show how the loss falls, with at least {FEWEST_POINTS} points; the longest line seen has {short} and "
            f"does not show it.",
        )
    evidence.missing(QUESTION, "There is no plot of the loss in 1.1 yet.")
