"""The options of the command line: their types, names and help."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

# Those that this process may use: in a container or a job of a cluster the machine has more.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Mode(str, Enum):
    replay = "replay"
    static = "static"
    full = "full"


class Device(str, Enum):
    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Isolation(str, Enum):
    auto = "auto"
    bubblewrap = "bubblewrap"
    container = "container"
    user = "user"
    none = "none"


AssignmentOption = Annotated[Path, typer.Option("--assignment", metavar="FILE", help="The assignment file.")]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder with mnist/ and multi30k/. Else $HW4_DATA, the cache, the embedded sample."),
]
RosterOption = Annotated[
    Path | None, typer.Option("--roster", metavar="CSV", help="Students with late_days, due, submitted_at, days_late; all may be missing.")
]
LateOption = Annotated[
    str, typer.Option("--late", metavar="POLICY", help='Changes to the late policy: "due=2026-05-01T23:59+03:00 percent_per_day=10".')
]
CanvasOption = Annotated[
    Path | None,
    typer.Option("--fill-canvas", metavar="CSV", help="Canvas's export of the gradebook; canvas.csv is it with one column filled."),
]
ColumnOption = Annotated[
    str,
    typer.Option("--canvas-column", metavar="TITLE", help="The column to fill, by title or number; else the one of the assignment's name."),
]


WholeOption = Annotated[bool, typer.Option("--canvas-whole", help="Fill in only scores of which no points wait for a person.")]
ModeOption = Annotated[
    Mode, typer.Option(help="replay: execute at a small scale; static: read only what is stored; full: compute everything, for hours.")
]
DeviceOption = Annotated[Device, typer.Option(help="What full mode computes on: auto takes a GPU where torch finds one.")]
BudgetOption = Annotated[
    int | None, typer.Option(metavar="SECONDS", min=10, help="Wall clock for one submission; else what the assignment says for the mode.")
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, help="Submissions graded at the same time.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON line for each finished submission.")]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="No progress and no table.")]
