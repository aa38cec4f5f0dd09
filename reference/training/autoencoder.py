"""1.1: the masked autoencoder on all images."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from reference import masked_autoencoder
from reference.masked_autoencoder import MaskedAutoencoder
from reference.training.lesson import AfterStep, Lesson, Measured, State, seed_generators, watched

BATCH_SIZE = 64


class Autoencoder(Lesson):
    """1.1's. All images are on the device at once."""

    model: MaskedAutoencoder

    def __init__(self, folder: Path, *, seed: int, device: torch.device) -> None:
        self.images = masked_autoencoder.read_images(folder).to(device)
        self.test_images = masked_autoencoder.read_images(folder, "test").to(device)
        self.batch_size = min(BATCH_SIZE, len(self.images))
        self.steps = len(self.images) // self.batch_size
        self.order = torch.Generator().manual_seed(seed)
        seed_generators(seed)
        self.model = MaskedAutoencoder().to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=masked_autoencoder.LEARNING_RATE)

    def epoch(self, after_step: AfterStep) -> Measured:
        batches = masked_autoencoder.batches(self.images, self.batch_size, self.order)
        return Measured(masked_autoencoder.train_epoch(self.model, watched(batches, after_step), self.optimizer))

    @torch.no_grad()
    def test(self) -> tuple[float, None]:
        painted = masked_autoencoder.reconstruct(self.model, self.test_images)
        return nn.functional.mse_loss(painted, self.test_images).item(), None

    def state(self) -> State:
        return super().state() | {"order": self.order.get_state()}

    def restore(self, state: State) -> None:
        super().restore(state)
        self.order.set_state(state["order"])
