"""Starts a kernel for one submission: a staged run folder, a kernel in the submission's room, a conversation with it.

Receives what to stage and the room, yields a `Kernel` that answers; everything is ended and removed when the context closes.
The notebook's own kernelspec is ignored: the kernel is this interpreter's. Raises HarnessError when no kernel comes up.
"""

from __future__ import annotations

import os
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
from autograder.kernel.isolation import leavings, memory
from autograder.kernel.isolation.pinned import PinnedSockets
from autograder.kernel.isolation.sandbox import WRITABLE, Confined, Room

_INSIDE = Path(__file__).parent / "inside"
_LONGEST_SOCKET = 100  # a Unix socket's path must stay below 107 characters on Linux
_START_SECONDS = 120.0
_LOOK_SECONDS, _RARELY_SECONDS = 0.2, 1.0  # between two looks at a kernel's memory
_LOOKING = 0.01  # of the processor's time, unless a single look takes more of the longest pause


class Kernel:
    """A running kernel: its processes, the conversation with it, the most memory that it was seen to use; over the limit all are ended."""

    def __init__(self, confined: Confined, conversation: Conversation, memory_mb: int) -> None:
        self.confined = confined
        self.conversation = conversation
        self.peak_memory_mb = 0.0
        self.memory_limit_mb = memory_mb
        self._surroundings = memory.around()
        self._closing = threading.Event()
        self._sampler = threading.Thread(target=self._sample, name="kernel-memory", daemon=True)
        self._sampler.start()

    def out_of_memory(self) -> str:
        """Which memory was used up, if it was ended because of that."""
        if self.peak_memory_mb > self.memory_limit_mb or self.confined.out_of_memory():
            return f"more than {self.memory_limit_mb:,} MB of memory"
        return "more memory than there is here" if self.confined.killed_for_memory() or self._surroundings.happened() else ""

    def close(self) -> None:
        """End every process of the kernel, then the sockets."""
        self._closing.set()
        self.confined.end()
        self._sampler.join()  # what it ends would otherwise be the next kernel's
        self.conversation.close()

    def _sample(self) -> None:
        took = 0.0
        while not self._closing.wait(max(_LOOK_SECONDS, min(_RARELY_SECONDS, took / _LOOKING))):
            began = time.thread_time()
            self.peak_memory_mb = max(self.peak_memory_mb, self.confined.memory_mb())
            if self._closing.is_set():
                return
            if self.peak_memory_mb > self.memory_limit_mb or self.confined.out_of_memory():
                # In tiers without a bound on the sum, this is the bound. With one, the system kills one process, and which one is chance.
                self.confined.end()
                return
            took = time.thread_time() - began


@contextmanager
def run_folder(course_folder: Path, data_folder: Path | None, companions: Mapping[str, Path] | None = None) -> Iterator[Path]:
    """A fresh folder with all that a kernel gets to see: inside/, data/ (if there is any), handed_in/, and what it may write to."""
    with empty_run_folder() as folder:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(_INSIDE, folder / "inside" / "harness_inside", ignore=ignored)
        shutil.copytree(course_folder, folder / "inside" / "course", ignore=ignored)
        if data_folder is not None:
            shutil.copytree(data_folder, folder / "data", ignore=ignored)
        _copy_companions(companions or {}, folder / "handed_in")
        yield folder


@contextmanager
def empty_run_folder() -> Iterator[Path]:
    """A run folder with nothing in it. Its name tells whose it is, so that what a killed grader left behind can be removed."""
    folder = Path(tempfile.mkdtemp(prefix=leavings.owned_prefix(), dir=_short_place())).resolve()  # no link is on the way to the sockets
    try:
        for part in ("inside", "connections", "handed_in", *WRITABLE):
            (folder / part).mkdir()
        yield folder
    finally:
        leavings.remove(folder)


def sweep() -> None:
    """Remove what graders that were killed have left: run folders, unpacked submissions, control groups."""
    memory.sweep()
    for place in {Path(_short_place() or tempfile.gettempdir()), Path(tempfile.gettempdir())}:
        leavings.sweep(place)


def _copy_companions(companions: Mapping[str, Path], place: Path) -> None:
    """The files that were handed in beside the notebook; the kernel itself puts them where the notebook's code expects them."""
    for name, source in companions.items():
        target = (place / name).resolve()
        if place.resolve() in target.parents and source.is_file() and not source.is_symlink():
            with suppress(OSError):  # two names that cannot both be had here, such as a file and a folder
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def start_kernel(room: Room, run_folder: Path, number: int, memory_mb: int, seconds: float = _START_SECONDS) -> Kernel:
    """Launch the `number`th kernel in the room of `run_folder` and wait until it answers, for `seconds` at most."""
    deadline = time.monotonic() + min(seconds, _START_SECONDS)
    path, connection = _connection(run_folder / "sockets" / f"k{number}", run_folder / "connections")
    confined = room.launch(["-f", path, "--HistoryManager.hist_file=:memory:"])
    sockets = PinnedSockets(confined.root())
    conversation = _conversation(sockets, connection, confined, deadline)
    if conversation is not None:
        if conversation.wait_until_ready(deadline):
            return Kernel(confined, conversation, memory_mb)
        conversation.close()
    sockets.close()
    confined.end()
    raise HarnessError(f"the kernel did not answer within {_START_SECONDS:.0f} s; is this machine too busy, or $TMPDIR full?")


def _conversation(sockets: PinnedSockets, connection: Mapping[str, Any], confined: Confined, deadline: float) -> Conversation | None:
    """A conversation over the kernel's sockets, once it has made them; None when it does not."""
    while time.monotonic() < deadline and confined.alive():
        with suppress(OSError):
            return Conversation(connection, confined.alive, sockets)
        time.sleep(0.01)
    return None


def _connection(address: Path, folder: Path) -> tuple[str, dict[str, Any]]:
    if len(str(address)) > _LONGEST_SOCKET:
        raise HarnessError(f"{address}: too long a path for a socket; set TMPDIR to a shorter folder")
    path, connection = write_connection_file(
        str(folder / f"{address.name}.json"),
        transport="ipc",
        ip=str(address),
        key=secrets.token_bytes(16).hex().encode(),
        shell_port=1,
        iopub_port=2,
        stdin_port=3,
        control_port=4,
        hb_port=5,
    )
    Path(path).chmod(0o644)  # the run folder itself keeps others out
    return path, dict(connection)


def _short_place() -> str | None:
    """The usual place for temporary files, or /tmp where that one's name is too long for sockets or would cut a search path in two."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < _LONGEST_SOCKET - 40 and os.pathsep not in usual else "/tmp"
