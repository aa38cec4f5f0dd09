"""What is asked of the student's `square`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.model.execution import Probe


def plan(seed: int, data_folder: Path) -> tuple[Probe, ...]:
    values = np.random.default_rng(seed).uniform(1, 9, size=5)
    return (Probe("q1_1.square", "1.1", "square", arrays={"values": values}),)
