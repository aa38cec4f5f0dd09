"""Trains the homework's networks at full size, on a GPU or on the CPU, as they were trained for the recorded figures.

`train` trains one of `FIGURES`; an interrupted training goes on where it stopped.
"""

from reference.runs import FIGURES, FULL_EPOCHS, Run
from reference.training.loop import Progress, train

__all__ = ["FIGURES", "FULL_EPOCHS", "Progress", "Run", "train"]
