"""Forked kernels: they are what a cold start gives, all of them end, and where forking fails a cold start takes their place."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from processes import command_line, eventually, lives

from autograder.kernel.conversation import Message
from autograder.kernel.isolation.plain import PlainProcess
from autograder.kernel.isolation.sandbox import Limits
from autograder.kernel.isolation.starting import Starter
from autograder.kernel.start import Kernel, run_folder, start_kernel
from autograder.kernel.warm import WarmStart, warm_start

COURSE = Path(__file__).parent / "second_assignment" / "course"
HOMEWORK = Path(__file__).parents[1] / "reference" / "course"
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def kernels() -> Iterator[WarmStart]:
    with warm_start(COURSE) as starter:
        yield starter


@contextmanager
def started(starter: Starter | None, number: int = 1, limits: Limits | None = None) -> Iterator[tuple[Path, list[Kernel]]]:
    """Kernels in one room, and their run folder."""
    limits = limits or Limits()
    with run_folder(COURSE, None) as folder, PlainProcess(starter).room(folder, limits) as room:
        running = [start_kernel(room, folder, index, limits.memory_mb) for index in range(number)]
        yield folder, running
        for kernel in running:
            kernel.close()


def said(kernel: Kernel, code: str) -> str:
    texts: list[str] = []

    def listen(message: Message) -> bool:
        if message.kind == "stream":
            texts.append(str(message.content()["text"]))
        return True

    kernel.conversation.execute(code, time.monotonic() + 120, listen)
    return "".join(texts).strip()


def test_a_forked_kernel_finds_what_a_cold_one_finds(kernels: WarmStart) -> None:
    """Folder, paths, environment, limits and arguments are the same; only the folder's name differs."""
    code = (
        "import os, resource, sys, tempfile; print(os.getcwd(), sys.path, sys.argv[1:], tempfile.gettempdir(), os.getpgrp() == os.getpid())"
    )
    code += "; print(resource.getrlimit(resource.RLIMIT_DATA), __name__, *sorted(os.environ.items()))"
    found = []
    for starter in (kernels, None):
        with started(starter, limits=Limits(memory_mb=1000)) as (folder, (kernel,)):
            found.append(said(kernel, code).replace(str(folder), "FOLDER"))
    assert "FOLDER/work" in found[0]
    assert found[0] == found[1]


def test_what_imports_put_into_the_environment_stays_behind(tmp_path: Path) -> None:
    """A library that keeps its cache in the temporary folder must not lead all kernels into the one of the process they come from."""
    (tmp_path / "__init__.py").touch()
    (tmp_path / "warm.py").write_text("import os, tempfile\nos.environ['CACHE'] = tempfile.gettempdir()\n", encoding="utf-8")
    with warm_start(tmp_path) as starter, started(starter) as (_, (kernel,)):
        assert said(kernel, "import os, sys; print('course.warm' in sys.modules, os.environ.get('CACHE'))") == "True None"


def test_a_daemon_of_a_forked_kernel_ends_with_it(kernels: WarmStart) -> None:
    """What leaves the kernel's session and loses its parent is adopted by the keeper, and killed."""
    with started(kernels) as (_, (kernel,)):
        said(kernel, DAEMON)
        keeper = psutil.Process(int(said(kernel, "print(os.getppid())")))
        assert eventually(lambda: len(keeper.children()) == 2)
        family = keeper.children()
        kernel.close()
        assert not any(map(lives, family))
        assert not kernel.confined.alive()


def test_a_forked_kernel_copies_little_of_what_it_shares() -> None:
    """Of 330 MB a kernel that answers has 28 of its own (44 where ipykernel looks at each module), and student code finds all modules."""
    with warm_start(HOMEWORK) as starter, started(starter) as (_, (kernel,)):
        memory = psutil.Process(int(said(kernel, "import os; print(os.getpid())"))).memory_full_info()
        assert memory.uss < 0.11 * memory.rss
        code = "import sys; from ipykernel import ipkernel; print(ipkernel.sys is sys, 'torch' in sys.modules)"
        assert said(kernel, code) == "True True"


def test_nothing_is_shared_between_two_forked_kernels(kernels: WarmStart) -> None:
    """What one notebook does to a module is not there in the next."""
    with started(kernels, 2) as (_, (first, second)):
        said(first, "import json; json.spoilt = True")
        assert said(second, "import json; print(hasattr(json, 'spoilt'))") == "False"
        first.close()
        assert said(second, "print(2)") == "2"


def test_the_time_of_forked_kernels_is_counted() -> None:
    """What kernels cost stands in the times of who started them, once the forking process has ended."""

    def counted() -> float:
        waited = resource.getrusage(resource.RUSAGE_CHILDREN)
        return waited.ru_utime + waited.ru_stime

    before = counted()
    with warm_start(COURSE) as starter:
        with started(starter) as (_, (kernel,)):
            busy = "import time; until = time.process_time() + 1.5\nwhile time.process_time() < until: pass"
            said(kernel, busy)
        forking = psutil.Process(starter._process.pid)
        assert eventually(lambda: not forking.children())  # until it has heard of the keeper's end
    assert counted() - before > 1.5


def test_a_cold_start_takes_the_place_of_a_fork_that_fails() -> None:
    """When the forking process has been killed, kernels still come up."""
    with warm_start(COURSE) as starter:
        forking = psutil.Process(starter._process.pid)
        assert "harness_inside.nursery" in command_line(forking)
        forking.kill()
        with started(starter) as (_, (kernel,)):
            assert said(kernel, "print(2)") == "2"
