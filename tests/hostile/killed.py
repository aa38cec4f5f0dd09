"""`python -m tests.hostile killed`: kills the grader at random moments of a batch, and looks at what is left and what the next run does.

What was told to be finished is whole on disk, no file under a final name is half written, every process ends by itself within seconds, and
a second run gives all verdicts and removes run folders and control groups that were left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from hostile.leftovers import adopt_orphans, cgroups, processes
from submissions.case import ROOT

SUBMISSIONS = 8
PATIENCE_SECONDS = 5.0
CODE = (
    "SIZE = 100\ndef square(x):\n    return x * x",
    "SIZE = 90\ndef square(x):\n    return x + x",
    "SIZE = 100",
    "import os; os._exit(1)",
)


def main(arguments: list[str]) -> int:
    """Exit status: 1 where anything was lost or left."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile killed", description=__doc__)
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--isolation", default="auto")
    options = parser.parse_args(arguments)
    adopt_orphans()
    draw = random.Random(options.seed)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="k-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.chmod(folder, 0o711)
        _hand_in(folder / "in")
        began = time.monotonic()
        batch = Batch(folder, "alone", options.isolation)
        status = batch.ended()
        whole_seconds, expected = time.monotonic() - began, verdicts(batch.out)
        print(f"seed {options.seed}, {SUBMISSIONS} submissions, {whole_seconds:.1f} s undisturbed, exit status {status}")
        if len(expected) != SUBMISSIONS:
            print(f"only {len(expected)} of {SUBMISSIONS} have a report")
            return 1
        for number in range(options.moments):
            moment = draw.uniform(0.3, whole_seconds)
            problems, finished = killed_at(moment, Batch(folder, f"{number}", options.isolation), expected)
            failed += bool(problems)
            print(f"killed after {moment:5.1f} s, {finished} finished: {'; '.join(problems) or 'nothing lost, nothing left'}", flush=True)
    return 1 if failed else 0


class Batch:
    """A run of the grader in a process of its own; its output is read as it comes."""

    def __init__(self, folder: Path, name: str, isolation: str) -> None:
        self.folder, self.name, self.isolation = folder, name, isolation
        self.out, self.place = folder / f"out-{name}", folder / f"t{name}"
        self.place.mkdir(exist_ok=True)
        self.place.chmod(0o711)
        self.finished: list[str] = []
        command = [sys.executable, "-m", "autograder", "grade", str(folder / "in"), "--out", str(self.out), "--json", "--jobs", "2"]
        command += ["--isolation", isolation, "--assignment", str(ROOT / "tests" / "second_assignment" / "assignment.toml")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.place), "XDG_CACHE_HOME": str(folder / "cache")}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        self.process_id = self._process.pid
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def ended(self) -> int:
        status = self._process.wait()
        self._reader.join()
        return status

    def kill(self) -> None:
        """The grader alone, as the system does when memory is short: not its session, not its children."""
        os.kill(self._process.pid, signal.SIGKILL)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.finished.append(json.loads(line)["id"])


def killed_at(moment: float, batch: Batch, expected: dict[str, dict[str, str]]) -> tuple[list[str], int]:
    """What went wrong, and how many submissions were finished when the grader was killed."""
    time.sleep(moment)
    batch.kill()
    until = time.monotonic() + PATIENCE_SECONDS
    while (alive := processes()) and time.monotonic() < until:
        time.sleep(0.1)
    problems = [f"still running: {line[:120]}" for line in alive]
    batch.ended()
    finished = list(batch.finished)
    problems += [f"half a file: {path.relative_to(batch.out)}" for path in batch.out.glob("*/*.json") if not _reads(path)]
    kept = verdicts(batch.out)
    problems += [f"{id} was told to be finished, but is not as it was alone" for id in finished if kept.get(id) != expected[id]]
    again = Batch(batch.folder, batch.name, batch.isolation)
    status = again.ended()
    if verdicts(batch.out) != expected:
        problems.append(f"the next run (exit status {status}) has other verdicts")
    problems += [f"the next run left {path.name}" for path in again.place.glob("ag-*")]
    problems += [f"the next run left the control group {path}" for path in cgroups(f"autograder-{batch.process_id}-")]
    return problems, len(finished)


def verdicts(out: Path) -> dict[str, dict[str, str]]:
    """The outcomes by submission and check, of whole reports."""
    found = {}
    for path in out.glob("*/report.json"):
        if _reads(path):
            report = json.loads(path.read_text(encoding="utf-8"))
            found[report["submission"]["id"]] = {check["id"]: check["outcome"] for check in report["checks"]}
    return found


def _hand_in(folder: Path) -> None:
    folder.mkdir()
    for number in range(SUBMISSIONS):
        cells = [nbformat.v4.new_markdown_cell("### 1.1 Squares"), nbformat.v4.new_code_cell(CODE[number % len(CODE)])]
        cells += [nbformat.v4.new_markdown_cell("### 1.2 In words"), nbformat.v4.new_markdown_cell(f"x times x, says number {number}")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"student{number}.ipynb")


def _reads(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True
