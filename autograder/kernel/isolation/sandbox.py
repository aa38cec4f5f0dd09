"""What a tier of isolation is: it gives a submission a room in which kernels are launched, and of which nothing is left afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

DEVICES = Path("/dev")
MARKER = "AUTOGRADER_RUN"
KERNEL = (sys.executable, "-m", "ipykernel_launcher")
WRITABLE = {"work": 512, "home": 64, "temporary": 256, "sockets": 1}  # parts of a run folder that a kernel may write to; MB where bounded


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use. Where a tier cannot bound the sum, the bound holds for each process.

    `gpu` is what the environment holds so that the submission's GPU is seen; empty where it has none, and then no GPU is.
    """

    memory_mb: int = 4096
    file_mb: int = 256  # largest file that may be written
    threads: int = 1
    processes: int = 256  # threads count too
    open_files: int = 1024
    gpu: Mapping[str, str] = field(default_factory=dict)


class Confined(Protocol):
    """A running kernel and whatever it started."""

    def alive(self) -> bool:
        """Whether the kernel itself still runs."""

    def memory_mb(self) -> float:
        """Memory of all processes together, now; what they share counts once."""

    def out_of_memory(self) -> bool:
        """Whether the system ended a process because all together used more than they may."""

    def killed_for_memory(self) -> bool:
        """Whether the system ended a process for memory, whoever had used it."""

    def end(self) -> None:
        """Kill every process that the kernel started, and the kernel, and wait until none is left. Safe to call twice, from any thread."""

    def root(self) -> Path:
        """Where the grader finds what the kernel knows as `/`."""


class Room(Protocol):
    """Where the kernels of one submission run, one after the other; files that one leaves in its work folder are there for the next."""

    def launch(self, arguments: Sequence[str]) -> Confined:
        """Start a kernel with these arguments; HarnessError where that is not possible."""


class Sandbox(Protocol):
    """A tier. `name` is written into the report."""

    @property
    def name(self) -> str: ...

    def room(self, run_folder: Path, limits: Limits) -> AbstractContextManager[Room]:
        """A room for the submission of `run_folder`; when the context closes, every process in it has ended."""


def clean_environment(run_folder: Path, limits: Limits) -> dict[str, str]:
    """Everything that a kernel's environment holds: no secret, no path of the grader's but the interpreter's."""
    threads = str(limits.threads)
    home = run_folder / "home"
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(home),
        "USER": "student",  # a user id without an account has no name to be looked up
        "LOGNAME": "student",
        "TMPDIR": str(run_folder / "temporary"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "PYTHONPATH": str(run_folder / "inside"),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        MARKER: str(run_folder),
        "CUDA_VISIBLE_DEVICES": "",
        **limits.gpu,
    }


def gpu_nodes(limits: Limits) -> tuple[str, ...]:
    """The device nodes of NVIDIA's driver that a submission with a GPU needs. Which GPU it sees is told by its environment only."""
    if not limits.gpu:
        return ()
    return tuple(sorted(str(node) for node in (*DEVICES.glob("nvidia*"), *DEVICES.glob("nvidia-caps/*")) if node.is_char_device()))


def resource_limits(limits: Limits) -> dict[str, int]:
    """The system's limits on one process, by the names that follow RLIMIT_."""
    return {"DATA": limits.memory_mb << 20, "CORE": 0, "FSIZE": limits.file_mb << 20}


def confined_limits(limits: Limits) -> dict[str, int]:
    """Those of a process that runs under a user of its own; for another, its user's other processes would count."""
    return {**resource_limits(limits), "NPROC": limits.processes, "NOFILE": limits.open_files}
