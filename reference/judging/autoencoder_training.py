"""1.1: how far the autoencoder was trained: which parameters were moved, over how many epochs, and where the mask was applied."""

from __future__ import annotations

import bisect
import re
from pathlib import Path

import numpy as np

from autograder.checks import Evidence, Student, require
from autograder.model.execution import Finding
from autograder.model.observations import Observations
from autograder.model.submission import Section
from autograder.reported import printed
from reference.judging.expected import Expected
from reference.judging.given import idle_functions, not_trained
from reference.judging.masking import training_calls
from reference.judging.pictures import examples

FALLEN = 0.7  # without any change of the weights, the losses of different batches differ by a tenth or so
SMALLEST_SHARE_OF_OWN = 0.25  # of the steps; weights that are loaded again and again may lead to the same change twice
SAME_OUTPUT = 1e-5  # grey values; single precision


def judge_steps(evidence: Evidence, question: str, no_training: str) -> None:
    """Requires that a network was trained at all: steps, that change all of its weights, by the gradients of their own batches."""
    observed = evidence.observed(question)
    if not observed.steps:
        idle = idle_functions(evidence, question)
        require(not idle, f"The network should be trained, but nothing calls {' or '.join(idle)}, so it never is.")
        if not training_calls(observed):
            not_trained(evidence, question, no_training)
        if loss_falls(observed):
            return  # the parameters are moved by hand
        evidence.missing(question, "The loop computes the network's output, but no optimizer step was seen, so nothing is learned.")
    require(
        any(step.before != step.after or not step.before for step in observed.steps),
        "The optimizer took its steps, but the network's weights were the same afterwards, so nothing was learned.",
    )
    moved, owned = parameters_moved(observed)
    require(moved >= owned, f"The optimizer should move all parameters of the network, but it holds only {moved:,} of {owned:,}.")
    kept, steps = keeps_gradients(observed)
    require(
        kept <= steps / 2,
        f"Each step should follow the gradient of its own batch, but at {kept} of {steps} steps the gradients of the batches before were "
        f"still there and were added to it: they have to be set to zero before each backward pass.",
    )


def loss_falls(observed: Observations) -> bool:
    """Whether the losses that were to be learned from are far lower in the last fifth of the training than in the first."""
    values = [loss.value for loss in observed.losses if loss.with_gradient]
    fifth = len(values) // 5
    return fifth >= 2 and float(np.mean(values[-fifth:])) < FALLEN * float(np.mean(values[:fifth]))


def parameters_moved(observed: Observations) -> tuple[int, int]:
    """How many parameters the optimizers hold, and how many the networks have that they trained."""
    taken = [step for step in observed.steps if step.before != step.after and step.networks]
    held = {step.optimizer: step.optimizer_parameter_count for step in taken}
    trained = {number for step in taken for number in step.networks}
    sizes = [network.parameter_count for network in observed.networks if network.id in trained]
    return sum(held.values()), sum(sizes)


def keeps_gradients(observed: Observations) -> tuple[int, int]:
    """At how many steps the gradients of the step before were still there, of how many that had one before them."""
    later = [step for step in observed.steps if step.steps_before and step.before != step.after]
    return sum(step.carried_over for step in later), len(later)


def smaller_part(observed: Observations, available: int) -> tuple[int, int] | None:
    """The sizes of the two parts of a data set, when the smaller one was trained on and the larger one only looked at."""
    sizes = {one.dataset: one.dataset_size for one in observed.passes}
    begun = sorted((one.order, one.dataset) for one in observed.passes)
    orders = [order for order, _ in begun]

    def used(work: list[int]) -> set[int]:
        return {begun[place - 1][1] for order in work if (place := bisect.bisect(orders, order))}

    trained = used([step.order for step in observed.steps])
    looked_at = used([call.order for call in observed.calls if not call.with_gradient]) - trained
    pairs = [(sizes[one], sizes[other]) for one in trained for other in looked_at]
    return next(((one, other) for one, other in pairs if one < other and one + other == available), None)


def calls_its_mask(evidence: Evidence, question: str) -> bool:
    """Whether the section's code calls apply_mask, beside defining it."""
    return any(re.search(r"(?<!def )\bapply_mask\s*\(", cell.source) for cell in evidence.section(question).code)


def masks_inside(student: Student) -> bool:
    """Whether the network itself hides the left half: it makes the same of whole and of masked digits, but not of all digits."""
    answer = student.answer("q1_1.trained_autoencoder")
    if not isinstance(answer, Finding):
        return False
    masked, whole = examples(answer.arrays.get("reconstructed")), examples(answer.arrays.get("reconstructed_whole"))
    if not len(masked) or masked.shape != whole.shape:
        return False
    return bool(np.abs(masked - whole).max() < SAME_OUTPUT and np.ptp(masked, axis=0).max() > 100 * SAME_OUTPUT)


def epochs_seen(observed: Observations, data_folder: Path) -> tuple[int, int, int]:
    """Passes over the data in which one network was trained, the images used for it, and the images there are.

    A loader turned into a list once is passed over once, however many epochs follow: then it is the images used that count.
    """
    begun = sorted(one.order for one in observed.passes)
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        available = len(file["train_images"])
    sizes = [one.dataset_size for one in observed.passes if one.dataset_size]
    most = (0, 0)
    stepped = {step.networks for step in observed.steps} or {(call.network,) for call in observed.calls if call.with_gradient}
    for networks in stepped:
        calls = [call for call in observed.calls if call.with_gradient and call.network in networks]
        steps = [step for step in observed.steps if step.networks == networks]
        work = [step.order for step in steps] or [call.order for call in calls]
        passes = len({begun[place - 1] for order in work if (place := bisect.bisect(begun, order))})
        first = min((call.network for call in calls), default=0)
        images = max(sum(step.batch for step in steps), sum(call.batch for call in calls if call.network == first))
        most = max(most, (max(passes, round(images / available)), images))
    return *most, min([available, *sizes])


def is_told_again(observed: Observations) -> bool:
    """Whether most of the steps that changed a network made the same change of the same network as another: records that were copied.

    Training never comes back to the same weights, so somebody wrote into the notes that are taken in the student's kernel.
    """
    changes = [(step.networks, step.before, step.after) for step in observed.steps if step.before != step.after]
    return len(set(changes)) < SMALLEST_SHARE_OF_OWN * len(changes)


def logged_epochs(section: Section) -> int:
    """The number of the last epoch in the printed log, counted from 1; 0 where none is printed."""
    numbers = [loss.epoch for loss in printed.losses(section) if loss.epoch is not None]
    return max(numbers) + (min(numbers) == 0) if numbers else 0


def says_it_stopped_early(section: Section) -> bool:
    """Whether the printed log names early stopping."""
    return re.search(r"early.?stop|stopp?(?:ed|ing) early", section.printed, re.IGNORECASE) is not None


def may_stop_early(section: Section, observed: Observations) -> bool:
    """Whether the loop can end by what it measures: it leaves it, and calls the network between the steps without training it."""
    steps = [step.order for step in observed.steps]
    measures = any(not call.with_gradient and steps and call.order > steps[0] for call in observed.calls)
    return measures and any(re.search(r"\b(?:break|return|early|patience)\b", cell.source) for cell in section.code)


def masks_in_place(student: Student, reference: Expected, probe: str) -> bool:
    """Whether the mask function changed its argument."""
    answer = student.answer(probe)
    given = reference.probe(probe).arrays["images"]
    return (
        isinstance(answer, Finding)
        and answer.arrays["after"].size == given.size
        and not np.array_equal(answer.arrays["after"].ravel(), given.ravel())
    )
