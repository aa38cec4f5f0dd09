"""What all trainings have in common: a network, an optimizer, an order of examples, and how to carry them over an interruption."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import nn

T = TypeVar("T")
AfterStep = Callable[[int], None]  # hears the number of the step
State = dict[str, Any]  # what torch saves and loads


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured after an epoch."""

    loss: float
    validation: float | None = None
    training_accuracy: float | None = None
    validation_accuracy: float | None = None


class Lesson(ABC):
    """A network in training, for one figure. `state` is all that the next epoch depends on, global generators aside."""

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
        """How many numbers are learned."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    def state(self) -> State:
        """What `restore` needs on another day."""
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: State) -> None:
        """Go on from there."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])


def seed_generators(seed: int) -> None:
    """To be called once the data are read: what is imported for that draws random numbers (spaCy does)."""
    random.seed(seed)
    torch.manual_seed(seed)


def watched(items: Iterable[T], after_step: AfterStep) -> Iterator[T]:
    """The items; each time another one is asked for, a step was made with the one before."""
    for step, item in enumerate(items, 1):
        yield item
        after_step(step)
