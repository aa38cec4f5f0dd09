"""Replays a submission chapter by chapter, each in a kernel of its own: what is finished is kept, an interrupted replay goes on after it.

Receives what `replay` does and which questions run together; returns one Execution, the same whether it was interrupted or not: every
chapter begins with a fresh kernel and every section with the same seed, so that no chapter depends on what went before but by its code.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from autograder.kernel import gathering
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.parts import Chapter, chapters_of
from autograder.kernel.progress import Loop
from autograder.kernel.record import merged
from autograder.kernel.replay import Progress, ReplaySettings, replay
from autograder.model.execution import CellRun, CellStatus, Ending, Execution, Probe
from autograder.model.submission import Submission

_LEAST_SECONDS = 5.0  # with less left, no chapter begins
_WORST_FIRST = (Ending.OVER_BUDGET, Ending.DIED, Ending.FINISHED)


class Checkpoints(Protocol):
    """Where finished chapters are kept, by number."""

    def read(self, number: int) -> Execution | None:
        """What was kept of this chapter for the same submission in the same circumstances."""

    def keep(self, number: int, execution: Execution) -> None:
        """Keep it; written whole or not at all."""


def replay_in_chapters(
    submission: Submission,
    *,
    settings: ReplaySettings,
    together: Sequence[Sequence[str]],
    probes: Sequence[Probe],
    data_folder: Path,
    seed: int,
    budget_seconds: float,
    checkpoints: Checkpoints | None = None,
    progress: Progress = lambda done, total: None,
    looping: Callable[[Loop], None] | None = None,
    sandbox: Sandbox | None = None,
    cancelled: threading.Event | None = None,
) -> Execution:
    """Run the notebook and tell how it went; chapters that are kept already are not run again, but their time counts."""
    stop = cancelled or threading.Event()
    chapters = chapters_of(submission, together)
    total = sum(len(chapter.cells) for chapter in chapters)
    done: list[Execution] = []
    taken = 0
    for number, chapter in enumerate(chapters):
        cells = sum(len(execution.cells) for execution in done)
        left = budget_seconds - sum(sum(execution.seconds.values()) for execution in done)
        kept = checkpoints.read(number) if checkpoints is not None else None
        if kept is not None:
            taken += 1
        elif left < _LEAST_SECONDS or stop.is_set():
            kept = _not_begun(chapter)
        else:
            kept = replay(
                submission,
                settings=settings,
                probes=_probes(probes, chapter, chapters),
                data_folder=data_folder,
                seed=seed,
                budget_seconds=left,
                progress=lambda ran, of, before=cells: progress(before + ran, total),  # type: ignore[misc]
                looping=looping,
                sandbox=sandbox,
                cancelled=stop,
                chapter=chapter,
            )
            if checkpoints is not None and not stop.is_set() and kept.ending is not Ending.OVER_BUDGET:
                checkpoints.keep(number, kept)
        done.append(kept)
    return _whole(submission, chapters, done, taken)


def _probes(probes: Sequence[Probe], chapter: Chapter, chapters: Sequence[Chapter]) -> tuple[Probe, ...]:
    """Those of the chapter's questions; those of questions that the notebook has no section for come last."""
    own = {part.question for part in chapter.parts}
    all_of_them = {part.question for other in chapters for part in other.parts}
    return tuple(probe for probe in probes if probe.question in own or (chapter.is_last and probe.question not in all_of_them))


def _not_begun(chapter: Chapter) -> Execution:
    why = "the time for this notebook was over"
    cells = tuple(CellRun(cell.index, part.question, CellStatus.NOT_RUN, 0.0, error=why) for part in chapter.parts for cell in part.cells)
    return Execution(Ending.OVER_BUDGET, cells=cells)


def _whole(submission: Submission, chapters: Sequence[Chapter], done: Sequence[Execution], taken: int) -> Execution:
    """All chapters as one execution."""
    observations = done[0].observations
    for execution in done[1:]:
        observations = gathering.joined(observations, execution.observations)
    runs = sorted((run for execution in done for run in execution.cells), key=lambda run: run.index)
    stages = dict.fromkeys(stage for execution in done for stage in execution.seconds)
    log = [f"{taken} of {len(done)} chapters were taken from an interrupted run"] if taken else []
    for chapter, execution in zip(chapters, done, strict=True):
        log += [f"chapter of {', '.join(part.question or 'no section' for part in chapter.parts)}", *execution.log]
    return replace(
        done[0],
        ending=next(ending for ending in _WORST_FIRST if any(execution.ending is ending for execution in done)),
        cells=tuple(runs),
        observations=observations,
        answers={name: answer for execution in done for name, answer in execution.answers.items()},
        constants={name: pair for execution in done for name, pair in execution.constants.items()},
        skipped=tuple(dict.fromkeys(line for execution in done for line in execution.skipped)),
        changes=tuple(dict.fromkeys(line for execution in done for line in execution.changes)),
        notebook=merged(submission, [execution.notebook for execution in done if execution.notebook]),
        seconds={stage: sum(execution.seconds.get(stage, 0.0) for execution in done) for stage in stages},
        peak_memory_mb=max(execution.peak_memory_mb for execution in done),
        log=tuple(log),
        determinism=next((execution.determinism for execution in done if execution.determinism), {}),
    )
