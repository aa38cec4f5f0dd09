"""`./grade.sh --container`: the grader in a container, with docker or podman, and nothing else needed on the machine but Python 3.8.

Receives the arguments of `grade`; what they name is mounted below /given, read-only but for the results. Becomes the engine's own process,
so that its exit code is the grader's (125 to 127 are the engine's). A path that cannot be mounted, or a way to keep student code apart that
is not to be had, is an error in one sentence, and exit code 2.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENGINES = ("podman", "docker")
WRONG_USAGE = 2
GROUP = "19999"  # the image's; its members see the program and what is given to it
VALUED = frozenset(  # the options of `grade` that take a value
    [
        *("--out", "--mode", "--jobs", "--isolation", "--data", "--budget", "--only", "--seed", "--device"),
        *("--roster", "--late", "--fill-canvas", "--canvas-column", "--assignment"),
    ]
)
READ = {"--data": "data", "--roster": "roster", "--fill-canvas": "canvas"}
# Root inside needs these to give each submission a user of its own, to end its processes, and to read and write what is the caller's.
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")
_ALWAYS = (
    *("--rm", "--pull", "never", "--no-healthcheck", "--network", "none", "--read-only"),
    *("--tmpfs", "/tmp:rw,mode=1777", "--shm-size", "1g"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--security-opt", "label=disable"),
)
_MOST = {"nofile": 65536, "nproc": 16384}
_TRY = (
    "import sys; from autograder.kernel.isolation.choice import offer; found = offer('bubblewrap'); "
    "print(found.reason); sys.exit(not found.available)"
)


class Refused(Exception):
    """What was asked for cannot be done; the sentence says what to do."""


@dataclass(frozen=True)
class Mount:
    source: Path
    target: str
    writable: bool = False

    def option(self) -> list[str]:
        if set(":\n") & set(f"{self.source}{self.target}"):
            raise Refused(f"{self.source}: a container cannot be given a path with a colon or a line break in it. Rename it.")
        return ["--volume", f"{self.source}:{self.target}:{'rw' if self.writable else 'ro'}"]


@dataclass(frozen=True)
class Asked:
    """What a command line asks for: the grader's arguments as they are inside, and what they name outside."""

    arguments: tuple[str, ...]
    mounts: tuple[Mount, ...]
    out: Path
    isolation: str


@dataclass(frozen=True)
class Engine:
    """Who runs containers, for whom. `rootless`: the engine has no more rights than its caller, who is root inside."""

    program: str
    name: str
    rootless: bool
    user: int
    group: int
    groups: tuple[int, ...] = ()

    @property
    def only_root(self) -> bool:
        """Whether root is the only user inside who can write the caller's files."""
        return self.user == 0 or (self.rootless and self.name == "docker")


def read(given: Sequence[str]) -> Asked:
    """Take a command line apart and put the places inside in the place of paths."""
    arguments: list[str] = []
    mounts: list[Mount] = []
    paths: list[str] = []
    named: dict[str, str] = {}
    left = [argument for argument in given if argument != "--container"]
    while left:
        argument = left.pop(0)
        option, equals, value = argument.partition("=")
        if argument == "--":
            paths += left
            break
        if not argument.startswith("-"):
            paths.append(argument)
        elif option not in VALUED:
            arguments.append(argument)
        else:
            if not equals:
                if not left:
                    raise Refused(f"{option} needs a value.")
                value = left.pop(0)
            if option in ("--out", "--isolation"):
                named[option] = value
            elif option in READ:
                place = f"/given/{READ[option]}"
                mounts.append(Mount(_there(value), place if Path(value).is_dir() else f"{place}/{_there(value).name}"))
                arguments += [option, mounts[-1].target]
            elif option == "--assignment":
                raise Refused("--assignment cannot be used with --container: the image holds its assignment. Build one with yours in it.")
            else:
                arguments += [option, value]
    if not paths and not {"-h", "--help"} & set(arguments):
        paths = [str(HERE.parent / "examples")]
    folders: dict[Path, int] = {}
    for found in dict.fromkeys(map(_there, paths)):  # files of one folder stay together, and can be called by its name
        number = folders.setdefault(found.parent, len(folders) + 1)
        mounts.append(Mount(found, f"/given/submissions/{Path(str(number), found.parent.name, found.name)}"))
    out = Path(named.get("--out", "results")).resolve()
    mounts.append(Mount(out, "/given/results", writable=True))
    submissions = [mount.target for mount in mounts if mount.target.startswith("/given/submissions/")]
    return Asked((*arguments, "--out", "/given/results", "--", *submissions), tuple(mounts), out, named.get("--isolation", "auto"))


