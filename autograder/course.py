"""What all submissions of one run share: how to grade, what was planned, and who is told how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from autograder.assignment import Assignment
from autograder.beside_process import Request
from autograder.devices import CPU, Devices
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.warm import kernels
from autograder.model.execution import Probe
from autograder.model.grading import Plan, Run
from autograder.model.settings import Settings
from autograder.model.submission import CellKind, Submission


@dataclass(frozen=True, slots=True)
class Progress:
    """What a submission is at: a stage in a few words and how much of its work is done, from 0 to 1."""

    id: str
    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class Begun:
    """Grading begins: how many submissions there are, how many of them are taken from an earlier run, and how the rest is graded."""

    submissions: int
    unchanged: int
    run: Run


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What is of the whole course was written; `sentences` are to be said of it, and `undone` is left to a person, however quiet it is."""

    sentences: tuple[str, ...]
    undone: tuple[str, ...] = ()


Listener = Callable[[Progress | Begun | HandedBack], None]


def end_if(cancelled: Event) -> None:
    """Raise `CancelledError` once the work on a submission is given up."""
    if cancelled.is_set():
        raise CancelledError


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What all submissions of one run share. `probes` are those of its seed; a submission is asked others, drawn for its code."""

    assignment: Assignment
    settings: Settings
    plan: Plan
    probes: tuple[Probe, ...]
    data_name: str
    data_folder: Path
    code: Mapping[str, str] = field(default_factory=dict)  # of every check, answer and flag function, in order: the version of its code
    devices: Devices = field(default_factory=Devices)
    reference: Request | None = None  # what is trained beside the submissions
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # the grading process' own

    @property
    def run(self) -> Run:
        settings, assignment = self.settings, self.assignment
        return Run(settings.mode, settings.device, self.data_name, settings.isolation, settings.seed, assignment.name, assignment.version)

    def seed_for(self, item: Submission) -> int:
        """The seed of what one submission is asked: the same for the same code, and known to nobody who does not know the run's."""
        code = (cell.source for cell in item.notebook.cells if cell.kind is CellKind.CODE)
        digest = hashlib.sha256("\0".join((f"{self.settings.seed}", *code)).encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:4], "big")

    def probes_for(self, item: Submission) -> tuple[Probe, ...]:
        """What one submission is asked."""
        planned: Sequence[Probe] = self.assignment.module(self.assignment.probes).plan(self.seed_for(item), self.data_folder)
        return tuple(planned)

    def kernels(self, *, warm: bool) -> AbstractContextManager[Sandbox]:
        """What gives the kernels of a run; `warm` ones are forked from one that has imported the course's libraries, but not for a GPU."""
        private = (*self.assignment.hidden_folders, self.settings.out)
        return kernels(self.settings.isolation, self.assignment.course_folder, private, warm=warm and self.devices.kind == CPU)
