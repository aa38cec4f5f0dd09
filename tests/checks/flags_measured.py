"""Full mode: where the losses that a notebook was handed in with are not those that it comes to when it is computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.checks import Evidence, Flag, flags
from autograder.reported import printed
from autograder.reported.printed import LossKind, PrintedLoss
from reference import recorded
from reference.judging.curves import by_epoch

FIGURES = {"1.1": "autoencoder", "3.2": "rnn", "3.3": "lstm", "3.4": "lstm_reversed"}
REAL_DATA = "multi30k+mnist"  # which students had


def training(losses: Sequence[PrintedLoss]) -> tuple[PrintedLoss, ...]:
    """Losses of training, or those of which nothing else is said."""
    found = [loss for loss in losses if loss.kind is LossKind.TRAIN] or [loss for loss in losses if loss.kind is LossKind.UNKNOWN]
    return tuple(loss for loss in found if loss.finite)


@flags
def flag_measured_differs(evidence: Evidence) -> Iterator[Flag]:
    """What is printed comes out again when it is computed again, within what other random numbers may change."""
    if evidence.mode != "full" or evidence.data_name != REAL_DATA:
        return
    executed = evidence.as_executed()
    for question, figure in FIGURES.items():
        before, after = (one.submission.notebook.section(question) for one in (evidence, executed))
        if before is None or after is None:
            continue
        reported, measured = training(printed.losses(before)), training(printed.losses(after))
        if not reported or not measured:
            continue
        known = dict(zip(*by_epoch(measured), strict=True))
        pairs = [(epoch, value, known[epoch]) for epoch, value in zip(*by_epoch(reported), strict=True) if epoch in known]
        allowed = width(figure)
        epoch, value, again = max(pairs, key=lambda pair: abs(pair[1] - pair[2]), default=(0.0, 0.0, 0.0))
        if abs(value - again) > allowed:
            yield Flag(
                "measured_differs",
                f"In {question} the notebook was handed in with a loss of {value:.4g} after epoch {epoch:.0f}, but computed again as "
                f"written it came to {again:.4g}; other random numbers change it by about {allowed:.2g}.",
                reported[-1].cell,
            )


def width(figure: str) -> float:
    """How far two correct runs lie apart, at most: as wide as the band of the recorded ones."""
    band = recorded.band(figure, REAL_DATA)
    return max(high - low for low, high in zip(band.low, band.high, strict=True)) if band else 2 * recorded.TOLERANCES[figure]
