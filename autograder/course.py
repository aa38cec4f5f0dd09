"""What all submissions of one run share: how to grade, what was planned, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.beside_process import Request
from autograder.devices import CPU, Devices
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.warm import kernels
from autograder.model.execution import Probe
from autograder.model.grading import Plan, Run
from autograder.model.settings import Settings


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
    """What is of the whole course was written; `sentences` are to be said of it."""

    sentences: tuple[str, ...]


Listener = Callable[[Progress | Begun | HandedBack], None]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What all submissions of one run share."""

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

    def kernels(self, *, warm: bool) -> AbstractContextManager[Sandbox]:
        """What gives the kernels of a run; `warm` ones are forked from one that has imported the course's libraries, but not for a GPU."""
        private = (*self.assignment.hidden_folders, self.settings.out)
        return kernels(self.settings.isolation, self.assignment.course_folder, private, warm=warm and self.devices.kind == CPU)
