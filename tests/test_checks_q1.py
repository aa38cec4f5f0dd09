"""Question 1: right solutions in several forms, and every mistake that must be caught, on fabricated evidence and really measured masks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.model.execution import Absent, Answer, CellRun, CellStatus, Finding
from autograder.model.grading import Outcome
from reference import probes
from reference.data.sample import digits
from reference.judging.masking import filled_in
from fabricated import Seen, checks, code, evidence, markdown, outcome

PASSED, FAILED, REVIEW = Outcome.PASSED, Outcome.FAILED, Outcome.REVIEW
q1_1, q1_2, q1_3 = checks("q1_1"), checks("q1_2"), checks("q1_3")
MASKS = ("zeroes_left_half", "keeps_the_other_half", "leaves_the_input_alone")
TRAINING = ("trains_on_masked_images", "target_is_the_unmasked_image", "trains_for_30_epochs")
HEADING = markdown(0, "### 1.1 A bigger mask")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn digits, in the shape that is staged for a kernel."""
    images, labels = digits.draw(136, 5)
    target = tmp_path_factory.mktemp("digits")
    np.savez(target / "mnist.npz", train_images=images[:64], train_labels=labels[:64], test_images=images[64:], test_labels=labels[64:])
    return target


def real(folder: Path, start: int = 0, count: int = 16) -> np.ndarray:
    with np.load(folder / "mnist.npz") as file:
        return np.asarray(file["train_images"][start : start + count].reshape(count, 784) / 255.0)


def masked(images: np.ndarray) -> np.ndarray:
    return probes.left_half_masked(images)


def blurred(images: np.ndarray) -> np.ndarray:
    """What a network makes of images: alike, and not equal to any."""
    planes = images.reshape(-1, 28, 28)
    return np.asarray((planes + np.roll(planes, 1, 1) + np.roll(planes, 1, 2) + np.roll(planes, -1, 1)) / 4 + 0.01).reshape(images.shape)


def ended(module: object, names: tuple[str, ...], given: object) -> dict[str, Outcome]:
    return {name: outcome(getattr(module, f"check_{name}"), given)[0] for name in names}  # type: ignore[arg-type]


MASK_HEAD = "def apply_mask(x, image_size=28):\n    "
RIGHT_MASKS = {
    "a slice of a copy": "m = x.clone(); m[..., :14] = 0; return m",
    "loops over images and columns": "m = x.clone()\n    for i in range(len(x)):\n        for j in range(image_size // 2): m[i, :, :, j] = 0\n    return m",
    "torch.where": "return torch.where(torch.arange(28) < 14, torch.zeros(()), x)",
    "multiplied by a mask": "k = torch.ones_like(x); k[:, :, :, :14] = 0; return x * k",
    "masked_fill": "return x.masked_fill((torch.arange(28) < 14).expand_as(x), 0.0)",
    "without gradient, flattened": "m = x.detach().clone()\n    with torch.no_grad(): m[:, :, :, :14] = 0\n    return m.reshape(len(x), -1)",
    "squeezed": "m = x.clone(); m[..., :14] = 0; return m.squeeze(1)",
}
WRONG_MASKS = {
    "the right half": ("m = x.clone(); m[..., 14:] = 0; return m", MASKS[0]),
    "the top half": ("m = x.clone(); m[..., :14, :] = 0; return m", MASKS[0]),
    "the bottom half": ("m = x.clone(); m[..., 14:, :] = 0; return m", MASKS[0]),
    "the first 392 pixels": ("m = x.clone().reshape(len(x), -1); m[:, :392] = 0; return m.reshape(x.shape)", MASKS[0]),
    "13 columns": ("m = x.clone(); m[..., :13] = 0; return m", MASKS[0]),
    "15 columns": ("m = x.clone(); m[..., :15] = 0; return m", MASKS[1]),
    "a random mask": ("s = int(torch.randint(1, 14, (1,))); m = x.clone(); m[..., s:s + 14] = 0; return m", MASKS[0]),
    "the first image only": ("m = x.clone(); m[0, ..., :14] = 0; return m", MASKS[0]),
    "ones instead of zeros": ("m = x.clone(); m[..., :14] = 1; return m", MASKS[0]),
    "nothing": ("return x.clone()", MASKS[0]),
    "in place": ("x[..., :14] = 0; return x", MASKS[2]),
}


