"""1.1: right solutions in several forms, and every mistake that must be caught, on fabricated evidence and really measured masks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fabricated import Seen, checks, code, evidence, markdown, outcome
from fabricated_digits import HEADING, masked, painted, real, trained, write_digits

from autograder.model.execution import Absent, Answer, CellRun, CellStatus, Finding
from autograder.model.grading import Outcome
from autograder.model.observations import LossCall, Observations
from reference import probes
from reference.judging import masking
from reference.judging.masking import filled_in

PASSED, FAILED, REVIEW = Outcome.PASSED, Outcome.FAILED, Outcome.REVIEW
q1_1 = checks("q1_1")
MASKS = ("zeroes_left_half", "keeps_the_other_half", "leaves_the_input_alone")
TRAINING = ("trains_on_masked_images", "target_is_the_unmasked_image", "trains_for_30_epochs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn digits, in the shape that is staged for a kernel."""
    return write_digits(tmp_path_factory.mktemp("digits"))


def ended(module: object, names: tuple[str, ...], given: object) -> dict[str, Outcome]:
    return {name: outcome(getattr(module, f"check_{name}"), given)[0] for name in names}  # type: ignore[arg-type]


MASK_HEAD = "def apply_mask(x, image_size=28):\n    "
RIGHT_MASKS = {
    "a slice of a copy": "m = x.clone(); m[..., :14] = 0; return m",
    "loops": "m = x.clone()\n    for n in range(len(x)):\n        for k in range(14): m[n, :, :, k] = 0\n    return m",
    "torch.where": "return torch.where(torch.arange(28) < 14, torch.zeros(()), x)",
    "multiplied by a mask": "k = torch.ones_like(x); k[:, :, :, :14] = 0; return x * k",
    "masked_fill": "return x.masked_fill((torch.arange(28) < 14).expand_as(x), 0.0)",
    "without gradient, flattened": "m = x.clone()\n    with torch.no_grad(): m[:, :, :, :14] = 0\n    return m.reshape(len(x), -1)",
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
        assert "only the first of " in outcome(q1_1.check_zeroes_left_half, given)[1]
    assert ended(q1_1, MASKS, given) == {name: FAILED if name == caught_by else PASSED for name in MASKS}


def test_a_mask_for_another_layout_counts_when_the_training_uses_it(measure: Callable[..., dict[str, Answer]], folder: Path) -> None:
    """A function on (B, 28, 28) masks rows when given (B, 1, 28, 28); what the network was trained on tells how it is used."""
    answers = measured(measure, "m = x.clone(); m[:, :, :14] = 0; return m", folder)
    cells = {"1.1": (HEADING, code(1))}
    assert outcome(q1_1.check_zeroes_left_half, evidence(cells, answers=answers, folder=folder))[0] is FAILED
    assert outcome(q1_1.check_zeroes_left_half, evidence(cells, trained(folder), answers, folder=folder))[0] is PASSED


LOOPS = {
    "given to the network": "for x, _ in loader:\n    loss = error(model(apply_mask(x, 28).flatten(1)), x)\n    loss.backward()",
    "by a name": "for x, _ in loader:\n    hidden = apply_mask(x, 28)\n    error(model(hidden.to(device)), x).backward()",
}
LOOPS_WITHOUT = {
    "thrown away": "for x, _ in loader:\n    hidden = apply_mask(x, 28)\n    error(model(x), x).backward()",
    "now and then": "for x, _ in loader:\n    error(model(apply_mask(x, 28) if first else x), x).backward()",
    "of another name": "hidden = apply_mask(x, 28)\nfor x, _ in loader:\n    hidden = x\n    error(model(hidden), x).backward()",
    "only shown": "for x, _ in loader:\n    error(model(x), x).backward()\nshow(apply_mask(x, 28))",
}


@pytest.mark.parametrize("loop", [*LOOPS, *LOOPS_WITHOUT])
def test_a_mask_that_is_right_for_the_grader_alone_is_for_a_person(folder: Path, loop: str) -> None:
    """Where the loop gives the network what the mask returns, and the network saw whole digits, the mask does two things."""
    source = LOOPS.get(loop) or LOOPS_WITHOUT[loop]
    given = evidence({"1.1": (HEADING, code(1, source))}, trained(folder, given=lambda images: images), right_mask(folder), folder=folder)
    assert ended(q1_1, MASKS, given) == dict.fromkeys(MASKS, REVIEW if loop in LOOPS else PASSED)


def test_a_mask_that_is_wrong_for_digits_only_is_wrong(folder: Path) -> None:
    """A mask that tells random images from digits gets nothing for the former."""
    answers = right_mask(folder)
    whole = next(probe for probe in probes.plan(0, folder) if probe.name == probes.DIGITS_PROBE).arrays["images"]
    answers[probes.DIGITS_PROBE] = Finding(probes.DIGITS_PROBE, arrays={"masked": whole, "after": whole})
    given = evidence({"1.1": (HEADING, code(1))}, answers=answers, folder=folder)
    assert outcome(q1_1.check_zeroes_left_half, given)[0] is FAILED


def test_a_missing_mask_fails_kindly(folder: Path) -> None:
    """The sentence says what is missing."""
    answers = {name: Absent(name, "There is no apply_mask yet.") for name in q1_1.PROBES}
    assert outcome(q1_1.check_zeroes_left_half, evidence({"1.1": (HEADING,)}, answers=answers, folder=folder)) == (
        FAILED,
        "There is no apply_mask yet.",
    )


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
    "encoder and decoder called one after the other": {"apart": True},
}


