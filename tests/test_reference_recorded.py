"""The recorded figures and the bands made of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reference import recorded
from reference.data.sources import SAMPLE_NAME, Source
from reference.data.staging import stage

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def test_every_run_is_complete() -> None:
    """Each has a known figure, as many losses as epochs, and says where it comes from."""
    for run in recorded.runs():
        assert run.figure in recorded.FIGURES
        assert len(run.epochs) == len(run.training)
        assert not run.validation or len(run.validation) == len(run.epochs)
        assert list(run.epochs) == sorted(set(run.epochs))
        assert run.provenance


def test_the_autoencoder_band_holds_the_known_losses() -> None:
    """0.0634, 0.0186 and 0.0157 at epochs 1, 11 and 21, and 0.0150 ± 0.0010 at epoch 30, for every epoch between."""
    band = recorded.band("autoencoder")
    assert band is not None
    assert band.x == tuple(range(1, 31))
    for epoch, loss in ((1, 0.0634), (11, 0.0186), (21, 0.0157), (30, 0.0150)):
        assert band.low[epoch - 1] <= loss <= band.high[epoch - 1]
    assert all(low < high for low, high in zip(band.low, band.high, strict=True))
    assert band.high[29] <= 0.0160
    assert "only" not in band.label


@pytest.mark.parametrize(("figure", "epoch", "loss"), [("rnn", 3, 4.493), ("lstm", 1, 5.04), ("lstm", 10, 2.99)])
def test_the_translator_bands_say_how_little_they_know(figure: str, epoch: int, loss: float) -> None:
    """They hold the known losses, and the label names the epochs."""
    band = recorded.band(figure)
    assert band is not None
    position = band.x.index(epoch)
    assert band.low[position] <= loss <= band.high[position]
    assert "only" in band.label


def test_an_unrecorded_figure_has_no_band() -> None:
    """Where nothing was measured, nothing is drawn."""
    assert recorded.band("autoencoder", "another data set") is None


def test_a_measured_run_becomes_a_table(tmp_path: Path) -> None:
    """What `measure` returns can be put into recorded.toml and is read back as it was."""
    folder = stage(Source(SAMPLE_NAME), {"images": 128, "test_images": 1, "pairs": 1, "validation_pairs": 1, "test_pairs": 1}, tmp_path)
    said: list[str] = []
    run = recorded.measure("autoencoder", folder, seed=0, epochs=2, data=SAMPLE_NAME, say=said.append)
    table = tomllib.loads(recorded.as_toml(run))["runs"][0]
    assert len(said) == 2
    assert table["training"] == list(run.training)
    assert table["epochs"] == [1, 2]
    assert "seed 0" in table["provenance"]
