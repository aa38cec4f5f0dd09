"""The reference beside the submissions: trained once, taken from the cache, resumed, ended with its grader, lost without harm."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from processes import command_line, eventually

from autograder.beside import Beside, ReferenceTraining
from autograder.beside_process import Request
from autograder.devices import CUDA, Devices, Gpu

ROOT = Path(__file__).resolve().parents[1]
MODULE = """
import os, time
from autograder.model.beside import ReferenceRun

def key(figure, *, seed, data, device, epochs):
    return f"{figure} {seed} {device} {epochs} {data.name}"

def train(figure, *, seed, data, device, epochs, checkpoint, progress):
    if figure == "broken":
        raise ValueError("the reference is broken")
    done = checkpoint.read_text() if checkpoint.exists() else ""
    for epoch in range(len(done), epochs):
        while epoch == 2 and os.path.exists(HOLD):
            time.sleep(0.02)
        checkpoint.write_text(done := done + "x")
        progress(f"epoch {epoch + 1} of {epochs}", (epoch + 1) / epochs)
    with open(LOG, "a") as log:
        log.write(f"{figure} from epoch {len(done)} seeing {os.environ['CUDA_VISIBLE_DEVICES']!r}\\n")
    return ReferenceRun(figure, "1.1", tuple(range(1, epochs + 1)), (0.5,) * epochs, device=device, made=figure)
"""


class Trained:
    """A reference of three short epochs, and a log of what was really trained."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log.txt"
        self.hold = folder / "hold"  # while it is there, no training goes on to its third epoch
        self.stages: list[str] = []
        text = textwrap.dedent(MODULE).replace("LOG", repr(str(self.log))).replace("HOLD", repr(str(self.hold)))
        (folder / "small_reference.py").write_text(text, encoding="utf-8")

    def request(self, *figures: str, seed: int = 0, device: str = "cpu") -> Request:
        return Request(str(self.folder), "small_reference", figures, seed, "data", device, 3, 1, str(self.folder / "cache"))

    @contextmanager
    def begun(self, request: Request, devices: Devices | None = None) -> Iterator[ReferenceTraining]:
        told = lambda stage, share: self.stages.append(stage)  # noqa: E731
        with ReferenceTraining(request, devices or Devices(), {"PYTHONDONTWRITEBYTECODE": "1"}, told) as training:
            yield training

    def result(self, request: Request, devices: Devices | None = None) -> Beside:
        with self.begun(request, devices) as training:
            return training.result(lambda stage: None)

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    return Trained(tmp_path)


def test_what_was_trained_is_not_trained_again(trained: Trained) -> None:
    """A later run takes it from the cache; another seed is another training."""
    first = trained.result(trained.request("one", "two"))
    assert [(run.figure, run.training) for run in first.runs] == [("one", (0.5,) * 3), ("two", (0.5,) * 3)]
    assert first.notes == ("Beside it the reference was trained: one.", "Beside it the reference was trained: two.")
    assert "one: epoch 3 of 3" in trained.stages
    assert trained.result(trained.request("one", "two")) == first
    assert len(trained.lines()) == 2
    trained.result(trained.request("one", seed=1))
    assert len(trained.lines()) == 3


def test_a_lost_reference_is_said_and_what_is_known_still_counts(trained: Trained) -> None:
    """The notes say what went wrong, in the reference's own words; nothing is raised."""
    found = trained.result(trained.request("one", "broken", "two"))
    assert [run.figure for run in found.runs] == ["one"]
    assert found.notes[-1].startswith("The reference could not be trained beside (ValueError: the reference is broken)")


def test_it_ends_with_the_run_and_goes_on_from_its_checkpoint(trained: Trained) -> None:
    """A run that ends early leaves no process; the next goes on after the last epoch. Who waits may give up."""
    trained.hold.touch()
    with trained.begun(trained.request("one")) as training:

        def until_two_epochs(stage: str) -> None:
            if "epoch 2" in "".join(trained.stages):
                raise InterruptedError

        with pytest.raises(InterruptedError):
            training.result(until_two_epochs)
    assert not [child for child in psutil.Process().children(recursive=True) if "autograder.beside_process" in command_line(child)]
    trained.hold.unlink()
    trained.stages.clear()
    assert [run.epochs for run in trained.result(trained.request("one")).runs] == [(1, 2, 3)]
    assert "one: epoch 1 of 3" not in trained.stages


def test_a_killed_grader_leaves_no_training_behind(trained: Trained) -> None:
    """The process ends when its standard input does."""
    trained.hold.touch()
    command = [sys.executable, "-m", "autograder.beside_process", trained.request("one").as_text()]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().startswith("stage ")
    process.stdin.close()
    assert process.wait(60) == 1
    process.stdout.close()


def test_two_graders_train_it_once(trained: Trained) -> None:
    """The second waits for the first, and finds what it came to."""
    trained.hold.touch()
    found: list[Beside] = []
    threads = [threading.Thread(target=lambda: found.append(trained.result(trained.request("one")))) for _ in range(2)]
    for thread in threads:
        thread.start()
    both = eventually(lambda: sum("waiting for another grader" in stage for stage in list(trained.stages)) == 2)
    trained.hold.unlink()
    for thread in threads:
        thread.join(60)
    assert both
    assert [len(one.runs) for one in found] == [1, 1]
    assert len(trained.lines()) == 1


def test_on_a_gpu_it_takes_a_gpu_as_any_submission(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sees the GPU that was lent to it, and needs none for what is known already (the GPU is fabricated)."""
    monkeypatch.setattr("autograder.devices._ask", lambda code, environment: 1000.0)
    monkeypatch.setattr("autograder.devices.own_folder", lambda name: trained.folder)
    devices = Devices(CUDA, (Gpu("7", "unique", "Fabricated", 1000.0),), {})
    request = trained.request("one", device="cuda")
    first = trained.result(request, devices)
    assert trained.lines() == ["one from epoch 3 seeing '7'"]
    assert first.runs[0].device == "cuda"
    with devices.lend():  # somebody else has it
        assert trained.result(request, devices) == first
