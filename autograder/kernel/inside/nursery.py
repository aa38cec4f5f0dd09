"""A process that has imported what kernels need and forks one ready kernel for each line of standard input.

A request is a JSON object: `arguments` of the kernel's application, `folder` of the run, `environment` and `limits` (names of
resource.RLIMIT_* and their values). The answer is a line with two process ids: a keeper that adopts whatever the kernel leaves behind,
and the kernel. The first line that is written says how many threads there are: beside more than one it is not safe to fork.
Ends when its standard input does, and takes its kernels along.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress
from typing import Any

_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_CHILD_SUBREAPER = 1, 4, 36


def serve() -> None:
    """Import, then fork until standard input ends."""
    _prepare()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the system
    _control(_SET_DUMPABLE, 0)  # a kernel of the same user must not look into what others are forked from
    _say(f"{len(os.listdir('/proc/self/task'))}")
    for line in sys.stdin:
        if os.fork() == 0:
            try:
                _keep(json.loads(line))
            finally:
                os._exit(1)


def _prepare() -> None:
    for name in ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "jupyter_client", "IPython.core.getipython"):
        importlib.import_module(name)
    if importlib.util.find_spec("course.warm") is not None:
        importlib.import_module("course.warm")
        for name in ("recorder", "measuring", "magics", "scaling", "session"):
            importlib.import_module(f"harness_inside.{name}")


def _keep(request: dict[str, Any]) -> None:
    """Fork the kernel, tell both process ids, and stay until the last process that it left behind has ended."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _control(_SET_DEATH_SIGNAL, signal.SIGKILL)
    _control(_SET_CHILD_SUBREAPER, 1)
    answer = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    kernel = os.fork()
    if kernel == 0:
        os.close(answer)
        _become_kernel(request)
    os.write(answer, f"{os.getpid()} {kernel}\n".encode())
    os.close(answer)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    os._exit(0)


def _become_kernel(request: dict[str, Any]) -> None:
    """What a process that was started anew would find: folder, environment, paths, limits."""
    folder = request["folder"]
    os.setsid()
    _control(_SET_DUMPABLE, 1)
    for name, value in request["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(f"{folder}/work")
    own = sys.path[:2]  # where this process was started, and its own copy of what kernels get to see
    sys.path[:] = [f"{folder}/inside", *(entry for entry in sys.path if entry not in own)]
    sys.path_importer_cache.clear()
    tempfile.tempdir = None
    sys.argv[:] = ["ipykernel_launcher.py", *request["arguments"]]

    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=request["arguments"])
    os._exit(0)


def _control(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    serve()