def measured(measure: Callable[..., dict[str, Answer]], body: str, folder: Path) -> dict[str, Answer]:
    asked = [probe for probe in probes.plan(0, folder) if probe.name.startswith("q1_1.apply_mask")]
    return measure(f"import torch\n{MASK_HEAD}{body}", asked)


@pytest.mark.parametrize("form", RIGHT_MASKS)
def test_a_right_mask_passes_in_every_form(measure: Callable[..., dict[str, Answer]], folder: Path, form: str) -> None:
    """Spelling and the result's layout do not matter."""
    given = evidence({"1.1": (HEADING, code(1))}, answers=measured(measure, RIGHT_MASKS[form], folder), folder=folder)
    assert ended(q1_1, MASKS, given) == dict.fromkeys(MASKS, PASSED)


@pytest.mark.parametrize("mistake", WRONG_MASKS)
def test_a_wrong_mask_costs_once(measure: Callable[..., dict[str, Answer]], folder: Path, mistake: str) -> None:
    """Each mistake fails the check that is about it, and no other."""
    body, caught_by = WRONG_MASKS[mistake]
    given = evidence({"1.1": (HEADING, code(1))}, answers=measured(measure, body, folder), folder=folder)
    if mistake == "the first image only":
        assert "only the first of 5 images" in outcome(q1_1.check_zeroes_left_half, given)[1]
    assert ended(q1_1, MASKS, given) == {name: FAILED if name == caught_by else PASSED for name in MASKS}


def test_a_mask_for_another_layout_counts_when_the_training_uses_it(measure: Callable[..., dict[str, Answer]], folder: Path) -> None:
    """A function on (B, 28, 28) masks rows when given (B, 1, 28, 28); what the network was trained on tells how it is used."""
    answers = measured(measure, "m = x.clone(); m[:, :, :14] = 0; return m", folder)
    cells = {"1.1": (HEADING, code(1))}
    assert outcome(q1_1.check_zeroes_left_half, evidence(cells, answers=answers, folder=folder))[0] is FAILED
    assert outcome(q1_1.check_zeroes_left_half, evidence(cells, trained(folder), answers, folder=folder))[0] is PASSED


def test_a_missing_mask_fails_kindly(folder: Path) -> None:
    """The sentence says what is missing."""
    answers = {name: Absent(name, "There is no apply_mask yet.") for name in q1_1.PROBES}
    assert outcome(q1_1.check_zeroes_left_half, evidence({"1.1": (HEADING,)}, answers=answers, folder=folder)) == (
        FAILED,
        "There is no apply_mask yet.",
    )


def trained(
    folder: Path,
    *,
    given: Callable[[np.ndarray], np.ndarray] = masked,
    target: Callable[[np.ndarray], np.ndarray] = np.array,
    epochs: int = 30,
    steps: bool = True,
    loss: bool = True,
    passes: bool = True,
    swapped: bool = False,
) -> Seen:
    """A training as the observers see it."""
    seen = Seen().at("1.1", 1)
    network = seen.network()
    for epoch in range(epochs):
        if passes:
            seen.data_pass()
        images = real(folder, 16 * (epoch % 2))
        painted = blurred(images)
        seen.call(network, given(images), painted, kept=epoch < 2)
        if loss:
            sides = (target(images), painted) if swapped else (painted, target(images))
            if epoch < 2:
                seen.loss(*sides)
        if steps:
            seen.step(network, before=f"w{epoch}", after=f"w{epoch + 1}")
    return seen


def painted(folder: Path, content: float = 1.0) -> dict[str, Answer]:
    """The trained network's answer to the probe, with so much of the left half painted."""
    whole = probes.fresh_digits(0, folder)
    result = whole.copy().reshape(-1, 28, 28)
    result[:, :, :14] *= content
    return {"q1_1.trained_autoencoder": Finding("q1_1.trained_autoencoder", arrays={"reconstructed": result.reshape(-1, 784)})}


