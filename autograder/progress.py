"""Shows on the terminal what each submission is at and how long the rest may take; plain lines where there is no terminal."""

from __future__ import annotations

import threading
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.model.grading import GradeReport
from autograder.pipeline import Progress as Step
from autograder.reports.terminal import line


class Display:
    """A context manager; `listen`, `finished` and `download` may be called from any thread."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._live = self._console.is_terminal and not quiet
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[stage]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._live,
        )

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def listen(self, step: Step) -> None:
        """Take note of what a submission is at."""
        self._update(step.id, step.stage, step.share)

    def finished(self, report: GradeReport) -> None:
        """Say in one line how a submission came out."""
        with self._lock:
            self._done += 1
            task = self._tasks.pop(report.id, None)
        if task is not None:
            self._progress.remove_task(task)
        if not self._quiet:
            self._console.print(f"[{self._done}/{self._total}] {line(report)}", markup=False, highlight=False, soft_wrap=True)

    def download(self, name: str, received: int, of: int) -> None:
        """Take note of a download, in bytes."""
        self._update(name, f"{received / 1e6:.1f} of {of / 1e6:.1f} MB", received / max(of, 1))

    def _update(self, name: str, stage: str, share: float) -> None:
        with self._lock:
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=1.0, stage=stage)
            self._progress.update(self._tasks[name], completed=share, stage=stage)
