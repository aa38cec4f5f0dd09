"""Shows how far a run is: all submissions with rate and time left, the running ones with their stage, results as they come.

Plain lines where there is no terminal: one for each finished submission, and how far it is once in a while.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from autograder.course import Begun, HandedBack
from autograder.course import Progress as Step
from autograder.model.grading import GradeReport, Status
from autograder.reports.cleaning import one_line
from autograder.reports.terminal import line
from autograder.reports.words import count

_LINE_SECONDS = 30.0  # between two lines that say how far it is
_STYLES = {Status.GRADED: "", Status.REJECTED: "red", Status.NEEDS_REVIEW: "bold magenta"}


class Display:
    """A context manager; `listen`, `finished` and `download` may be called from any thread. `total` is 0 until grading begins."""

    def __init__(self, *, quiet: bool) -> None:
        self.total = 0
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._live = self._console.is_terminal and not quiet
        self._done = 0
        self._taken = 0  # from an earlier run, in no time
        self._began = self._said = time.monotonic()
        self._lock = threading.Lock()
        self._whole: TaskID | None = None
        self._running: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[stage]}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._live,
        )

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def listen(self, event: Step | Begun | HandedBack) -> None:
        """Take note that grading begins, or what a submission is at."""
        with self._lock:
            if isinstance(event, Begun):
                self.total = event.submissions
                self._taken = event.unchanged
                self._began = self._said = time.monotonic()
                self._whole = self._progress.add_task("all submissions", total=event.submissions, stage="")
                if event.unchanged and not self._quiet:
                    self._print(
                        f"{count(event.unchanged, 'submission')} of {event.submissions} did not change and will not be graded again."
                    )
            elif isinstance(event, Step):
                self._update(one_line(event.id, longest=60), event.stage, event.share)
                self._say_how_far()

    def finished(self, report: GradeReport) -> None:
        """Say in one line how a submission came out."""
        with self._lock:
            self._done += 1
            task = self._running.pop(one_line(report.id, longest=60), None)
            if task is not None:
                self._progress.remove_task(task)
            if self._whole is not None:
                self._progress.update(self._whole, completed=self._done, stage=self._rate())
            if not self._quiet and self._done > self._taken:
                self._print(f"[{self._done}/{self.total}] {line(report)}", style=_STYLES[report.status])

    def download(self, name: str, received: int, of: int) -> None:
        """Take note of a download, in bytes."""
        with self._lock:
            self._update(name, f"{received / 1e6:.1f} of {of / 1e6:.1f} MB", received / max(of, 1))

    def _update(self, name: str, stage: str, share: float) -> None:
        if name not in self._running:
            self._running[name] = self._progress.add_task(name, total=1.0, stage=stage)
        self._progress.update(self._running[name], completed=share, stage=stage)

    def _rate(self) -> str:
        """How fast it goes and how long the rest may take, once there is something to tell it from."""
        graded = self._done - self._taken
        minutes = (time.monotonic() - self._began) / 60
        if graded < 1:
            return f"{self._done} of {self.total}"
        left = minutes / graded * (self.total - self._done)
        rest = (
            "" if self._done == self.total else ", less than a minute left" if left < 1 else f", about {count(round(left), 'minute')} left"
        )
        return f"{self._done} of {self.total}, {graded / max(minutes, 1e-9):.1f} a minute{rest}"

    def _say_how_far(self) -> None:
        """Where there is no bar, a line once in a while, so that a log shows that it goes on."""
        now = time.monotonic()
        if not self._live and not self._quiet and now - self._said > _LINE_SECONDS:
            self._said = now
            self._print(f"{self._rate()}; running: {', '.join(self._running)}")

    def _print(self, text: str, *, style: str = "") -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True, style=style)