def right_mask(folder: Path) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for probe in probes.plan(0, folder):
        if probe.name.startswith("q1_1.apply_mask"):
            images = probe.arrays["images"]
            found[probe.name] = Finding(probe.name, arrays={"masked": masked(images), "after": images})
    return found


TRAINED_RIGHT = {
    "as asked": {},
    "arguments of the loss swapped": {"swapped": True},
    "a loss written by hand": {"loss": False},
    "normalised images": {"given": lambda images: masked((images - 0.13) / 0.31), "target": lambda images: (images - 0.13) / 0.31},
    "batches without a loader": {"passes": False},
}


@pytest.mark.parametrize("form", TRAINED_RIGHT)
def test_a_right_training_passes(folder: Path, form: str) -> None:
    """Whatever the loss, the scale of the images and the way batches are made."""
    seen = trained(folder, **TRAINED_RIGHT[form])  # type: ignore[arg-type]
    given = evidence({"1.1": (HEADING, code(1))}, seen, {**right_mask(folder), **painted(folder)}, folder=folder)
    assert ended(q1_1, TRAINING, given) == dict.fromkeys(TRAINING, PASSED)


TRAINED_WRONG = {
    "mask not used": ({"given": np.array}, 1.0, TRAINING[0]),
    "empty input": ({"given": np.zeros_like}, 1.0, TRAINING[0]),
    "masked target": ({"target": masked}, 0.0, TRAINING[1]),
    "masked target, loss by hand": ({"target": masked, "loss": False}, 0.0, TRAINING[1]),
    "29 epochs": ({"epochs": 29}, 1.0, TRAINING[2]),
    "never steps": ({"steps": False}, 1.0, TRAINING[0]),
}


@pytest.mark.parametrize("mistake", TRAINED_WRONG)
def test_a_wrong_training_costs_once(folder: Path, mistake: str) -> None:
    """Each mistake fails the check that is about it, and no other."""
    how, content, caught_by = TRAINED_WRONG[mistake]
    given = evidence({"1.1": (HEADING, code(1))}, trained(folder, **how), {**right_mask(folder), **painted(folder, content)}, folder=folder)  # type: ignore[arg-type]
    assert ended(q1_1, TRAINING, given) == {name: FAILED if name == caught_by else PASSED for name in TRAINING}


def test_training_with_a_wrong_mask_is_counted_at_the_mask(measure: Callable[..., dict[str, Answer]], folder: Path) -> None:
    """Who masks the right half trains on images whose right half is masked; that is one mistake."""

    def right_half(images: np.ndarray) -> np.ndarray:
        result = images.copy().reshape(-1, 28, 28)
        result[:, :, 14:] = 0
        return result.reshape(images.shape)

    answers = {**measured(measure, WRONG_MASKS["the right half"][0], folder), **painted(folder)}
    given = evidence({"1.1": (HEADING, code(1))}, trained(folder, given=right_half), answers, folder=folder)
    assert ended(q1_1, TRAINING, given) == dict.fromkeys(TRAINING, PASSED)


def test_what_is_observed_and_what_comes_out_must_agree(folder: Path) -> None:
    """A long training on whole targets whose network leaves the left half empty is for a person."""
    seen = trained(folder, epochs=90)
    given = evidence({"1.1": (HEADING, code(1))}, seen, {**right_mask(folder), **painted(folder, 0.0)}, folder=folder)
    assert outcome(q1_1.check_target_is_the_unmasked_image, given)[0] is REVIEW


