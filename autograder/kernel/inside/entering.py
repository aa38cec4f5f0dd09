"""Enters the walls that the grader has put up for a submission: joins their namespaces, gives up all privileges, limits what may be used.

A request is a JSON object. Always: `arguments` of the kernel's application, `folder` of the run, `environment`. Optional: `limits` (names
of resource.RLIMIT_* and their values); `needed` and `private` (paths that must and must not be readable); `namespaces` (process id of which
the namespaces are joined); `group` (file of a control group that takes process ids); `user` (user and group id to become); `paths` (`read`
and `write`: all that Landlock leaves open); `filter` (a seccomp program, base64).

Run as a program it reads one request, starts a kernel with a fresh interpreter, and keeps whatever the kernel leaves behind.
Errors of the system are raised: a wall that cannot be entered must not be gone around.
"""

from __future__ import annotations

import base64
import ctypes
import fcntl
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_SET_DEATH_SIGNAL, SET_DUMPABLE, _SET_SECCOMP, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVILEGES = 1, 4, 22, 36, 38
_FILTER = 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_JOINED = ("ipc", "uts", "net", "pid")
_OWNING_USER_NAMESPACE = 0xB701  # ioctl_ns(2)
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_OF_FILES = _EXECUTE | 1 << 1 | _READ_FILE | 1 << 14 | 1 << 15  # what may be allowed of a file that is no folder

_library = ctypes.CDLL(None, use_errno=True)


def keep(request: dict[str, Any], become_kernel: Callable[[dict[str, Any]], None], answer: int) -> None:
    """Start the kernel behind the walls, write a line to `answer`, and stay until nothing that the kernel left behind is there.

    The line holds the process ids of this process and of the kernel, or "! " and what went wrong. Does not return.
    """
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control(_SET_DEATH_SIGNAL, signal.SIGKILL)
    control(_SET_CHILD_SUBREAPER, 1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard != answer:
            os.dup2(nowhere, standard)
    try:
        if "group" in request:
            with open(request["group"], "w", encoding="ascii") as group:
                group.write(str(os.getpid()))
        if "namespaces" in request:
            _join(request["namespaces"])
    except OSError as error:
        os.write(answer, f"! {error}\n".encode())
        os._exit(1)
    heard, told = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        _become(request, become_kernel, told)
    os.close(told)
    with open(heard, "rb") as trouble:
        problem = trouble.read(1000)
    os.write(answer, (f"{os.getpid()} {kernel}" if not problem else f"! {problem.decode()}").encode() + b"\n")
    os.close(answer)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    os._exit(0)


def _become(request: dict[str, Any], become_kernel: Callable[[dict[str, Any]], None], told: int) -> None:
    try:
        os.dup2(0, 1)
        os.dup2(told, 3, inheritable=False)
        os.closerange(4, 4096)  # nothing of the grader's side may be reached through an open file
        try:
            os.setsid()
            lock(request)
            _try(request.get("needed", []), request.get("private", []))
        except (OSError, ValueError, KeyError) as error:
            os.write(3, str(error).encode())
            os._exit(1)
        os.close(3)
        become_kernel(request)
    finally:
        os._exit(1)


def lock(request: dict[str, Any]) -> None:
    """Give up for ever what student code must not have."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")  # when the machine runs out of memory, this process is the one to go
    for name, value in request.get("limits", {}).items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    if "user" in request:
        user = request["user"]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if "namespaces" in request or "user" in request:
        _called(_library.capset, struct.pack("Ii", 0x20080522, 0), bytes(24))
        control(_SET_NO_NEW_PRIVILEGES, 1)
    control(SET_DUMPABLE, 1)
    control(_SET_DEATH_SIGNAL, signal.SIGKILL)  # forgotten at a change of user
    os.chdir(f"{request['folder']}/work")
    if "paths" in request:
        _restrict_paths(request["paths"]["read"], request["paths"]["write"])
    if "filter" in request:
        program = base64.b64decode(request["filter"])
        code = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
        _called(_library.prctl, _SET_SECCOMP, _FILTER, header, 0, 0)


def _try(needed: list[str], private: list[str]) -> None:
    """Whether the walls are where they should be, told by trying."""
    for path in needed:
        with open(path, "rb"):
            pass
    for path in private:
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY))
            raise ValueError(f"{path} can be read; let nobody but its owner read it: chmod 700")


def control(option: int, value: int) -> None:
    """Set an attribute of this process (prctl)."""
    _called(_library.prctl, option, value, 0, 0, 0)


def landlock_version() -> int:
    """Which version of Landlock the system offers, 0 for none."""
    return max(0, int(_library.syscall(_CREATE_RULESET, None, 0, 1)))


def _join(process: int) -> None:
    """Without root, the right to join comes with the user namespace that owns the others; their processes may be in one of its children."""
    mounts, users = (os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY) for name in ("mnt", "user"))
    own = os.open("/proc/self/ns/user", os.O_RDONLY)
    owner = fcntl.ioctl(mounts, _OWNING_USER_NAMESPACE)
    others = [os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY) for name in _JOINED]
    for namespace, before in ((owner, own), *((other, None) for other in others), (mounts, None), (users, owner)):
        if before is None or os.fstat(namespace).st_ino != os.fstat(before).st_ino:
            _called(_library.setns, namespace, 0)


def _restrict_paths(read: list[str], write: list[str]) -> None:
    """Leave open only these paths, no TCP, and no signals or abstract sockets to the outside (landlock(7)); nothing where it is unknown."""
    version = landlock_version()
    if version == 0:
        return
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    attributes = struct.pack("QQQ", everything, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _called(_library.syscall, _CREATE_RULESET, attributes, len(attributes), 0)
    for paths, rights in ((read, _EXECUTE | _READ_FILE | _READ_FOLDER), (write, everything)):
        for path in paths:
            with suppress(FileNotFoundError):
                opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
                allowed = rights & everything & (~0 if os.path.isdir(path) else _OF_FILES)
                _called(_library.syscall, _ADD_RULE, rules, 1, struct.pack("=Qi", allowed, opened), 0)
                os.close(opened)
    _called(_library.syscall, _RESTRICT_SELF, rules, 0)
    os.close(rules)


def _called(function: Any, *arguments: Any) -> int:
    result = int(function(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{getattr(function, '__name__', 'a call')}: {os.strerror(code)}")
    return result


def _execute_kernel(request: dict[str, Any]) -> None:
    arguments = [sys.executable, "-m", "ipykernel_launcher", *request["arguments"]]
    os.execve(sys.executable, arguments, request["environment"])


if __name__ == "__main__":
    keep(json.loads(sys.stdin.readline()), _execute_kernel, os.dup(1))
