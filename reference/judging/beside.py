"""What a notebook's losses are drawn over: the band of recorded runs, and in full mode the curves of the reference trained beside it."""

from __future__ import annotations

from autograder.checks import Evidence
from autograder.model.grading import Band
from reference import recorded

Curve = tuple[tuple[float, ...], tuple[float, ...]]


def band(evidence: Evidence, figure: str) -> Band | None:
    """Where correct runs lie on the data that the losses are of: what students had, or what full mode was given."""
    return recorded.band(figure, evidence.data_name) if evidence.mode == "full" else recorded.band(figure)


def curves(evidence: Evidence, figure: str) -> dict[str, Curve]:
    """The reference's losses by epoch, when it was trained beside."""
    run = evidence.reference_run(figure)
    if run is None:
        return {}
    epochs = tuple(map(float, run.epochs))
    validation = {"reference, validation": (epochs, run.validation)} if run.validation else {}
    return {"reference, trained beside": (epochs, run.training), **validation}
