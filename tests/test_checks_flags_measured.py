"""Full mode: losses that do not come out again are flagged, and flags look at what was handed in while checks look at what was executed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fabricated import checks

from autograder.checks.evidence import Evidence
from autograder.executing import as_executed
from autograder.model.beside import ReferenceRun
from autograder.model.execution import CellRun, CellStatus, Ending, Execution
from autograder.model.submission import Cell, CellKind, Notebook, Output, Section, Submission
from reference import recorded
from reference.judging import beside

flags_measured = checks("flags_measured")


def log(*losses: float) -> tuple[Output, ...]:
    return (Output("stream", "stdout", "\n".join(f"Epoch: {n} Train loss: {loss:.4f}" for n, loss in enumerate(losses, 1))),)


def evidence(reported: tuple[float, ...], measured: tuple[float, ...], *, mode: str = "full", data: str = "multi30k+mnist") -> Evidence:
    cells = (Cell(0, CellKind.MARKDOWN, "### 3.3"), Cell(1, CellKind.CODE, "train()", log(*reported)))
    submission = Submission("one", "", "hw4.ipynb", "", (), Notebook(cells, (Section("3.3", "", cells),)), b"")
    execution = Execution(Ending.FINISHED, (CellRun(1, "3.3", CellStatus.OK, 1.0, outputs=log(*measured)),))
    executed = as_executed(submission, execution)
    return Evidence(executed, execution, mode, data, Path("nowhere"), 0, handed_in=submission, executed=executed)


def test_the_outputs_of_the_execution_take_the_place_of_the_stored_ones() -> None:
    """Checks see what was measured, flags what was handed in; source and headings stay."""
    given = evidence((5.0, 3.0), (5.0, 4.5))
    assert "4.5000" in given.section("3.3").printed
    assert "3.0000" in given.as_handed_in().section("3.3").printed
    assert given.as_handed_in().as_executed().section("3.3") == given.section("3.3")
    assert [cell.source for cell in given.submission.notebook.cells] == ["### 3.3", "train()"]


@pytest.mark.parametrize(
    ("reported", "measured", "changed", "raised"),
    [
        ((5.0, 4.4, 3.0), (5.02, 4.45, 3.05), {}, False),
        ((5.0, 4.4, 2.0), (5.02, 4.45, 3.05), {}, True),
        ((5.0, 4.4, 2.0), (5.02, 4.45, 3.05), {"data_name": "embedded sample"}, False),  # other data, other losses
        ((5.0, 4.4, 2.0), (5.02, 4.45, 3.05), {"mode": "replay"}, False),
        ((5.0, 4.4, 2.0), (), {}, False),  # stopped by an error: nothing to compare
    ],
)
def test_a_loss_that_does_not_come_out_again_is_flagged(
    reported: tuple[float, ...], measured: tuple[float, ...], changed: dict[str, str], raised: bool
) -> None:
    """Beyond what other random numbers change, on the data that students had; it names both losses and the epoch."""
    given = replace(evidence(reported, measured), **changed).as_handed_in()  # type: ignore[arg-type]
    found = flags_measured.flag_measured_differs(given)
    assert bool(found) is raised
    if raised:
        assert (found[0].id, found[0].cell) == ("measured_differs", 1)
        assert "a loss of 2 after epoch 3" in found[0].sentence
        assert "came to 3.05" in found[0].sentence


def test_curves_stand_over_those_of_the_reference_and_its_band_on_the_same_data() -> None:
    """The reference's curve is named; in full mode the band is of the data that was trained on."""
    run = ReferenceRun("lstm", "3.3", (1, 2), (5.0, 4.0), (5.5, 5.0))
    given = replace(evidence((5.0,), (5.0,)), beside=(run,))
    assert beside.curves(given, "lstm") == {
        "reference, trained beside": ((1.0, 2.0), (5.0, 4.0)),
        "reference, validation": ((1.0, 2.0), (5.5, 5.0)),
    }
    assert beside.curves(given, "rnn") == {}
    assert beside.band(given, "lstm") == recorded.band("lstm")
    on_sample = replace(given, data_name="embedded sample")
    assert beside.band(on_sample, "autoencoder") == recorded.band("autoencoder", "embedded sample")
    assert beside.band(replace(on_sample, mode="replay"), "autoencoder") == recorded.band("autoencoder")
