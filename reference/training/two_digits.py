"""2.2: one kind of network on sequences of one length."""

from __future__ import annotations

import torch
from torch import nn

from reference import add_two_digits
from reference.add_two_digits import SequenceClassifier, Sequences
from reference.training.lesson import AfterStep, Lesson, Measured, State, seed_generators, watched

EXAMPLES, HELD_OUT = 20_000, 1000  # sequences: to train on, to validate and to test with
BATCH_SIZE = 128
STEPS = 100  # between two points of the curves, called an epoch


class TwoDigits(Lesson):
    """2.2's, of one kind at one length."""

    model: SequenceClassifier

    def __init__(self, kind: str, length: int, *, seed: int, device: torch.device) -> None:
        drawn = [add_two_digits.draw(count, length, seed=seed + k) for k, count in enumerate((EXAMPLES, HELD_OUT, HELD_OUT))]
        self.training, self.validation, self.fresh = (Sequences(one.tokens.to(device), one.labels.to(device)) for one in drawn)
        self.steps = STEPS
        self.order = torch.Generator().manual_seed(seed)
        seed_generators(seed)
        self.model = SequenceClassifier(kind).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=add_two_digits.LEARNING_RATE)

    def epoch(self, after_step: AfterStep) -> Measured:
        examples = add_two_digits.batches(self.training, BATCH_SIZE, self.steps, self.order)
        loss = add_two_digits.train_steps(self.model, watched(examples, after_step), self.optimizer)
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