def _there(path: str) -> Path:
    found = Path(path).resolve()
    if not found.exists() or not found.name:
        raise Refused(f"{path}: there is no such file or folder that a container could be given.")
    return found


def find_engine(environment: Mapping[str, str]) -> Engine:
    """The engine that $CONTAINER_ENGINE names, else the first that is installed."""
    wanted = environment.get("CONTAINER_ENGINE")
    program = next((found for name in ([wanted] if wanted else ENGINES) if (found := shutil.which(name))), None)
    if program is None:
        raise Refused(f"{wanted or ' or '.join(ENGINES)} is not installed. Install it, or grade without --container.")
    user, group = os.getuid(), os.getgid()
    if "podman" in Path(program).name:
        return Engine(program, "podman", user != 0, user, group)
    told = subprocess.run([program, "info", "--format", "{{.SecurityOptions}}"], capture_output=True, text=True)
    if told.returncode:
        raise Refused(f"docker does not answer: {_end(told.stderr)}. Start it, or name another: CONTAINER_ENGINE=podman")
    return Engine(program, "docker", "name=rootless" in told.stdout, user, group, tuple(os.getgroups()))


def variant(environment: Mapping[str, str]) -> str:
    """`cuda` where there is an NVIDIA GPU, else `cpu`; $AUTOGRADER_VARIANT decides otherwise."""
    return environment.get("AUTOGRADER_VARIANT") or ("cuda" if Path("/dev/nvidiactl").exists() else "cpu")


