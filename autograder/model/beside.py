"""What the assignment's reference came to when it was trained in full, beside the submissions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReferenceRun:
    """One network of the reference. `epochs` count from 1, and `training` and `validation` are its losses there, as far as it has them.

    `peak_memory_mb` is what it used of a GPU, 0 on the processor; `device` is "cpu" or "cuda"; `made` says how it was trained.
    """

    figure: str
    question: str
    epochs: tuple[int, ...]
    training: tuple[float, ...]
    validation: tuple[float, ...] = ()
    test: float | None = None
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    device: str = "cpu"
    made: str = ""
