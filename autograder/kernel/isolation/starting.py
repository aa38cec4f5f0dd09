"""Starts kernels behind walls: each with an interpreter of its own, or forked from one that has imported the course's libraries.

Receives a request (see `inside/entering`), returns the keeper and the kernel. Raises HarnessError when the walls could not be entered: a
kernel that would run outside of them is never started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import psutil

from autograder.errors import HarnessError
from autograder.kernel.isolation.sandbox import Limits, clean_environment, resource_limits

ENTERING = Path(__file__).parents[1] / "inside" / "entering.py"
Started = tuple[psutil.Process, psutil.Process]


class Starter(Protocol):
    def start(self, request: Mapping[str, object]) -> Started:
        """The keeper and the kernel."""


def request(arguments: Sequence[str], run_folder: Path, limits: Limits, private: Sequence[Path] = ()) -> dict[str, object]:
    """What every tier asks for; the stronger ones add to it. `private`: what the kernel must not be able to read."""
    packages = find_spec("ipykernel")
    return {
        "needed": [sys.executable, os.__file__, *([packages.origin] if packages and packages.origin else [])],
        "private": [str(path) for path in private],
        "arguments": list(arguments),
        "folder": str(run_folder),
        "environment": clean_environment(run_folder, limits),
        "limits": resource_limits(limits),
    }


class ColdStart:
    """An interpreter for each kernel."""

    def start(self, request: Mapping[str, object]) -> Started:
        keeper = psutil.Popen(
            [sys.executable, "-I", "-S", str(ENTERING)],
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with keeper.stdin, keeper.stdout:
            keeper.stdin.write(json.dumps(request).encode() + b"\n")
            keeper.stdin.flush()
            line = keeper.stdout.readline()
        try:
            started = processes(line.decode())
            if started is None:
                raise HarnessError("a kernel ended as it was started; is the machine out of memory or processes?")
        except HarnessError:
            keeper.kill()
            keeper.wait()
            raise
        return keeper, started[1]


def processes(line: str) -> Started | None:
    """What an answer of `inside/entering` says: None when the kernel has gone already; HarnessError when it could not be confined."""
    if not line or line.startswith("!"):
        reason = line.removeprefix("!").strip() or "the process ended"
        raise HarnessError(f"the kernel could not be confined ({reason})")
    try:
        keeper, kernel = map(int, line.split())
        return psutil.Process(keeper), psutil.Process(kernel)
    except psutil.NoSuchProcess:
        return None
