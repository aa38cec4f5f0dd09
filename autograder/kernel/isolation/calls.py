"""The filter on system calls: no sockets to other machines, no new namespaces, no looking into other processes.

Made with libseccomp; what it makes is a program for the kernel that `inside/entering` loads, so that nothing but bytes reaches the kernel.
"""

from __future__ import annotations

import base64
import errno
import socket
import tempfile
from functools import cache
from types import ModuleType

_NEW_USER_NAMESPACE = 0x10000000  # CLONE_NEWUSER, sched.h
_FAMILIES = 64
_FORBIDDEN = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "unshare", "setns", "mount", "umount2", "pivot_root", "move_mount"),
    *(
        "keyctl",
        "add_key",
        "request_key",
        "bpf",
        "userfaultfd",
        "perf_event_open",
        "kexec_load",
        "open_by_handle_at",
        "fsopen",
        "open_tree",
    ),
    *("shmget", "msgget", "semget", "mq_open"),  # they outlive every process, and no limit on a process counts them
)


def available() -> bool:
    """Whether libseccomp is installed."""
    return _library() is not None


@cache
def call_filter(*, network: bool) -> str:
    """The filter's program, base64; "" where libseccomp is absent. With `network`, which a namespace bounds, sockets are left alone."""
    library = _library()
    if library is None:
        return ""
    rules = library.SyscallFilter(library.ALLOW)
    if not network:
        # A kernel needs local sockets, and libzmq ends the process when it cannot ask the system for its interfaces.
        for family in set(range(_FAMILIES)) - {int(socket.AF_UNIX), int(socket.AF_NETLINK)}:
            rules.add_rule(library.ERRNO(errno.EACCES), "socket", library.Arg(0, library.EQ, family))
    rules.add_rule(library.ERRNO(errno.ENOSYS), "io_uring_setup")  # could do what is forbidden here without a call that a filter sees
    rules.add_rule(library.ERRNO(errno.ENOSYS), "memfd_create")  # memory of no process, so that only a control group would count it
    rules.add_rule(library.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be read by a filter; everybody falls back to clone
    rules.add_rule(library.ERRNO(errno.EPERM), "clone", library.Arg(0, library.MASKED_EQ, _NEW_USER_NAMESPACE, _NEW_USER_NAMESPACE))
    for name in _FORBIDDEN:
        rules.add_rule(library.ERRNO(errno.EPERM), name)
    with tempfile.TemporaryFile() as program:
        rules.export_bpf(program)
        program.seek(0)
        return base64.b64encode(program.read()).decode("ascii")


@cache
def _library() -> ModuleType | None:
    try:
        import pyseccomp
    except (ImportError, RuntimeError):  # the package is there on Linux only; it raises the latter where the library is missing
        return None
    module: ModuleType = pyseccomp
    return module
