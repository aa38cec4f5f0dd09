"""1.1: the mask itself (probed), what was trained on what (replayed), and the loss that the notebook shows (reported)."""

from __future__ import annotations

import numpy as np

from autograder.checks import Evidence, Show, Student, check, require, review
from autograder.model.execution import Finding
from autograder.reported import printed
from reference.judging import beside, loss_units
from reference.judging.autoencoder_training import (
    calls_its_mask,
    epochs_seen,
    is_told_again,
    judge_steps,
    logged_epochs,
    masks_in_place,
    masks_inside,
    may_stop_early,
    parameters_moved,
    says_it_stopped_early,
    smaller_part,
)
from reference.judging.curves import by_epoch
from reference.judging.expected import Expected
from reference.judging.given import idle_functions, not_trained
from reference.judging.loss_plots import judge_autoencoder_plot
from reference.judging.mask_probes import PROBES, QUESTION, student_masks, trained_on, wrong_mask
from reference.judging.masking import (
    Content,
    filled_in,
    from_the_test_set,
    keep_a_half,
    masked_elsewhere,
    negative_targets,
    range_of_greys,
    real_digits,
    seen_targets,
    share,
    training_calls,
)
from reference.judging.pictures import SIDE, examples
from reference.judging.targets import judge_comparison

EPOCHS = 30
SMALLEST_SHARE = 0.4  # of the images, in an epoch: a last batch that is dropped may be nearly half of the few images of the replay
MOST = 0.9  # of the training inputs, where all of them are meant
NO_TRAINING = "There is no training loop yet: no network was trained in 1.1."
TARGET_LEARNED, TARGET_EMPTY = 0.4, 0.15  # of `filled_in`: measured 0.8 and more after 30 short epochs, 0.02 with a masked target


@check(question=QUESTION, points=20, evidence="probed", public=True)
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


@check(question=QUESTION, points=10, evidence="probed", public=True)
def check_keeps_the_other_half(student: Student, reference: Expected, evidence: Evidence) -> None:
    """apply_mask leaves the other half of the image as it is."""
    found = student_masks(student, reference, evidence)
    # A mask of the right size in the wrong place was counted at the left half; here only what it takes too much counts.
    misplaced = not all(mask.left_is_zero for _, _, mask in found)
    for given, _, mask in found:
        kept = keep_a_half([mask for _, _, mask in found]) if misplaced else mask.right_is_kept
        require(kept, f"apply_mask should change no more than one half of the image. With a batch of {len(given)}: {mask.seen()}.")


