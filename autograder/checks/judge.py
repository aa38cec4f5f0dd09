"""Judges one submission in a fresh process of its own and streams the results, so that what is done is never lost.

Receives the `Evidence`; yields a `Judged` as each check ends. A process that dies or hangs ends the stream early: whoever
reads it finds the remaining checks missing and reports them as our error.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.checks.evidence import Evidence
from autograder.checks.plugin import Judged, JudgePlugin


@dataclass(frozen=True, slots=True)
class JudgeEnded:
    """The last thing a judge process says."""

    peak_memory_mb: float
    problems: str  # what pytest had to say when a file of checks could not be loaded


def judge(evidence: Evidence, checks_folder: Path, *, silence_seconds: float = 60.0) -> Iterator[Judged | JudgeEnded]:
    """Run every check of `checks_folder`; stop waiting when nothing was heard for `silence_seconds`."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_judge, args=(sender, evidence, checks_folder), daemon=True)
    process.start()
    sender.close()
    try:
        while receiver.poll(silence_seconds):
            try:
                message = receiver.recv()
            except EOFError:
                return
            yield message
            if isinstance(message, JudgeEnded):
                return
    finally:
        process.kill()
        process.join()
        receiver.close()


def _judge(sender: Connection, evidence: Evidence, checks_folder: Path) -> None:
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", OMP_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    import pytest

    problems: list[str] = []

    class Problems:
        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                problems.append(str(report.longrepr))

    arguments = [
        str(checks_folder),
        f"--rootdir={checks_folder}",
        f"--confcutdir={checks_folder}",
        f"-c{os.devnull}",
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        "--continue-on-collection-errors",
        "-pno:terminal",
        "-pno:cacheprovider",
        "-opython_files=*.py",
        "-opython_functions=check_* answer_* flag_*",
        "-opython_classes=",
    ]
    pytest.main(arguments, plugins=[JudgePlugin(evidence, sender.send), Problems()])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send(JudgeEnded(peak, "\n".join(problems)))
    sender.close()
