"""What a check is given: everything known about one submission, all of it plain data on the grader's side."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

from autograder.checks.verdicts import CheckFailed, NotRun, Undecided
from autograder.model.beside import ReferenceRun
from autograder.model.execution import Absent, Answer, CellRun, CellStatus, Ending, Execution, Finding, NotProbed, Raised
from autograder.model.observations import Observations
from autograder.model.submission import Section, Submission


class _Located(Protocol):
    @property
    def question(self) -> str: ...


Record = TypeVar("Record", bound=_Located)

LIVE = "live"

# Errors that say more about our kernel than about the student's work: it lacks a package, a file or the network.
ENVIRONMENT_ERRORS = (
    "ModuleNotFoundError",
    "ImportError",
    "FileNotFoundError",
    "ConnectionError",
    "URLError",
    "HTTPError",
    "gaierror",
    "MemoryError",
)
OUT_OF_GPU_MEMORY = re.compile(r"^OutOfMemoryError|CUDA (?:error: )?out of memory|CU(?:BLAS|DNN)_STATUS_ALLOC_FAILED")


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One submission as reported (`submission`), replayed and probed (`execution`).

    `data_folder` holds the data the replay was given; `mode` is replay, static, full or live; `seed` is the grader's. Live is a
    student's own kernel, before the notebook is handed in: there are probes and the stored notebook, and nothing was observed. In full mode
    `submission` has the outputs of the execution, so that what was measured is judged in place of what was reported, and `beside` is what
    the reference came to; flags, which tell of what was handed in, get it `as_handed_in`.
    """

    submission: Submission
    execution: Execution
    mode: str
    data_name: str
    data_folder: Path
    seed: int
    handed_in: Submission | None = None
    executed: Submission | None = None
    beside: tuple[ReferenceRun, ...] = ()

    @property
    def stored(self) -> Submission:
        """The submission as it was handed in, whatever the mode."""
        return self.handed_in or self.submission

    @property
    def extent(self) -> str:
        """Of how much data the execution was: of "few" or of "all" images, sentences and sequences."""
        return "all" if self.mode == "full" else "few"

    def as_handed_in(self) -> Evidence:
        """The same with the outputs that were handed in, also in full mode."""
        return self if self.handed_in is None else dataclasses.replace(self, submission=self.handed_in)

    def as_executed(self) -> Evidence:
        """The same with the outputs of the execution, in full mode."""
        return self if self.executed is None else dataclasses.replace(self, submission=self.executed)

    def reference_run(self, figure: str) -> ReferenceRun | None:
        """What the reference's network of this figure came to beside the submission."""
        return next((run for run in self.beside if run.figure == figure), None)

    @property
    def is_live(self) -> bool:
        return self.mode == LIVE

    def section(self, question: str) -> Section:
        """The stored cells of a question. Undecided when its heading is missing: the work may stand elsewhere."""
        section = self.submission.notebook.section(question)
        if section is None:
            raise Undecided(f"No heading that starts with {question} was found, so a person has to look for this answer.")
        return section

    def observed(self, question: str) -> Observations:
        """What was observed while the cells of `question` ran."""
        seen = self.execution.observations

        def kept(records: tuple[Record, ...]) -> tuple[Record, ...]:
            return tuple(record for record in records if record.question == question)

        return dataclasses.replace(
            seen,
            calls=kept(seen.calls),
            lessons=kept(seen.lessons),
            readings=kept(seen.readings),
            losses=kept(seen.losses),
            steps=kept(seen.steps),
            passes=kept(seen.passes),
            transforms=kept(seen.transforms),
            transform_calls=kept(seen.transform_calls),
            figures=kept(seen.figures),
            scalars=kept(seen.scalars),
        )

    def runs(self, question: str) -> tuple[CellRun, ...]:
        """How each code cell of `question` ended."""
        return tuple(run for run in self.execution.cells if run.question == question)

    def missing(self, question: str, sentence: str) -> NoReturn:
        """End a check whose evidence is not there, with the outcome that the reason for its absence deserves.

        Failed (with `sentence`) when the section ran, or stopped at an error of its own; undecided when a time limit or something that our
        kernel lacks cut it short; not run when the kernel died.
        """
        self.section(question)
        if self.mode == "static":
            raise Undecided("The notebook was not executed, so a person has to decide this.")
        stopped = [run for run in self.runs(question) if run.status is not CellStatus.OK]
        self._raise_undecided(stopped)
        for run in stopped:
            if run.status in (CellStatus.KILLED, CellStatus.NOT_RUN):
                raise NotRun(f"Cell {run.index} did not finish: {(run.error or 'the notebook had ended before it').rstrip('.')}.")
        for run in stopped:
            raise CheckFailed(f"{sentence} Cell {run.index} stopped with {run.error}", detail=run.traceback)
        raise CheckFailed(sentence)

    def too_small_a_gpu(self, error: str, question: str) -> bool:
        """Whether an error is a GPU's that ran out of memory, where the reference was not seen to fit into what was free of it."""
        if not OUT_OF_GPU_MEMORY.search(error):
            return False
        fitted = [run for run in self.beside if run.question == question and run.device == "cuda"]
        return not fitted or any(run.peak_memory_mb > self.execution.gpu_free_mb for run in fitted)

    def _raise_undecided(self, stopped: Sequence[CellRun]) -> None:
        """Undecided when it was a limit, or something that our kernel lacks, that stopped one of these cells."""
        failed = [run for run in self.execution.cells if run.status is CellStatus.ERROR]
        lacking = [run for run in failed if run.error.startswith(ENVIRONMENT_ERRORS) or self.too_small_a_gpu(run.error, run.question)]
        for run in stopped:
            unfinished = run.status in (CellStatus.KILLED, CellStatus.NOT_RUN)
            if run.status is CellStatus.TIMEOUT or (unfinished and self.execution.ending is Ending.OVER_BUDGET):
                raise Undecided(f"Cell {run.index} was stopped at a time limit, so this could not be seen.", detail=run.error)
            if run in lacking:
                raise Undecided(f"Cell {run.index} needs something that is not there when grading: {run.error}", detail=run.traceback)
            if lacking and run.error.startswith("NameError"):
                first = lacking[0]
                raise Undecided(f"Cell {first.index} needs something that is not there when grading: {first.error}", detail=run.error)


