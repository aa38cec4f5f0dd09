"""The stage's entry: replays a submission's code cells in document order and takes the probes of each question when its section ends.

Receives a Submission, the scale and limits of the replay, and the probes; returns an Execution whatever the notebook does. Failed cells
never stop the rest. Raises HarnessError when no kernel can be started on this machine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.kernel import gathering, reading
from autograder.kernel.isolation.plain import PlainProcess
from autograder.kernel.isolation.sandbox import Limits, Sandbox
from autograder.kernel.parts import Chapter, parts_of
from autograder.kernel.player import Play, Player
from autograder.kernel.progress import Loop
from autograder.kernel.record import notebook_file
from autograder.kernel.start import run_folder
from autograder.kernel.transcript import Transcript
from autograder.model.execution import Answer, CellRun, CellStatus, Ending, Execution, Finding, Json, Probe, Raised
from autograder.model.submission import Cell, Submission

Progress = Callable[[int, int], None]
_OF_SIZES = ("IndexError", "ValueError", "RuntimeError", "AssertionError", "ZeroDivisionError", "StopIteration")
_AS_WRITTEN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """Scale and limits: `data` says how far the staged data sets were cut; `constants` and `arguments` are upper bounds.

    `fast_forward` lets long training loops cost next to nothing. `gpu` is what the kernels' environment holds so that they see their GPU,
    empty for the processor; `deterministic` asks torch for the same numbers each time.
    """

    course_folder: Path
    data: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    arguments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cell_seconds: float = 120
    memory_mb: int = 4096
    output_kb: int = 2048
    threads: int = 1
    fast_forward: bool = True
    deterministic: bool = False
    gpu: Mapping[str, str] = field(default_factory=dict)
    definitions_seconds: float = 30  # for what a fresh kernel is given again


def replay(
    submission: Submission,
    *,
    settings: ReplaySettings,
    probes: Sequence[Probe],
    data_folder: Path,
    seed: int,
    budget_seconds: float,
    progress: Progress = lambda done, total: None,
    looping: Callable[[Loop], None] | None = None,
    sandbox: Sandbox | None = None,
    cancelled: threading.Event | None = None,
    chapter: Chapter | None = None,
) -> Execution:
    """Run the notebook, or one `chapter` of it, in kernels of its own and tell how it went. All it started has ended when this returns.

    When `cancelled` is set, the kernel is ended at once, as if the time was over. `looping` hears how far training loops are.
    """
    limits = Limits(settings.memory_mb, threads=settings.threads, gpu=settings.gpu)
    with (
        run_folder(settings.course_folder, data_folder, submission.companions) as folder,
        (sandbox or PlainProcess()).room(folder, limits) as room,
    ):
        begin: dict[str, Json] = {
            "data_folder": str(folder / "data"),
            "handed_in": str(folder / "handed_in"),
            "data": dict(settings.data),
            "constants": dict(settings.constants),
            "arguments": {name: dict(limits) for name, limits in settings.arguments.items()},
            "seed": seed,
            "threads": settings.threads,
            "hidden": [*_own_source()],
            "device": "cuda" if settings.gpu else "cpu",
            "deterministic": settings.deterministic,
            "tell_of_loops": looping is not None,
            **({} if settings.fast_forward else {"fast_forward_after": None}),
        }
        stop = cancelled or threading.Event()
        player = Player(folder, room, limits.memory_mb, begin, budget_seconds, stop, settings.definitions_seconds, looping)
        with closing(player):
            player.start()
            run = _Replay(submission, chapter or Chapter(parts_of(submission)), settings, probes, player, progress)
            run.set_up()
            run.all_parts()
            run.second_attempts()
            run.collect()
        return run.execution()


def not_replayed(submission: Submission) -> Execution:
    """The execution of static mode: nothing was run."""
    cells = tuple(
        CellRun(cell.index, part.question, CellStatus.NOT_RUN, 0.0, error="not run in this mode")
        for part in parts_of(submission)
        for cell in part.cells
    )
    return Execution(Ending.NOT_STARTED, cells=cells)


class _Replay:
    """One submission's way through a player; holds what came out so far."""

    def __init__(
        self,
        submission: Submission,
        chapter: Chapter,
        settings: ReplaySettings,
        probes: Sequence[Probe],
        player: Player,
        progress: Progress,
    ) -> None:
        self._submission, self._settings, self._player, self._progress = submission, settings, player, progress
        self._chapter, self._parts, self._code = chapter, chapter.parts, chapter.cells
        self._whole = tuple(cell for part in parts_of(submission) for cell in part.cells)
        self._probes: dict[str, list[Probe]] = {}
        for probe in probes:
            self._probes.setdefault(probe.question, []).append(probe)
        self._runs: dict[int, CellRun] = {}
        self._transcripts: dict[int, Transcript] = {}
        self._answers: dict[str, Answer] = {}
        self._gathered = gathering.Gathered()
        self._began = time.monotonic()
        self._start_seconds = time.monotonic() - player.began
        self._probe_seconds = 0.0

    def set_up(self) -> None:
        """What a later chapter needs of the earlier ones: the cells before the first section, and all that was defined since."""
        if self._chapter.setup or self._chapter.before:
            self._player.define((*(cell.source for cell in self._chapter.setup), *self._definitions(None)))

    def all_parts(self) -> None:
        """The first pass: each section's cells, then its probes; probes of sections that are not there come last."""
        last = {part.question: part for part in self._parts}
        for part in self._parts:
            self._player.section(part.question)
            scaled: list[Cell] = []
            for cell in part.cells:
                self._progress(len(self._runs), len(self._code))
                play = self._play(cell, part.question)
                if play.scaled:
                    scaled.append(cell)
                if play.run.status is CellStatus.ERROR and scaled and play.run.error.startswith(_OF_SIZES):
                    self._as_written(cell, scaled, part.question)
            if last[part.question] is part:
                self._ask(part.question)
            self.collect()
        for question in self._probes if self._chapter.is_last else ():
            if question not in {part.question for part in parts_of(self._submission)} or question in last:
                self._ask(question)
        self._progress(len(self._code), len(self._code))

    def second_attempts(self) -> None:
        """Try cells once more that failed for want of a name which another cell defines only later."""
        found: set[str] = set()
        defined_last = {name: cell.index for cell in self._whole for name in reading.defined(cell.source)}
        defined_here = frozenset(name for cell in self._code for name in reading.defined(cell.source))
        for part in self._parts:
            retried = False
            for cell in part.cells:
                run = self._runs[cell.index]
                name = reading.missing_name(run.error) if run.error.startswith("NameError") else ""
                later = bool(name) and defined_last.get(name, -1) > cell.index
                if run.status is not CellStatus.ERROR or not (later or name in found):
                    continue
                if not retried:
                    self._player.section(part.question)
                retried = True
                if later and name not in defined_here:
                    self._player.define(reading.definitions_only(other.source for other in self._whole if other not in self._code))
                    self._player.section(part.question)
                self._player.note(f"cell {cell.index}: once more, {name} is defined elsewhere")
                if self._play(cell, part.question, attempt=2).run.status is CellStatus.OK:
                    found |= reading.defined(cell.source)
            if retried:
                self._ask(part.question, again=True)

    def collect(self) -> None:
        """Take over what the kernel holds, so that its death loses nothing of it."""
        if not self._player.dead:
            kernel = self._player.started
            self._gathered.observed(kernel, self._player.ask(f"observed({self._gathered.latest_array(kernel)})"))
            self._gathered.finished(self._player.ask("finish()"))

    def execution(self) -> Execution:
        """Everything as data."""
        player = self._player
        unfinished = any(run.status is CellStatus.NOT_RUN for run in self._runs.values())
        ending = (
            Ending.OVER_BUDGET if player.over.is_set() or (unfinished and player.late) else Ending.DIED if player.died else Ending.FINISHED
        )
        observations = self._gathered.observations()
        cut = ", ".join(f"{name.replace('_', ' ')} {size:,}" for name, size in self._settings.data.items())
        counted = sum(step.fast_forwarded for step in observations.steps)
        changes = [f"The data sets were cut for the replay: {cut}."] if cut else []
        changes += self._gathered.changes
        changes += [f"{counted:,} training steps were fast-forwarded: counted, but not computed."] if counted else []
        replayed = time.monotonic() - self._began - self._probe_seconds
        return Execution(
            ending=ending,
            cells=tuple(self._runs[cell.index] for cell in self._code),
            observations=observations,
            answers=dict(self._answers),
            constants=self._gathered.constants,
            skipped=tuple(self._gathered.skipped),
            changes=tuple(changes),
            notebook=notebook_file(self._submission, self._runs, self._transcripts),
            seconds={"start": self._start_seconds, "replay": replayed, "probes": self._probe_seconds},
            peak_memory_mb=player.peak_memory_mb,
            log=tuple(player.log),
            determinism=player.determinism,
        )

    def _play(self, cell: Cell, question: str, *, attempt: int = 1, as_written: bool = False) -> Play:
        if self._player.dead and self._player.revive(lambda: self._definitions(cell.index)):
            self._player.section(question)
        limits = self._settings
        seconds = min(limits.cell_seconds, _AS_WRITTEN_SECONDS) if as_written else limits.cell_seconds
        play = self._player.play(cell, question, seconds=seconds, output_kb=limits.output_kb, attempt=attempt, as_written=as_written)
        before = self._runs.get(cell.index)
        if before is not None and play.run.status not in (CellStatus.OK, CellStatus.ERROR):
            self._runs[cell.index] = replace(before, attempts=attempt)  # a second attempt that did not end says nothing new
        else:
            self._runs[cell.index] = play.run
            if play.transcript is not None:
                self._transcripts[cell.index] = play.transcript
        return play

    def _as_written(self, failed: Cell, scaled: Sequence[Cell], question: str) -> None:
        """Run `failed` again, after the cells that were scaled before it, with their class arguments as the student wrote them."""
        self._player.note(f"cell {failed.index}: once more with class arguments as written")
        for cell in (*(cell for cell in scaled if cell is not failed), failed):
            self._play(cell, question, attempt=2, as_written=True)

    def _ask(self, question: str, *, again: bool = False) -> None:
        began = time.monotonic()
        for probe in self._probes.get(question, []):
            before = self._answers.get(probe.name)
            if before is None or (again and not isinstance(before, Finding)):
                if self._player.dead:
                    self._player.revive(lambda: self._definitions(None))
                answer = self._player.probe(probe)
                if isinstance(answer, Finding) or not isinstance(before, (Finding, Raised)):
                    self._answers[probe.name] = answer
        self._probe_seconds += time.monotonic() - began

    def _definitions(self, before: int | None) -> tuple[str, ...]:
        """What a fresh kernel is given again: what the cells defined that had run when the old one died."""
        ran = [cell for cell in self._code if cell.index in self._runs and (before is None or cell.index < before)]
        sound = [cell for cell in ran if self._runs[cell.index].status in (CellStatus.OK, CellStatus.ERROR)]
        return reading.definitions_only(cell.source for cell in (*self._chapter.before, *sound))


def _own_source() -> list[str]:
    """The folder that an editable installation of this package puts on the path, to be hidden from the kernel."""
    folder = Path(__file__).resolve().parents[2]
    return [str(folder)] if (folder / "pyproject.toml").exists() else []
