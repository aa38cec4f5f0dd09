"""What grading one notebook costs, beside the same notebook's bare cells in a plain kernel."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment, load
from autograder.kernel.start import run_folder
from tests.bench.measure import Cost, measured, middle

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = """
import json, sys
from pathlib import Path
settings = json.loads({settings!r})
sys.path.insert(0, {inside!r})
import torch
torch.set_num_threads(1)
from course import environment
from harness_inside import magics, scaling
usual = {{}}
environment.prepare(Path(settings["data_folder"]), settings, usual)
get_ipython().user_ns.update(usual)
scaling.install(get_ipython(), settings)
magics.install(get_ipython(), on_reset=lambda: None)
"""


@contextmanager
def bare(assignment: Assignment, notebook: Path, data_folder: Path) -> Iterator[tuple[NotebookNode, Path]]:
    """The notebook with a first cell that brings any kernel to the replay's scale, and the run folder that its cells need."""
    with run_folder(assignment.course_folder, data_folder) as folder:
        settings = {
            "data_folder": str(folder / "data"),
            "data": assignment.replay.data,
            "constants": assignment.replay.constants,
            "arguments": assignment.replay.arguments,
            "seed": 0,
        }
        plain = nbformat.v4.upgrade(nbformat.read(notebook, as_version=4))
        first = BOOTSTRAP.format(settings=json.dumps(settings), inside=str(folder / "inside"))
        plain.cells.insert(0, nbformat.v4.new_code_cell(first))
        plain.metadata.pop("kernelspec", None)
        yield plain, folder


@contextmanager
def bare_command(assignment: Assignment, notebook: Path, data_folder: Path, *, before: str = "", after: str = "") -> Iterator[list[str]]:
    """What runs the notebook's cells at the replay's scale, through nbclient alone: no observers, probes, checks or reports.

    `before` and `after` are code of ours that is run before and after the notebook's.
    """
    with bare(assignment, notebook, data_folder) as (plain, folder):
        plain.cells.insert(1, nbformat.v4.new_code_cell(before))
        plain.cells.append(nbformat.v4.new_code_cell(after))
        path = folder / "bare.ipynb"
        nbformat.write(plain, path)
        code = (
            "import nbformat, nbclient, sys\n"
            "notebook = nbformat.read(sys.argv[1], as_version=4)\n"
            "nbclient.NotebookClient(notebook, timeout=600, allow_errors=True, kernel_name='python3',\n"
            "    resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
        )
        yield [sys.executable, "-W", "ignore", "-c", code, str(path), str(folder / "work")]


def bare_cells(assignment: Assignment, notebook: Path, data_folder: Path) -> Cost:
    """The notebook's cells alone, with the start of their kernel."""
    with bare_command(assignment, notebook, data_folder) as command:
        return measured(command, OMP_NUM_THREADS="1")


def graded(submissions: Path, data: Path | None, out: Path, isolation: str = "auto", jobs: int = 1) -> Cost:
    """The whole of `grade` on one submission or a folder of them, cold."""
    command = [sys.executable, "-m", "autograder", "grade", str(submissions), "--out", str(out), "--jobs", str(jobs), "-q"]
    command += ["--isolation", isolation]
    return measured([*command, *(["--data", str(data)] if data else [])], PYTHONPATH=str(ROOT), OMP_NUM_THREADS="1")


def copies(notebook: Path, number: int, folder: Path) -> Path:
    """A new folder of as many submissions, all the same."""
    folder.mkdir()
    for position in range(number):
        shutil.copyfile(notebook, folder / f"student{position:02d}.ipynb")
    return folder


def bench(console: Console, runs: int, notebook: Path, data: Path | None) -> None:
    """Pairs of runs, one after the other; the medians are printed."""
    assignment = load(ROOT / "reference" / "assignment.toml")
    module = assignment.module(assignment.data)
    pairs = []
    with tempfile.TemporaryDirectory() as temporary:
        staged = module.stage(module.find(data, {}), assignment.replay.data, Path(temporary))
        for number in range(runs):
            out = Path(temporary) / f"out{number}"
            pairs.append((graded(notebook, data, out), bare_cells(assignment, notebook, staged)))
        (report,) = out.glob("*/report.json")
        split = json.loads(report.read_text(encoding="utf-8"))["seconds"]
    whole, bare = (middle([pair[position] for pair in pairs]) for position in (0, 1))
    table = Table(title=f"{notebook.parent.name}/{notebook.name}, median of {runs}, data: {'real' if data else 'embedded'}")
    for heading in ("", "CPU s", "wall s", "peak MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, cost in (("graded, cold", whole), ("bare cells", bare)):
        table.add_row(name, f"{cost.cpu_seconds:.1f}", f"{cost.wall_seconds:.1f}", f"{cost.memory_mb:.0f}")
    ratio = median(one.cpu_seconds / other.cpu_seconds for one, other in pairs)
    table.add_row("ratio", f"{ratio:.2f}", f"{whole.wall_seconds / bare.wall_seconds:.2f}", "")
    console.print(table)
    console.print("Split of the last graded run, wall seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in split.items()))
