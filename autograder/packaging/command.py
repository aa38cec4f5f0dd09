"""`python -m autograder package …`: one command for each zip that is given away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from autograder.assignment import load
from autograder.gradescope.files import SCRIPTS, gradescope_files
from autograder.gradescope.settings import GradescopeSettings, HiddenChecks
from autograder.on_gradescope import planned_results
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


@package_app.command("gradescope")
def package_gradescope(
    output: OutputOption,
    assignment: AssignmentOption = ROOT / "reference" / "assignment.toml",
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Put these data sets into the zip. Else the embedded sample.")] = None,
    hidden_checks: Annotated[HiddenChecks, typer.Option(help="When students see hidden checks.")] = HiddenChecks.after_published,
    torch_index: Annotated[str, typer.Option(metavar="URL", help="PyTorch's index of builds for CPUs alone. Else pip's own.")] = "",
) -> None:
    """Build what is uploaded to Gradescope as the autograder; the same files always give the same bytes."""
    described = load(assignment)
    try:
        settings = GradescopeSettings(
            assignment=str(assignment.resolve().relative_to(described.root)), hidden_checks=hidden_checks, torch_index=torch_index
        )
    except ValidationError as error:
        raise typer.BadParameter("give an address that begins with https://", param_hint="--torch-index") from error
    if data is not None:
        described.module(described.data).find(data, {})  # refuses a folder that lacks something
    files = gradescope_files(ROOT, assignment, described, settings, planned_results(described, settings), data)
    write_zip(output, files, executable=SCRIPTS)
    Console().print(f"{output}: {len(files)} files.", soft_wrap=True, highlight=False)
