"""Trains any figure's network, with the homework's settings, as far as asked, from where an interrupted training stopped."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from reference import data as data_sets
from reference.runs import FULL_EPOCHS, TRANSLATORS, TWO_DIGITS, Run
from reference.training import checkpoint as checkpoints
from reference.training import circumstances
from reference.training.autoencoder import Autoencoder
from reference.training.lesson import Lesson, Measured
from reference.training.translator import Translator
from reference.training.two_digits import TwoDigits


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is: `step` of `steps` within `epoch` of `epochs`, after so many seconds. `loss` is that of a finished epoch."""

    figure: str
    epoch: int
    epochs: int
    step: int
    steps: int
    seconds: float
    loss: float | None = None


def train(
    figure: str,
    *,
    seed: int,
    data: Path | None,
    device: torch.device,
    epochs: int | None = None,
    checkpoint: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    data_name: str = "",
) -> Run:
    """Train one of `FIGURES` with the homework's settings, for its own number of epochs unless another is given.

    `data` is a staged folder (`reference.data.stage`), called `data_name` in the result; without one it is all of the data found on this
    machine. `checkpoint` is written after every epoch; a training that finds its own goes on from there, with the same result as without
    the interruption. It is kept at the end: the same training with more epochs goes on from it too. `progress` hears of every step.
    """
    if figure not in FULL_EPOCHS:
        raise ValueError(f"{figure}: no such figure; there are {', '.join(FULL_EPOCHS)}")
    epochs = epochs or FULL_EPOCHS[figure]
    if figure in TWO_DIGITS:
        data, data_name = None, "drawn"
    elif data is None:
        source = data_sets.find(None, os.environ)
        data, data_name = data_sets.stage(source, None, data_sets.where(os.environ).with_name("staged")), source.name
    checksums = circumstances.data_of(figure, data) if data else {}
    code, versions = circumstances.code_of(figure), circumstances.versions()
    key = {"figure": figure, "seed": seed, "device": device.type, "data": checksums, "code": code, "versions": versions}
    with _own_random_numbers(device):
        lesson = _begin(figure, data, seed=seed, device=device)
        history: list[Measured] = []
        earlier = 0.0
        if checkpoint is not None:
            history, earlier = checkpoints.restore(checkpoint, key, lesson, epochs)
        began = time.perf_counter() - earlier

        def report(epoch: int, step: int, loss: float | None = None) -> None:
            if progress is not None:
                progress(Progress(figure, epoch, epochs, step, lesson.steps, time.perf_counter() - began, loss))

        for epoch in range(len(history) + 1, epochs + 1):
            history.append(lesson.epoch(partial(report, epoch)))
            if checkpoint is not None:
                checkpoints.save(checkpoint, key, lesson, history, time.perf_counter() - began)
            report(epoch, lesson.steps, history[-1].loss)
        test, accuracy = lesson.test()
    return Run(
        figure=figure,
        data=data_name,
        epochs=tuple(range(1, epochs + 1)),
        training=tuple(measured.loss for measured in history),
        validation=_known([measured.validation for measured in history]),
        training_accuracy=_known([measured.training_accuracy for measured in history]),
        validation_accuracy=_known([measured.validation_accuracy for measured in history]),
        test=test,
        accuracy=accuracy,
        seed=seed,
        parameters=lesson.parameters,
        seconds=time.perf_counter() - began,
        device=_name(device),
        versions=versions,
        checksums=checksums,
        code=code,
    )


def _begin(figure: str, folder: Path | None, *, seed: int, device: torch.device) -> Lesson:
    if figure in TWO_DIGITS:
        kind, length = TWO_DIGITS[figure]
        return TwoDigits(kind, length, seed=seed, device=device)
    assert folder is not None
    if figure in TRANSLATORS:
        return Translator(TRANSLATORS[figure], folder, reverse_source=figure == "lstm_reversed", seed=seed, device=device)
    return Autoencoder(folder, seed=seed, device=device)


def _known(values: list[float | None]) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{circumstances.processor()}, {torch.get_num_threads()} thread(s)"


@contextmanager
def _own_random_numbers(device: torch.device) -> Iterator[None]:
    """Leaves Python's and torch's generators as they were."""
    before = random.getstate()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        try:
            yield
        finally:
            random.setstate(before)
