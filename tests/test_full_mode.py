"""Full mode on a processor: a small notebook of Homework 4 computed as written on a little embedded data, interrupted and resumed."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from processes import eventually

ROOT = Path(__file__).resolve().parents[1]
CORRECT = ROOT / "examples" / "correct" / "hw4.ipynb"
SIZES = {"images": 320, "test_images": 200, "pairs": 96, "validation_pairs": 32, "test_pairs": 32}
SMALLER = {
    "epochs = 30": "epochs = 2",
    "N_EPOCHS = 10": "N_EPOCHS = 2",
    "HID_DIM = 512": "HID_DIM = 16",
    "EMB_DIM = 256": "EMB_DIM = 8",
    "time.time() - start_time": "0",
}


@pytest.fixture(scope="module")
def hold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """While this file is there, no notebook gets beyond the beginning of 3.1."""
    return tmp_path_factory.mktemp("hold") / "hold"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, hold: Path) -> Path:
    """1.1, 3.1 and 3.2 of the correct example, cut down to two short epochs, with other losses printed than it would come to."""
    whole = nbformat.read(CORRECT, as_version=4)
    kept, section = [], ""
    held = f"import os, time\nwhile os.path.exists({str(hold)!r}): time.sleep(0.1)\n"
    for cell in whole.cells:
        if cell.cell_type == "markdown" and "### __" in cell.source:
            section = cell.source.partition("### __")[2][:3]
        if section in ("", "1.1", "3.1", "3.2"):
            kept.append(cell)
            for before, after in SMALLER.items():
                cell.source = cell.source.replace(before, after)
            if section == "3.1" and cell.cell_type == "code":
                cell.source, held = held + cell.source, ""
    path = tmp_path_factory.mktemp("handed-in") / "ann.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=kept, metadata=whole.metadata), path)
    return path


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The homework's own assignment file, but for little data."""
    text = (ROOT / "reference" / "assignment.toml").read_text("utf-8").replace('root = ".."', f'root = "{ROOT}"')
    sizes = "".join(f"{name} = {size}\n" for name, size in SIZES.items())
    path = tmp_path_factory.mktemp("assignment") / "assignment.toml"
    text = text.replace('figures = ["autoencoder", "rnn", "lstm", "lstm_reversed"]', 'figures = ["autoencoder", "rnn"]\nepochs = 2')
    path.write_text(text.replace("[judge]\n", f"[full.data]\n{sizes}\n[judge]\n", 1), encoding="utf-8")
    return path


class Grader:
    """Runs the command line in a process that can be killed."""

    def __init__(self, notebook: Path, assignment: Path, folder: Path) -> None:
        self.out = folder / "out"
        self._command = [sys.executable, "-m", "autograder", "grade", str(notebook), "--mode", "full", "--isolation", "none"]
        self._command += ["--out", str(self.out), "--assignment", str(assignment)]
        self._environment = {**os.environ, "HW4_DATA": "", "XDG_CACHE_HOME": str(folder.parent / "cache"), "CUDA_VISIBLE_DEVICES": ""}
        self._environment["PYTHONPATH"] = str(ROOT)

    def begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, env=self._environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self) -> str:
        process = self.begin()
        said, _ = process.communicate(timeout=1200)
        assert process.returncode == 0, said
        return said

    def report(self) -> dict[str, Any]:
        return json.loads((self.out / "ann" / "report.json").read_text("utf-8"))  # type: ignore[no-any-return]

    def replayed(self) -> dict[str, Any]:
        return json.loads((self.out / "ann" / "replayed.ipynb").read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def undisturbed(handed_in: Path, assignment: Path, tmp_path_factory: pytest.TempPathFactory) -> Grader:
    grader = Grader(handed_in, assignment, tmp_path_factory.mktemp("full") / "undisturbed")
    grader.finish()
    return grader


def timeless(report: dict[str, Any]) -> dict[str, Any]:
    """A report but for how long it took and how much memory."""
    plain = copy.deepcopy(report)
    del plain["seconds"], plain["peak_memory_mb"]
    for cell in plain["cells"]:
        del cell["seconds"]
    return plain


def test_measured_losses_are_judged_in_place_of_reported_ones(undisturbed: Grader) -> None:
    """What two epochs of few images come to is what counts, whatever the notebook says, and nothing was scaled or skipped."""
    report = undisturbed.report()
    assert (report["mode"], report["device"], report["data"]) == ("full", "cpu", "embedded sample")
    checks = {check["id"]: check for check in report["checks"]}
    low = checks["q1_1.reports_a_low_loss"]
    assert low["outcome"] == "failed", low
    assert checks["q1_1.zeroes_left_half"]["outcome"] == "passed"
    assert checks["q1_1.trains_for_30_epochs"]["outcome"] == "failed"
    assert checks["q3_2.decoder"]["outcome"] == "passed"
    outputs = [output for cell in undisturbed.replayed()["cells"] for output in cell.get("outputs", [])]
    printed = ["".join(output["text"]) for output in outputs if "text" in output]
    assert sum(text.count("MSE loss") for text in printed) == 2
    assert report["determinism"]["deterministic_algorithms"] is True
    assert (report["determinism"]["computed_on"], report["determinism"]["threads"]) == ("processor", 1)
    page = (undisturbed.out / "ann" / "staff.html").read_text("utf-8")
    assert "printed and drawn when the notebook was computed again in full" in page
    assert page.count("reference, trained beside") >= 2  # in 1.1 and in 3.2
    log = (undisturbed.out / "ann" / "log.txt").read_text("utf-8")
    assert log.count("Beside it the reference was trained") == 2
    assert "fast-forwarded" not in log
    assert "were cut" not in log
    assert log.count("chapter of") == 3


def test_killed_in_the_middle_and_resumed_it_comes_to_the_same(
    undisturbed: Grader, handed_in: Path, hold: Path, assignment: Path, tmp_path: Path
) -> None:
    """SIGKILL after the first chapter; the same command goes on after it, and report and outputs are those of an undisturbed run."""
    grader = Grader(handed_in, assignment, tmp_path / "killed")
    hold.touch()
    process = grader.begin()
    first = grader.out / ".evidence" / "chapters" / "ann" / "0.zip"
    eventually(lambda: first.exists() or process.poll() is not None, 900)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    hold.unlink()
    assert first.exists()
    assert not (grader.out / "ann" / "report.json").exists()
    grader.finish()
    assert timeless(grader.report()) == timeless(undisturbed.report())
    assert grader.replayed() == undisturbed.replayed()
    assert "1 of 3 chapters were taken from an interrupted run" in (grader.out / "ann" / "log.txt").read_text("utf-8")
    assert not first.parent.exists()