def test_no_training_at_all_fails_all_three(folder: Path) -> None:
    """The sentence says that there is no training yet; a cell that was stopped is for a person."""
    cells = {"1.1": (HEADING, code(1))}
    given = evidence(cells, answers=right_mask(folder), folder=folder)
    assert ended(q1_1, TRAINING, given) == dict.fromkeys(TRAINING, FAILED)
    assert "There is no training loop yet" in outcome(q1_1.check_trains_for_30_epochs, given)[1]
    stopped = evidence(cells, answers=right_mask(folder), folder=folder, runs=[CellRun(1, "1.1", CellStatus.TIMEOUT, 120.0)])
    assert ended(q1_1, TRAINING, stopped) == dict.fromkeys(TRAINING, REVIEW)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Epoch: 1\tMSE Loss: 0.0634\nEpoch: 30\tMSE Loss: 0.0157\n", PASSED),
        ("Epoch [30/30], Loss: 0.0146", PASSED),
        ("[0.0634, 0.0186, 0.0157]", PASSED),
        ("Epoch: 30\tMSE Loss: 0.0634", FAILED),
        ("loss: nan", FAILED),
        ("done", REVIEW),
        ("", FAILED),
    ],
)
def test_the_reported_loss(folder: Path, printed: str, expected: Outcome) -> None:
    """The last one printed, in any format; nothing printed is for a person when there was work."""
    given = evidence({"1.1": (HEADING, code(1, printed=printed))}, folder=folder)
    assert outcome(q1_1.check_reports_a_low_loss, given)[0] is expected


def test_a_high_loss_of_another_kind_is_for_a_person(folder: Path) -> None:
    """A binary cross entropy lies above the limit of a squared error."""
    seen = trained(folder)
    seen.loss(real(folder), real(folder), kind="binary_cross_entropy", value=0.2)
    given = evidence({"1.1": (HEADING, code(1, printed="loss: 0.1204"))}, seen, folder=folder)
    assert outcome(q1_1.check_reports_a_low_loss, given)[0] is REVIEW


def test_the_loss_plot(folder: Path) -> None:
    """A pasted picture or a falling line counts; pictures of digits and TensorBoard alone do not."""
    check = q1_1.check_shows_a_loss_plot
    falls = Seen().at("1.1", 1)
    falls.plot(("", {"": [1 / n for n in range(1, 31)]}))
    assert outcome(check, evidence({"1.1": (HEADING, code(1))}, falls, folder=folder))[0] is PASSED
    assert outcome(check, evidence({"1.1": (HEADING, markdown(1, "", figures=1))}, folder=folder))[0] is PASSED
    shown = Seen().at("1.1", 1)
    shown.images(real(folder)[0].reshape(28, 28))
    assert outcome(check, evidence({"1.1": (HEADING, code(1, figures=1))}, shown, folder=folder))[0] is FAILED
    short = Seen().at("1.1", 1)
    short.plot(("", {"": [3.0, 2.0, 1.0]}))
    assert outcome(check, evidence({"1.1": (HEADING, code(1))}, short, folder=folder))[0] is FAILED
    logged = Seen().at("1.1", 1)
    logged.scalar("mse_loss", 0.02, 1)
    assert outcome(check, evidence({"1.1": (HEADING, code(1))}, logged, folder=folder))[0] is REVIEW
    assert outcome(check, evidence({"1.1": (HEADING, code(1))}, folder=folder))[0] is FAILED


def reconstructed(folder: Path, *, show: str = "output", network: str = "trained", masks: bool = False) -> Seen:
    """1.1's training, the given picture, and a reconstruction of it in 1.2."""
    seen = trained(folder)
    other = seen.network()
    three = digits.right_part_of_three().reshape(1, 784).astype(np.float64)
    seen.at("1.2", 3).images(three.reshape(28, 28))
    seen.at("1.2", 4)
    out = blurred(real(folder, 40, 1))
    if show != "nothing":
        seen.call(1 if network == "trained" else other, masked(three) if masks else three, out, gradient=False)
    match show:
        case "output":
            seen.images(out.reshape(28, 28))
        case "input":
            seen.images(three.reshape(28, 28))
        case "a line":
            seen.images(out)
        case "both side by side":
            seen.images(np.concatenate([three.reshape(28, 28), out.reshape(28, 28)], axis=1))
    return seen


SECTIONS_1_2 = {
    "1.1": (HEADING, code(1)),
    "1.2": (markdown(2, "### 1.2"), code(3, figures=1), code(4, figures=1)),
}


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
    sections = SECTIONS_1_2 if drew else {**SECTIONS_1_2, "1.2": (markdown(2, "### 1.2"), code(3, figures=1), code(4))}
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
    given = evidence(SECTIONS_1_2, reconstructed(folder, network="another"), answers, folder=folder)
    assert outcome(q1_2.check_uses_the_trained_autoencoder, given)[0] is PASSED


