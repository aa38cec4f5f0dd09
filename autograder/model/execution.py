"""What replay hands on: how each cell ended, what was observed meanwhile, what the probes brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import numpy as np

from autograder.model.observations import Observations
from autograder.model.submission import Output

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class CellStatus(Enum):
    OK = "ok"
    ERROR = "error"  # the cell raised
    TIMEOUT = "timeout"  # interrupted at its own limit
    KILLED = "killed"  # the kernel died or was killed in this cell
    NOT_RUN = "not_run"  # never started: no kernel or no time was left


@dataclass(frozen=True, slots=True)
class CellRun:
    """One code cell as replayed. `error` is one line ("NameError: …"), `traceback` plain text for staff."""

    index: int
    question: str  # "" before the first section
    status: CellStatus
    seconds: float
    error: str = ""
    traceback: str = ""
    outputs: tuple[Output, ...] = ()
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Probe:
    """A measurement to be taken in the student's kernel when `question`'s section ends.

    `measurement` names a function of the course's probe module; `settings` and `arrays` are what it is given.
    """

    name: str
    question: str
    measurement: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a probe brought back: a claim of the student's kernel, checked for size, type and finiteness only."""

    probe: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """The section defines nothing that the probe could call. `sentence` says what is missing."""

    probe: str
    sentence: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """The student's own code raised while it was probed. `sentence` is fit for the student."""

    probe: str
    sentence: str
    error: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class NotProbed:
    """The probe could not be asked or answered for a reason outside the object it asks about (kernel dead, budget over, …)."""

    probe: str
    reason: str


Answer: TypeAlias = Finding | Absent | Raised | NotProbed


class Ending(Enum):
    FINISHED = "finished"
    OVER_BUDGET = "over budget"
    DIED = "died"
    NOT_STARTED = "not started"  # static mode, or nothing to run


@dataclass(frozen=True, slots=True, eq=False)
class Execution:
    """The whole replay of one submission, plain data only.

    `constants` maps each scaled constant to (value written by the student, value used).
    `skipped` lists shell escapes and magics that were recorded and not run; `changes` says in words what was scaled.
    `notebook` is the replayed notebook file. `seconds` has start, replay and probes. `determinism` says how far the kernel was made to give
    the same numbers each time; `gpu_free_mb` how much memory of its GPU was free when the submission got it, 0 where it had none.
    """

    ending: Ending
    cells: tuple[CellRun, ...] = ()
    observations: Observations = field(default_factory=Observations)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    constants: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    notebook: bytes = field(default=b"", repr=False)
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0
    log: tuple[str, ...] = ()
    determinism: Mapping[str, Json] = field(default_factory=dict)
    gpu_free_mb: float = 0.0

    def cell(self, index: int) -> CellRun | None:
        return next((run for run in self.cells if run.index == index), None)
