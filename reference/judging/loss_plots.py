"""1.1: whether the section shows how the loss falls: a falling line in the replay, or a stored picture that may be a plot."""

from __future__ import annotations

import itertools
import re

from autograder.checks import Evidence, Show, require, review
from autograder.model.observations import Observations
from autograder.model.submission import FigureOrigin
from reference.judging.autoencoder_training import epochs_seen
from reference.judging.curves import FEWEST_POINTS, LOSS_WORDS, PlotLine, falling, lines

OTHER_WORDS = re.compile(r"learning.?rate|\blr\b|seconds|duration|gradient|accuracy", re.I)
LOSS_AS_WELL = re.compile(rf"{LOSS_WORDS.pattern}|mse|reconstruct|perte|p[eé]rdida|损失", re.I)
FEWEST_OF_A_LINE = 3  # below, what is drawn is points, not a curve


def judge_autoencoder_plot(question: str, evidence: Evidence, show: Show) -> None:
    """Requires a falling line of at least ten points, or of one for each epoch that was trained, or a picture that was not seen to be
    something else.
    """
    section = evidence.section(question)
    observed = evidence.observed(question)
    drawn = lines(observed)
    epochs, _, _ = epochs_seen(observed, evidence.data_folder)  # too few were counted elsewhere
    fewest = min(FEWEST_POINTS, epochs) if epochs >= FEWEST_OF_A_LINE else FEWEST_POINTS
    curves = [line for line in drawn if len(line.y) >= fewest and falling(line.y) and not _is_of_something_else(line)]
    if curves:
        show.curves(
            f"Loss, as drawn again from {evidence.extent} images", {"yours": (curves[0].x, curves[0].y)}, x_label="epoch", y_label="loss"
        )
        return
    other = _cells_without_a_curve(observed)
    if any(figure.origin is not FigureOrigin.OUTPUT or figure.cell not in other for figure in section.figures):
        return
    if observed.scalars or any("tensorboard" in cell.source.lower() or "SummaryWriter" in cell.source for cell in section.code):
        review("The loss was logged to TensorBoard and no plot stands in the notebook, so a person has to look for it.")
    require(
        not drawn or not all(map(_is_of_something_else, drawn)),
        "The plot should show how the loss falls, but by its words it shows something else.",
    )
    longest = max(drawn, key=lambda line: len(line.y), default=None)
    if longest is not None:
        require(
            False,
            f"The plot should show how the loss falls, with at least {FEWEST_POINTS} points; the longest line seen has {len(longest.y)}, "
            f"from {longest.y[0]:.3g} to {longest.y[-1]:.3g} (cell {longest.cell}).",
        )
    evidence.missing(question, "There is no plot of the loss in 1.1 yet.")


def _is_of_something_else(line: PlotLine) -> bool:
    """Whether the words at a line name something that falls like a loss, and no loss."""
    words = f"{line.label}\n{line.surroundings}"
    return OTHER_WORDS.search(words) is not None and LOSS_AS_WELL.search(words) is None


def _cells_without_a_curve(observed: Observations) -> set[int]:
    """Cells that were seen to draw, but only pictures of digits, single points, or lines that count up.

    What stands below any other cell may be a plot of the loss.
    """
    cells = {figure.cell for figure in observed.figures}
    drawn = [line for line in lines(observed) if len(line.y) >= FEWEST_OF_A_LINE]
    curves = {line.cell for line in drawn if not _counts_up(line.y) and not _is_of_something_else(line)}
    return cells - curves


def _counts_up(values: tuple[float, ...]) -> bool:
    return all(value.is_integer() for value in values) and all(later > earlier for earlier, later in itertools.pairwise(values))
