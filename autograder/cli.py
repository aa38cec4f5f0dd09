"""The command line: reads arguments and the environment, shows progress, and turns exceptions into exit codes.

Exit codes: 0 everything was graded, 2 wrong usage or broken assignment files, 3 the harness failed on a submission, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from autograder import __version__
from autograder.assignment import Assignment, load
from autograder.batch import HOMEWORK, grade, latest_run, places_of, restored
from autograder.course import Begun, HandedBack, Progress
from autograder.doctor import Health, examine
from autograder.errors import AssignmentError, AutograderError, SubmissionError
from autograder.kernel.isolation.choice import offer
from autograder.model.grading import Status
from autograder.model.settings import Settings
from autograder.on_gradescope import get_ready, grade_on_gradescope, staff_details
from autograder.options import (
    CORES,
    AssignmentOption,
    BudgetOption,
    CanvasOption,
    ColumnOption,
    DataOption,
    Device,
    DeviceOption,
    Isolation,
    JobsOption,
    JsonOption,
    LateOption,
    Mode,
    ModeOption,
    QuietOption,
    RosterOption,
    WholeOption,
)
from autograder.packaging.archive import write_files
from autograder.packaging.command import package_app
from autograder.packaging.student import student_files
from autograder.progress import Display
from autograder.recording import reference_command
from autograder.reports.cleaning import clean
from autograder.reports.machine import summary
from autograder.reports.terminal import table
from autograder.store import Store

ROOT = Path(__file__).resolve().parents[1]
WRONG_USAGE, HARNESS_FAILED = 2, 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Grades a deep-learning homework handed in as an executed notebook. Networks are proven, not re-trained.",
)
data_app = typer.Typer(no_args_is_help=True, help="The data sets: fetch them, say where they are, verify them.")
app.add_typer(data_app, name="data")
app.add_typer(package_app, name="package")
app.command("reference")(reference_command)


@app.command("grade")
def grade_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Notebooks, folders or zips of them.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go.")] = Path("results"),
    mode: ModeOption = Mode.replay,
    device: DeviceOption = Device.auto,
    jobs: JobsOption = CORES,
    isolation: Annotated[
        Isolation, typer.Option(help="How student code is kept apart; auto takes the strongest that works here.")
    ] = Isolation.auto,
    data: DataOption = None,
    budget: BudgetOption = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="Grade only this submission; may be given several times.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the grader's own inputs and weights; choose one that students do not know.")] = 0,
    roster: RosterOption = None,
    late: LateOption = "",
    fill_canvas: CanvasOption = None,
    canvas_column: ColumnOption = "",
    canvas_whole: WholeOption = False,
    resume: Annotated[bool, typer.Option(help="Take from DIR what has not changed since it was graded, or grade all again.")] = True,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    assignment: AssignmentOption = HOMEWORK,
) -> None:
    """Grade notebooks, folders or zips and write a report for each."""
    settings = Settings(
        out=out.resolve(),
        mode=mode.value,
        device=device.value,
        data=data,
        jobs=jobs,
        budget_seconds=budget,
        only=tuple(only or ()),
        seed=seed,
        isolation=isolation.value,
        resume=resume,
        roster=roster,
        late=late,
        fill_canvas=fill_canvas,
        canvas_column=canvas_column,
        canvas_whole=canvas_whole,
    )
    _grade(paths, settings, assignment, as_json=as_json, quiet=quiet)


@app.command("regrade")
def regrade_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder of an earlier run's results.")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Grade these again, wholly; else what changed.")] = None,
    at: Annotated[list[Path] | None, typer.Option("--at", metavar="PATH", help="Where the submissions are now, if moved.")] = None,
    roster: RosterOption = None,
    fill_canvas: CanvasOption = None,
    canvas_column: ColumnOption = "",
    data: DataOption = None,
    assignment: Annotated[Path | None, typer.Option("--assignment", metavar="FILE", help="The assignment file, if moved.")] = None,
    jobs: JobsOption = CORES,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Grade again what has changed since the latest run into OUT: submissions, checks, reference, data. Named ones are done wholly.

    What the run was given is looked for where it was; the options say where it is now, or name another.
    """
    latest = latest_run(out)
    settings, described = restored(latest, out.resolve())
    settings = replace(settings, jobs=jobs, only=tuple(ids or ()), resume=not ids)
    settings = replace(settings, roster=roster or settings.roster, data=data or settings.data)
    settings = replace(settings, fill_canvas=fill_canvas or settings.fill_canvas, canvas_column=canvas_column or settings.canvas_column)
    _grade(places_of(latest, at or ()), settings, assignment or described, as_json=as_json, quiet=quiet)


