"""The plain process: what it gets, and that all of it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest
from processes import eventually

from autograder.kernel.isolation.plain import launch_plainly
from autograder.kernel.isolation.sandbox import MARKER, Limits, clean_environment

DAEMON = """
import os, subprocess, sys, time
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
child = os.fork()
if child == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
os.waitpid(child, 0)
open("started", "w").close()
time.sleep(300)
"""

FAMILY = """
import os, time
shared = b"x" * (100 << 20)
if all(os.fork() for _ in range(3)):
    open("started", "w").close()
while not os.path.exists("grow"):
    time.sleep(0.02)
own = b"y" * (100 << 20)
open(f"grown{os.getpid()}", "w").close()
time.sleep(300)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("work", "home", "temporary", "inside"):
        (tmp_path / part).mkdir()
    return tmp_path


def started(folder: Path) -> None:
    assert eventually((folder / "work" / "started").exists), "the process did not start"


def marked(folder: Path) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == str(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_daemons_are_ended_with_the_rest(folder: Path) -> None:
    """Children in sessions of their own and a daemon whose parent is gone are killed; ending twice does nothing more."""
    confined = launch_plainly([sys.executable, "-c", DAEMON], folder, Limits())
    started(folder)
    assert eventually(lambda: len(marked(folder)) == 5)
    assert confined.memory_mb() > 5
    confined.end()
    assert not confined.alive()
    assert marked(folder) == []
    confined.end()


FROM_THREADS = """
import subprocess, sys, threading, time
def begin():
    child = "import os, time; os.fork(); time.sleep(300)"
    process = subprocess.Popen([sys.executable, "-c", child])
    time.sleep(300)
for _ in range(2):
    threading.Thread(target=begin, daemon=True).start()
open("started", "w").close()
time.sleep(300)
"""


def test_all_descendants_are_found_whichever_thread_began_them(folder: Path) -> None:
    """Two children of two threads and a child of each, as psutil finds them."""
    confined = launch_plainly([sys.executable, "-c", FROM_THREADS], folder, Limits())
    started(folder)
    assert eventually(lambda: len(confined.members()) == 5)
    root, *others = confined.members()
    assert len(others) == 4
    assert {process.pid for process in others} == {process.pid for process in root.children(recursive=True)}
    confined.end()
    assert confined.members() == []


def test_shared_memory_counts_once_and_growth_is_seen_at_once(folder: Path) -> None:
    """Four processes share 100 MB; when each takes another 100 MB, the next look sees all of it."""
    confined = launch_plainly([sys.executable, "-c", FAMILY], folder, Limits())
    started(folder)
    shared = confined.memory_mb()
    assert 100 < shared < 250
    (folder / "work" / "grow").touch()
    assert eventually(lambda: len(list((folder / "work").glob("grown*"))) == 4)
    assert shared + 380 < confined.memory_mb() < shared + 450
    confined.end()


def test_memory_is_limited(folder: Path) -> None:
    """A process that asks for more than its limit gets a MemoryError, not the machine's memory."""
    code = "import os, time\nwhile not os.path.exists('limited'): time.sleep(0.02)\n"
    code += "try: x = bytearray(600 << 20)\nexcept MemoryError: open('started', 'w').close()"
    confined = launch_plainly([sys.executable, "-c", code], folder, Limits(memory_mb=200))
    (folder / "work" / "limited").touch()  # the limits are set from outside, while the process begins
    started(folder)
    confined.end()


def test_the_environment_is_made_and_not_inherited(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the grader's own environment holds is not passed on."""
    monkeypatch.setenv("GRADER_SECRET", "secret")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    environment = clean_environment(folder, Limits(threads=2))
    assert "GRADER_SECRET" not in environment
    assert environment["PYTHONPATH"] == str(folder / "inside")
    assert environment["OMP_NUM_THREADS"] == "2"
