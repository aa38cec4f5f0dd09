"""What a batch costs: two workers beside one, the grader's own time for each submission, and the memory of a further worker.

The grader's own time is all of a batch's CPU time less that of the cells, run bare at the same scale after the libraries were imported, as
many notebooks at a time as there are workers: two processors that share memory and caches are each slower than one alone. They are run
before and after the batch, since a machine that others use too is now faster, now slower. Where training loops are fast-forwarded the
grader's own time comes out too small. What is done once for a batch is shared out: take at least 20 notebooks.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from autograder.assignment import Assignment, load
from tests.bench.isolation import IMPORTS
from tests.bench.notebook import ROOT, bare_command, copies, graded

STARTED = f"{IMPORTS}\nimport course.warm\nimport time as _time\n_began = _time.process_time()"
ENDED = "import json as _json, time as _time\nopen({place!r}, 'w').write(_json.dumps(_time.process_time() - _began))"


def bench(console: Console, runs: int, notebook: Path, data: Path | None, number: int) -> None:
    """Pairs of runs over copies of the notebook, one worker and two, one after the other; medians are printed."""
    assignment = load(ROOT / "reference" / "assignment.toml")
    module = assignment.module(assignment.data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        handed_in = copies(notebook, number, folder / "in")
        staged = module.stage(module.find(data, {}), assignment.replay.data, folder)
        pairs, besides = [], []
        cells: dict[int, list[float]] = {1: [], 2: []}
        for run in range(runs):
            order = (1, 2) if run % 2 else (2, 1)  # neither always finds the warmer caches
            costs = {}
            for jobs in order:
                before = _cells(assignment, notebook, staged, folder, together=jobs)
                costs[jobs] = graded(handed_in, data, folder / f"out{run}-{jobs}", jobs=jobs)
                cells[jobs].append(mean((before, _cells(assignment, notebook, staged, folder, together=jobs))))
            pairs.append((costs[1], costs[2]))
            besides.append([costs[jobs].cpu_seconds / number - cells[jobs][-1] for jobs in (1, 2)])
    table = Table(title=f"{number} times {notebook.parent.name}/{notebook.name}, pairwise, median of {runs}")
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("wanted", justify="right")
    rate = median(60 * number / two.wall_seconds for _, two in pairs)
    table.add_row("rate of two workers to that of one", f"{median(one.wall_seconds / two.wall_seconds for one, two in pairs):.2f}", "1.8")
    table.add_row("submissions a minute, two workers", f"{rate:.1f}", "6")
    for jobs, said in ((1, "one worker"), (2, "two workers")):
        table.add_row(f"CPU seconds of the cells of one notebook, {jobs} at a time", f"{median(cells[jobs]):.1f}", "")
        overhead = median(both[jobs - 1] for both in besides)
        table.add_row(f"CPU seconds besides, for each submission, {said}", f"{overhead:.1f}", "at most 2.5")
        share = median(both[jobs - 1] / alone for both, alone in zip(besides, cells[jobs], strict=True))
        table.add_row(f"that is, of the cells' CPU seconds, {said}", f"{share:.0%}", "")
    table.add_row("MB of PSS for the second worker", f"{median(two.memory_mb - one.memory_mb for one, two in pairs):.0f}", "at most 350")
    console.print(table)


def _cells(assignment: Assignment, notebook: Path, staged: Path, folder: Path, *, together: int) -> float:
    """CPU seconds of the notebook's cells, bare; the mean of as many kernels, started together."""
    places = [folder / f"cells{number}.json" for number in range(together)]
    with ExitStack() as stack:
        running = []
        for place in places:
            ended = ENDED.format(place=str(place))
            command = stack.enter_context(bare_command(assignment, notebook, staged, before=STARTED, after=ended))
            running.append(subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}))
        statuses = [process.wait() for process in running]
        if any(statuses):
            raise SystemExit("bench: the bare cells could not be run")
    return mean(float(json.loads(place.read_text(encoding="utf-8"))) for place in places)
