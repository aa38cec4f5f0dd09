"""The same notebooks through `nbgrader autograde` and `otter run`, beside the grader, one after the other in one run.

All execute the same cells at the replay's scale, with one thread; nbgrader and otter-grader get them after a cell that scales them.
Not equivalent, to nbgrader's and otter-grader's advantage: they have a few tests where the grader has all of its checks, probes and
reports; they run the tests in the notebook's own kernel, isolate nothing, and find the data staged. The loss below 5.0 that the grader
reads from the notebook's outputs is not reached at this scale, so they ask for one that falls. To the grader's advantage: it may
fast-forward training loops, and forks its kernels from a process that has imported torch, which the others cannot do. `otter run` takes
one notebook, so it is started for each; nbgrader and the grader are started once for all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from autograder.assignment import load
from tests.bench.measure import Cost, measured, middle
from tests.bench.notebook import ROOT, bare, copies, graded

NBGRADER = "nbgrader==0.9.6"
NAME = "hw4"
OURS = "the grader, one worker"
# Each is worth a point and is run after the last cell. A line is a statement, for the sake of otter-grader's doctests.
TESTS = {
    "mask": """
import torch
whole = torch.ones(4, 1, 28, 28)
masked = apply_mask(whole, 28)
assert masked.shape == whole.shape
assert not masked[..., :14].any()
assert masked[..., 14:].all() and whole.all()
""",
    "encoder_shapes": """
import torch
states = LSTMEncoder(30, 8, 12, 2)(torch.zeros(5, 3, dtype=torch.long))
assert [tuple(state.shape) for state in states] == [(2, 3, 12), (2, 3, 12)]
""",
    "network_sizes": """
import torch
networks = [value for value in list(globals().values()) if isinstance(value, torch.nn.Module)]
sizes = {sum(parameter.numel() for parameter in network.parameters()) for network in networks}
assert {71_168, 77_268} <= sizes
""",
    "losses": """
