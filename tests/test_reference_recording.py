"""The command that records: what it trains, what it leaves alone, how it goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from test_cli import run as command

from autograder.errors import AssignmentError
from reference import recorded, recording, translation
from reference.data import staging
from reference.data.sources import SAMPLE_NAME
from reference.runs import FULL_EPOCHS, Run
from reference.training import two_digits

FIGURES = ("autoencoder", "two_digits_rnn_5", "lstm")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The embedded sample and the networks, cut to what trains in a second."""
    sizes = {"images": 128, "test_images": 16, "pairs": 130, "validation_pairs": 10, "test_pairs": 10}
    build = translation.build
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HW4_DATA", raising=False)
    monkeypatch.setattr(staging, "SAMPLE_SIZES", sizes)
    monkeypatch.setattr(translation, "build", lambda kind, corpus: build(kind, corpus, embedding_size=16, hidden_size=24))
    monkeypatch.setattr(two_digits, "EXAMPLES", 200)
    monkeypatch.setattr(two_digits, "STEPS", 5)


def record(folder: Path, said: list[str], **settings: object) -> tuple[Run, ...]:
    chosen = {"figures": FIGURES, "seeds": (0,), "epochs": 1, "device": "cpu", **settings}
    return recorded.read(recording.record(None, into=folder / "record.json", say=said.append, **chosen))  # type: ignore[arg-type]


def test_what_is_missing_is_recorded_and_the_rest_kept(tmp_path: Path) -> None:
    """Each figure once, with the command that makes it; a second time nothing is trained; another seed is added."""
    said: list[str] = []
    first = record(tmp_path, said)
    assert [run.figure for run in first] == list(FIGURES)
    assert [run.data for run in first] == [SAMPLE_NAME, "drawn", SAMPLE_NAME]
    assert first[2].command == "python -m autograder reference --full --figure lstm --seed 0 --epochs 1"
    assert len(said) == 3
    assert "lstm, seed 0: epoch 1 of 1, loss " in said[2]
    said.clear()
    assert record(tmp_path, said) == first
    assert said == [f"{figure}, seed 0: recorded already" for figure in FIGURES]
    both = record(tmp_path, said, figures=("lstm",), seeds=(0, 1))
    assert [(run.figure, run.seed) for run in both if run.figure == "lstm"] == [("lstm", 0), ("lstm", 1)]
    assert all(run in both for run in first)


def test_a_shorter_run_is_gone_on_with(tmp_path: Path) -> None:
    """One epoch becomes two without training the first again, and takes the shorter run's place."""
    said: list[str] = []
    (short,) = record(tmp_path, said, figures=("lstm",))
    said.clear()
    (longer,) = record(tmp_path, said, figures=("lstm",), epochs=2)
    assert longer.epochs == (1, 2)
    assert longer.training[0] == short.training[0]
    assert ["epoch 2 of 2" in one for one in said] == [True]


def test_a_full_run_leaves_no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be gone on with is kept, what is recorded in full is not."""
    kept = tmp_path / "cache" / "autograder" / "reference" / "drawn-two_digits_rnn_5-0.pt"
    record(tmp_path, [], figures=("two_digits_rnn_5",))
    assert kept.is_file()
    monkeypatch.setitem(FULL_EPOCHS, "two_digits_rnn_5", 2)
    record(tmp_path, [], figures=("two_digits_rnn_5",), epochs=2)
    assert not kept.exists()


def test_a_run_of_other_code_is_made_anew_and_a_printed_one_is_not(tmp_path: Path) -> None:
    """What notebooks printed stays whatever the code; what older code measured is replaced."""
    said: list[str] = []
    (run,) = record(tmp_path, said, figures=("lstm",))
    printed = Run("lstm", SAMPLE_NAME, (1,), (5.0,), provenance="printed", source="in a notebook")
    stale = replace(run, code={"reference/translation.py": "older"}, training=(9.0,))
    recorded.write(tmp_path / "record.json", [printed, stale])
    assert record(tmp_path, said, figures=("lstm",)) == (printed, replace(run, seconds=pytest.approx(run.seconds, abs=60)))


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another figure, a GPU where there is none."""
    with pytest.raises(AssignmentError, match="--figure gru: no such figure"):
        record(tmp_path, [], figures=("gru",))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(AssignmentError, match="--device cuda: torch sees no GPU"):
        record(tmp_path, [], device="cuda")


def test_the_command_shows_each_implementation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --full every file of the reference runs as it would alone, under its first line."""
    ran: list[str] = []
    for module in (recording.masked_autoencoder, recording.add_two_digits, recording.translation, recording.reversed_source):
        monkeypatch.setattr(module, "main", lambda name=module.__name__: ran.append(name))
    recording.show()
    printed = capsys.readouterr().out
    assert ran == [f"reference.{name}" for name in ("masked_autoencoder", "add_two_digits", "translation", "reversed_source")]
    assert "3.2 and 3.3: an encoder reads a sentence into a state" in printed
    assert "A 137,728, B  77,268" in printed


def test_the_command_line_records(tmp_path: Path) -> None:
    """`reference --full` reaches the record through the assignment, and wrong usage exits with 2."""
    chosen = ["--full", "--figure", "two_digits_rnn_5", "--seed", "0", "--epochs", "1", "--device", "cpu", "--into", "record.json"]
    done = command("reference", *chosen, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "two_digits_rnn_5, seed 0: epoch 1 of 1, loss " in done.stdout
    (run,) = recorded.read(tmp_path / "record.json")
    assert run.parameters == 53_523
    refused = command("reference", "--full", "--figure", "gru", cwd=tmp_path)
    assert (refused.returncode, "no such figure" in refused.stderr) == (2, True)
