"""Walls of bubblewrap: own processes, files, network, and names; with root under a user without an account, without root as oneself.

What a kernel sees: the system's programs and this Python, read-only; its run folder, read-only but for the parts that it may write to,
which are in memory and bounded. Nothing of the grader's environment, processes, folders or network (bwrap(1)).
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from autograder.kernel.isolation.sandbox import WRITABLE, Limits, gpu_nodes
from autograder.kernel.isolation.walls import HOLD, Walls, is_link, readable_paths

_SHARED_MEMORY_MB = 256
_PLACE_MB = 64


def program() -> str | None:
    """Where bubblewrap is installed."""
    return shutil.which("bwrap")


def put_up(run_folder: Path, limits: Limits) -> Walls:
    """Namespaces around a run folder; HarnessError with bubblewrap's own words where that is refused."""
    told, telling = os.pipe()
    try:
        command = [program() or "bwrap", *_arguments(run_folder, limits), "--info-fd", str(telling), "--", *HOLD]
        return Walls(command, lambda: _first(told), environment={}, telling=telling)
    finally:
        os.close(told)


def _first(told: int) -> int:
    with os.fdopen(os.dup(told), "rb") as information:
        return int(json.loads(information.read())["child-pid"])


def _arguments(run_folder: Path, limits: Limits) -> list[str]:
    arguments = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "notebook"]
    arguments += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
    if os.geteuid() != 0:
        # A kernel has the same user as the process that holds the namespaces open, and may look into whatever may do no more than itself
        # (ptrace(2)); so that process keeps one capability, which is of no use in an empty network.
        arguments += ["--unshare-user", "--cap-add", "CAP_NET_BIND_SERVICE"]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    arguments += [argument for node in gpu_nodes(limits) for argument in ("--dev-bind", node, node)]
    arguments += [*_in_memory("/dev/shm", _SHARED_MEMORY_MB), "--remount-ro", "/dev", *_in_memory("/tmp", _PLACE_MB)]
    made: set[Path] = set()
    for path in (*readable_paths(), run_folder):
        arguments += _folders_above(path, made)
        arguments += ["--symlink", os.readlink(path), str(path)] if is_link(path) else ["--ro-bind", str(path), str(path)]
    for part, size in WRITABLE.items():
        arguments += _in_memory(str(run_folder / part), size)
    return [*arguments, "--remount-ro", "/", "--chdir", "/"]


def _in_memory(path: str, size_mb: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size_mb << 20), "--tmpfs", path]


def _folders_above(path: Path, made: set[Path]) -> list[str]:
    """Made by hand, because those that bubblewrap makes by itself can be entered by root only."""
    missing = [folder for folder in reversed(path.parents[:-1]) if folder not in made and folder not in (Path("/tmp"), Path("/dev"))]
    made.update(missing)
    return [argument for folder in missing for argument in ("--perms", "0755", "--dir", str(folder))]
