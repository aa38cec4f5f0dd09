"""Has the assignment's reference trained in full beside the submissions, in a process of its own, and waits for what it comes to.

What was trained before, by any run with the same code, data, seed and device, is taken from the cache; a training that was interrupted goes
on from its checkpoint. A reference that is lost is said so in the notes of every report and costs nobody anything.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from autograder.beside_process import RESULT, STAGE, Request, as_run
from autograder.devices import CPU, Devices
from autograder.model.beside import ReferenceRun

LOST = "The reference could not be trained beside ({}), so nothing was held against it."
_LOOK_SECONDS = 1.0
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Beside:
    """What the reference came to, and what is to be said of it."""

    runs: tuple[ReferenceRun, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING = Beside()


@dataclass(eq=False)
class ReferenceTraining:
    """A context manager; the training begins with it and ends with it at the latest. `result` may be called from any thread."""

    request: Request
    devices: Devices
    environment: Mapping[str, str]
    told: Callable[[str, float], None] = lambda stage, share: None
    _found: dict[str, ReferenceRun] = field(default_factory=dict)
    _problem: str = ""
    _stage: str = "beginning"
    _process: subprocess.Popen[str] | None = None
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> ReferenceTraining:
        self._thread = threading.Thread(target=self._train, name="reference", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def result(self, still_waiting: Callable[[str], None]) -> Beside:
        """What it came to, once it has; `still_waiting` is told about once a second how far it is, and may raise to give up."""
        while self._thread is not None and self._thread.is_alive():
            still_waiting(self._stage)
            self._thread.join(_LOOK_SECONDS)
        runs = tuple(self._found.values())
        notes = [f"Beside it the reference was trained: {run.made}." for run in runs]
        return Beside(runs, (*notes, *([LOST.format(self._problem)] if self._problem else [])))

    def _train(self) -> None:
        """First what is known already, for which no GPU is needed, then the rest."""
        try:
            known = self._run(self.request.only_known(), {"CUDA_VISIBLE_DEVICES": ""})
            if not known or self._ending.is_set():
                return
            if self.devices.kind == CPU:
                self._run(self.request, {"CUDA_VISIBLE_DEVICES": ""})
            else:
                with self.devices.lend(self._give_up_at_the_end) as lent:
                    self._run(self.request, self.devices.seen_by_kernels(lent))
        except (OSError, InterruptedError) as error:
            self._problem = str(error) or "it was interrupted"

    def _run(self, request: Request, gpu: Mapping[str, str]) -> bool:
        """Run the process to its end; whether something is left to train."""
        threads = str(request.threads)
        environment = {**self.environment, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, **gpu}
        with subprocess.Popen(
            [sys.executable, "-m", "autograder.beside_process", request.as_text()],
            env=environment,
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self._process = process
            if self._ending.is_set():
                process.kill()  # whoever ended this found no process yet
            trouble: list[str] = []
            reader = threading.Thread(target=lambda: trouble.extend(process.stderr or ()), daemon=True)
            reader.start()
            self._listen(process)
            reader.join(_END_SECONDS)
            code = process.wait()
        if code and not self._ending.is_set():
            self._problem = trouble[-1].strip()[-300:] if trouble else f"the process ended with {code}"
        return not code and set(request.figures) != self._found.keys()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            kind, _, content = line.partition(" ")
            if kind == STAGE:
                said = json.loads(content)
                self._stage = str(said[0])
                self.told(self._stage, float(said[1]))
            elif kind == RESULT:
                run = as_run(json.loads(content))
                self._found[run.figure] = run

    def _give_up_at_the_end(self) -> None:
        self._stage = "waiting for a GPU"
        if self._ending.is_set():
            raise InterruptedError
