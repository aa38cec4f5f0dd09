"""`python -m autograder reference`: an assignment's own implementations, shown at a small scale or recorded at full scale."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.assignment import load
from autograder.batch import HOMEWORK
from autograder.errors import AssignmentError


class Device(str, Enum):
    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


def reference_command(
    full: Annotated[bool, typer.Option("--full", help="Train at full scale what the record lacks, and write it into the record.")] = False,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="With --full: the folder with the data sets, as for grade.")] = None,
    figure: Annotated[list[str] | None, typer.Option(metavar="NAME", help="With --full: only this one; can be repeated.")] = None,
    seed: Annotated[list[int] | None, typer.Option(metavar="N", help="With --full: only this seed; can be repeated.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="With --full: fewer than the homework asks for.")] = None,
    device: Annotated[Device, typer.Option(help="With --full: where to train; auto takes a GPU where there is one.")] = Device.auto,
    into: Annotated[Path | None, typer.Option(metavar="FILE", help="With --full: another record.")] = None,
    assignment: Annotated[Path, typer.Option("--assignment", metavar="FILE", help="The assignment file.")] = HOMEWORK,
) -> None:
    """Run the reference implementations small and print their figures; with --full record those of full runs, from where it stopped."""
    described = load(assignment)
    if not described.recording:
        raise AssignmentError(f"{assignment}: recording: no module is named that runs the reference implementations. Add this key.")
    module = described.module(described.recording)
    if not full:
        module.show()
        return
    console = Console(highlight=False, soft_wrap=True)
    chosen = {"figures": figure or (), "seeds": seed or (), "epochs": epochs, "device": device.value, "into": into}
    try:
        written = module.record(data, **chosen, say=console.print)
    except KeyboardInterrupt:
        Console(stderr=True).print("autograder: interrupted; finished epochs are kept, and the same command goes on from there.")
        raise
    console.print(f"Recorded in {written}.")
