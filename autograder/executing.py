"""Executes one submission as the mode of the run asks: not at all, at a small scale, or in full, chapter by chapter.

Receives a submission and the course; returns an `Execution`, and of one in full mode the submission as it came out. Raises what `replay`
does.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from autograder.course import Course, Listener, Progress, end_if
from autograder.kernel.chapters import Checkpoints, replay_in_chapters
from autograder.kernel.isolation.sandbox import Sandbox
from autograder.kernel.progress import Loop
from autograder.kernel.replay import ReplaySettings, not_replayed, replay
from autograder.model.execution import Execution
from autograder.model.submission import Cell, CellKind, Notebook, Submission

_SHARE = 0.9  # of a submission's work, by the look of a progress bar
_UNBOUNDED = 1e12


def execute(
    item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event, checkpoints: Checkpoints | None
) -> Execution:
    """How the notebook went; `checkpoints` is where full mode keeps what is finished."""
    match course.settings.mode:
        case "static":
            return not_replayed(item)
        case "full":
            return _in_full(item, course, sandbox, listen, cancelled, checkpoints)
    settings, assignment = course.settings, course.assignment
    limits, scale = assignment.limits, assignment.replay
    return replay(
        item,
        settings=ReplaySettings(
            course_folder=assignment.course_folder,
            data=scale.data,
            constants=scale.constants,
            arguments=scale.arguments,
            cell_seconds=limits.cell_seconds,
            memory_mb=limits.memory_mb,
            output_kb=limits.output_kb,
        ),
        probes=course.probes_for(item),
        data_folder=course.data_folder,
        seed=settings.seed,
        budget_seconds=settings.budget_seconds or limits.budget_seconds,
        progress=lambda done, of: listen(Progress(item.id, f"replaying, cell {done} of {of}", _SHARE * done / max(of, 1))),
        sandbox=sandbox,
        cancelled=cancelled,
    )


def _in_full(
    item: Submission, course: Course, sandbox: Sandbox, listen: Listener, cancelled: Event, checkpoints: Checkpoints | None
) -> Execution:
    full, share = course.assignment.full, [0.0]
    assert full is not None

    def cells(done: int, of: int) -> None:
        share[0] = _SHARE * done / max(of, 1)
        listen(Progress(item.id, f"running in full, cell {done} of {of}", share[0]))

    def looping(loop: Loop) -> None:
        listen(Progress(item.id, f"{loop.question or 'cell ' + str(loop.cell)}: {loop.said()}", share[0]))

    with course.devices.lend(lambda: _wait(item, listen, cancelled)) as lent:
        execution = replay_in_chapters(
            item,
            settings=ReplaySettings(
                course_folder=course.assignment.course_folder,
                constants=dict.fromkeys(course.assignment.replay.constants, _UNBOUNDED),  # read, and left as they are
                cell_seconds=full.cell_seconds,
                memory_mb=full.memory_mb,
                output_kb=full.output_kb,
                threads=full.threads,
                fast_forward=False,
                deterministic=True,
                gpu=course.devices.seen_by_kernels(lent),
                definitions_seconds=full.definitions_seconds,
            ),
            together=full.together,
            probes=course.probes_for(item),
            data_folder=course.data_folder,
            seed=course.settings.seed,
            budget_seconds=course.settings.budget_seconds or full.budget_seconds,
            checkpoints=checkpoints,
            progress=cells,
            looping=looping,
            sandbox=sandbox,
            cancelled=cancelled,
        )
    return replace(execution, gpu_free_mb=lent.free_mb, log=(*execution.log, *lent.notes))


def _wait(item: Submission, listen: Listener, cancelled: Event) -> None:
    end_if(cancelled)
    listen(Progress(item.id, "waiting for a GPU", 0.0))


def as_executed(item: Submission, execution: Execution) -> Submission:
    """The submission with the outputs of this execution in place of those that it was handed in with."""
    runs = {run.index: run for run in execution.cells}

    def measured(cell: Cell) -> Cell:
        if cell.kind is not CellKind.CODE:
            return cell
        outputs = runs[cell.index].outputs if cell.index in runs else ()
        return replace(cell, outputs=outputs, figures=tuple(figure for output in outputs for figure in output.figures))

    cells = {cell.index: measured(cell) for cell in item.notebook.cells}
    sections = tuple(replace(section, cells=tuple(cells[cell.index] for cell in section.cells)) for section in item.notebook.sections)
    return replace(item, notebook=Notebook(tuple(cells.values()), sections))
