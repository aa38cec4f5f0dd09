"""Starts a kernel for one submission: a staged run folder, a sandboxed process, a conversation with it.

Receives what to stage and the limits, yields a `Kernel` that answers; everything is ended and removed when the context closes.
The notebook's own kernelspec is ignored: the kernel is this interpreter's. Raises HarnessError when no kernel comes up.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import write_connection_file

from autograder.errors import HarnessError
from autograder.kernel.conversation import Conversation
from autograder.kernel.isolate import KERNEL, Confined, Limits, Sandbox

_INSIDE = Path(__file__).parent / "inside"
_LONGEST_SOCKET = 100  # a Unix socket's path must stay below 107 characters on Linux
_START_SECONDS = 60.0


class Kernel:
    """A running kernel: its processes, the conversation with it, and the most memory that it was seen to use."""

    def __init__(self, confined: Confined, conversation: Conversation) -> None:
        self.confined = confined
        self.conversation = conversation
        self.peak_memory_mb = 0.0
        self._closing = threading.Event()
        self._sampler = threading.Thread(target=self._sample, name="kernel-memory", daemon=True)
        self._sampler.start()

    def close(self) -> None:
        """End every process of the kernel, then the sockets."""
        self._closing.set()
        self.confined.end()
        self._sampler.join(timeout=2)
        self.conversation.close()

    def _sample(self) -> None:
        while not self._closing.wait(0.2):
            self.peak_memory_mb = max(self.peak_memory_mb, self.confined.memory_mb())


@contextmanager
def run_folder(course_folder: Path, data_folder: Path | None) -> Iterator[Path]:
    """A fresh folder with all that a kernel gets to see: inside/, data/ (if there is any), and an empty work/."""
    with tempfile.TemporaryDirectory(prefix="ag-", dir=_short_place(), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("inside", "work", "home", "temporary", "sockets"):
            (folder / part).mkdir()
        (folder / "sockets").chmod(0o700)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(_INSIDE, folder / "inside" / "harness_inside", ignore=ignored)
        shutil.copytree(course_folder, folder / "inside" / "course", ignore=ignored)
        if data_folder is not None:
            shutil.copytree(data_folder, folder / "data", ignore=ignored)
        yield folder


def copy_companions(companions: Mapping[str, Path], run_folder: Path) -> None:
    """Put the files that were handed in beside the notebook where its code expects them."""
    work = run_folder / "work"
    for name, source in companions.items():
        target = (work / name).resolve()
        if work.resolve() in target.parents and source.is_file() and not source.is_symlink():
            with suppress(OSError):  # at a restart, code of the notebook's may have put a file where a folder was
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def start_kernel(sandbox: Sandbox, run_folder: Path, limits: Limits, number: int) -> Kernel:
    """Launch the `number`th kernel in `run_folder` and wait until it answers."""
    address = run_folder / "sockets" / f"k{number}"
    path, connection = _connection(address)
    confined = sandbox.launch([*KERNEL, "-f", path, "--HistoryManager.hist_file=:memory:"], run_folder, limits)
    conversation = Conversation(connection, confined.alive)
    if not conversation.wait_until_ready(time.monotonic() + _START_SECONDS):
        confined.end()
        conversation.close()
        raise HarnessError(f"the kernel did not answer within {_START_SECONDS:.0f} s; is this machine too busy, or $TMPDIR full?")
    return Kernel(confined, conversation)


def _connection(address: Path) -> tuple[str, dict[str, Any]]:
    if len(str(address)) > _LONGEST_SOCKET:
        raise HarnessError(f"{address}: too long a path for a socket; set TMPDIR to a shorter folder")
    path, connection = write_connection_file(
        f"{address}.json",
        transport="ipc",
        ip=str(address),
        key=secrets.token_bytes(16).hex().encode(),
        shell_port=1,
        iopub_port=2,
        stdin_port=3,
        control_port=4,
        hb_port=5,
    )
    return path, dict(connection)


def _short_place() -> str | None:
    """The usual place for temporary files, or /tmp where that one's name is too long for sockets."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < _LONGEST_SOCKET - 40 else "/tmp"
