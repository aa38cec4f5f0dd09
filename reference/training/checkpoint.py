"""A training's state on disk, after every finished epoch: an interrupted one goes on from there as if nothing had happened.

Written whole or not at all. Read with `weights_only`: numbers, texts and tensors, no code.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch

from reference.training.lesson import Lesson, Measured


def save(path: Path, key: Mapping[str, object], lesson: Lesson, history: list[Measured], seconds: float) -> None:
    """Write all that the next epoch depends on, under the `key` that says of which training it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    generators = {
        "random": random.getstate(),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    try:
        torch.save(
            {
                "key": dict(key),
                "training": lesson.state(),
                "history": [asdict(measured) for measured in history],
                "seconds": seconds,
                "generators": generators,
            },
            unfinished,
        )
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(path: Path, key: Mapping[str, object], lesson: Lesson, epochs: int) -> tuple[list[Measured], float]:
    """Bring the training to where the checkpoint was written; returns what was measured until then, and its seconds.

    Nothing is restored when there is no checkpoint, or one of another training, or one that has gone on beyond `epochs`.
    """
    if not path.is_file():
        return [], 0.0
    kept = torch.load(path, map_location="cpu", weights_only=True)
    if kept["key"] != dict(key) or len(kept["history"]) > epochs:
        return [], 0.0
    lesson.restore(kept["training"])
    random.setstate(kept["generators"]["random"])
    torch.set_rng_state(kept["generators"]["torch"])
    if kept["generators"]["cuda"]:
        torch.cuda.set_rng_state_all(kept["generators"]["cuda"])
    return [Measured(**measured) for measured in kept["history"]], kept["seconds"]