def build(engine: Engine, environment: Mapping[str, str], more: Sequence[str] = ()) -> str:
    """The image of this checkout; layers that have not changed are not built again."""
    kind = variant(environment)
    tag = f"localhost/autograder:{kind}"
    command = [engine.program, "build", "--file", str(HERE / "Dockerfile"), "--build-arg", f"VARIANT={kind}", "--tag", tag, *more]
    if engine.name == "podman":
        command += ["--format", "docker"]  # the other format has no health check
    if index := environment.get("AUTOGRADER_TORCH_INDEX"):
        command += ["--build-arg", f"CPU_INDEX={index}"]
    settings = environment.get("PIP_CONFIG_FILE", "")
    if Path(settings).is_file():
        command += ["--secret", f"id=pip,src={settings}"]
    print(f"grade.sh: building {tag} (minutes the first time, seconds later) ...", file=sys.stderr, flush=True)
    done = subprocess.run([*command, str(HERE.parent)], env={**os.environ, "DOCKER_BUILDKIT": "1"}, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise Refused(f"the image could not be built; the lines above and below say why. {_end(done.stdout)}")
    return tag


def options(engine: Engine, way: str, environment: Mapping[str, str]) -> list[str]:
    """The engine's options for a way to keep student code apart (`bubblewrap`, `user`, `none`), without the mounts."""
    command = [engine.program, *_runtime(engine), "run", *_ALWAYS, *_limits(engine)]
    if variant(environment) == "cuda":
        command += ["--gpus", "all"] if engine.name == "docker" else ["--device", "nvidia.com/gpu=all"]
    if way == "user" or engine.only_root:
        command += ["--user", "0:0"]
    else:
        command += ["--userns", "keep-id"] if engine.rootless else []
        command += ["--user", f"{engine.user}:{engine.group}", "--group-add", GROUP]
        command += [option for group in engine.groups if group != engine.group for option in ("--group-add", str(group))]
    if way == "user":
        command += [option for name in CAPABILITIES for option in ("--cap-add", name)]
        if engine.user != 0 and not engine.rootless:
            command += ["--env", f"AUTOGRADER_OWNER={engine.user}:{engine.group}"]
    if way == "bubblewrap":
        # Namespaces within namespaces, which takes a /proc without covers and a filter that lets them pass; but no capability at all.
        unmasked = "systempaths=unconfined" if engine.name == "docker" else "unmask=ALL"
        command += [
            "--security-opt",
            f"seccomp={HERE / 'namespaces.json'}",
            "--security-opt",
            unmasked,
            "--security-opt",
            "apparmor=unconfined",
        ]
    return command


def choose(engine: Engine, image: str, asked: str, environment: Mapping[str, str]) -> str:
    """The way to take: what was asked for, else `bubblewrap` where it works, which is tried, else `user`; each is said."""
    if asked not in ("auto", "bubblewrap", "user", "none"):
        raise Refused(f"--isolation {asked}: a container has auto, bubblewrap, user or none.")
    if asked in ("user", "none"):
        return asked
    if engine.only_root:
        reason = "inside a container it is for callers without root"
    else:
        tried = [*options(engine, "bubblewrap", environment), "--entrypoint", "/opt/autograder/venv/bin/python", image, "-c", _TRY]
        done = subprocess.run(tried, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode == 0:
            return "bubblewrap"
        reason = _end(done.stdout) or _end(done.stderr)
    if asked == "bubblewrap":
        raise Refused(f"--isolation bubblewrap: {reason.rstrip('.')}. Use --isolation user.")
    print(f"grade.sh: taking the tier `user`, not bubblewrap: {reason}", file=sys.stderr)
    return "user"


def data(asked: Asked, environment: Mapping[str, str]) -> list[str]:
    """What the grader would find by itself outside: the folder in $HW4_DATA, else the cache's."""
    if any(mount.target == "/given/data" for mount in asked.mounts):
        return []
    named = environment.get("HW4_DATA")
    if named:
        return [*Mount(_there(named), "/given/data").option(), "--env", "HW4_DATA=/given/data"]
    cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autograder" / "data"
    if cache.is_dir():
        place = "/tmp/cache/autograder"
        return ["--tmpfs", f"{place}:rw,mode=1777", *Mount(cache.resolve(), f"{place}/data").option()]
    return []


def run(given: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The command that grades; builds the image and makes the results' folder on the way."""
    asked = read(given)
    volumes = [option for mount in asked.mounts for option in mount.option()] + data(asked, environment)
    engine = find_engine(environment)
    image = environment.get("AUTOGRADER_IMAGE") or build(engine, environment)
    way = choose(engine, image, asked.isolation, environment)
    asked.out.mkdir(parents=True, mode=0o700, exist_ok=True)
    print(f"grade.sh: {engine.name}, {image}, isolation {way}; /given/results is {asked.out}", file=sys.stderr, flush=True)
    terminal = ["--interactive", "--tty"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    return [*options(engine, way, environment), *terminal, *volumes, image, "grade", "--isolation", way, *asked.arguments]


def _runtime(engine: Engine) -> list[str]:
    """podman's usual runtime refuses some older hierarchies of control groups, with which runc works."""
    older = Path("/sys/fs/cgroup").is_dir() and not Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return ["--runtime", "runc"] if engine.name == "podman" and older and shutil.which("runc", path=_PROGRAMS) else []


_PROGRAMS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def _limits(engine: Engine) -> list[str]:
    """podman may ask for more than the machine grants its caller, and is told how much that is; docker's own process knows."""
    if engine.name != "podman":
        return []
    command = []
    for name, most in _MOST.items():
        _, granted = resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))
        limit = most if granted == resource.RLIM_INFINITY else min(granted, most)
        command += ["--ulimit", f"{name}={limit}:{limit}"]
    return command


def _end(text: str | None) -> str:
    return (text or "").strip()[-300:]


def main() -> None:
    """Grade, or say in a sentence why not."""
    try:
        command = run(sys.argv[1:], os.environ)
    except Refused as refused:
        print(f"grade.sh: {refused}", file=sys.stderr)
        sys.exit(WRONG_USAGE)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
