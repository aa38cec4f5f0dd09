"""A stand-in for Gradescope: its folders, capabilities and limits, and a container for each submission, made of this machine's programs.

What is real: the zip as it is uploaded, /autograder/{source,submission,results}, submission_metadata.json, root with the 14 capabilities
that Docker leaves, no namespaces and no mounts (a seccomp list like Docker's for these calls), 0.5 CPU, 768 MB, a new container each time.
What is not: the image (this machine's programs instead of Ubuntu), the network (there is none, in building neither), and the packages: they
are this machine's, mounted, unless `wheels` names a folder from which setup.sh's own pip installs them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP"),
    *("NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
)
_VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
_NAMESPACES = 0x7E020000  # CLONE_NEW*, sched.h
_REFUSED = [
    *("mount", "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "mount_setattr", "unshare", "setns"),
    *("bpf", "keyctl", "add_key", "request_key", "perf_event_open", "userfaultfd", "quotactl", "reboot", "kexec_load"),
]
_LANDLOCK = ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"]
_SKELETON = "localhost/gradescope-stand-in"
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-05-01T14:22:32.365935-07:00",
    "assignment": {
        "due_date": "2026-05-02T23:59:00.000000-07:00",
        "group_size": 2,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2026-04-01T00:00:00.000000-07:00",
        "title": "Homework 4",
        "total_points": "11.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "ada@example.edu", "id": 1, "name": "Ada Lovelace"},
        {"email": "charles@example.edu", "id": 2, "name": "Charles Babbage"},
    ],
    "previous_submissions": [],
}


@dataclass(frozen=True)
class Ran:
    """What a run left: results.json, its output, seconds, the most memory that it held (without the system's own copies of files).

    `processor_seconds` are those that its processes took in all, which do not depend on how busy this machine is.
    """

    results: dict[str, Any]
    output: str
    status: int
    seconds: float
    peak_mb: float
    processor_seconds: float

    @property
    def score(self) -> float:
        return float(self.results["score"])


@dataclass(frozen=True)
class Image:
    tag: str
    mounted_packages: bool


def missing() -> str:
    """Why there can be no stand-in here, "" if there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "the stand-in for Gradescope needs Linux and root"
    if not shutil.which("podman"):
        return "the stand-in for Gradescope needs podman"
    done = subprocess.run(
        [*_podman("run"), "--rm", "--network", "none", *_ULIMITS, *_volumes(False), skeleton(), "/bin/true"],
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else f"podman cannot run a container here: {done.stderr.strip()[-300:]}"


def member(package: Path, name: str) -> str:
    """A file of the zip."""
    with zipfile.ZipFile(package) as archive:
        return archive.read(name).decode()


@contextlib.contextmanager
def image(package: Path, folder: Path, wheels: Path | None = None) -> Iterator[Image]:
    """The image that Gradescope would build of a zip: unpacked, setup.sh run once as root."""
    source = folder / "source"
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():  # with the modes that the zip says
            path = Path(archive.extract(entry, source))
            path.chmod(entry.external_attr >> 16 & 0o777)
    name = f"gradescope-build-{secrets.token_hex(4)}"
    pip = ["--env", "PIP_NO_INDEX=1", "--env", "PIP_FIND_LINKS=/wheels", "--volume", f"{wheels}:/wheels:ro"] if wheels else []
    steps = "cp -a /upload/. /autograder/source/; cp /autograder/source/run_autograder /autograder/run_autograder"
    steps = f"set -e; {steps}; {'' if wheels else _mounted_packages()} bash /autograder/source/setup.sh"
    command = [
        *_podman("run"),
        "--name",
        name,
        "--network",
        "none",
        *_ULIMITS,
        *_security(folder, landlock=True),
        *_volumes(wheels is None),
        *pip,
    ]
    command += ["--volume", f"{source}:/upload:ro", "--env", f"PATH={_path()}", skeleton(), "/bin/bash", "-c", steps]
    tag = f"localhost/{name}"
    try:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"setup.sh failed: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        (folder / "setup.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
        subprocess.run(["podman", "commit", "--quiet", name, tag], check=True, capture_output=True)
        yield Image(tag, wheels is None)
    finally:
        subprocess.run(["podman", "rm", "--force", "--time", "0", name], capture_output=True)
        subprocess.run(["podman", "rmi", "--force", tag], capture_output=True)


def run(
    built: Image,
    submission: Path,
    folder: Path,
    *,
    metadata: dict[str, Any] | None = None,
    kill_after: float | None = None,
    landlock: bool = True,
    cpus: float = 0.5,
    capabilities: Sequence[str] = CAPABILITIES,
    settings: str = "",
) -> Ran:
    """Grade what lies in `submission`, in a container of its own; with `kill_after`, all of it is killed so many seconds after it began.

    `settings` is a gradescope.toml in place of the image's.
    """
    place = folder / f"run-{secrets.token_hex(4)}"
    shutil.copytree(submission, place / "submission")
    (place / "results").mkdir()
    (place / "submission_metadata.json").write_text(json.dumps(metadata or METADATA), encoding="utf-8")
    name = f"gradescope-run-{secrets.token_hex(4)}"
    command = [*_podman("run"), "--rm", "--name", name, "--network", "none", *_ULIMITS, *_security(place, landlock, capabilities)]
    command += [
        "--memory",
        "768m",
        "--memory-swap",
        "768m",
        "--cpus",
        str(cpus),
        "--workdir",
        "/autograder",
        *_volumes(built.mounted_packages),
    ]
    for part in ("submission", "results", "submission_metadata.json"):
        command += ["--volume", f"{place / part}:/autograder/{part}"]
    if settings:
        (place / "gradescope.toml").write_text(settings, encoding="utf-8")
        command += ["--volume", f"{place / 'gradescope.toml'}:/autograder/source/gradescope.toml:ro"]
    began = time.monotonic()
    process = subprocess.Popen([*command, built.tag, "/autograder/run_autograder"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    used, done = _Used(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(name, used, done))
    watcher.start()
    try:
        if kill_after is not None:
            until = time.monotonic() + 300
            while process.poll() is None and not (place / "results" / "results.json").exists() and time.monotonic() < until:
                time.sleep(0.05)  # until the container is there, which takes a while on a busy machine
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(kill_after)
            subprocess.run(["podman", "kill", "--signal", "KILL", name], capture_output=True)
        output, _ = process.communicate(timeout=600)
    finally:
        subprocess.run(["podman", "rm", "--force", "--time", "0", name], capture_output=True)
        done.set()
        watcher.join()
    seconds = time.monotonic() - began
    written = (place / "results" / "results.json").read_text(encoding="utf-8")
    return Ran(json.loads(written), output.decode(errors="replace"), process.returncode, seconds, used.peak_mb, used.processor_seconds)


@dataclass
class _Used:
    peak_mb: float = 0.0
    processor_seconds: float = 0.0


def _watch(name: str, used: _Used, done: threading.Event) -> None:
    memory = processor = None
    while not done.wait(0.1):
        with contextlib.suppress(OSError, StopIteration):
            if memory is None or processor is None:
                said = subprocess.run(["podman", "inspect", "--format", "{{.State.Pid}}", name], capture_output=True, text=True).stdout
                if not said.strip() or said.strip() == "0":
                    continue
                memory, processor = (_group(int(said), controller) for controller in ("memory", "cpuacct"))
            held = _numbers(memory / "memory.stat")
            # The names of the first version of control groups, and of the second.
            used.peak_mb = max(used.peak_mb, sum(held.get(key, 0) for key in ("total_rss", "total_shmem", "anon", "shmem")) / 2**20)
            if (processor / "cpuacct.usage").exists():
                used.processor_seconds = int((processor / "cpuacct.usage").read_text()) / 1e9
            else:
                used.processor_seconds = _numbers(processor / "cpu.stat").get("usage_usec", 0) / 1e6


def _numbers(path: Path) -> dict[str, int]:
    return {name: int(number) for name, number in (line.split() for line in path.read_text().splitlines())}


def _group(process: int, controller: str) -> Path:
    for line in Path(f"/proc/{process}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return Path("/sys/fs/cgroup") / controller / path.lstrip("/")
        if not controllers and Path("/sys/fs/cgroup/cgroup.controllers").exists():
            return Path("/sys/fs/cgroup") / path.lstrip("/")
    raise StopIteration


_ULIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096")


def _podman(verb: str) -> list[str]:
    """Podman's usual runtime refuses older hierarchies of control groups."""
    hybrid = not Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return ["podman", *(("--runtime", "runc") if hybrid and shutil.which("runc") else ()), verb]


def _security(folder: Path, landlock: bool, capabilities: Sequence[str] = CAPABILITIES) -> list[str]:
    rules: list[dict[str, Any]] = [
        {"names": _REFUSED, "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
        {"names": ["clone3", *([] if landlock else _LANDLOCK)], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
    ]
    for bit in (1 << number for number in range(32) if _NAMESPACES >> number & 1):
        masked = {"index": 0, "value": bit, "valueTwo": bit, "op": "SCMP_CMP_MASKED_EQ"}
        rules.append({"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "args": [masked]})
    profile = folder / "seccomp.json"
    profile.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}), encoding="utf-8")
    allowed = [option for name in capabilities for option in ("--cap-add", name)]
    return ["--cap-drop", "all", *allowed, "--security-opt", f"seccomp={profile}", "--security-opt", "label=disable"]


def _volumes(mounted_packages: bool) -> list[str]:
    # The containers have this machine's user ids: graders beside them must not take, and end, the same ones.
    Path("/run/autograder-users").mkdir(mode=0o700, exist_ok=True)
    volumes = ["--volume", "/usr:/usr:ro", "--volume", "/run/autograder-users:/run/autograder-users"]
    if mounted_packages:
        volumes += ["--volume", f"{sysconfig.get_path('purelib')}:/autograder/venv/lib/{_VERSION}/site-packages:ro"]
    if Path(sys.base_prefix) != Path("/usr"):
        volumes += ["--volume", f"{sys.base_prefix}:{sys.base_prefix}:ro"]
    return volumes


def _path() -> str:
    return f"{sys.base_prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _mounted_packages() -> str:
    """In place of what setup.sh would fetch: a virtual environment that finds this machine's packages."""
    return f"{_VERSION} -m venv --without-pip /autograder/venv;"


def skeleton() -> str:
    """An image of folders, links and a few settings; all programs are mounted. Its tag tells what is in it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for folder, mode in {"tmp": 0o1777, "var/tmp": 0o1777, "run": 0o755, "root": 0o755, "etc": 0o755}.items():
            _folder(archive, folder, mode)
        for part in ("source", "submission", "results"):
            _folder(archive, f"autograder/{part}", 0o755)
        for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            if (Path("/") / name).is_symlink():
                link = tarfile.TarInfo(name)
                link.type, link.linkname = tarfile.SYMTYPE, os.readlink(f"/{name}")
                archive.addfile(link)
        for name in ("passwd", "group", "nsswitch.conf", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts"):
            if (Path("/etc") / name).exists():
                archive.add(f"/etc/{name}", f"etc/{name}")
    name = f"{_SKELETON}:{hashlib.sha256(packed.getvalue()).hexdigest()[:12]}"
    if subprocess.run(["podman", "image", "exists", name], capture_output=True).returncode:
        subprocess.run(["podman", "import", "--quiet", "-", name], input=packed.getvalue(), check=True, capture_output=True)
    return name


def _folder(archive: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    archive.addfile(entry)