assert len(training_loss) == 10
assert training_loss[-1] < training_loss[0]
""",
}
Way = Callable[[Path], tuple[Cost, int]]  # runs in a new folder; what it cost, and how many tests were passed in all


def nbgrader_cell(name: str, code: str) -> NotebookNode:
    """A cell of tests, as nbgrader marks it."""
    marked = {"grade": True, "grade_id": name, "locked": True, "points": 1, "solution": False, "task": False, "schema_version": 3}
    return nbformat.v4.new_code_cell(code.strip(), metadata={"nbgrader": {**marked, "cell_type": "code"}})


def otter_test(name: str, code: str) -> str:
    """A file of tests, as otter-grader reads it."""
    cases = [{"code": "\n".join(f">>> {line}" for line in code.strip().splitlines()), "hidden": False, "locked": False}]
    suites = [{"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}]
    test = {"name": name, "points": 1, "suites": suites}
    return f"OK_FORMAT = True\ntest = {test!r}\n"


def bench(console: Console, runs: int, notebook: Path, data: Path | None, number: int) -> None:
    """Every way in turn over copies of the notebook, `runs` times; wall seconds a notebook, and the median ratio within a run."""
    assignment = load(ROOT / "reference" / "assignment.toml")
    module = assignment.module(assignment.data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        staged = module.stage(module.find(data, {}), assignment.replay.data, folder)
        submissions = copies(notebook, number, folder / "in")
        with bare(assignment, notebook, staged) as (plain, _):
            ways: dict[str, Way] = {
                f"the grader, {said}": _grader(submissions, data, jobs) for jobs, said in ((1, "one worker"), (2, "two workers"))
            }
            ways["otter run"] = _otter(plain, number, folder / "otter")
            nbgrader = _nbgrader_installed(folder / "environment")
            if nbgrader:
                ways["nbgrader autograde"] = _nbgrader(nbgrader, plain, number, folder / "course")
            else:
                console.print(f"nbgrader is left out: pip could not install {NBGRADER}.")
            results = []
            for run in range(runs):
                order = list(ways) if run % 2 else list(reversed(ways))  # none always finds the warmer caches
                results.append({name: ways[name](folder / f"run{run}-{position}") for position, name in enumerate(order)})
    table = Table(title=f"{number} times {notebook.parent.name}/{notebook.name}, in turn, median of {runs}")
    for heading in ("", "wall s a notebook", "CPU s a notebook", "wall, times that of one worker", "tests passed"):
        table.add_column(heading, justify="right" if heading else "left")
    for name in ways:
        cost = middle([result[name][0] for result in results])
        ratio = median(result[name][0].wall_seconds / result[OURS][0].wall_seconds for result in results)
        passed = "" if name.startswith("the grader") else f"{results[-1][name][1]} of {len(TESTS) * number}"
        table.add_row(name, f"{cost.wall_seconds / number:.1f}", f"{cost.cpu_seconds / number:.1f}", f"{ratio:.2f}", passed)
    console.print(table)


def _grader(submissions: Path, data: Path | None, jobs: int) -> Way:
    return lambda folder: (graded(submissions, data, folder, jobs=jobs), 0)


def _otter(plain: NotebookNode, number: int, folder: Path) -> Way:
    folder.mkdir()
    nbformat.write(plain, folder / f"{NAME}.ipynb")
    submissions = copies(folder / f"{NAME}.ipynb", number, folder / "in")
    packed = folder / "autograder.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for name, code in TESTS.items():
            archive.writestr(f"tests/{name}.py", otter_test(name, code))

    def run(out: Path) -> tuple[Cost, int]:
        costs, passed = [], 0
        out.mkdir()
        for submission in sorted(submissions.iterdir()):
            command = [sys.executable, "-m", "otter", "run", str(submission), "-a", str(packed), "-o", str(out), "--no-logo"]
            costs.append(measured(command, OMP_NUM_THREADS="1"))
            passed += sum(test.get("score") == 1 for test in _read(out / "results.json")["tests"])
        sums = (sum(cost.cpu_seconds for cost in costs), sum(cost.wall_seconds for cost in costs))
        return Cost(*sums, max(cost.memory_mb for cost in costs)), passed

    return run


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _nbgrader_installed(place: Path) -> Path | None:
    """The interpreter of an environment that has nbgrader besides all that ours has; None where pip cannot install it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    interpreter = place / "bin" / "python"
    own = sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)})
    (Path(own) / "project.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet", NBGRADER]
    return None if subprocess.run(command, capture_output=True).returncode else interpreter


def _nbgrader(interpreter: Path, plain: NotebookNode, number: int, course: Path) -> Way:
    source = course / "source" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    tested = deepcopy(plain)
    tested.cells += [nbgrader_cell(name, code) for name, code in TESTS.items()]
    nbformat.write(tested, source)
    command = [str(interpreter), "-m", "nbgrader"]
    options = [NAME, "--log-level=ERROR", "--ExecutePreprocessor.timeout=600"]  # seconds a cell; 30 may be too few on a busy machine
    activated = {"PATH": os.pathsep.join([str(interpreter.parent), os.environ["PATH"]]), "OMP_NUM_THREADS": "1"}  # it calls alembic by name
    measured([*command, "generate_assignment", *options, f"--course-dir={course}"], **activated)
    for position in range(number):
        submitted = course / "submitted" / f"student{position:02d}" / NAME
        submitted.mkdir(parents=True)
        shutil.copy(course / "release" / NAME / source.name, submitted)

    def run(out: Path) -> tuple[Cost, int]:
        shutil.copytree(course, out)
        cost = measured([*command, "autograde", *options, f"--course-dir={out}"], **activated)
        done = [nbformat.read(path, as_version=4) for path in out.glob(f"autograded/*/{NAME}/{source.name}")]
        tests = [cell for notebook in done for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        return cost, sum(not any(output.output_type == "error" for output in cell.outputs) for cell in tests)

    return run
