"""1.2 and 1.3: reconstructions and augmented images that are shown, and every mistake that must be caught."""

from __future__ import annotations

from pathlib import Path

import pytest
from fabricated import Seen, checks, code, evidence, markdown, outcome
from fabricated_digits import SECTIONS, augmented, painted, reconstructed, trained, write_digits

from autograder.model.execution import Answer, Finding
from autograder.model.grading import Outcome
from reference import probes
from reference.data.sample import digits

PASSED, FAILED, REVIEW = Outcome.PASSED, Outcome.FAILED, Outcome.REVIEW
q1_2, q1_3 = checks("q1_2"), checks("q1_3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn digits, in the shape that is staged for a kernel."""
    return write_digits(tmp_path_factory.mktemp("digits"))


@pytest.mark.parametrize(
    ("how", "shown", "from_trained"),
    [
        ({}, PASSED, PASSED),
        ({"masks": True}, PASSED, PASSED),
        ({"show": "both side by side"}, PASSED, PASSED),
        ({"show": "input"}, FAILED, PASSED),
        ({"show": "a line"}, FAILED, PASSED),
        ({"network": "another"}, PASSED, FAILED),
        ({"show": "nothing"}, FAILED, FAILED),
    ],
)
def test_the_reconstruction(folder: Path, how: dict[str, str], shown: Outcome, from_trained: Outcome) -> None:
    """It is an image, it is the output, and it comes from the trained network; each mistake costs once."""
    answers: dict[str, Answer] = painted(folder)
    if "network" in how:
        whole = probes.fresh_digits(0, folder)
        answers["q1_2.autoencoder"] = Finding("q1_2.autoencoder", {"same_as_trained": False}, {"reconstructed": whole[:16] * 0 + 0.5})
    drew = how.get("show") != "nothing"
    sections = SECTIONS if drew else {**SECTIONS, "1.2": (markdown(2, "### 1.2"), code(3, figures=1), code(4))}
    given = evidence(sections, reconstructed(folder, **how), answers, folder=folder)  # type: ignore[arg-type]
    assert outcome(q1_2.check_shows_a_reconstruction, given)[0] is shown
    assert outcome(q1_2.check_uses_the_trained_autoencoder, given)[0] is from_trained


def test_the_same_weights_in_another_object_are_the_trained_network(folder: Path) -> None:
    """Reloaded weights compute the same, which the probes show."""
    answers = painted(folder)
    trained_answer = answers["q1_1.trained_autoencoder"]
    assert isinstance(trained_answer, Finding)
    answers["q1_2.autoencoder"] = Finding(
        "q1_2.autoencoder", {"same_as_trained": False}, {"reconstructed": trained_answer.arrays["reconstructed"][:16]}
    )
    given = evidence(SECTIONS, reconstructed(folder, network="another"), answers, folder=folder)
    assert outcome(q1_2.check_uses_the_trained_autoencoder, given)[0] is PASSED


def test_a_pasted_reconstruction_is_for_a_person(folder: Path) -> None:
    """A picture that no code drew may show anything."""
    seen = trained(folder)
    seen.at("1.2", 3).images(digits.right_part_of_three())
    sections = {**SECTIONS, "1.2": (markdown(2, "### 1.2"), code(3, figures=1), markdown(4, "", figures=1))}
    assert outcome(q1_2.check_shows_a_reconstruction, evidence(sections, seen, folder=folder))[0] is REVIEW


@pytest.mark.parametrize(
    ("how", "ranges", "shown"),
    [
        ({}, PASSED, PASSED),
        ({"batch": True}, PASSED, PASSED),
        ({"masks": True}, PASSED, PASSED),
        ({"own": True}, REVIEW, PASSED),
        ({"mistake": "other ranges"}, FAILED, PASSED),
        ({"mistake": "no translate"}, FAILED, PASSED),
        ({"mistake": "no shear"}, FAILED, PASSED),
        ({"mistake": "one image three times"}, PASSED, FAILED),
        ({"mistake": "reconstructs first"}, PASSED, FAILED),
        ({"mistake": "reconstructions not shown"}, PASSED, FAILED),
    ],
)
def test_the_augmentation(folder: Path, how: dict[str, str], ranges: Outcome, shown: Outcome) -> None:
    """The ranges are those asked for, and three different images stand beside their reconstructions."""
    given = evidence(SECTIONS, augmented(folder, **how), folder=folder)  # type: ignore[arg-type]
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, given)[0] is ranges
    assert outcome(q1_3.check_shows_three_augmented_images_and_their_reconstructions, given)[0] is shown


@pytest.mark.parametrize("shear", [(-5.0, 5.0), (5.0,), (-5.0, 5.0, 0.0, 0.0), (-5.0, 5.0, -5.0, 5.0)])
def test_every_form_of_shear_is_accepted(folder: Path, shear: tuple[float, ...]) -> None:
    """torchvision takes a number, a pair, or two pairs."""
    seen = Seen().at("1.3", 6)
    seen.transform(degrees=(10.0,), shear=shear)
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, evidence(SECTIONS, seen, folder=folder))[0] is PASSED


def test_no_augmentation_fails_kindly(folder: Path) -> None:
    """An empty section is told what is missing."""
    given = evidence({"1.3": (markdown(5, "### 1.3"), code(6, "# YOUR CODE HERE"))}, folder=folder)
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, given) == (FAILED, q1_3.NO_TRANSFORM)
    assert outcome(q1_3.check_shows_three_augmented_images_and_their_reconstructions, given) == (FAILED, q1_3.NOTHING)
