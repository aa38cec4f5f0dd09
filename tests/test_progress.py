"""What is shown while it runs: on a terminal, where there is none, and for machines."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_reports as samples
from processes import eventually
from rich.console import Console
from test_cli import ROOT
from test_pipeline import ASSIGNMENT, RIGHT, notebook

from autograder import progress
from autograder.course import Begun, Progress
from autograder.model.grading import Status

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
Shown = Callable[..., tuple[progress.Display, io.StringIO]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """A display and what it writes."""

    def made(*, terminal: bool, quiet: bool = False) -> tuple[progress.Display, io.StringIO]:
        written = io.StringIO()
        monkeypatch.setattr(progress, "Console", lambda stderr: Console(file=written, force_terminal=terminal, width=120))
        return progress.Display(quiet=quiet), written

    return made


def drawn(written: io.StringIO, begin: int, text: str) -> str:
    """What was written from a place on, once a text is in it twice: the bars are drawn ten times a second."""
    eventually(lambda: written.getvalue()[begin:].count(text) >= 2)
    return _CONTROL.sub("", written.getvalue()[begin:])


def begun(submissions: int = 3, unchanged: int = 0) -> Begun:
    return Begun(submissions, unchanged, samples.RUN)


def test_a_terminal_shows_all_the_running_ones_and_results_as_they_come(shown: Shown) -> None:
    """A bar for all with rate and time left, one with its stage for each that runs, a line for each that is done, failures too."""
    display, written = shown(terminal=True)
    with display:
        display.listen(begun())
        display.listen(Progress("ann", "replaying, cell 3 of 9", 0.3))
        display.listen(Progress("bob\x1b[2J", "checking", 0.95))
        running = drawn(written, 0, "checking")
        begin = len(written.getvalue())
        display.finished(dataclasses.replace(samples.rejected(), id="ann"))
        after = drawn(written, begin, "1 of 3")
    assert "all submissions" in running
    assert "replaying, cell 3 of 9" in running
    assert "\x1b[2J" not in written.getvalue()
    assert f"[1/3] ann: rejected. {samples.rejected().reason}"[:40] in after
    assert re.search(r"1 of 3, [\d.]+ a minute, (about \d+ minutes?|less than a minute) left", after)
    last = after[after.rindex("all submissions") :]
    assert "ann" not in last
    assert "checking" in last


def test_without_a_terminal_there_are_plain_lines(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each that is done, and once in a while how far it is; what an earlier run has done is said once."""
    display, written = shown(terminal=False)
    now = [time.monotonic()]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with display:
        display.listen(begun(submissions=4, unchanged=1))
        display.finished(samples.ordinary())  # the one that was taken over
        now[0] += 10
        display.listen(Progress("ann", "replaying", 0.1))
        now[0] += 50
        display.finished(samples.ordinary())
        display.listen(Progress("bob", "replaying", 0.1))
        display.finished(dataclasses.replace(samples.ordinary(), status=Status.NEEDS_REVIEW, reason="The grader itself failed."))
    first, line, how_far, failed = written.getvalue().splitlines()
    assert first == "1 submission of 4 did not change and will not be graded again."
    assert line.startswith("[2/4] ann-lee_1042: 1.55 of 1.85, 1.70 wait for a person")
    assert how_far == "2 of 4, 1.0 a minute, about 2 minutes left; running: ann, bob"
    assert failed.startswith("[3/4] ann-lee_1042:")
    assert failed.endswith("The grader itself failed.")
    assert "\x1b" not in written.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_is_quiet(shown: Shown, terminal: bool) -> None:
    """Not a byte, on a terminal neither."""
    display, written = shown(terminal=terminal, quiet=True)
    with display:
        display.listen(begun(unchanged=1))
        display.listen(Progress("ann", "checking", 0.5))
        display.finished(samples.ordinary())
    assert written.getvalue() == ""


def on_a_terminal(folder: Path, *arguments: str, interrupt_at: str = "") -> tuple[int, str]:
    """The exit code of a command that writes to a terminal, and what it wrote; Ctrl-C is pressed when a text was seen."""
    ours, its = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "120", "TERM": "xterm"}
    command = [sys.executable, "-m", "autograder", *arguments]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=its, stdout=its, stderr=its, start_new_session=True)
    os.close(its)
    written = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the terminal's other end is closed
            break
        if not piece:
            break
        written += piece
        if interrupt_at and interrupt_at.encode() in written:
            interrupt_at = ""
            process.send_signal(signal.SIGINT)
    os.close(ours)
    return process.wait(60), _CONTROL.sub("", written.decode())


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(tmp_path: Path) -> None:
    """On a real terminal: stages are shown, the first result stays, and the message names the folder."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        pytest.skip("these tests were started with this signal ignored, as a shell does in the background")
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", "import time" + "\n---\ntime.sleep(4)" * 8)
    arguments = ["grade", "in", "--out", "out", "--jobs", "1", "--isolation", "none", "--assignment", str(ASSIGNMENT)]
    status, said = on_a_terminal(tmp_path, *arguments, interrupt_at="[1/2] ann")
    assert status == 130
    assert "replaying" in said
    assert "all submissions" in said
    assert f"interrupted; 1 of 2 are done and kept in {tmp_path / 'out'}. The same command goes on from there." in " ".join(said.split())
    assert (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").count("\n") == 2


def test_for_machines_there_are_lines_of_json_only(tmp_path: Path) -> None:
    """With --json each finished submission is a line, on a terminal too, and there is no bar."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    (tmp_path / "in" / "bob.ipynb").write_text("{", encoding="utf-8")
    arguments = ["grade", "in", "--out", "out", "--json", "--mode", "static", "--assignment", str(ASSIGNMENT)]
    status, said = on_a_terminal(tmp_path, *arguments)
    assert status == 0
    assert sorted(json.loads(line)["id"] for line in said.splitlines()) == ["ann", "bob"]
