"""Kernels forked from one process that has imported the course's libraries: ready in a tenth of the time of a cold start.

A `Sandbox` like the others: gives what a cold start gives, but sooner. Where forking is not safe (not Linux, more than one thread after
the imports) or the forking process has ended, kernels are started cold.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from autograder.kernel.isolate import KERNEL, Confined, Limits, PlainProcess, ProcessTree, clean_environment, resource_limits
from autograder.kernel.start import run_folder

_IMPORT_SECONDS = 120.0
_FORK_SECONDS = 10.0


@contextmanager
def warm_kernels(course_folder: Path) -> Iterator[WarmKernels | PlainProcess]:
    """A sandbox that forks kernels with the course of `course_folder`; its process and all kernels end when the context closes."""
    if sys.platform != "linux":
        yield PlainProcess()
        return
    with run_folder(course_folder, None) as folder:
        kernels = WarmKernels(folder)
        try:
            yield kernels
        finally:
            kernels.close()


class WarmKernels:
    """Safe to use from several threads."""

    name = "none"  # of the isolation, which is no more than a plain process has

    def __init__(self, folder: Path) -> None:
        self._cold = PlainProcess()
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

    def launch(self, command: Sequence[str], run_folder: Path, limits: Limits) -> Confined:
        """A forked kernel for a command that starts one; a cold process for any other, and where forking does not work."""
        if tuple(command[: len(KERNEL)]) == KERNEL and self._is_ready():
            request = {
                "arguments": list(command[len(KERNEL) :]),
                "folder": str(run_folder),
                "environment": clean_environment(run_folder, limits),
                "limits": resource_limits(limits),
            }
            forked = self._forked(request)
            if forked is not None:
                keeper, kernel = forked
                return ProcessTree(keeper, kernel, run_folder)
        return self._cold.launch(command, run_folder, limits)

    def close(self) -> None:
        """End the forking process; its kernels end with it."""
        self._process.kill()
        self._process.communicate()

    def _is_ready(self) -> bool:
        with self._lock:
            if self._ready is None:
                self._ready = self._line(self._began + _IMPORT_SECONDS) == "1"
            return self._ready

    def _forked(self, request: Mapping[str, object]) -> tuple[psutil.Process, psutil.Process] | None:
        """The keeper and the kernel of a new fork; None where there is none, from then on."""
        with self._lock:
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
                keeper, kernel = map(int, self._line(time.monotonic() + _FORK_SECONDS).split())
                return psutil.Process(keeper), psutil.Process(kernel)
            except (OSError, ValueError, psutil.Error):
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
