"""Writes the renderings of a report into its folder. Every file appears whole: written beside its place and renamed into it."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.model.grading import GradeReport, Question
from autograder.model.settings import Platform
from autograder.reports import feedback, gradescope, log, machine, staff, table
from autograder.reports.markdown import escaped

TABLE = "grades.csv"
REPLAYED = "replayed.ipynb"
FILES = ("feedback.html", REPLAYED, "results.json", "log.txt", "staff.html", "report.json")
_FIRST = ("feedback.html", "results.json")  # a folder with a log alone is somebody's else
_UNFINISHED = re.compile(r"^\.(.+)\.\d+\.new$")


def write(report: GradeReport, folder: Path, platform: Platform | None = None) -> None:
    """Write all six files of one submission into `folder`, and what a platform reads."""
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / "feedback.html", feedback.render(report))
    _put(folder / REPLAYED, report.replayed_notebook or _nothing_replayed(report))
    _put_results(report, folder, platform, finished=True)
    seconds = {**report.seconds, "reports": time.perf_counter() - started}
    timed = dataclasses.replace(report, seconds=seconds)
    _put(folder / "log.txt", log.render(timed))
    _put(folder / "staff.html", staff.render(timed))
    _put(folder / "report.json", machine.render(timed))


def is_written(folder: Path) -> bool:
    """Whether all six files of one submission are in `folder`."""
    return all((folder / name).is_file() for name in FILES)


def is_of_a_run(folder: Path) -> bool:
    """Whether a run has made `folder`: the six files are there, or as many of them as there are when a run is ended at any moment."""
    if is_written(folder):
        return True
    if folder.is_symlink() or not folder.is_dir():
        return False
    found = list(folder.iterdir())
    names = {_UNFINISHED.sub(r"\1", path.name) for path in found}
    return all(path.is_file() and not path.is_symlink() for path in found) and names <= set(FILES) and not names.isdisjoint(_FIRST)


def write_results(report: GradeReport, folder: Path, platform: Platform | None = None) -> None:
    """Write the results.json of a submission whose grading goes on, so that a platform that stops us shows what is done."""
    folder.mkdir(parents=True, exist_ok=True)
    _put_results(report, folder, platform, finished=False)


def _put_results(report: GradeReport, folder: Path, platform: Platform | None, *, finished: bool) -> None:
    if platform is not None:
        _put(platform.results, gradescope.results(report, finished=finished, platform=platform))
    _put(folder / "results.json", gradescope.results(report, finished=finished))


def write_table(reports: Iterable[GradeReport], questions: Sequence[Question], folder: Path) -> None:
    """Write grades.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / TABLE, table.render(reports, questions))


def write_file(folder: Path, name: str, content: str | bytes) -> None:
    """Write one of the files of the whole course."""
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / name, content)


def _put(path: Path, content: str | bytes) -> None:
    # What a file name or an answer holds that UTF-8 cannot say becomes a question mark rather than a failure of ours.
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _nothing_replayed(report: GradeReport) -> str:
    why = escaped(report.reason or "It was read as it was stored.", longest=1_000)
    cell = {"cell_type": "markdown", "id": "nothing-replayed", "metadata": {}, "source": f"This notebook was not executed. {why}"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"
