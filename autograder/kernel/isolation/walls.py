"""Namespaces that a process holds open, and the kernels that enter them.

What puts up the walls (bubblewrap, a container engine) is given to `Walled` as a function; the rest is the same for all: kernels join the
namespaces of the process that holds them, become a user without privileges, and are killed one by one or, at last, with the namespace.
"""

from __future__ import annotations

import os
import select
import site
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.errors import HarnessError
from autograder.kernel.isolation.memory import MEMBERS, memory_group
from autograder.kernel.isolation.plain import ProcessTree, kill, with_descendants
from autograder.kernel.isolation.sandbox import Confined, Limits, Room, confined_limits
from autograder.kernel.isolation.slots import own_user
from autograder.kernel.isolation.starting import Starter, request

# Until its input ends, which it does when the grader is gone; what loses its parent is reaped by the system, so that it does not count.
HOLD = ("/bin/sh", "-c", "trap '' CHLD; echo held; exec cat")
_HOLD_SECONDS = 30.0
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/mime.types",
)


def readable_paths() -> tuple[Path, ...]:
    """All of the machine's files that a kernel gets to see: the system's programs, harmless settings, this Python with its packages."""
    packages = [entry for entry in (*site.getsitepackages(), site.getusersitepackages()) if entry in sys.path]
    interpreter = Path(sys.executable).resolve().parents[1]
    wanted: list[str | Path] = [*_SYSTEM, *_SETTINGS, sys.base_prefix, sys.base_exec_prefix, sys.prefix, interpreter, *packages]
    found: list[Path] = []
    for path in map(Path, wanted):
        if path.exists() and not any(path == other or other in path.parents for other in found):
            found.append(path)
    return tuple(found)


def is_link(path: Path) -> bool:
    """Whether a readable path is to be a link behind the walls too, as /bin is one to /usr/bin on many systems."""
    return str(path) in _SYSTEM and path.is_symlink()


class Walls:
    """A process that holds namespaces open. Ends with `demolish`, or when the grader does.

    `first` is the process id of the first one inside, `holders` those of all that belong to the walls; `telling` is a descriptor that the
    command alone needs.
    """

    def __init__(
        self, command: Sequence[str], find_first: Callable[[], int], environment: Mapping[str, str], telling: int | None = None
    ) -> None:
        self._holder = subprocess.Popen(
            command,
            cwd="/",
            env=dict(environment),
            pass_fds=() if telling is None else (telling,),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if telling is not None:
            os.close(telling)
        assert self._holder.stdout is not None
        ready, _, _ = select.select([self._holder.stdout], [], [], _HOLD_SECONDS)
        said = self._holder.stdout.readline() if ready else b""
        if said != b"held\n":
            self._holder.kill()
            _, trouble = self._holder.communicate()
            reason = trouble.decode(errors="replace").strip()[-300:] or "no answer"
            raise HarnessError(f"{Path(command[0]).name} could not confine anything: {reason}")
        self.first = find_first()
        self._first = psutil.Process(self.first)  # knows when the number is another process's one day
        self.holders = frozenset((self.first, *(child.pid for child in self._first.children(recursive=True))))

    def standing(self) -> bool:
        return self._holder.poll() is None

    def demolish(self) -> None:
        """End the namespaces, and with them every process inside. Safe to call twice."""
        kill(self._first)
        with suppress(subprocess.TimeoutExpired):
            self._holder.communicate(timeout=10)
        self._holder.kill()
        self._holder.wait()


@dataclass(frozen=True, slots=True)
class Walled:
    """A tier whose kernels live in namespaces. `put_up` makes walls around a run folder."""

    name: str
    put_up: Callable[[Path, Limits], Walls]
    starter: Starter
    calls: str = ""
    private: tuple[Path, ...] = ()

    @contextmanager
    def room(self, run_folder: Path, limits: Limits) -> Iterator[Room]:
        with ExitStack() as stack:
            user = stack.enter_context(own_user(run_folder, writable=False))
            group = stack.enter_context(memory_group(limits.memory_mb * 5 // 4))
            room = _WalledRoom(self, run_folder, limits, user, group)
            stack.callback(room.demolish)
            yield room


class _WalledRoom:
    def __init__(self, tier: Walled, run_folder: Path, limits: Limits, user: int | None, group: Path | None) -> None:
        self._tier, self._run_folder, self._limits, self._user, self._group = tier, run_folder, limits, user, group
        self._walls: Walls | None = None

    def launch(self, arguments: Sequence[str]) -> Confined:
        if self._walls is None or not self._walls.standing():
            self.demolish()
            self._walls = self._tier.put_up(self._run_folder, self._limits)
        asked = request(arguments, self._run_folder, self._limits, self._tier.private)
        asked["limits"] = confined_limits(self._limits)
        asked["namespaces"] = self._walls.first
        if self._user is not None:
            asked["user"] = self._user
        if self._group is not None:
            asked["group"] = str(self._group / MEMBERS)
        if self._tier.calls:
            asked["filter"] = self._tier.calls
        keeper, kernel = self._tier.starter.start(asked)
        return _WalledTree(keeper, kernel, self._run_folder, self._walls, self._group)

    def demolish(self) -> None:
        if self._walls is not None:
            self._walls.demolish()


class _WalledTree(ProcessTree):
    """A kernel behind walls: what loses its parent is adopted by the namespace's first process."""

    def __init__(self, keeper: psutil.Process, kernel: psutil.Process, run_folder: Path, walls: Walls, group: Path | None) -> None:
        super().__init__(keeper, kernel, run_folder, group)
        self._walls = walls

    def members(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            inside = with_descendants(psutil.Process(self._walls.first))
            orphans = [process for process in inside if process.pid not in self._walls.holders]
            return [*super().members(), *orphans]
        return super().members()

    def overrun(self) -> None:
        self._walls.demolish()

    def root(self) -> Path:
        return Path(f"/proc/{self._walls.first}/root")
