"""1.1 to 1.3: an autoencoder sees the right half of a digit and paints the whole.

A denoising autoencoder: the input is damaged, the target is not (Vincent et al., "Extracting and Composing Robust Features with Denoising
Autoencoders", 2008). Here the damage is always the same, so the network can only guess the left half from the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from reference.data.sample.digits import right_part_of_three
from reference.showing import draw_curves, draw_images, small_data

SIDE = 28
PIXELS = SIDE * SIDE
LEARNING_RATE = 2e-4


def mask_left_half(images: Tensor) -> Tensor:
    """A copy of `images` (..., rows, columns) whose left half of columns is zero; the argument stays as it was."""
    masked = images.clone()
    masked[..., : images.shape[-1] // 2] = 0.0
    return masked


class MaskedAutoencoder(nn.Module):
    """x -> z = encoder(x) -> decoder(z), both fully connected: 784-256-256-64 and back."""

    def __init__(self, *, pixels: int = PIXELS, hidden_size: int = 256, latent_size: int = 64) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(pixels, hidden_size),
            nn.ReLU(),
            nn.Linear(hidden_size, hidden_size),
            nn.ReLU(),
            nn.Linear(hidden_size, latent_size),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, pixels),
            nn.Sigmoid(),  # grey values lie between 0 and 1
        )

    def forward(self, x: Tensor) -> Tensor:
        z = self.encoder(x)  # (B, 784) -> (B, 64)
        return torch.as_tensor(self.decoder(z))  # -> (B, 784)


def batches(images: Tensor, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """`images` (N, 1, 28, 28) in a fresh order, as batches (B, 1, 28, 28); the last one is dropped when it is not full."""
    order = torch.randperm(len(images), generator=generator).to(images.device)
    for start in range(0, len(images) - size + 1, size):
        yield images[order[start : start + size]]  # (B, 1, 28, 28)


def train_epoch(model: MaskedAutoencoder, batches: Iterable[Tensor], optimizer: torch.optim.Optimizer) -> float:
    """One pass over `batches`; returns the mean of their squared errors."""
    model.train()
    losses: list[Tensor] = []
    for original in batches:
        target = original.flatten(1)  # (B, 1, 28, 28) -> (B, 784)
        reconstructed = model(mask_left_half(original).flatten(1))  # (B, 784)
        loss = nn.functional.mse_loss(reconstructed, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).double().mean().item()  # read once an epoch: a GPU need not wait for us at each step


def train(
    model: MaskedAutoencoder,
    images: Tensor,
    *,
    epochs: int = 30,
    batch_size: int = 64,
    learning_rate: float = LEARNING_RATE,
    seed: int = 0,
    after_epoch: Callable[[int, float], None] | None = None,
) -> list[float]:
    """Mean squared error of each epoch over `images` (N, 1, 28, 28)."""
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    generator = torch.Generator().manual_seed(seed)
    losses: list[float] = []
    for epoch in range(1, epochs + 1):
        losses.append(train_epoch(model, batches(images, min(batch_size, len(images)), generator), optimizer))
        if after_epoch is not None:
            after_epoch(epoch, losses[-1])
    return losses


@torch.no_grad()
def reconstruct(model: MaskedAutoencoder, images: Tensor) -> Tensor:
    """What the network makes of `images` (B, 1, 28, 28) after their left half is masked; same shape."""
    model.eval()
    return torch.as_tensor(model(mask_left_half(images).flatten(1))).reshape(images.shape)  # (B, 784) -> (B, 1, 28, 28)


def given_image() -> Tensor:
    """The image of 1.2 and 1.3: a 3 with nothing left of column 12, so that it could as well be the rest of an 8. (1, 28, 28)"""
    return torch.from_numpy(right_part_of_three()).unsqueeze(0)  # (28, 28) -> (1, 28, 28)


def augmentation() -> Callable[[Tensor], Tensor]:
    """1.3's transform: turns by up to 10 degrees, shifts by up to a fifth of the side, shears by up to 5 degrees, anew in each call."""
    from reference.vision import transforms

    transform: Callable[[Tensor], Tensor] = transforms().RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
    return transform


def read_images(folder: Path, split: str = "train") -> Tensor:
    """The grey values of `folder`/mnist.npz between 0 and 1: (N, 1, 28, 28)."""
    with np.load(folder / "mnist.npz") as arrays:
        images = torch.from_numpy(arrays[f"{split}_images"])  # (N, 28, 28)
    return images.unsqueeze(1).float() / 255.0  # (N, 1, 28, 28)


def main(*, images: int = 4000, epochs: int = 30) -> None:
    """Train, then paint the given image and three augmented ones."""
    folder = small_data(images=images, test_images=6)
    torch.manual_seed(0)
    model = MaskedAutoencoder()
    losses = train(
        model,
        read_images(folder),
        epochs=epochs,
        after_epoch=lambda epoch, loss: print(f"epoch {epoch:2}: mean squared error {loss:.4f}"),
    )
    transform = augmentation()
    augmented = [transform(given_image()) for _ in range(3)]
    shown = torch.cat([read_images(folder, "test"), torch.stack([given_image(), *augmented])])  # (10, 1, 28, 28)
    rows = {"original": shown, "seen": mask_left_half(shown), "painted": reconstruct(model, shown)}
    draw_images("masked_autoencoder", {name: row.squeeze(1).numpy() for name, row in rows.items()})
    draw_curves("masked_autoencoder_loss", {"training": losses}, x_label="epoch", y_label="mean squared error")


if __name__ == "__main__":
    main()