def _grade(paths: Sequence[Path], settings: Settings, assignment: Path, *, as_json: bool, quiet: bool) -> None:
    """Grade, show how it goes, and exit as the contract says."""
    shown: dict[str, Status] = {}
    said: list[str] = []
    undone: list[str] = []

    def listen(event: Progress | Begun | HandedBack) -> None:
        if isinstance(event, HandedBack):
            said.extend(event.sentences)
            undone.extend(event.undone)
        elif isinstance(event, Begun) and settings.isolation == "auto" and event.run.isolation == "none" and settings.mode != "static":
            print(f"autograder: student code runs as yourself, not isolated from your files: {offer('bubblewrap').reason}", file=sys.stderr)
        display.listen(event)

    with Display(quiet=quiet or as_json) as display:
        reports = grade(paths, settings, assignment=assignment, environment=os.environ, cache_folder=cache_folder(), listen=listen)
        try:
            for report in reports:
                shown[report.id] = report.status
                display.finished(report)
                if as_json:
                    print(json.dumps(summary(report)), flush=True)
        except KeyboardInterrupt:
            done = f"{len(shown)} of {display.total} are done and kept in {settings.out}" if display.total else "nothing had begun"
            print(f"autograder: interrupted; {done}. The same command goes on from there.", file=sys.stderr)
            raise
    if not (quiet or as_json):
        with Store(settings.out) as store:
            rows = [graded.report for graded in store.newest() if graded.report.id in shown]
        Console().print(table(rows))
        run = rows[0].run
        Console().print(f"Data: {run.data}. Isolation: {run.isolation}. Reports: {settings.out}", soft_wrap=True, highlight=False)
        for sentence in said:
            Console().print(Text(sentence), soft_wrap=True)
    for sentence in (*undone, *(said if quiet or as_json else ())):  # who got no score must not be known to a page alone
        print(f"autograder: {clean(sentence)}", file=sys.stderr)
    if Status.NEEDS_REVIEW in shown.values():
        raise typer.Exit(HARNESS_FAILED)


@app.command("check")
def check_command(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="The notebook to look at.")],
    assignment: AssignmentOption = HOMEWORK,
) -> None:
    """Make the public checks on a notebook, exactly as students have them: from the package that they get."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        write_files(Path(folder), student_files(load(assignment)))
        command = [sys.executable, "-m", "autograder", "check", str(notebook.resolve())]
        ended = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": folder}, check=False)
    if ended.returncode:
        raise typer.Exit(ended.returncode)


@data_app.command("fetch")
def data_fetch(data: DataOption = None, assignment: AssignmentOption = HOMEWORK) -> None:
    """Download the data sets with checksums; goes on where an earlier download stopped."""
    description = load(assignment)
    with Display(quiet=False) as display:
        folder = _data_module(description).fetch(data or data_folder(), display.download)
    Console().print(f"The data sets are in {folder}.", soft_wrap=True, highlight=False)


@data_app.command("where")
def data_where(data: DataOption = None, assignment: AssignmentOption = HOMEWORK) -> None:
    """Say which data a grading run would use."""
    source = _data_module(load(assignment)).find(data, os.environ)
    Console().print(f"{source.name}: {source.folder or 'made by this program, nothing to download'}", soft_wrap=True, highlight=False)


@data_app.command("verify")
def data_verify(data: DataOption = None, assignment: AssignmentOption = HOMEWORK) -> None:
    """Compare the data sets with their checksums."""
    module = _data_module(load(assignment))
    source = module.find(data, os.environ)
    problems = module.verify(source.folder) if source.folder else []
    for problem in problems:
        Console(stderr=True).print(problem, soft_wrap=True, highlight=False)
    if problems:
        raise typer.Exit(WRONG_USAGE)
    Console().print(f"{source.name}: complete and unchanged.", soft_wrap=True, highlight=False)


@app.command("doctor")
def doctor(data: DataOption = None, assignment: AssignmentOption = HOMEWORK) -> None:
    """Say what this machine offers for grading, and what to do about what is missing."""
    source = _data_module(load(assignment)).find(data, os.environ)
    console, broken = Console(), False
    for line in examine(ROOT / "requirements.lock", source.name, source.folder, CORES, os.environ):
        mark, style = {Health.GOOD: ("ok", "green"), Health.MISSING: ("--", "yellow"), Health.BROKEN: ("NO", "red")}[line.health]
        broken = broken or line.health is Health.BROKEN
        console.print(Text.assemble((f"{mark:3}", style), f"{line.subject:22}", line.said), soft_wrap=True)
        if line.advice:
            console.print(Text(f"{'':25}{line.advice}", style="dim"), soft_wrap=True)
    if broken:
        raise typer.Exit(WRONG_USAGE)


@app.command("gradescope", hidden=True)
def gradescope_command(
    root: Annotated[Path, typer.Argument(help="The platform's folder, /autograder.")],
    prepare_only: Annotated[bool, typer.Option("--prepare", help="Only what can be done while the image is built.")] = False,
) -> None:
    """Grade the submission of a container on Gradescope; run_autograder calls this."""
    print(get_ready(root, environment=os.environ) if prepare_only else staff_details(grade_on_gradescope(root, environment=os.environ)))


@app.command("version")
def version() -> None:
    """Print the version."""
    print(__version__)


def cache_folder() -> Path:
    """Where staged data and downloads are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "autograder"


def data_folder() -> Path:
    return cache_folder() / "data"


def _data_module(assignment: Assignment) -> ModuleType:
    return assignment.module(assignment.data)


def main() -> None:
    """Run a command; the one place where exceptions become messages and exit codes."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to end is like Ctrl-C: no kernel is left behind
    try:
        app()
    except (AssignmentError, SubmissionError) as error:
        print(f"autograder: {clean(str(error))}", file=sys.stderr)
        sys.exit(WRONG_USAGE)
    except AutograderError as error:
        print(f"autograder: {error}", file=sys.stderr)
        sys.exit(HARNESS_FAILED)
    except Exception as error:  # noqa: BLE001 - a bug of ours, said in one place with all that is needed to report it
        traceback.print_exc()
        print(f"autograder: this is a fault of the grader, not of a submission: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(HARNESS_FAILED)
