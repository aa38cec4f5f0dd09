"""The command `reference`: shows every implementation at a small scale, or trains at full scale what the record lacks.

A run that is in the record stays there as long as the code that it came from is the same; one of fewer epochs is gone on with or made
anew. The record is written after every run, a checkpoint after every epoch, so that the command can be interrupted at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from autograder.errors import AssignmentError
from reference import add_two_digits, data, masked_autoencoder, network_sizes, recorded, reversed_source, translation
from reference.runs import FIGURES, FULL_EPOCHS, TWO_DIGITS, Run
from reference.training import Progress, train
from reference.training.circumstances import code_of

COMMAND = "python -m autograder reference --full"
SEEDS = (0, 1, 2)
SECONDS_BETWEEN_WORDS = 60  # within an epoch


def show() -> None:
    """Run each implementation as if it were run alone: it prints what it learned."""
    for module in (masked_autoencoder, add_two_digits, translation, reversed_source, network_sizes):
        assert module.__doc__ is not None
        print(f"\n{module.__doc__.splitlines()[0]}", flush=True)
        module.main()


def record(
    folder: Path | None,
    *,
    figures: Sequence[str] = (),
    seeds: Sequence[int] = (),
    epochs: int | None = None,
    device: str = "auto",
    into: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Train what the record `into` lacks of `figures` (all) and `seeds` (three), on the data in `folder` (else what is found).

    Returns the record's path. AssignmentError for a figure or a device that is not there.
    """
    into = into or recorded.RECORD
    for unknown in set(figures) - set(FIGURES):
        raise AssignmentError(f"--figure {unknown}: no such figure. There are {', '.join(FIGURES)}.")
    chosen = _device(device)
    source = data.find(folder, os.environ)
    cache = data.where(os.environ).parent
    staged = data.stage(source, None, cache / "staged") if set(figures or FIGURES) - set(TWO_DIGITS) else None
    for seed in seeds or SEEDS:
        for figure in figures or FIGURES:
            wanted = epochs or FULL_EPOCHS[figure]
            runs = recorded.read(into)
            data_name = "drawn" if figure in TWO_DIGITS else source.name
            earlier = next((run for run in runs if _is_of(run, figure, seed, data_name)), None)
            if earlier is not None and earlier.code == code_of(figure) and len(earlier.epochs) >= wanted:
                say(f"{figure}, seed {seed}: recorded already")
                continue
            checkpoint = cache / "reference" / f"{data_name.replace(' ', '-')}-{figure}-{seed}.pt"
            run = train(
                figure,
                seed=seed,
                data=staged,
                device=chosen,
                epochs=wanted,
                checkpoint=checkpoint,
                progress=_Words(seed, say),
                data_name=source.name,
            )
            shorter = f" --epochs {epochs}" if epochs else ""
            run = replace(run, command=f"{COMMAND} --figure {figure} --seed {seed}{shorter}")
            recorded.write(into, [*(one for one in runs if one is not earlier), run])
            if run.is_full:  # else more epochs may go on from it
                checkpoint.unlink(missing_ok=True)
    return into


def _is_of(run: Run, figure: str, seed: int, data_name: str) -> bool:
    return (run.provenance, run.figure, run.seed, run.data) == ("measured", figure, seed, data_name)


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise AssignmentError("--device cuda: torch sees no GPU here. Install torch's CUDA build, or use --device cpu.")
    return torch.device(name)


class _Words:
    """A line for each finished epoch, and once a minute within one."""

    def __init__(self, seed: int, say: Callable[[str], None]) -> None:
        self._seed = seed
        self._say = say
        self._latest = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if progress.loss is None and time.monotonic() - self._latest < SECONDS_BETWEEN_WORDS:
            return
        self._latest = time.monotonic()
        what = f"step {progress.step} of {progress.steps}" if progress.loss is None else f"loss {progress.loss:.4f}"
        self._say(
            f"{progress.figure}, seed {self._seed}: epoch {progress.epoch} of {progress.epochs}, {what}, "
            f"{int(progress.seconds) // 60}:{int(progress.seconds) % 60:02}"
        )