@pytest.mark.parametrize("form", TRAINED_RIGHT)
def test_a_right_training_passes(folder: Path, form: str) -> None:
    """Whatever the loss, the scale of the images and the way batches are made."""
    seen = trained(folder, **TRAINED_RIGHT[form])  # type: ignore[arg-type]
    given = evidence({"1.1": (HEADING, code(1))}, seen, {**right_mask(folder), **painted(folder)}, folder=folder)
    assert ended(q1_1, TRAINING, given) == dict.fromkeys(TRAINING, PASSED)


def test_notes_of_a_training_that_repeat_themselves_are_for_a_person(folder: Path) -> None:
    """Thirty copies of what was noted of one epoch are not thirty epochs."""
    seen = trained(folder)
    seen.steps[:] = [replace(step, before=f"{number % 4}", after=f"{number % 4 + 1}") for number, step in enumerate(seen.steps)]
    given = evidence({"1.1": (HEADING, code(1))}, seen, {**right_mask(folder), **painted(folder)}, folder=folder)
    assert outcome(q1_1.check_trains_for_30_epochs, given)[0] is REVIEW


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


@pytest.mark.parametrize(("printed", "expected"), [("0.1204", PASSED), ("0.2204", REVIEW)])
def test_a_high_loss_of_another_kind_is_for_a_person(folder: Path, printed: str, expected: Outcome) -> None:
    """A binary cross entropy lies above the limit of a squared error, and has a limit of its own."""
    seen = trained(folder)
    seen.loss(real(folder), real(folder), kind="binary_cross_entropy", value=0.2)
    given = evidence({"1.1": (HEADING, code(1, printed=f"loss: {printed}"))}, seen, folder=folder)
    assert outcome(q1_1.check_reports_a_low_loss, given)[0] is expected


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


def test_how_much_is_painted(folder: Path) -> None:
    """Whole digits give one, an empty or evenly grey left half nothing."""
    whole = probes.fresh_digits(0, folder)
    assert filled_in(whole, whole) == pytest.approx(1.0)
    assert filled_in(masked(whole), whole) == pytest.approx(0.0)
    assert filled_in(np.full_like(whole, 0.4), whole) == pytest.approx(0.0, abs=1e-6)


def test_an_array_that_many_losses_name_is_compared_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forged reply may name one array in each of 50,000 losses; stacked, they would fill the memory."""
    compared = []
    contents = masking.contents
    monkeypatch.setattr(masking, "contents", lambda digits, known: compared.append(len(digits)) or contents(digits, known))
    digits = masking.real_digits(folder)
    loss = LossCall(1, 1, "1.1", "mse_loss", (8, 784), (8, 784), "", "", None, True, 0.1, first="a1", second="a2")
    seen = Observations(losses=(loss,) * 1000, arrays={"a1": real(folder, 0, 8), "a2": np.random.default_rng(0).random((8, 784))})
    assert masking.seen_targets(seen, digits) == (masking.Content.WHOLE,) * 8000
    assert compared == [16]
