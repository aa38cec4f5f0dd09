# ruff: noqa: E501 - student code stands in one line
"""Measurements inside the kernel: masks and autoencoders in every shape that students give them, and how failures come back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.model.execution import Absent, Answer, Finding, Raised
from reference import probes
from reference.course.measured import images

ASKED = {"batch": "q1_1.apply_mask.few"}


def asked(staged: Path, name: str) -> probes.Probe:
    return next(probe for probe in probes.plan(0, staged) if probe.name == name)


def masked(measure, staged: Path, source: str) -> Answer:  # type: ignore[no-untyped-def]
    name = "q1_1.apply_mask.few"
    answer = measure(f"import torch\n{source}", [asked(staged, name)])[name]
    assert isinstance(answer, (Finding, Raised, Absent))
    return answer


MASKS = {
    "with the image's size": "def apply_mask(x, image_size):\n    y = x.clone()\n    y[..., : image_size // 2] = 0\n    return y",
    "with the mask's size": "def apply_mask(x, image_size, mask_size):\n    y = x.clone()\n    y[:, :, :, :mask_size] = 0\n    return y",
    "with a default": "def apply_mask(x, *, width=14):\n    return x * (torch.arange(28) >= width)",
    "with the notebook's own number": "half = 14\ndef apply_mask(x, half):\n    return torch.where(torch.arange(28) < half, torch.zeros(()), x)",
    "by name only": "def apply_mask(x, *, image_size):\n    return x * (torch.arange(28) >= image_size // 2)",
    "with a share": "def apply_mask(x, ratio):\n    return x * (torch.arange(28) >= 28 * ratio)",
    "with a side": "def apply_mask(x, side):\n    return x * (torch.arange(28) >= 14) if side == 'left' else x",
    "with a mask": "mask = torch.ones(28, 28)\nmask[:, :14] = 0\ndef apply_mask(x, mask):\n    return x * mask",
    "with a mask of a batch": "half = torch.ones(64, 1, 28, 28)\nhalf[..., :14] = 0\ndef apply_mask(images, mask):\n    return images * mask",
    "with a numpy mask": "import numpy as np\nkeep = np.ones((28, 28))\nkeep[:, :14] = 0\ndef apply_mask(x, m):\n    return x * torch.tensor(m)",
    "under another name": "def mask_left(images):\n    return images.masked_fill(torch.arange(28) < 14, 0.0)",
    "of flattened images": "def apply_mask(x):\n    y = x.clone().view(-1, 28, 28)\n    y[:, :, :14] = 0\n    return y.view(len(x), 784)",
    "of pixels by number": "left = [28 * r + c for r in range(28) for c in range(14)]\ndef apply_mask(x):\n    y = x.clone()\n    y[:, left] = 0\n    return y",
    "with the mask beside it": "def apply_mask(x):\n    m = (torch.arange(28) >= 14).float()\n    return x * m, m",
    "a subclass that lies": (
        "class Liar(torch.Tensor):\n    def numpy(self): return torch.ones(5).numpy()\n    def detach(self): return torch.ones(5)\n"
        "    def cpu(self): return torch.ones(5)\n"
        "def apply_mask(x):\n    y = x.clone()\n    y[..., :14] = 0\n    return y.as_subclass(Liar)"
    ),
}


def test_a_slow_mask_is_called_no_more_than_it_must_be(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Calling it again, and on images of other layouts, must not use up the time that a measurement has."""
    source = "from course.measured import images\nimages.PATIENCE_SECONDS = {}\ncalls = []\ndef apply_mask(x):\n    calls.append(1)\n    return x * len(calls)"
    try:
        slow, quick = masked(measure, staged, source.format(-1)), masked(measure, staged, source.format(300))
    finally:
        measure(f"from course.measured import images\nimages.PATIENCE_SECONDS = {images.PATIENCE_SECONDS}", [])
    assert isinstance(slow, Finding)
    assert isinstance(quick, Finding)
    assert set(slow.arrays) == {"masked", "after"}
    assert set(quick.arrays) > {"masked", "after", "masked_again", "masked_rows"}


