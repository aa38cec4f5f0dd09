"""Kernels forked from one process that has imported the course's libraries: ready in a tenth of the time of a cold start.

Gives what a cold start gives, but sooner, in every tier: the fork enters the walls before student code runs. Where forking is not safe
(more than one thread after the imports) or the forking process has ended, kernels are started cold.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from autograder.kernel.isolation import container
from autograder.kernel.isolation.choice import sandbox
from autograder.kernel.isolation.sandbox import Limits, Sandbox, clean_environment
from autograder.kernel.isolation.starting import ColdStart, Started, Starter, processes
from autograder.kernel.start import run_folder, sweep

_IMPORT_SECONDS = 120.0
_FORK_SECONDS = 20.0


@contextmanager
def kernels(tier: str, course_folder: Path, private: Sequence[Path], *, warm: bool) -> Iterator[Sandbox]:
    """The tier of this name for a run, with kernels forked for the course of `course_folder` if they are to be `warm`.

    `private` are paths that no kernel may read. What graders that were killed have left is removed first.
    """
    sweep()
    if tier == "container":
        container.sweep()
    with warm_start(course_folder) if warm and sys.platform == "linux" else nullcontext() as starter:
        yield sandbox(tier, starter, private)


@contextmanager
def warm_start(course_folder: Path) -> Iterator[WarmStart]:
    """A starter that forks kernels with the course of `course_folder`; all of them end when the context closes. Linux only."""
    with run_folder(course_folder, None) as folder:
        starter = WarmStart(folder)
        try:
            yield starter
        finally:
            starter.close()


class WarmStart:
    """Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._cold: Starter = ColdStart()
        self._lock = threading.Lock()
        self._ready: bool | None = None
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness_inside.nursery"],
            cwd=folder / "work",
            env=clean_environment(folder, Limits()),
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def start(self, request: Mapping[str, object]) -> Started:
        """A forked kernel, or a cold one where forking does not work."""
        forked = self._forked(request) if self._is_ready() else None
        return forked or self._cold.start(request)

    def close(self) -> None:
        """End the forking process; its kernels end with it."""
        self._process.kill()
        self._process.communicate()

    def _is_ready(self) -> bool:
        with self._lock:
            if self._ready is None:
                self._ready = self._line(self._began + _IMPORT_SECONDS) == "1"
            return self._ready

    def _forked(self, request: Mapping[str, object]) -> Started | None:
        """The keeper and the kernel of a new fork; None where there is none, from then on. HarnessError when it could not be confined."""
        with self._lock:
            if not self._ready:
                return None  # since this thread asked: a late answer would be taken for the one to this request
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
                line = self._line(time.monotonic() + _FORK_SECONDS)
                self._ready = bool(line)
                return processes(line) if line else None
            except (OSError, ValueError):
                self._ready = False
                return None

    def _line(self, deadline: float) -> str:
        """The next line that the forking process writes, "" when there is none before `deadline` (monotonic seconds)."""
        assert self._process.stdout is not None
        heard = b""
        while not heard.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            piece = self._process.stdout.read1(64) if ready else b""  # type: ignore[attr-defined]
            if not piece:
                return ""
            heard += piece
        return heard.decode().strip()