def test_a_pasted_reconstruction_is_for_a_person(folder: Path) -> None:
    """A picture that no code drew may show anything."""
    seen = trained(folder)
    seen.at("1.2", 3).images(digits.right_part_of_three())
    sections = {**SECTIONS_1_2, "1.2": (markdown(2, "### 1.2"), code(3, figures=1), markdown(4, "", figures=1))}
    assert outcome(q1_2.check_shows_a_reconstruction, evidence(sections, seen, folder=folder))[0] is REVIEW


def augmented(folder: Path, *, mistake: str = "", batch: bool = False, masks: bool = False, own: bool = False) -> Seen:
    """Three shifted pictures and what the network makes of them."""
    seen = trained(folder).at("1.3", 6)
    three = digits.right_part_of_three().reshape(1, 784).astype(np.float64)
    ranges = {"other ranges": {"degrees": (-30.0, 30.0)}, "no translate": {"translate": None}, "no shear": {"shear": None}}.get(mistake, {})
    transform = 0 if own else seen.transform(**ranges)  # type: ignore[arg-type]
    sources, results = [], []
    for k in range(3):
        shift = 2 if mistake == "one image three times" else k + 1
        moved = np.roll(three.reshape(28, 28), shift, 1).reshape(1, 784)
        out = blurred(real(folder, 40 + shift, 1))
        if mistake == "reconstructs first":
            moved = np.roll(out.reshape(28, 28), shift, 0).reshape(1, 784)
            seen.call(1, three, out, gradient=False)
            seen.transformed(transform, out.reshape(1, 28, 28), moved.reshape(1, 28, 28))
        elif not (mistake == "one image three times" and k):
            if not own:
                seen.transformed(transform, three.reshape(1, 28, 28), moved.reshape(1, 28, 28))
            if not batch:
                seen.call(1, masked(moved) if masks else moved, out, gradient=False)
        sources.append(moved)
        results.append(out)
    if batch:
        seen.call(1, np.concatenate(sources), np.concatenate(results), gradient=False)
    if mistake != "reconstructions not shown":
        seen.images(*(one.reshape(28, 28) for pair in zip(sources, results, strict=True) for one in pair))
    else:
        seen.images(*(one.reshape(28, 28) for one in sources))
    return seen


SECTIONS_1_3 = {**SECTIONS_1_2, "1.3": (markdown(5, "### 1.3"), code(6, figures=1))}


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
    given = evidence(SECTIONS_1_3, augmented(folder, **how), folder=folder)  # type: ignore[arg-type]
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, given)[0] is ranges
    assert outcome(q1_3.check_shows_three_augmented_images_and_their_reconstructions, given)[0] is shown


@pytest.mark.parametrize("shear", [(-5.0, 5.0), (5.0,), (-5.0, 5.0, 0.0, 0.0), (-5.0, 5.0, -5.0, 5.0)])
def test_every_form_of_shear_is_accepted(folder: Path, shear: tuple[float, ...]) -> None:
    """torchvision takes a number, a pair, or two pairs."""
    seen = Seen().at("1.3", 6)
    seen.transform(degrees=(10.0,), shear=shear)
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, evidence(SECTIONS_1_3, seen, folder=folder))[0] is PASSED


def test_no_augmentation_fails_kindly(folder: Path) -> None:
    """An empty section is told what is missing."""
    given = evidence({"1.3": (markdown(5, "### 1.3"), code(6, "# YOUR CODE HERE"))}, folder=folder)
    assert outcome(q1_3.check_transform_has_the_ranges_asked_for, given) == (FAILED, q1_3.NO_TRANSFORM)
    assert outcome(q1_3.check_shows_three_augmented_images_and_their_reconstructions, given) == (FAILED, q1_3.NOTHING)


def test_how_much_is_painted(folder: Path) -> None:
    """Whole digits give one, an empty or evenly grey left half nothing."""
    whole = probes.fresh_digits(0, folder)
    assert filled_in(whole, whole) == pytest.approx(1.0)
    assert filled_in(masked(whole), whole) == pytest.approx(0.0)
    assert filled_in(np.full_like(whole, 0.4), whole) == pytest.approx(0.0, abs=1e-6)
