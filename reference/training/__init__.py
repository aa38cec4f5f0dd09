"""Trains the homework's networks at full size, on a GPU or on the CPU, as they were trained for the recorded figures.

`train` trains one of `FIGURES`; an interrupted training goes on where it stopped.
"""

from reference.training.loop import train
from reference.training.run import FIGURES, FULL_EPOCHS, Progress, Run

__all__ = ["FIGURES", "FULL_EPOCHS", "Progress", "Run", "train"]
