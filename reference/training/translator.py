"""3.2 to 3.4: a translator on all sentences, with the homework's settings."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from reference import text, translation
from reference.text import Batch, Pairs
from reference.training import stretches
from reference.training.lesson import AfterStep, Lesson, Measured, State, seed_generators, watched
from reference.translation import LSTMTranslator, RNNTranslator

BATCH_SIZE = 128
CLIP = 1.0


class Translator(Lesson):
    """3.2's to 3.4's; keeps the weights with the lowest validation loss, which the homework tests."""

    model: RNNTranslator | LSTMTranslator

    def __init__(self, kind: str, folder: Path, *, reverse_source: bool, seed: int, device: torch.device) -> None:
        self.corpus = text.read(folder, reverse_source=reverse_source)
        self.device = device
        self.steps = math.ceil(len(self.corpus.training) / BATCH_SIZE)
        self.order = random.Random(seed)
        seed_generators(seed)
        self.model = translation.build(kind, self.corpus).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), fused=True)
        self.lowest = float("inf")
        self.best: dict[str, Tensor] = {}

    def epoch(self, after_step: AfterStep) -> Measured:
        batches = self.corpus.training.batches(BATCH_SIZE, shuffled_by=self.order)
        on_device = watched(self._moved(batches), after_step)
        loss = stretches.train_epoch(self.model, on_device, self.optimizer, clip=CLIP)
        validation = self._evaluated(self.corpus.validation)
        if validation < self.lowest:
            self.lowest, self.best = validation, copy.deepcopy(self.model.state_dict())
        return Measured(loss, validation)

    def test(self) -> tuple[float, None]:
        if self.best:
            self.model.load_state_dict(self.best)
        return self._evaluated(self.corpus.test), None

    def _evaluated(self, pairs: Pairs) -> float:
        return translation.evaluate(self.model, self._moved(pairs.batches(BATCH_SIZE)))

    def _moved(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        return ((x.to(self.device), y.to(self.device)) for x, y in batches)

    def state(self) -> State:
        return super().state() | {"order": self.order.getstate(), "lowest": self.lowest, "best": self.best}

    def restore(self, state: State) -> None:
        super().restore(state)
        self.order.setstate(state["order"])
        self.lowest, self.best = state["lowest"], state["best"]
