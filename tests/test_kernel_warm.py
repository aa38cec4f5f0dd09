"""Forked kernels: they are what a cold start gives, all of them end, and where forking fails a cold start takes their place."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.kernel.conversation import Message
from autograder.kernel.isolate import Limits, PlainProcess
from autograder.kernel.start import Kernel, run_folder, start_kernel
from autograder.kernel.warm import WarmKernels, warm_kernels

COURSE = Path(__file__).parent / "second_assignment" / "course"
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
def kernels() -> Iterator[WarmKernels]:
    with warm_kernels(COURSE) as sandbox:
        assert isinstance(sandbox, WarmKernels)
        yield sandbox


def said(kernel: Kernel, code: str) -> str:
    texts: list[str] = []

    def listen(message: Message) -> bool:
        if message.kind == "stream":
            texts.append(str(message.content()["text"]))
        return True

    kernel.conversation.execute(code, time.monotonic() + 30, listen, history=False)
    return "".join(texts).strip()


def test_a_forked_kernel_finds_what_a_cold_one_finds(kernels: WarmKernels) -> None:
    """Folder, paths, environment, limits and arguments are the same; only the folder's name differs."""
    code = (
        "import os, resource, sys, tempfile; print(os.getcwd(), sys.path, sys.argv[1:], tempfile.gettempdir(), os.getpgrp() == os.getpid())"
    )
    code += "; print(resource.getrlimit(resource.RLIMIT_DATA), __name__, *sorted(os.environ.items()))"
    found = []
    for sandbox in (kernels, PlainProcess()):
        with run_folder(COURSE, None) as folder:
            kernel = start_kernel(sandbox, folder, Limits(memory_mb=1000), 0)
            found.append(said(kernel, code).replace(str(folder), "FOLDER"))
            kernel.close()
    assert "FOLDER/work" in found[0]
    assert found[0] == found[1]


def test_a_daemon_of_a_forked_kernel_ends_with_it(kernels: WarmKernels) -> None:
    """What leaves the kernel's session and loses its parent is adopted by the keeper, and killed."""
    with run_folder(COURSE, None) as folder:
        kernel = start_kernel(kernels, folder, Limits(), 0)
        said(kernel, DAEMON)
        until = time.monotonic() + 10
        while len(family := psutil.Process(int(said(kernel, "print(os.getppid())"))).children()) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(family) == 2
        kernel.close()
        assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)
        assert not kernel.confined.alive()


def test_nothing_is_shared_between_two_forked_kernels(kernels: WarmKernels) -> None:
    """What one notebook does to a module is not there in the next."""
    with run_folder(COURSE, None) as folder:
        first = start_kernel(kernels, folder, Limits(), 0)
        second = start_kernel(kernels, folder, Limits(), 1)
        said(first, "import json; json.spoilt = True")
        assert said(second, "import json; print(hasattr(json, 'spoilt'))") == "False"
        first.close()
        assert said(second, "print(2)") == "2"
        second.close()


def test_a_cold_start_takes_the_place_of_a_fork_that_fails() -> None:
    """When the forking process has been killed, kernels still come up."""
    with warm_kernels(COURSE) as sandbox, run_folder(COURSE, None) as folder:
        forking = [child for child in psutil.Process().children() if "harness_inside.nursery" in child.cmdline()]
        forking[-1].kill()
        kernel = start_kernel(sandbox, folder, Limits(), 0)
        assert said(kernel, "print(2)") == "2"
        kernel.close()
