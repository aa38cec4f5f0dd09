"""Every file of the reference runs alone, at a smaller scale still than its own."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

import pytest

RUNS: list[tuple[str, dict[str, object], list[str], list[str]]] = [
    (
        "masked_autoencoder",
        {"images": 128, "epochs": 2},
        ["epoch  2: mean squared error 0."],
        ["masked_autoencoder.png", "masked_autoencoder_loss.png"],
    ),
    ("add_two_digits", {"lengths": (4,), "steps": 50}, ["length  4, RNN", "length  4, LSTM", "validation"], ["add_two_digits_4.png"]),
    ("translation", {"pairs": 40, "epochs": 1}, ["RNN: training loss", "LSTM: training loss", "got"], ["translation.png"]),
    ("reversed_source", {"pairs": 40, "epochs": 1}, ["forwards: training loss", "backwards: training loss"], ["reversed_source.png"]),
    ("network_sizes", {}, ["A  71,442, B  77,542", "A 137,728, B  77,268"], ["network_sizes.png"]),
]


@pytest.mark.parametrize(("module", "settings", "said", "drawn"), RUNS, ids=[run[0] for run in RUNS])
def test_a_file_runs_alone(
    module: str,
    settings: dict[str, object],
    said: list[str],
    drawn: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says what it learned and leaves its pictures where there is no display."""
    import matplotlib

    matplotlib.use("agg")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("HW4_DATA", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    importlib.import_module(f"reference.{module}").main(**settings)
    printed = capsys.readouterr().out
    for part in said:
        assert part in printed
    for name in drawn:
        assert (tmp_path / name).stat().st_size > 5000


def test_the_reading_order_names_every_file() -> None:
    """The package's docstring lists the modules that hold an answer."""
    import reference

    assert reference.__doc__ is not None
    for module in ("text", *(run[0] for run in RUNS)):
        assert f"`{module}`" in reference.__doc__
