"""Judges one submission in a fresh process of its own and streams the results, so that what is done is never lost.

Where the system can fork, judges are forked from one process that has imported what is slow to import and has run nothing else.

Receives the `Evidence`; yields a `Judged` as each check ends. A process that dies or hangs ends the stream early: whoever
reads it finds the remaining checks missing and reports them as our error.
"""

from __future__ import annotations

import fcntl
import importlib
import logging
import multiprocessing
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from threading import Event

from autograder.checks.evidence import Evidence
from autograder.checks.plugin import Judged, JudgePlugin

SILENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.5
_NEVER = Event()
_PRELOAD = ("autograder.one_thread", "pytest", "IPython.core.inputtransformer2", "autograder.checks.plugin")  # slow to import
# of pytest: each costs every judge its import, its place in every hook, or a handler on each of torch's loggers for every check
_UNUSED_PLUGINS = ("terminal", "cacheprovider", "logging", "debugging", "doctest", "unittest", "junitxml", "pastebin", "stepwise")
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()


@dataclass(frozen=True, slots=True)
class JudgeEnded:
    """The last thing a judge process says."""

    peak_memory_mb: float
    problems: str  # what pytest had to say when a file of checks could not be loaded


def warm(preload: Sequence[str]) -> None:
    """Start the process that judges are forked from, without waiting for it; its imports happen while the first replay runs."""
    if _FORKS:
        from multiprocessing.forkserver import ensure_running

        _context(preload)
        ensure_running()


def judge(
    evidence: Evidence,
    checks_folder: Path,
    *,
    preload: Sequence[str] = (),
    only: frozenset[str] | None = None,
    silence_seconds: float = SILENCE_SECONDS,
    cancelled: Event = _NEVER,
) -> Iterator[Judged | JudgeEnded]:
    """Run every check of `checks_folder`, or `only` those with these ids.

    Stops waiting when nothing was heard for `silence_seconds`, and soon after `cancelled` is set.
    """
    context = _context(preload)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_judge, args=(sender, evidence, checks_folder, only), daemon=True)
    process.start()
    sender.close()
    try:
        while _speaks(receiver, silence_seconds, cancelled):
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


def _speaks(judge: Connection, silence_seconds: float, cancelled: Event) -> bool:
    """Whether there is something to read, once there is, or nobody waits for it any more."""
    until = time.monotonic() + silence_seconds
    while not cancelled.is_set():
        if judge.poll(min(_LOOK_SECONDS, max(0.0, until - time.monotonic()))):
            return True
        if time.monotonic() >= until:
            return False
    return False


def _context(preload: Sequence[str]) -> ForkServerContext | SpawnContext:
    if not _FORKS:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOAD, *preload, "autograder.little_garbage"])
    return context


def _end_with_grader() -> None:
    """Let the system kill this process when the grader ends: one that was killed cannot end a check that never returns.

    The grader holds the other end of a pipe; that it is closed is told by a signal of choice (fcntl(2), F_SETSIG). Linux only.
    """
    grader = multiprocessing.parent_process()
    if sys.platform != "linux" or grader is None:
        return
    pipe = grader.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:
        os._exit(1)  # it has ended already


def _judge(sender: Connection, evidence: Evidence, checks_folder: Path, only: frozenset[str] | None) -> None:
    _end_with_grader()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    importlib.import_module("autograder.one_thread")
    importlib.import_module("autograder.little_garbage")
    logging.lastResort = logging.NullHandler()  # what libraries log in a check is not for the grader's terminal
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
        *(f"-pno:{plugin}" for plugin in _UNUSED_PLUGINS),
        "-opython_files=*.py",
        "-opython_functions=check_* answer_* flag_*",
        "-opython_classes=",
    ]
    pytest.main(arguments, plugins=[JudgePlugin(evidence, sender.send, only), Problems()])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send(JudgeEnded(peak, "\n".join(problems)))
    sender.close()