@pytest.mark.parametrize("name", MASKS)
def test_masks_are_measured_however_they_are_called(name: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """The result comes back as it is; the argument afterwards shows that it was left alone."""
    answer = masked(measure, staged, MASKS[name])
    assert isinstance(answer, Finding)
    images = asked(staged, "q1_1.apply_mask.few").arrays["images"]
    assert np.array_equal(answer.arrays["masked"].reshape(-1, 28, 28), probes.left_half_masked(images).reshape(-1, 28, 28))
    assert np.array_equal(answer.arrays["after"].reshape(images.shape), images)


def test_an_edited_argument_shows(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """A mask written into the argument is seen in `after`."""
    answer = masked(measure, staged, "def apply_mask(x):\n    x[..., :14] = 0\n    return x")
    assert isinstance(answer, Finding)
    assert not answer.arrays["after"][..., :14].any()


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("", Absent, "No function apply_mask"),
        ("def apply_mask(x):\n    raise NotImplementedError('yours')", Raised, "NotImplementedError: yours"),
        ("def apply_mask(x):\n    raise SystemExit(3)", Raised, "SystemExit"),
        ("def apply_mask(x):\n    pass", Raised, "None"),
        ("def apply_mask(x):\n    return torch.zeros(2000, 2000)", Raised, "4,000,000"),
    ],
)
def test_failures_come_back_as_sentences(source: str, kind: type, words: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Nothing there, an exception, nothing returned, far too much returned."""
    answer = masked(measure, staged, source)
    assert isinstance(answer, kind)
    assert words in f"{answer.sentence} {getattr(answer, 'error', '')}"


FLAT = "net = torch.nn.Linear(784, 784)\nwith torch.no_grad():\n    net.weight.copy_(torch.eye(784)); net.bias.zero_()\n"
PLANES = "class Planes(torch.nn.Module):\n    def forward(self, x):\n        assert x.ndim == 4\n        return x * 2\nnet = Planes()\n"
DROPPING = "net = torch.nn.Sequential(torch.nn.Dropout(0.9))\n"
PAIR = "one, other = torch.nn.Linear(784, 3), torch.nn.Linear(3, 784)\n"


@pytest.mark.parametrize(
    ("source", "modules", "factor"),
    [(FLAT, "net", 1.0), (PLANES, "net", 2.0), (DROPPING, "net", 1.0)],
)
def test_the_trained_autoencoder_is_found_and_run(source: str, modules: str, factor: float, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """In evaluation mode and in whatever layout it takes."""
    code = f"import torch\n{source}observed = {{'trained': {{'1.1': [{modules}]}}}}"
    answer = measure(code, [asked(staged, "q1_1.trained_autoencoder")])["q1_1.trained_autoencoder"]
    assert isinstance(answer, Finding)
    images = asked(staged, "q1_1.trained_autoencoder").arrays["images"]
    assert np.allclose(answer.arrays["reconstructed"], factor * images, atol=1e-5)
    assert answer.facts["same_as_trained"] is True


def test_an_encoder_and_a_decoder_trained_together_are_chained(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Two modules of which neither alone turns pixels into pixels."""
    code = f"import torch\n{PAIR}observed = {{'trained': {{'1.1': [one, other]}}}}"
    answer = measure(code, [asked(staged, "q1_1.trained_autoencoder")])["q1_1.trained_autoencoder"]
    assert isinstance(answer, Finding)
    assert answer.arrays["reconstructed"].shape == (64, 784)


def test_the_network_that_1_2_called_is_told_from_the_trained_one(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """An untrained model that is used for the picture is measured and said to be another."""
    code = (
        f"import torch\n{FLAT}other = torch.nn.Linear(784, 784)\nobserved = {{'trained': {{'1.1': [net]}}, 'called': {{'1.2': [other]}}}}"
    )
    answer = measure(code, [asked(staged, "q1_2.autoencoder")])["q1_2.autoencoder"]
    assert isinstance(answer, Finding)
    assert answer.facts["same_as_trained"] is False
    assert not np.allclose(answer.arrays["reconstructed"], probes.left_half_masked(answer.arrays["reconstructed_whole"]))


def test_the_trained_weights_are_remembered(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """What they make of the digits of 1.2 is told after a student has drawn the weights anew, and the new weights stay."""
    code = (
        f"import torch, numpy\n{FLAT}observed = {{'trained': {{'1.1': [net]}}, 'called': {{'1.2': [net]}}, "
        "'given': {'1.2': {'a7': numpy.ones((2, 28, 28)), 'a8': numpy.ones((2, 64))}}}"
    )
    measure(code, [asked(staged, "q1_1.trained_autoencoder")])
    answer = measure("net.reset_parameters()", [asked(staged, "q1_2.autoencoder")], goes_on=True)["q1_2.autoencoder"]
    assert isinstance(answer, Finding)
    assert np.allclose(answer.arrays["trained_a7"], np.ones((2, 784)))
    assert "trained_a8" not in answer.arrays
    assert not np.allclose(answer.arrays["reconstructed"], asked(staged, "q1_2.autoencoder").arrays["images"], atol=0.1)


def test_without_training_there_is_nothing_to_measure(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """No module was stepped: absent, with a sentence."""
    answer = measure("", [asked(staged, "q1_1.trained_autoencoder")])["q1_1.trained_autoencoder"]
    assert answer == Absent("q1_1.trained_autoencoder", "No network was trained in 1.1.", "1.1")