@dataclass(frozen=True, slots=True)
class Student:
    """The student's own functions and classes, as the probes found them."""

    evidence: Evidence

    def answer(self, probe: str) -> Answer:
        """Whatever the probe brought back."""
        return self.evidence.execution.answers.get(probe) or NotProbed(probe, "its section was not reached")

    def finding(self, probe: str) -> Finding:
        """What the probe measured; ends the check when there is nothing to measure."""
        match self.answer(probe):
            case Finding() as finding:
                return finding
            case Absent(_, sentence, question):
                if question:
                    self.evidence.missing(question, sentence)
                raise CheckFailed(sentence)
            case Raised(_, _, error, traceback) if self.evidence.too_small_a_gpu(error, ""):
                raise Undecided(
                    "This could not be tried, because the GPU had no memory left, so a person has to decide it.", detail=traceback
                )
            case Raised(_, sentence, error, traceback):
                said = sentence.rstrip(".")
                raise CheckFailed(f"{said} ({error})." if error else f"{said}.", detail=traceback)
            case NotProbed(_, reason) if self.evidence.execution.ending in (Ending.NOT_STARTED, Ending.OVER_BUDGET):
                raise Undecided(f"This could not be tried, so a person has to decide it: {reason}.")
            case NotProbed(_, reason):
                raise NotRun(f"This could not be tried: {reason}.")
        raise AssertionError("unreachable")
