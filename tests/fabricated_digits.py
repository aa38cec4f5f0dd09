"""Digits, trainings and reconstructions of question 1, as observers and probes report them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from fabricated import Seen, code, markdown

from autograder.model.execution import Answer, Finding
from reference import probes
from reference.data.sample import digits

HEADING = markdown(0, "### 1.1 A bigger mask")
SECTIONS = {
    "1.1": (HEADING, code(1)),
    "1.2": (markdown(2, "### 1.2"), code(3, figures=1), code(4, figures=1)),
    "1.3": (markdown(5, "### 1.3"), code(6, figures=1)),
}


def write_digits(target: Path) -> Path:
    """Drawn digits, in the shape that is staged for a kernel."""
    images, labels = digits.draw(136, 5)
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
    apart: bool = False,
) -> Seen:
    """A training as the observers see it."""
    seen = Seen().at("1.1", 1)
    network, decoder = seen.network(), 0
    if apart:
        decoder = seen.network()
    for epoch in range(epochs):
        if passes:
            seen.data_pass()
        images = real(folder, 16 * (epoch % 2))
        painted = blurred(images)
        if apart:
            latent = np.ones((len(images), 64))
            seen.call(network, given(images), latent, kept=epoch < 2)
            seen.call(decoder, latent, painted, kept=epoch < 2)
        else:
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
