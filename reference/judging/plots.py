"""Judges what a section reports of a translator's training: the last printed training loss, and a plot of the losses."""

from __future__ import annotations

from autograder.checks import Evidence, Show, require, review
from autograder.reported import printed
from autograder.reported.printed import LossKind, PrintedLoss
from reference.judging import beside
from reference.judging.curves import FEWEST_POINTS, by_epoch, falling, lines

# What the homework asks of the training loss at the end. In reference/recorded.json, on Multi30k with its settings, the plain RNN is at
# 5.04, 4.63 and 4.49 after one, two and three epochs, the LSTM at 5.04 after one and at 2.99 after ten.
LOSS_LIMIT = 5.0
FIGURES = {"3.2": "rnn", "3.3": "lstm", "3.4": "lstm_reversed"}  # the recorded runs to lay the curves over


def judge_loss_plot(question: str, evidence: Evidence) -> None:
    """Requires an image in the section, or a replayed figure with a falling line of at least ten points."""
    section = evidence.section(question)
    observed = evidence.observed(question)
    if section.figures or any(len(line.y) >= FEWEST_POINTS and falling(line.y) for line in lines(observed)):
        return
    if observed.scalars:
        review("The losses were logged to TensorBoard only, and no picture of its plot was found in this section. A person looks for it.")
    short = [len(line.y) for line in lines(observed)]
    seen = f" What was drawn has lines of at most {max(short)} points, or none that falls." if short else ""
    evidence.missing(question, f"No plot of the losses by epoch was found in this section.{seen}")


def judge_reported_loss(question: str, evidence: Evidence, show: Show) -> None:
    """Requires the last printed training loss below the limit, and all finite; validation and test lie higher and cost nothing."""
    section = evidence.section(question)
    losses = printed.losses(section)
    if not losses:
        ran = section.figures or section.printed.strip() or evidence.observed(question).steps
        if ran:
            review("No loss is printed in this section, so a person has to find what the training reached.")
        evidence.missing(question, "No loss is printed in this section: nothing was trained yet.")
    _lay_out(question, losses, evidence, show)
    infinite = next((loss for loss in losses if not loss.finite), None)
    if infinite is not None:
        require(False, f"A printed loss is not a finite number: “{infinite.line[:80]}” in cell {infinite.cell}.")
    training = printed.last(losses, (LossKind.TRAIN,)) or printed.last(losses, (LossKind.UNKNOWN,))
    if training is not None:
        require(
            training.value < LOSS_LIMIT,
            f"The last training loss that is printed is {training.value:.3f} (cell {training.cell}); expected is less than {LOSS_LIMIT}.",
        )
        return
    last = losses[-1].value
    if last >= LOSS_LIMIT:  # without teacher forcing a right network may stay above the limit; below it, training lies lower still
        review(f"Only losses of validation or test are printed, the last is {last:.3f}; a person looks at what the training reached.")


def _lay_out(question: str, losses: tuple[PrintedLoss, ...], evidence: Evidence, show: Show) -> None:
    kinds = (("training", LossKind.TRAIN), ("validation", LossKind.VALIDATION), ("printed", LossKind.UNKNOWN))
    curves = {name: by_epoch([loss for loss in losses if loss.kind is kind]) for name, kind in kinds}
    curves = {name: curve for name, curve in curves.items() if len(curve[0]) > 1}
    if curves:
        curves |= beside.curves(evidence, FIGURES[question])
        show.curves("Printed losses", curves, band=beside.band(evidence, FIGURES[question]), x_label="epoch", y_label="cross entropy")
