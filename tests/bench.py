"""`make bench`: what grading one notebook costs, beside the same notebook's bare cells in a plain kernel, in one run on one machine.

Whole processes are measured from outside: CPU seconds of everything that was started, wall seconds, and the largest sum of the
proportional memory (PSS) of all processes at one moment. Absolute times depend on the machine; the ratio is the figure to quote.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment, load
from autograder.kernel.start import run_folder

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
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


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    memory_mb: float


def measured(command: list[str], **environment: str) -> Cost:
    """Run a command to its end and measure it with everything that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    peak = 0.0
    ended = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not ended.wait(0.1):
            peak = max(peak, _memory_mb(process.pid))

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    status = process.wait()
    ended.set()
    sampler.join()
    if status:
        raise SystemExit(f"bench: {' '.join(command)} exited with {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - began, peak)


def _memory_mb(pid: int) -> float:
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
    except psutil.Error:
        return 0.0
    return total / 1e6


def bare_cells(assignment: Assignment, notebook: Path, data_folder: Path) -> Cost:
    """The notebook's cells at the replay's scale, through nbclient alone: no observers, probes, checks or reports."""
    with run_folder(assignment.course_folder, data_folder) as folder:
        settings = {
            "data_folder": str(folder / "data"),
            "data": assignment.replay.data,
            "constants": assignment.replay.constants,
            "arguments": assignment.replay.arguments,
            "seed": 0,
        }
        plain = nbformat.read(notebook, as_version=4)
        first = BOOTSTRAP.format(settings=json.dumps(settings), inside=str(folder / "inside"))
        plain.cells.insert(0, nbformat.v4.new_code_cell(first))
        plain.metadata.pop("kernelspec", None)
        path = folder / "bare.ipynb"
        nbformat.write(plain, path)
        code = (
            "import nbformat, nbclient, sys\n"
            "notebook = nbformat.read(sys.argv[1], as_version=4)\n"
            "nbclient.NotebookClient(notebook, timeout=600, allow_errors=True, kernel_name='python3',\n"
            "    resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
        )
        return measured([sys.executable, "-W", "ignore", "-c", code, str(path), str(folder / "work")], OMP_NUM_THREADS="1")


def graded(notebook: Path, data: Path | None, out: Path) -> Cost:
    """The whole of `grade` on one submission, cold."""
    command = [sys.executable, "-m", "autograder", "grade", str(notebook), "--out", str(out), "--jobs", "1", "-q"]
    return measured([*command, *(["--data", str(data)] if data else [])], PYTHONPATH=str(ROOT), OMP_NUM_THREADS="1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="pairs of runs; the medians are printed")
    parser.add_argument("--notebook", type=Path, default=None)
    options = parser.parse_args()
    seed = SHARED / "submissions" / "seed" / "hw4.ipynb"
    notebook = options.notebook or (seed if seed.exists() else ROOT / "examples" / "correct" / "hw4.ipynb")
    data = SHARED / "data" if (SHARED / "data").exists() else None

    assignment = load(ROOT / "reference" / "assignment.toml")
    module = assignment.module(assignment.data)
    with tempfile.TemporaryDirectory() as temporary:
        staged = module.stage(module.find(data, {}), assignment.replay.data, Path(temporary))
        pairs = []
        for number in range(options.runs):
            out = Path(temporary) / f"out{number}"
            whole = graded(notebook, data, out)
            pairs.append((whole, bare_cells(assignment, notebook, staged)))
        (report,) = out.glob("*/report.json")
        split = json.loads(report.read_text(encoding="utf-8"))["seconds"]

    whole = sorted((pair[0] for pair in pairs), key=lambda cost: cost.cpu_seconds)[len(pairs) // 2]
    bare = sorted((pair[1] for pair in pairs), key=lambda cost: cost.cpu_seconds)[len(pairs) // 2]
    table = Table(title=f"{notebook.parent.name}/{notebook.name}, median of {options.runs}, data: {'real' if data else 'embedded'}")
    for heading in ("", "CPU s", "wall s", "peak MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, cost in (("graded, cold", whole), ("bare cells", bare)):
        table.add_row(name, f"{cost.cpu_seconds:.1f}", f"{cost.wall_seconds:.1f}", f"{cost.memory_mb:.0f}")
    ratios = sorted(pair[0].cpu_seconds / pair[1].cpu_seconds for pair in pairs)
    table.add_row("ratio", f"{ratios[len(ratios) // 2]:.2f}", f"{whole.wall_seconds / bare.wall_seconds:.2f}", "")
    console = Console()
    console.print(table)
    console.print("Split of the last graded run, wall seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in split.items()))


if __name__ == "__main__":
    main()
