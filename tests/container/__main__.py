"""`make container`: the image is built here, asked for its health, and grades the examples; what it says is compared with what is said
outside.

Takes root and podman. Where the image's base cannot be pulled, debootstrap makes one of the same release; packages come from wherever this
machine's pip has them. All that was made is removed again, unless `--keep` keeps the image.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from container import grade

ROOT = Path(__file__).resolve().parents[2]
_RELEASE = "bookworm"
_BASE = "localhost/autograder-base:made-here"
_OF_A_RUN = frozenset({"seconds", "peak_memory_mb", "isolation", "log"})  # what may differ between two runs of the same verdicts
_SOMEBODY = 1000


def main() -> int:
    """Build, ask, grade, compare; 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.container")
    parser.add_argument("--keep", action="store_true", help="keep the image, and take it where it is already there")
    parser.add_argument("submissions", nargs="*", type=Path, default=[ROOT / "examples"])
    chosen = parser.parse_args()
    missing = [name for name in ("podman", "debootstrap") if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        print(f"`make container` needs root, podman and debootstrap; missing: {', '.join(missing) or 'root'}")
        return 2
    environment = {**os.environ, "AUTOGRADER_VARIANT": "cpu", "CONTAINER_ENGINE": "podman"}
    engine = grade.find_engine(environment)
    with tempfile.TemporaryDirectory(prefix="container-") as name, _image(engine, environment, Path(name), keep=chosen.keep) as image:
        size = int(_said(engine.program, "image", "inspect", "--format", "{{.Size}}", image))
        layers = _said(engine.program, "history", "--format", "{{.Size}}  {{.CreatedBy}}", image).splitlines()
        print(f"{image}: {size / 1e6:.0f} MB")
        print(*(f"  {line[:120]}" for line in layers if not line.startswith("0 B")), sep="\n")
        folder = Path(name)
        paths = [str(path.resolve()) for path in chosen.submissions]
        outside = _timed([sys.executable, "-m", "autograder", "grade", *paths, "--out", str(folder / "outside"), "-q"], environment)
        said = _reports(folder / "outside")
        print(f"{'outside':12}{len(said):4} submissions{outside:8.1f} s")
        differences = 0
        for way in ("user", "bubblewrap"):
            caller = engine if way == "user" else replace(engine, user=_SOMEBODY, group=_SOMEBODY)
            differences += _inside(caller, image, way, paths, folder / way, said, environment)
    return 1 if differences else 0


def _inside(
    engine: grade.Engine, image: str, way: str, paths: Sequence[str], out: Path, said: dict[str, Any], environment: dict[str, str]
) -> int:
    """Ask `doctor`, grade, compare, print a line; the number of differences."""
    health = subprocess.run([*grade.options(engine, way, environment), image, "doctor"], capture_output=True, text=True, check=True).stdout
    found = next(line for line in health.splitlines() if f"Isolation: {way}" in line)
    asked = grade.read([*paths, "--out", str(out), "-q"])
    out.mkdir()
    os.chown(out, engine.user, engine.group)
    volumes = [option for mount in asked.mounts for option in mount.option()]
    command = [*grade.options(engine, way, environment), *volumes, *grade.data(asked, environment), image]
    seconds = _timed([*command, "grade", "--isolation", way, *asked.arguments], environment)
    here = _reports(out)
    differing = [f"{id}: {key}" for id, report in said.items() for key in report if here.get(id, {}).get(key) != report[key]]
    differing += [f"{id}: only inside" for id in here.keys() - said.keys()]
    differing += [f"{path}: not the caller's" for path in out.rglob("*") if path.lstat().st_uid != engine.user]
    same = "; ".join(differing) or "as outside"
    print(f"{way:12}{len(here):4} submissions{seconds:8.1f} s   {' '.join(found.split())}; {same}", flush=True)
    return len(differing)


@contextmanager
def _image(engine: grade.Engine, environment: dict[str, str], folder: Path, *, keep: bool) -> Iterator[str]:
    tag = f"localhost/autograder:{grade.variant(environment)}"
    if keep and _there(engine, tag):
        yield tag
        return
    made: list[str] = [] if _there(engine, tag) else [tag]
    try:
        base = re.findall(r"^ARG BASE=(\S+)", (ROOT / "container" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[0]
        pulled = subprocess.run([engine.program, "pull", "--quiet", base], capture_output=True).returncode == 0
        if not pulled:
            print(f"{base} cannot be pulled here; debootstrap makes one of {_RELEASE} ...", flush=True)
            _make_base(engine, folder / "base")
            made.append(_BASE)
        began = time.monotonic()
        # The rest is what a machine without a network of its own needs; it changes nothing in the image.
        more = ["--isolation", "chroot", *([] if pulled else ["--build-arg", f"BASE={_BASE}"])]
        settings, volumes = _pip_settings(folder)
        built = grade.build(engine, {**environment, "PIP_CONFIG_FILE": str(settings)}, [*more, *volumes])
        print(f"built in {time.monotonic() - began:.0f} s", flush=True)
        yield built
    finally:
        for image in [] if keep else made:
            subprocess.run([engine.program, "rmi", "--force", image], capture_output=True)
        subprocess.run([engine.program, "image", "prune", "--force", "--filter", "label=autograder.stage=packages"], capture_output=True)


def _make_base(engine: grade.Engine, folder: Path) -> None:
    subprocess.run(["debootstrap", "--variant=minbase", _RELEASE, str(folder)], check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen(["tar", "-C", str(folder), "-c", "."], stdout=subprocess.PIPE) as packed:
        subprocess.run([engine.program, "import", "--quiet", "-", _BASE], stdin=packed.stdout, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)


def _pip_settings(folder: Path) -> tuple[Path, list[str]]:
    """This machine's settings of pip as a file, and the options that show the build what they name, below /machine."""
    settings: dict[str, str] = {}
    shown: set[Path] = set()
    for line in _said(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        if name == "constraint":  # the lock decides
            continue
        words = []
        for word in value.strip("'\"").split():
            scheme, path = ("file://", Path(word[7:])) if word.startswith("file://") else ("", Path(word))
            if path.is_absolute() and path.exists():
                shown.add(path.parent if scheme else path)  # an index on disk has its files beside it
                word = f"{scheme}/machine{path}"
            words.append(word)
        settings[name] = " ".join(words)
    file = folder / "pip.conf"
    file.write_text("\n".join(["[global]", *(f"{name} = {value}" for name, value in settings.items())]) + "\n", encoding="utf-8")
    return file, [option for path in sorted(shown) for option in ("--volume", f"{path}:/machine{path}:ro")]


def _reports(out: Path) -> dict[str, Any]:
    """Each submission's report without what belongs to a run, and its row of grades.csv."""
    reports = {}
    for path in out.glob("*/report.json"):
        report = json.loads(path.read_text(encoding="utf-8"))
        for check in report["checks"]:
            del check["detail"]  # tracebacks, which name folders of the machine
        report["cells"] = [{key: value for key, value in cell.items() if key != "seconds"} for cell in report["cells"]]
        reports[path.parent.name] = {key: value for key, value in report.items() if key not in _OF_A_RUN}
    with (out / "grades.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            reports[row["submission"]]["row"] = {key: value for key, value in row.items() if key not in _OF_A_RUN}
    return reports


def _timed(command: Sequence[str], environment: dict[str, str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    return time.monotonic() - began


def _there(engine: grade.Engine, image: str) -> bool:
    return subprocess.run([engine.program, "image", "exists", image]).returncode == 0


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
