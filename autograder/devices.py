"""On which processor student code computes, and which submission has which GPU.

What there is, and how much memory of it is free, is asked of torch in a process of its own: the grading process stays light, and nothing
begins CUDA before a fork. `CUDA_VISIBLE_DEVICES` is honoured, because that process sees what it leaves. Raises `AssignmentError` for a
GPU that was asked for and is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.locks import held_if_free, own_folder

CPU, CUDA = "cpu", "cuda"
KEPT_FREE_MB = 256  # less than this that a submission leaves in use is the driver's own affair
_ASK_SECONDS = 120.0
_LOOK_SECONDS = 1.0
_FREED_SECONDS = 30.0  # a driver takes a while to take back what a killed process had
_FIND = """
import json, os, torch
visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name.strip()]
found = []
for number in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
    about = torch.cuda.get_device_properties(number)
    unique = str(getattr(about, "uuid", "")) or str(number)
    place = visible[number] if number < len(visible) else str(number)
    found.append([place, unique, about.name, about.total_memory / 2**20])
print(json.dumps(found))
"""
_OF_CUDA = ("CUDA_DEVICE_ORDER", "LD_LIBRARY_PATH")  # of the grader's environment, where there is a GPU
_FREE = "import json, torch; print(json.dumps(torch.cuda.mem_get_info()[0] / 2**20))"


@dataclass(frozen=True, slots=True)
class Gpu:
    """`place` is its name in CUDA_VISIBLE_DEVICES, `unique` the same for every process of this machine."""

    place: str
    unique: str
    name: str
    total_mb: float


@dataclass(slots=True)
class Lent:
    """A GPU that is one submission's for a while; none where it computes on the processor. `notes` say what became of its memory."""

    gpu: Gpu | None = None
    free_mb: float = 0.0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Devices:
    """What student code computes on: the processor, or one of `gpus` for each submission. `environment` is the grading process' own."""

    kind: str = CPU
    gpus: tuple[Gpu, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @contextmanager
    def lend(self, still_waiting: Callable[[], None] = lambda: None, folder: Path | None = None) -> Iterator[Lent]:
        """A GPU that no other submission has, here or in another grader of this user on this machine; none is needed on the processor.

        `still_waiting` is called about once a second while all are in use, and may raise to give up. The next one gets the GPU when what
        was in use of its memory has come free, or after a wait, which the notes then say.
        """
        if self.kind == CPU:
            yield Lent()
            return
        with _claimed(self.gpus, folder or own_folder(f"autograder-gpus-{os.geteuid()}"), still_waiting) as gpu:
            before = self.free_mb(gpu)
            lent = Lent(gpu, before)
            yield lent
            until = time.monotonic() + _FREED_SECONDS
            while (after := self.free_mb(gpu)) < before - KEPT_FREE_MB and time.monotonic() < until:
                time.sleep(_LOOK_SECONDS)
            lent.notes.append(f"{gpu.name} ({gpu.place}): {before:.0f} MB were free before, {after:.0f} MB after.")
            if after < before - KEPT_FREE_MB:
                lent.notes.append(f"{before - after:.0f} MB of its memory did not come free after this submission.")

    def seen_by_kernels(self, lent: Lent) -> dict[str, str]:
        """What the environment of a submission's kernels holds so that they see their GPU and no other; empty without one."""
        if lent.gpu is None:
            return {}
        kept = {name: self.environment[name] for name in _OF_CUDA if name in self.environment}
        # The workspace is what torch.use_deterministic_algorithms asks for.
        return {**kept, "CUDA_VISIBLE_DEVICES": lent.gpu.place, "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}

    def free_mb(self, gpu: Gpu) -> float:
        """Free memory of a GPU beside what asking takes, to be compared with the same question only; 0 where it cannot be told."""
        answer = _ask(_FREE, {**self.environment, "CUDA_VISIBLE_DEVICES": gpu.place})
        return float(answer) if isinstance(answer, (int, float)) else 0.0


def choose(asked: str, environment: Mapping[str, str], find: Callable[[Mapping[str, str]], tuple[Gpu, ...]] | None = None) -> Devices:
    """The devices for `auto` (a GPU where there is one), `cpu` or `cuda`; AssignmentError where a GPU was asked for and there is none."""
    gpus = (find or gpus_of)(environment) if asked != CPU else ()
    if gpus:
        return Devices(CUDA, gpus, dict(environment))
    if asked == CUDA:
        visible = environment.get("CUDA_VISIBLE_DEVICES")
        because = f" CUDA_VISIBLE_DEVICES is {visible!r}." if visible is not None else ""
        raise AssignmentError(f"--device cuda: torch finds no GPU here.{because} Use --device auto or cpu.")
    return Devices()


def gpus_of(environment: Mapping[str, str]) -> tuple[Gpu, ...]:
    """The GPUs that torch finds in this environment, in its order; none where it cannot tell."""
    found = _ask(_FIND, environment)
    return tuple(Gpu(str(one[0]), str(one[1]), str(one[2]), float(one[3])) for one in found) if isinstance(found, list) else ()


def _ask(code: str, environment: Mapping[str, str]) -> object:
    """What a child process with torch prints as JSON; None where it fails."""
    try:
        asked = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=_ASK_SECONDS, check=True)
        answer: object = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return answer


@contextmanager
def _claimed(gpus: Sequence[Gpu], folder: Path, still_waiting: Callable[[], None]) -> Iterator[Gpu]:
    """One of the GPUs, by a lock on a file that the system lifts when its holder ends."""
    while True:
        for gpu in gpus:
            name = hashlib.sha256(gpu.unique.encode()).hexdigest()[:16]
            with held_if_free(folder / name) as held:
                if held:
                    yield gpu
                    return
        still_waiting()
        time.sleep(_LOOK_SECONDS)
