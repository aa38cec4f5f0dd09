"""1.1: how far the autoencoder was trained: which parameters were moved, over how many epochs, and where the mask was applied."""

from __future__ import annotations

import bisect
import re
from pathlib import Path

import numpy as np

from autograder.checks import Evidence, Student
from autograder.model.execution import Finding
from autograder.model.observations import Observations
from reference.judging.expected import Expected
from reference.judging.pictures import examples

# What other losses are when the mean squared error is 0.03: read from one run of the reference on MNIST, trained with cross entropy, where
# a squared error of 0.0276 came with a cross entropy of 0.142 and an absolute error of 0.070.
LARGEST_OF_OTHER_KINDS = {
    "binary_cross_entropy": 0.15,
    "binary_cross_entropy_with_logits": 0.15,
    "l1_loss": 0.07,
    "absolute_difference": 0.07,
}
SAME_OUTPUT = 1e-5  # grey values; single precision


def parameters_moved(observed: Observations) -> tuple[int, int]:
    """How many parameters the optimizers hold, and how many the networks have that they trained."""
    taken = [step for step in observed.steps if step.before != step.after and step.networks]
    held = {step.optimizer: step.optimizer_parameter_count for step in taken}
    trained = {number for step in taken for number in step.networks}
    sizes = [network.parameter_count for network in observed.networks if network.id in trained]
    return sum(held.values()), sum(sizes)


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


def masks_in_place(student: Student, reference: Expected, probe: str) -> bool:
    """Whether the mask function changed its argument."""
    answer = student.answer(probe)
    given = reference.probe(probe).arrays["images"]
    return (
        isinstance(answer, Finding)
        and answer.arrays["after"].size == given.size
        and not np.array_equal(answer.arrays["after"].ravel(), given.ravel())
    )
