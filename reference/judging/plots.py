"""Judges what a section reports of its training: the last printed training loss, and a plot of the losses."""

from __future__ import annotations

from autograder.checks import Evidence
from autograder.model.observations import Observations

LOSS_LIMIT = 5.0
POINTS = 10


def judge_loss_plot(question: str, evidence: Evidence) -> None:
    """Requires an image in the section, or a replayed figure with a falling line of at least ten points."""
    section = evidence.section(question)
    if section.figures or falling_lines(evidence.observed(question)):
        return
    evidence.missing(question, "No plot of the losses was found in this section.")


def falling_lines(observed: Observations) -> int:
    """How many drawn lines have at least ten points and end lower than they begin."""
    lines = (line for figure in observed.figures for axes in figure.axes for line in axes.lines)
    return sum(len(line.y) >= POINTS and line.y[-1] < line.y[0] for line in lines)


def judge_reported_loss(question: str, evidence: Evidence) -> None:
    """Requires the last training loss to be below the limit."""
