"""What isolation costs: how long a kernel takes to be ready, cold and forked, in each tier, and what a tier adds to a whole submission."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from autograder.assignment import load
from autograder.kernel.isolation.choice import TIERS, offer, sandbox
from autograder.kernel.isolation.sandbox import Limits
from autograder.kernel.isolation.starting import Starter
from autograder.kernel.start import run_folder, start_kernel
from autograder.kernel.warm import warm_start
from tests.bench.notebook import ROOT, graded

# torchvision first, with the course's cure for one that was built for another torch.
IMPORTS = "from course.environment import import_torchvision; import_torchvision(); import torch, spacy, matplotlib.pyplot, torchtext"


def bench(console: Console, runs: int, notebook: Path, data: Path | None) -> None:
    """Both tables."""
    _starts(console, runs)
    _totals(console, runs, notebook, data)


def _starts(console: Console, runs: int) -> None:
    """From "start" to "kernel ready with the libraries imported"."""
    course = load(ROOT / "reference" / "assignment.toml").course_folder
    table = Table(title=f"kernel ready, libraries imported, seconds (median of {runs}, min-max)")
    for heading in ("isolation", "cold", "forked"):
        table.add_column(heading, justify="right" if heading != "isolation" else "left")
    with warm_start(course) as forked:
        for tier in filter(lambda name: offer(name).available, TIERS):
            table.add_row(tier, *(_said([_ready(tier, starter, course) for _ in range(runs)]) for starter in (None, forked)))
    console.print(table)


def _ready(tier: str, starter: Starter | None, course: Path) -> float:
    limits = Limits()
    with run_folder(course, None) as folder:
        began = time.perf_counter()
        with sandbox(tier, starter).room(folder, limits) as room:
            kernel = start_kernel(room, folder, 0, limits.memory_mb)
            ran = kernel.conversation.execute(IMPORTS, time.monotonic() + 120, lambda _: True)
            seconds = time.perf_counter() - began
            kernel.close()
            if ran.error:
                raise SystemExit(f"bench: the libraries could not be imported: {ran.error[1]}")
    return seconds


def _said(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"


def _totals(console: Console, runs: int, notebook: Path, data: Path | None) -> None:
    """A submission's total in each tier against `none`, pairwise, one after the other."""
    table = Table(title=f"{notebook.parent.name}/{notebook.name}: total against none, pairwise, median of {runs}")
    for heading in ("isolation", "wall ratio", "CPU ratio"):
        table.add_column(heading, justify="right" if heading != "isolation" else "left")
    with tempfile.TemporaryDirectory() as temporary:
        for tier in filter(lambda name: offer(name).available, TIERS[:-1]):
            pairs = []
            for number in range(runs):
                order = (tier, "none") if number % 2 else ("none", tier)  # neither always finds the warmer caches
                costs = {name: graded(notebook, data, Path(temporary) / f"{tier}{number}{name}", name) for name in order}
                pairs.append((costs[tier], costs["none"]))
            wall, cpu = ([getattr(one, name) / getattr(other, name) for one, other in pairs] for name in ("wall_seconds", "cpu_seconds"))
            table.add_row(tier, _said(wall), _said(cpu))
    console.print(table)
