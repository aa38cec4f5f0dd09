"""The homework's networks with all that their training consists of: data, optimizer, order of the examples."""

from __future__ import annotations

import copy
import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from reference import add_two_digits, masked_autoencoder, text, translation
from reference.add_two_digits import SequenceClassifier, Sequences
from reference.masked_autoencoder import MaskedAutoencoder
from reference.text import Batch, Pairs
from reference.training.run import TRANSLATORS, TWO_DIGITS

T = TypeVar("T")
AfterStep = Callable[[int], None]  # hears the number of the step
State = dict[str, Any]  # what torch saves and loads

EXAMPLES, HELD_OUT = 20_000, 1000  # sequences of 2.2: to train on, to validate and to test with
STEPS = 100  # of 2.2, between two points of its curves
BATCH = {"autoencoder": 64, "two_digits": 128, "translator": 128}
CLIP = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured after an epoch, or of the test set."""

    loss: float
    validation: float | None = None
    training_accuracy: float | None = None
    validation_accuracy: float | None = None


class Training(ABC):
    """A network in training. `state` and `restore` carry over all that the next epoch depends on, torch's global generators aside."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    steps: int  # of an epoch

    @abstractmethod
    def epoch(self, after_step: AfterStep) -> Measured:
        """Train one epoch further."""

    @abstractmethod
    def test(self) -> tuple[float, float | None]:
        """Loss and accuracy on the test set."""

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.model.parameters())

    def state(self) -> State:
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: State) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])


def begin(figure: str, folder: Path | None, *, seed: int, device: torch.device) -> Training:
    """A fresh network; `folder` holds the staged data. Seeds Python's and torch's global generators."""
    if figure in TWO_DIGITS:
        kind, length = TWO_DIGITS[figure]
        return TwoDigits(kind, length, seed=seed, device=device)
    if folder is None:
        raise ValueError(f"{figure} needs data")
    if figure in TRANSLATORS:
        return Translator(TRANSLATORS[figure], folder, reverse_source=figure == "lstm_reversed", seed=seed, device=device)
    return Autoencoder(folder, seed=seed, device=device)


class Autoencoder(Training):
    """1.1's. All images are on the device at once."""

    model: MaskedAutoencoder

    def __init__(self, folder: Path, *, seed: int, device: torch.device) -> None:
        self.images = masked_autoencoder.read_images(folder).to(device)
        self.test_images = masked_autoencoder.read_images(folder, "test").to(device)
        self.batch_size = min(BATCH["autoencoder"], len(self.images))
        self.steps = len(self.images) // self.batch_size
        self.order = torch.Generator().manual_seed(seed)
        _seed(seed)
        self.model = MaskedAutoencoder().to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=masked_autoencoder.LEARNING_RATE)

    def epoch(self, after_step: AfterStep) -> Measured:
        batches = masked_autoencoder.batches(self.images, self.batch_size, self.order)
        return Measured(masked_autoencoder.train_epoch(self.model, _watched(batches, after_step), self.optimizer))

    @torch.no_grad()
    def test(self) -> tuple[float, None]:
        painted = masked_autoencoder.reconstruct(self.model, self.test_images)
        return nn.functional.mse_loss(painted, self.test_images).item(), None

    def state(self) -> State:
        return super().state() | {"order": self.order.get_state()}

    def restore(self, state: State) -> None:
        super().restore(state)
        self.order.set_state(state["order"])


class TwoDigits(Training):
    """2.2's, of one kind at one length."""

    model: SequenceClassifier

    def __init__(self, kind: str, length: int, *, seed: int, device: torch.device) -> None:
        drawn = [add_two_digits.draw(count, length, seed=seed + k) for k, count in enumerate((EXAMPLES, HELD_OUT, HELD_OUT))]
        self.training, self.validation, self.fresh = (Sequences(one.tokens.to(device), one.labels.to(device)) for one in drawn)
        self.steps = STEPS
        self.order = torch.Generator().manual_seed(seed)
        _seed(seed)
        self.model = SequenceClassifier(kind).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=add_two_digits.LEARNING_RATE)

    def epoch(self, after_step: AfterStep) -> Measured:
        examples = add_two_digits.batches(self.training, BATCH["two_digits"], self.steps, self.order)
        loss = add_two_digits.train_steps(self.model, _watched(examples, after_step), self.optimizer)
        return Measured(
            loss,
            validation=self._loss(self.validation),
            training_accuracy=add_two_digits.accuracy(self.model, self.training),
            validation_accuracy=add_two_digits.accuracy(self.model, self.validation),
        )

    def test(self) -> tuple[float, float]:
        return self._loss(self.fresh), add_two_digits.accuracy(self.model, self.fresh)

    @torch.no_grad()
    def _loss(self, sequences: Sequences) -> float:
        self.model.eval()
        return nn.functional.cross_entropy(self.model(sequences.one_hot), sequences.labels).item()

    def state(self) -> State:
        return super().state() | {"order": self.order.get_state()}

    def restore(self, state: State) -> None:
        super().restore(state)
        self.order.set_state(state["order"])


class Translator(Training):
    """3.2's to 3.4's; keeps the weights with the lowest validation loss, which the homework tests."""

    def __init__(self, kind: str, folder: Path, *, reverse_source: bool, seed: int, device: torch.device) -> None:
        self.corpus = text.read(folder, reverse_source=reverse_source)
        self.device = device
        self.steps = math.ceil(len(self.corpus.training) / BATCH["translator"])
        self.order = random.Random(seed)
        _seed(seed)
        self.model = translation.build(kind, self.corpus).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters())
        self.lowest = float("inf")
        self.best: dict[str, Tensor] = {}

    def epoch(self, after_step: AfterStep) -> Measured:
        batches = self.corpus.training.batches(BATCH["translator"], shuffled_by=self.order)
        on_device = _watched(self._moved(batches), after_step)
        loss = translation.train_epoch(self.model, on_device, self.optimizer, clip=CLIP)
        validation = self._evaluated(self.corpus.validation)
        if validation < self.lowest:
            self.lowest, self.best = validation, copy.deepcopy(self.model.state_dict())
        return Measured(loss, validation)

    def test(self) -> tuple[float, None]:
        if self.best:
            self.model.load_state_dict(self.best)
        return self._evaluated(self.corpus.test), None

    def _evaluated(self, pairs: Pairs) -> float:
        return translation.evaluate(self.model, self._moved(pairs.batches(BATCH["translator"])))

    def _moved(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        return ((x.to(self.device), y.to(self.device)) for x, y in batches)

    def state(self) -> State:
        return super().state() | {"order": self.order.getstate(), "lowest": self.lowest, "best": self.best}

    def restore(self, state: State) -> None:
        super().restore(state)
        self.order.setstate(state["order"])
        self.lowest, self.best = state["lowest"], state["best"]


def _seed(seed: int) -> None:
    """To be called once the data are read: what is imported for that draws random numbers (spaCy does)."""
    random.seed(seed)
    torch.manual_seed(seed)


def _watched(items: Iterable[T], after_step: AfterStep) -> Iterator[T]:
    """The items; each time another one is asked for, a step was made with the one before."""
    for step, item in enumerate(items, 1):
        yield item
        after_step(step)
