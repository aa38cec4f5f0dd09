"""`python -m autograder package …`: one command for each zip that is given away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.assignment import load
from autograder.packaging.archive import write_zip
from autograder.packaging.student import student_files

ROOT = Path(__file__).resolve().parents[2]

package_app = typer.Typer(no_args_is_help=True, help="Builds the zips that are given away: the one for students, the one for Gradescope.")
OutputOption = Annotated[Path, typer.Option("-o", "--output", metavar="FILE.zip", help="The zip to write.")]
AssignmentOption = Annotated[Path, typer.Option("--assignment", metavar="FILE", help="The assignment file.")]


@package_app.callback()
def package() -> None:
    """A group of commands even while there is only one."""


@package_app.command("student")
def package_student(output: OutputOption, assignment: AssignmentOption = ROOT / "reference" / "assignment.toml") -> None:
    """Build what students get; the same files always give the same bytes."""
    files = student_files(load(assignment))
    write_zip(output, files)
    Console().print(f"{output}: {len(files)} files.", soft_wrap=True, highlight=False)
