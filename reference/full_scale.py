"""What full mode trains beside the submissions: the networks whose losses the homework asks for, as `reference.training` trains them.

`QUESTIONS` says whose curves a figure stands beside; the functions are those that `autograder.beside_process` calls.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import torch

from autograder.model.beside import ReferenceRun
from reference.training import FULL_EPOCHS, Progress, circumstances
from reference.training import train as train_network

QUESTIONS = {"autoencoder": "1.1", "rnn": "3.2", "lstm": "3.3", "lstm_reversed": "3.4"}
SAY_EVERY_SECONDS = 2.0


def key(figure: str, *, seed: int, data: Path, device: str, epochs: int | None) -> str:
    """A text that changes with all that the losses depend on."""
    found = [figure, seed, device, _epochs(figure, epochs), circumstances.data_of(figure, data), circumstances.code_of(figure)]
    return json.dumps([*found, dict(circumstances.versions())], sort_keys=True)


def train(
    figure: str,
    *,
    seed: int,
    data: Path,
    device: str,
    epochs: int | None,
    checkpoint: Path,
    progress: Callable[[str, float], None],
) -> ReferenceRun:
    """Train one figure's network for its own number of epochs, or for `epochs` where that is less; goes on from the checkpoint."""
    said = [0.0]

    def tell(at: Progress) -> None:
        now = time.monotonic()
        if now - said[0] >= SAY_EVERY_SECONDS:
            said[0] = now
            share = (at.epoch - 1 + at.step / max(at.steps, 1)) / at.epochs
            left = at.seconds * (1 - share) / max(share, 1e-6) / 60
            progress(f"epoch {at.epoch} of {at.epochs}, about {left:.0f} min left", share)

    on_gpu = device == "cuda"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    wanted = _epochs(figure, epochs)
    run = train_network(figure, seed=seed, data=data, device=torch.device(device), epochs=wanted, checkpoint=checkpoint, progress=tell)
    return ReferenceRun(
        figure=figure,
        question=QUESTIONS[figure],
        epochs=run.epochs,
        training=run.training,
        validation=run.validation,
        test=run.test,
        seconds=run.seconds or 0.0,
        peak_memory_mb=torch.cuda.max_memory_reserved() / 2**20 if on_gpu else 0.0,
        device=device,
        made=f"{figure}, seed {seed}, {wanted} epochs, {run.device}, torch {torch.__version__}, {(run.seconds or 0.0) / 60:.1f} min",
    )


def _epochs(figure: str, most: int | None) -> int:
    return min(most, FULL_EPOCHS[figure]) if most else FULL_EPOCHS[figure]
