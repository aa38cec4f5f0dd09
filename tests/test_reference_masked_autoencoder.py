"""The masked autoencoder: what is masked, what it is made of, what it learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reference import masked_autoencoder
from reference.data.sample import digits
from reference.masked_autoencoder import MaskedAutoencoder, augmentation, given_image, mask_left_half, reconstruct, train


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    drawn, _ = digits.draw(640, seed=5)
    return torch.from_numpy(drawn).unsqueeze(1).float() / 255.0


@pytest.mark.parametrize("batch", [1, 5, 64])
def test_the_left_half_is_zero_and_nothing_else_changed(batch: int) -> None:
    """Columns 0 to 13 are zero in every image, the rest and the argument stay as they were."""
    x = torch.rand(batch, 1, 28, 28) + 0.1
    before = x.clone()
    masked = mask_left_half(x)
    assert torch.equal(x, before)
    assert (masked[..., :14] == 0).all()
    assert torch.equal(masked[..., 14:], before[..., 14:])


def test_layers_are_those_of_the_homework() -> None:
    """784-256-256-64 and back, ReLU before the middle and LeakyReLU(0.2) after it, a sigmoid at the end."""
    model = MaskedAutoencoder()
    sizes = [(layer.in_features, layer.out_features) for layer in model.modules() if isinstance(layer, nn.Linear)]
    assert sizes == [(784, 256), (256, 256), (256, 64), (64, 256), (256, 256), (256, 784)]
    assert [type(layer) for layer in model.encoder if not isinstance(layer, nn.Linear)] == [nn.ReLU, nn.ReLU]
    assert [layer.negative_slope for layer in model.decoder if isinstance(layer, nn.LeakyReLU)] == [0.2, 0.2]
    assert isinstance(model.decoder[-1], nn.Sigmoid)


def test_the_forward_pass_equals_the_matrix_products(images: torch.Tensor) -> None:
    """The network's output is that of its weights multiplied out in numpy."""
    model = MaskedAutoencoder().double()
    x = images[:4].flatten(1).double()
    value = x.numpy()
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    for position, layer in enumerate(layers):
        value = value @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
        if position in (0, 1):
            value = np.maximum(value, 0)
        elif position in (3, 4):
            value = np.where(value > 0, value, 0.2 * value)
        elif position == 5:
            value = 1 / (1 + np.exp(-value))
    np.testing.assert_allclose(model(x).detach().numpy(), value, rtol=0, atol=1e-12)


def test_training_paints_the_hidden_half(images: torch.Tensor) -> None:
    """The loss falls, and the hidden half comes out nearer to the original than an empty one, on digits not trained on."""
    torch.manual_seed(0)
    model = MaskedAutoencoder()
    losses = train(model, images, epochs=12, batch_size=32, learning_rate=1e-3)
    fresh, _ = digits.draw(64, seed=6)
    original = torch.from_numpy(fresh).unsqueeze(1).float() / 255.0
    painted = reconstruct(model, original)
    assert len(losses) == 12
    assert losses[-1] < losses[0] / 1.5
    assert painted.shape == original.shape
    hidden = (..., slice(None, 14))
    assert nn.functional.mse_loss(painted[hidden], original[hidden]) < 0.7 * original[hidden].square().mean()


def test_the_mask_makes_a_difference_only_on_the_left(images: torch.Tensor) -> None:
    """Two images that agree on the right are reconstructed alike."""
    other = images[:8].clone()
    other[..., :14] = 0.5
    model = MaskedAutoencoder()
    assert torch.equal(reconstruct(model, images[:8]), reconstruct(model, other))


def test_the_same_seed_trains_the_same_network(images: torch.Tensor) -> None:
    """Losses are reproducible to the last digit."""
    runs = []
    for _ in range(2):
        torch.manual_seed(3)
        runs.append(train(MaskedAutoencoder(), images[:128], epochs=2, seed=3))
    assert runs[0] == runs[1]


def test_fewer_images_than_a_batch_are_one_batch(images: torch.Tensor) -> None:
    """A handful of images still trains."""
    assert len(train(MaskedAutoencoder(), images[:10], epochs=3)) == 3


def test_the_given_image_has_nothing_on_its_left() -> None:
    """The image of 1.2 is empty left of column 12 and a stroke to the right of it."""
    image = given_image()
    assert image.shape == (1, 28, 28)
    assert image.dtype is torch.float32
    assert (image[..., :12] == 0).all()
    assert image[..., 12:14].max() > 0.5
    assert 20 < image.sum() < 150


def test_the_augmentation_has_the_asked_ranges() -> None:
    """Degrees ±10, translation 0.2, shear ±5, another image at every call."""
    transform = augmentation()
    assert [float(d) for d in transform.degrees] == [-10.0, 10.0]  # type: ignore[attr-defined]
    assert tuple(transform.translate) == (0.2, 0.2)  # type: ignore[attr-defined]
    assert [float(s) for s in transform.shear[:2]] == [-5.0, 5.0]  # type: ignore[attr-defined]
    torch.manual_seed(0)
    first, second = transform(given_image()), transform(given_image())
    assert first.shape == (1, 28, 28)
    assert not torch.equal(first, second)


def test_images_are_read_as_grey_values(tmp_path: Path) -> None:
    """Bytes become numbers between 0 and 1 with a channel."""
    drawn, labels = digits.draw(3, seed=0)
    np.savez(tmp_path / "mnist.npz", train_images=drawn, train_labels=labels, test_images=drawn[:1], test_labels=labels[:1])
    read = masked_autoencoder.read_images(tmp_path)
    assert read.shape == (3, 1, 28, 28)
    assert read.max() <= 1.0
    assert torch.equal((read * 255).round().to(torch.uint8).squeeze(1), torch.from_numpy(drawn))
    assert len(masked_autoencoder.read_images(tmp_path, "test")) == 1
