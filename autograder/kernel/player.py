"""Plays cells and probes in a kernel and starts another one when student code has ended it.

Receives one cell, probe or question at a time and returns data; never raises for what student code does. Raises HarnessError when the first
kernel does not come up. Every wait has a deadline, and a watchdog in its own thread ends all processes when the budget is over.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autograder.errors import HarnessError
from autograder.kernel import probe as probing
from autograder.kernel import wire
from autograder.kernel.conversation import How, Listener, Message, Ran
from autograder.kernel.isolation.sandbox import Room
from autograder.kernel.progress import Loop, loop_of
from autograder.kernel.start import Kernel, start_kernel
from autograder.kernel.transcript import Allowance, Transcript, plain
from autograder.model.execution import Answer, CellRun, CellStatus, Json, NotProbed, Probe, Raised
from autograder.model.submission import Cell

MOST_RESTARTS = 2
_BEGIN_SECONDS = 180.0  # for the course environment: cold imports on half a processor of a busy machine
_ASK_SECONDS = 20.0
_PROBE_SECONDS = 20.0
_SESSION = '__import__("harness_inside.session", fromlist=["session"])'

Reply = tuple[dict[str, Json], dict[str, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Play:
    """How a cell went: the run, what it left in the notebook, and whether a class argument was scaled in it."""

    run: CellRun
    transcript: Transcript | None
    scaled: bool = False


class Player:
    """The kernels of one submission, one at a time. `dead` when there is none and there will be none."""

    def __init__(
        self,
        folder: Path,
        room: Room,
        memory_mb: int,
        begin: Mapping[str, Json],
        budget_seconds: float,
        cancelled: threading.Event,
        definitions_seconds: float = 30.0,
        looping: Callable[[Loop], None] | None = None,
    ) -> None:
        self.log: list[str] = []
        self.peak_memory_mb = 0.0
        self.started = 0
        self.died = False
        self.determinism: dict[str, Json] = {}
        self.over = threading.Event()
        self._folder, self._room, self._memory_mb = folder, room, memory_mb
        self._begin = json.dumps(dict(begin))
        self._definitions_seconds = definitions_seconds
        self._looping = looping
        self.began = time.monotonic()
        self.hard_deadline = self.began + budget_seconds
        self.soft_deadline = self.hard_deadline - min(20.0, 0.15 * budget_seconds)
        self._kernel: Kernel | None = None
        self._used_up = ""
        self._allowance: Allowance | None = None
        self._lock = threading.Lock()
        self._cancelled = cancelled
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="kernel-budget", daemon=True).start()

    @property
    def dead(self) -> bool:
        return self._kernel is None

    @property
    def late(self) -> bool:
        """Whether no further cell may begin."""
        return self.over.is_set() or time.monotonic() >= self.soft_deadline

    def start(self) -> None:
        """Start the next kernel with the course environment in it; HarnessError when it does not come up."""
        began = time.monotonic()
        kernel = start_kernel(self._room, self._folder, self.started, self._memory_mb, max(1.0, self.hard_deadline - time.monotonic()))
        with self._lock:
            self._kernel = kernel
            self.started += 1
        if self.over.is_set():
            self.end()  # the watchdog found no kernel to end while this one was on its way
        ran, told = self._tell(f"begin({self._begin!r})", time.monotonic() + _BEGIN_SECONDS)
        if self.started == 1 and told is not None:
            self.determinism = told[0]  # said before any code of the student's ran, which could have prepared what later kernels say
        if self._kernel is None or ran.error is not None:
            late = "it was not ready in time" if ran.how is How.UNRESPONSIVE else "the kernel died"
            problem = "\n".join(map(plain, ran.error[2])) if ran.error else late
            self.end()
            if not self.over.is_set():
                raise HarnessError(f"the course environment could not be made in the kernel: {problem}")
        self.note(f"kernel {self.started} ready after {time.monotonic() - began:.2f} s")

    def revive(self, definitions: Callable[[], Sequence[str]]) -> bool:
        """Start another kernel in place of one that died, if it may be, and give it `definitions` again. Whether there is a kernel."""
        if self._kernel is not None:
            return True
        if self.late or self.started > MOST_RESTARTS:
            return False
        try:
            self.start()
        except HarnessError as problem:
            self.note(str(problem))
            return False
        return self.define(definitions())

    def define(self, definitions: Sequence[str]) -> bool:
        """Run what makes definitions, as no cell's doing. Whether there is a kernel."""
        until = min(time.monotonic() + self._definitions_seconds, self.soft_deadline)
        self.section("")
        self._tell('begin_cell(-1, "")')
        for definition in definitions:
            if self._kernel is None or time.monotonic() > until:
                break
            self._run(definition, until, lambda _: True)
        self._tell("end_cell()")
        return self._kernel is not None

    def end(self) -> None:
        """End the kernel and everything it started. Safe to call twice."""
        with self._lock:
            kernel, self._kernel = self._kernel, None
        if kernel is not None:
            kernel.close()
            self.peak_memory_mb = max(self.peak_memory_mb, kernel.peak_memory_mb)

    def close(self) -> None:
        """The end of the submission: no kernel, no watchdog."""
        self._closed.set()
        self.end()

    def note(self, line: str) -> None:
        self.log.append(f"{time.monotonic() - self.began:7.2f}  {line}")

    def section(self, question: str) -> None:
        """Begin a section in the kernel."""
        self._tell(f"begin_section({question!r})")

    def play(self, cell: Cell, question: str, *, seconds: float, output_kb: int, attempt: int = 1, as_written: bool = False) -> Play:
        """Run one cell within `seconds`; `as_written` leaves class arguments unscaled."""
        if not cell.source.strip():
            return Play(CellRun(cell.index, question, CellStatus.OK, 0.0), None)
        if self._kernel is None or self.late:
            return Play(CellRun(cell.index, question, CellStatus.NOT_RUN, 0.0, error=self._why_not()), None)
        self._tell(f"begin_cell({cell.index}, {question!r}, {not as_written})")
        if self._allowance is None:
            self._allowance = Allowance(output_kb)
        transcript = Transcript(cell.index, output_kb, self._allowance)

        def listen(message: Message) -> bool:
            loop = loop_of(message, cell.index, question) if self._looping else None
            if loop is None or self._looping is None:
                return transcript.listen(message)
            self._looping(loop)
            return True

        ran = self._run(cell.source, min(time.monotonic() + seconds, self.soft_deadline), listen)
        if ran.lost:
            transcript.lost()
        scaled = False
        if self._kernel is not None:
            _, answer = self._tell("end_cell()")
            scaled = bool(answer and answer[0].get("applied"))
        status, error = _verdict(ran, transcript)
        if status is CellStatus.KILLED and self.over.is_set():
            error = "The time for this notebook was over in this cell."
        elif status is CellStatus.KILLED and self._used_up:
            error = f"The notebook used {self._used_up} in this cell, so its kernel was ended."
        if status is not CellStatus.OK:
            self.note(f"cell {cell.index}: {status.value} {error}")
        lines = plain("\n".join(ran.error[2])) if ran.error else ""
        run = CellRun(cell.index, question, status, ran.seconds, error, lines, transcript.outputs(), attempt)
        return Play(run, transcript, scaled)

    def ask(self, call: str) -> Reply | None:
        """The reply to a call of one of the session's functions, or None when there was none."""
        until = time.monotonic() + max(_ASK_SECONDS, self._definitions_seconds)
        return self._tell(call, until)[1] if self._kernel is not None else None

    def probe(self, probe: Probe) -> Answer:
        """The answer to one probe."""
        if self._kernel is None:
            return NotProbed(probe.name, self._why_not())
        body, arrays = probing.request(probe)
        ran, reply = self._tell(f"measure({wire.encode(body, arrays)!r})", time.monotonic() + _PROBE_SECONDS)
        if self.over.is_set():
            return NotProbed(probe.name, self._why_not())
        if self._kernel is None:
            return Raised(probe.name, "The code ended the whole notebook's kernel when it was tried")
        if ran.how in (How.TIMED_OUT, How.STOPPED):
            return Raised(probe.name, f"The code did not finish within {_PROBE_SECONDS:.0f} seconds when it was tried")
        if reply is None:
            return NotProbed(
                probe.name, f"the kernel gave no answer ({ran.error[0]}: {ran.error[1]})" if ran.error else "the kernel gave no answer"
            )
        return probing.answer(probe, *reply)

    def _tell(self, call: str, deadline: float | None = None) -> tuple[Ran, Reply | None]:
        """Call one of the session's functions and collect its reply."""
        replies: list[tuple[object, bytes]] = []

        def listen(message: Message) -> bool:
            if message.kind == "display_data":
                data = message.content().get("data")
                reply = data.get(wire.MIME) if isinstance(data, dict) else None
                if reply is not None:
                    replies[:] = [(reply, b"".join(message.buffers))]
            return True

        ran = self._run(f"{_SESSION}.{call}", deadline or time.monotonic() + _ASK_SECONDS, listen, silent=True)
        if not replies:
            return ran, None
        try:
            return ran, wire.unpacked(*replies[0])
        except wire.WireError as problem:
            self.note(f"{call[:40]}: {problem}")
            return ran, None

    def _run(self, code: str, deadline: float, listen: Listener, *, silent: bool = False) -> Ran:
        kernel = self._kernel
        if kernel is None:
            return Ran(How.DIED, 0.0)
        ran = kernel.conversation.execute(code, min(deadline, self.hard_deadline), listen, silent=silent)
        if kernel.confined.out_of_memory():
            ran = replace(ran, how=How.DIED)  # what is left of it is ended now, not within the next cell
        if ran.how in (How.DIED, How.UNRESPONSIVE):
            self.died = True
            self._used_up = kernel.out_of_memory()
            self.end()
        return ran

    def _watch(self) -> None:
        """Runs in the watchdog's thread: when the time is over or the run given up, end the processes; the player sees the kernel die."""
        while not self._cancelled.is_set() and time.monotonic() < self.hard_deadline:
            if self._closed.wait(0.2):
                return
        self.over.set()
        with self._lock:
            kernel = self._kernel
        if kernel is not None:
            kernel.confined.end()

    def _why_not(self) -> str:
        if self.late:
            return "the time for this notebook was over"
        return "the notebook had ended its kernel too often"


def _verdict(ran: Ran, transcript: Transcript) -> tuple[CellStatus, str]:
    name, value = (plain(ran.error[0]), plain(ran.error[1])) if ran.error else ("", "")
    match ran.how:
        case How.DIED:
            return CellStatus.KILLED, "The kernel died in this cell."
        case How.UNRESPONSIVE:
            printed = "printed without end and " if transcript.is_much else ""
            return CellStatus.KILLED, f"The cell {printed}did not end when it was interrupted, so its kernel was killed."
        case How.STOPPED:
            return CellStatus.TIMEOUT, "The cell printed without end and was interrupted."
        case How.TIMED_OUT if not ran.lost and not transcript.is_much:
            return CellStatus.TIMEOUT, f"The cell was interrupted after {ran.seconds:.0f} seconds."
    if ran.how is How.TIMED_OUT or ((transcript.flooded or ran.lost) and ran.error):
        return CellStatus.TIMEOUT, "The cell printed without end and was interrupted."
    return (CellStatus.ERROR, f"{name}: {value}"[:500].splitlines()[0]) if ran.error else (CellStatus.OK, "")
