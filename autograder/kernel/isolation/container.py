"""Walls of a container engine, podman or docker: the same view of the machine as bubblewrap gives, around an empty image made here.

Nothing is downloaded or built: the system's programs and this Python are mounted read-only, as bubblewrap does it. Kernels join the
container's namespaces, which takes root (podman-run(1), docker-run(1)).
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import subprocess
import tarfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

from autograder.errors import HarnessError
from autograder.kernel.isolation.sandbox import WRITABLE, Limits, gpu_nodes
from autograder.kernel.isolation.walls import HOLD, Walls, is_link, readable_paths

ENGINES = ("podman", "docker")
_IMAGE = "localhost/autograder-walls:1"
_NAME = "autograder"
_ENGINE_SECONDS = 60
_OPTIONS = (
    *("--network", "none", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--security-opt", "label=disable"),
    *("--shm-size", "256m", "--tmpfs", "/tmp:rw,size=64m,mode=1777", "--hostname", "notebook"),
    *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"),  # else some runtimes ask for more than the machine grants
)


def engine() -> str | None:
    """The first container engine that is installed."""
    return next((found for name in ENGINES if (found := shutil.which(name))), None)


def put_up(run_folder: Path, limits: Limits) -> Walls:
    """A container around a run folder; HarnessError with the engine's own words where that is refused."""
    program = engine()
    if program is None:
        raise HarnessError(f"no container engine is installed ({' or '.join(ENGINES)})")
    name = f"{_NAME}-{os.getpid()}-{secrets.token_hex(4)}"
    command = [program, *_runtime(program), "run", "--interactive", "--rm", "--name", name, *_OPTIONS]
    if Path(program).name == "podman":
        command += ["--read-only-tmpfs=false"]  # it would add folders in memory without a bound
    command += [argument for node in gpu_nodes(limits) for argument in ("--device", node)]
    for path in (*readable_paths(), run_folder):
        command += [] if is_link(path) else ["--volume", f"{path}:{path}:ro"]
    for part, size in WRITABLE.items():
        command += ["--tmpfs", f"{run_folder / part}:rw,size={size}m,mode=1777"]
    return Walls([*command, _image(program), *HOLD], lambda: _first(program, name), environment=_environment())


def sweep() -> None:
    """Remove containers that do not run, of graders that were killed: one that was killed before it began is not removed by its engine."""
    program = engine()
    if program is None:
        return
    still = ("--filter", "status=created", "--filter", "status=exited")
    with suppress(HarnessError):  # who asks for a container next is told
        names = _said(program, ["ps", "--all", *still, "--filter", f"name={_NAME}-", "--format", "{{.Names}}"]).split()
        owners = {name: name.split("-")[1] for name in names if name.startswith(f"{_NAME}-") and name.count("-") == 2}
        left = [name for name, owner in owners.items() if owner.isdecimal() and not psutil.pid_exists(int(owner))]
        if left:
            _said(program, ["rm", "--force", *left])


def _first(program: str, name: str) -> int:
    return int(_said(program, ["inspect", "--format", "{{.State.Pid}}", name]))


@cache
def _image(program: str) -> str:
    """An image that holds nothing but links such as /bin."""
    images = _said(program, ["images", "--quiet", _IMAGE])
    if not images:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path in filter(is_link, readable_paths()):
                link = tarfile.TarInfo(str(path).lstrip("/"))
                link.type, link.linkname = tarfile.SYMTYPE, os.readlink(path)
                archive.addfile(link)
        _said(program, ["import", "-", _IMAGE], packed.getvalue())
    return _IMAGE


@cache
def _runtime(program: str) -> tuple[str, ...]:
    """podman's usual runtime refuses some older hierarchies of control groups, with which runc works."""
    hybrid = not Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return ("--runtime", "runc") if hybrid and Path(program).name == "podman" and shutil.which("runc") else ()


def _said(program: str, arguments: list[str], given: bytes = b"") -> str:
    try:
        done = subprocess.run(
            [program, *arguments], input=given, capture_output=True, env=_environment(), timeout=_ENGINE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HarnessError(f"{program} does not answer: {error}") from error
    if done.returncode:
        raise HarnessError(f"{Path(program).name} {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout.decode().strip()


def _environment() -> dict[str, str]:
    return {"PATH": f"{os.defpath}:/usr/local/bin:/usr/sbin:/sbin", "HOME": str(Path.home())}
