"""The recorded figures, the bands made of them, and whether they are of the code that is there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from reference import recorded
from reference.recording import COMMAND
from reference.runs import Run
from reference.training import circumstances

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "recorded.json").read_text(encoding="utf-8"))


def test_the_record_keeps_to_its_schema() -> None:
    """Nothing is missing that a measured run has to say of itself."""
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(recorded.RECORD.read_text(encoding="utf-8")))


def test_every_run_is_complete() -> None:
    """There are as many values as epochs, in order, and no run is there twice."""
    for run in recorded.runs():
        assert list(run.epochs) == sorted(set(run.epochs))
        assert len(run.training) == len(run.epochs)
        for values in (run.validation, run.training_accuracy, run.validation_accuracy):
            assert len(values) in (0, len(run.epochs))
    measured = [(run.figure, run.seed, run.data) for run in recorded.runs() if run.provenance == "measured"]
    assert len(measured) == len(set(measured))


def test_the_record_is_of_the_code_that_is_there() -> None:
    """Whoever changes code that recorded figures come from is told which file it was, and records again."""
    for run in recorded.runs():
        if run.provenance == "measured":
            current = circumstances.code_of(run.figure)
            changed = sorted(name for name in run.code.keys() | current.keys() if run.code.get(name) != current.get(name))
            assert not changed, f"{', '.join(changed)} changed since {run.figure}, seed {run.seed}, was recorded. Run `{COMMAND}`."


def test_comments_and_docstrings_are_no_code() -> None:
    """A record stays good when only words about the code change."""
    source = 'def double(x):\n    """Twice."""\n    return 2 * x  # fast\n'
    bare = "def double(x):\n    return 2 * x\n"
    commented = '"""Of numbers."""\n\ndef double(x):\n    # exact\n    """2x\n\n    of x."""\n    return 2 * x\n'
    assert circumstances.digest_of_code(bare) == circumstances.digest_of_code(commented) == circumstances.digest_of_code(source)
    for other in ("def double(x):\n    return 3 * x\n", 'def double(x):\n    return "# 2" * x\n'):
        assert circumstances.digest_of_code(other) != circumstances.digest_of_code(source)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Every known value of a run comes back, in a fixed order, losses to six digits; no unfinished file is left."""
    run = Run("lstm", "embedded sample", (1, 2), (5.1234567, 4.0), (5.5, 5.0), test=4.9, seed=1, device="cpu", versions={"torch": "2"})
    printed = Run("lstm", "embedded sample", (1,), (5.0,), provenance="printed", source="in a notebook")
    recorded.write(tmp_path / "record.json", [run, replace(run, seed=0, figure="rnn"), printed])
    first, *others = recorded.read(tmp_path / "record.json")
    assert first.figure == "rnn"
    assert others == [printed, replace(run, training=(5.123457, 4.0))]
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]
    assert recorded.read(tmp_path / "none.json") == ()


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
