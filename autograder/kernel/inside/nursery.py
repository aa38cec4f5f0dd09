"""A process that has imported what kernels need and forks one ready kernel for each line of standard input.

Requests and answers are those of `entering`: a line each. The first line that is written says how many threads
there are: beside more than one it is not safe to fork. Ends when its standard input does, and takes its kernels along.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

from . import entering

_IMPORTED_AS_KERNELS_START = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magic_arguments",
    "IPython.core.magics.ast_mod",
    "IPython.core.magics.execution",
    "IPython.core.magics.pylab",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "faulthandler",
    "sqlite3",
    "tornado.platform.asyncio",
)
_set_by_ipykernel: dict[str, str] = {}  # in the environment, as in that of a kernel that imports it for itself


def serve() -> None:
    """Import, then fork until standard input ends."""
    _prepare()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _reap)  # not ignored: the processor time of children that nobody waits for is counted nowhere
    entering.control(entering.SET_DUMPABLE, 0)  # a kernel of the same user must not look into what others are forked from
    _say(f"{len(os.listdir('/proc/self/task'))}")
    for line in sys.stdin:
        if os.fork() == 0:
            try:
                entering.keep(json.loads(line), _become_kernel, os.dup(1))
            finally:
                os._exit(1)


def _reap(number: int, frame: object) -> None:
    """Wait for the keepers that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _prepare() -> None:
    before = set(os.environ)
    for name in ("kernelapp", "ipkernel", "zmqshell", "debugger"):  # each kernel would import the last, for 50 ms
        importlib.import_module(f"ipykernel.{name}")
    # Not what later imports set: torch puts a place in this process' own folder there.
    _set_by_ipykernel.update((name, value) for name, value in os.environ.items() if name not in before)
    for name in ("jupyter_client", "IPython.core.getipython"):
        importlib.import_module(name)
    for name in _IMPORTED_AS_KERNELS_START:
        with suppress(ImportError):  # a kernel that can do without it, can do so here
            importlib.import_module(name)
    if importlib.util.find_spec("course.warm") is not None:
        importlib.import_module("course.warm")
        for name in ("recorder", "measuring", "magics", "scaling", "session"):
            importlib.import_module(f"harness_inside.{name}")
    if importlib.util.find_spec("course.measurements") is not None:
        importlib.import_module("course.measurements")


def _become_kernel(request: dict[str, Any]) -> None:
    """What a process that was started anew would find: environment, paths, arguments."""
    folder = request["folder"]
    os.environ.clear()
    os.environ.update({**_set_by_ipykernel, **request["environment"]})
    own = sys.path[:2]  # where this process was started, and its own copy of what kernels get to see
    sys.path[:] = [f"{folder}/inside", *(entry for entry in sys.path if entry not in own)]
    for place in own:
        sys.path_importer_cache.pop(place, None)  # not clear(): to free what all kernels share would copy 13 MB for each
    for name in ("harness_inside", "course"):  # what is imported from now on comes from the run's own folder, all that is in sight
        if name in sys.modules:
            sys.modules[name].__path__ = [f"{folder}/inside/{name}"]
    tempfile.tempdir = None
    sys.argv[:] = ["ipykernel_launcher.py", *request["arguments"]]

    from ipykernel.kernelapp import IPKernelApp

    application: Any = IPKernelApp.instance()
    with _few_modules_in_sight():
        application.initialize(request["arguments"])
    application.start()
    os._exit(0)


@contextmanager
def _few_modules_in_sight() -> Iterator[None]:
    """Let ipykernel make no list of all modules for its debugger: to look at each copies 14 MB of what kernels share."""
    ipkernel: Any = importlib.import_module("ipykernel.ipkernel")
    ipkernel.sys = SimpleNamespace(**{**vars(sys), "modules": {}})
    try:
        yield
    finally:
        ipkernel.sys = sys


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    serve()