@check(question=QUESTION, points=10, evidence="probed", public=True)
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
    judge_steps(evidence, QUESTION, NO_TRAINING)
    found, rows = trained_on(evidence)
    if not found:
        review("A network was trained, but not on arrays that could be recognised as images.")
    show.images("What the network was trained on, first images", {str(n + 1): row.reshape(SIDE, SIDE) for n, row in enumerate(rows[:4])})
    held_back = from_the_test_set(rows, evidence.data_folder)
    require(
        held_back.mean() < MOST,
        f"The network should be trained on the training digits, but {held_back.sum()} of the {len(rows)} training inputs looked at are "
        f"digits of the test set.",
    )
    parts = smaller_part(observed, epochs_seen(observed, evidence.data_folder)[2])
    if parts is not None:
        require(
            False,
            f"The network should be trained on the larger part of the digits, but it was trained on the smaller one ({parts[0]} of "
            f"{sum(parts)} in the replay), and the other {parts[1]} were only looked at: the two parts are swapped.",
        )
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
    others = rows[[content is Content.OTHER for content in found]]
    elsewhere = int(masked_elsewhere(others, real_digits(evidence.data_folder)).sum())
    require(
        own_mask is not None or elsewhere < len(found) / 2,
        f"The network should be trained on images whose left half is zero, but {elsewhere} of the {len(found)} training inputs looked at "
        f"are digits of which something else was taken away: the loop hides another part than apply_mask does.",
    )
    review("The training inputs are neither whole nor left-masked images, so a person has to look at them.")


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
        judge_comparison(observed)
        moved, owned = parameters_moved(observed)
        latest = [step for step in observed.steps if step.networks == observed.steps[-1].networks]
        learned = sum(step.before != step.after for step in latest) >= 60 and moved >= owned
        if painted is not None and painted <= TARGET_EMPTY and learned:
            review(
                "The loss compares with whole images, but the trained network leaves the left half empty, so a person has to look at it.",
                detail=f"filled_in = {painted:.3f}",
            )
        return
    judge_comparison(observed)
    learned_nothing = not any(step.before != step.after for step in observed.steps)
    if painted is None or learned_nothing:
        because = ", because no step changed the network" if learned_nothing else ""
        review(f"What the reconstruction is compared with could not be seen{because}, so a person has to look at it.")
    require(
        painted > TARGET_EMPTY,
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
        f"Fresh digits and what the network, trained on {student.evidence.extent} images, makes of their right half",
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
    section = evidence.section(QUESTION)
    logged = logged_epochs(section)
    if epochs >= EPOCHS:
        if is_told_again(observed):
            review("What was noted of the training repeats itself, as no training does, so a person has to look at it.")
        require(
            not (says_it_stopped_early(section) and 0 < logged < EPOCHS),
            f"Training should go over all images {EPOCHS} times, but the log says that it was stopped early, after epoch {logged}.",
        )
        # A last batch may be dropped, and calls beyond a limit are not kept.
        require(
            not observed.steps or images >= SMALLEST_SHARE * epochs * available or bool(observed.truncated),
            f"Each epoch should go over all images, but the {epochs} passes seen used about {images // epochs} of {available} images each.",
        )
        return
    if "passes" in observed.truncated or "steps" in observed.truncated:
        review("The training was too long to be seen whole, so a person has to count the epochs.")
    if logged >= EPOCHS and may_stop_early(section, observed):
        review(
            f"With the few images of the replay the training stopped after {epochs} passes, and its log shows {logged} epochs, so a person "
            f"has to look at it."
        )
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
        if idle := idle_functions(evidence, QUESTION):
            review(f"No loss was printed: nothing calls {' or '.join(idle)}, so a person has to decide this.")
        require(False, f"There is no loss in 1.1 yet: the last one printed should be at most {loss_units.LARGEST_SQUARED_ERROR}.")
    curves = {"yours": by_epoch(reported), **beside.curves(evidence, "autoencoder")}
    show.curves("Printed loss", curves, band=beside.band(evidence, "autoencoder"), x_label="epoch", y_label="loss")
    found = printed.last(reported, (printed.LossKind.TRAIN, printed.LossKind.UNKNOWN)) or reported[-1]
    last = found.value
    if last <= loss_units.LARGEST_SQUARED_ERROR:
        return
    require(found.finite, f"The last loss printed should be at most {loss_units.LARGEST_SQUARED_ERROR}, but it is {last}.")
    kinds = {loss.kind for loss in observed.losses if loss.with_gradient}
    unit = None if negative_targets(observed) else loss_units.unit(evidence, QUESTION)
    if unit is not None and unit.mean(last) <= loss_units.LIMITS[unit.kind]:
        return
    greys = range_of_greys(observed, real_digits(evidence.data_folder)) if unit is None else 1.0
    limits = [loss_units.LIMITS.get(kind, 0.0) * greys ** (2 if kind in loss_units.SQUARED else 1) for kind in kinds]
    if unit is None and last <= max(limits, default=0.0):
        return
    squared = not kinds - set(loss_units.SQUARED)
    if unit is not None and (squared or unit.mean(last) > loss_units.FAR_ABOVE * loss_units.LIMITS[unit.kind]):
        is_a_mean = "" if unit.is_plain else f", which stands for {unit.mean(last):.3g} a pixel"
        require(False, f"The last loss printed should be at most {loss_units.LIMITS[unit.kind]}, but it is {last:.4g}{is_a_mean}.")
    if not squared or any(loss.value > 1.0 for loss in observed.losses) or negative_targets(observed):
        review(
            f"The last loss printed is {last:.4g}. It is not a mean squared error of grey values from 0 to 1, so a person has to judge it."
        )
    require(False, f"The last loss printed should be at most {loss_units.LARGEST_SQUARED_ERROR}, but it is {last:.4g}.")


@check(question=QUESTION, points=15, evidence="reported")
def check_shows_a_loss_plot(evidence: Evidence, show: Show) -> None:
    """There is a plot of the reconstruction loss."""
    judge_autoencoder_plot(QUESTION, evidence, show)
