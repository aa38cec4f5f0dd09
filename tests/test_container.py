"""The container: what `./grade.sh --container` asks of an engine, what the recipes pin, and whether the walls inside stand."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from autograder.cli import app
from container import grade
from tests.gradescope import stand_in

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "container" / "Dockerfile").read_text(encoding="utf-8")
DOCKER = grade.Engine("/bin/docker", "docker", False, 1000, 1000)
PODMAN = replace(DOCKER, program="/bin/podman", name="podman", rootless=True)
# Stands in for an engine: takes a note of its arguments, and says no where the test wants it to.
FAKE = """#!/bin/bash
printf '%s\\n' "$(printf '%s\\x1f' "$@")" >> "$RECORD"
case "$*" in *"import sys;"*) echo "no namespaces"; exit ${TRIED:-0};; info*) echo "[]";; *" grade "*) exit ${GRADED:-0};; esac
"""


def _fake(folder: Path, name: str = "docker") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(FAKE, encoding="utf-8")
    (folder / name).chmod(0o755)
    return folder / name


def _recorded(path: Path) -> list[list[str]]:
    return [line.rstrip("\x1f").split("\x1f") for line in path.read_text(encoding="utf-8").splitlines()]


def _after(command: list[str], option: str) -> list[str]:
    return [command[index + 1] for index, argument in enumerate(command) if argument == option]


def test_options_with_values_are_those_of_the_command_line() -> None:
    """An option that was added to `grade` and not here would have its value taken for a path."""
    command: Any = typer.main.get_command(app)
    options = [option for option in command.commands["grade"].params if option.param_type_name == "option"]
    assert {name for option in options if not option.is_flag for name in option.opts} == grade.VALUED
    paths = {name for option in options if option.metavar in ("DIR", "CSV", "FILE") for name in option.opts}
    assert paths == {*grade.READ, "--out", "--assignment"}


def test_paths_are_mounted_at_fixed_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything read-only but the results; names stay, since submissions are called by them."""
    monkeypatch.chdir(tmp_path)
    for name in ("a, b.zip", "roster.csv", "book.csv"):
        Path(name).write_bytes(b"")
    for name in ("one", "data"):
        Path(name).mkdir()
    given = ["--container", "a, b.zip", "--jobs", "2", "one", "--data=data", "--roster", "roster.csv", "--fill-canvas", "book.csv", "-q"]
    asked = grade.read([*given, "--late", "--x", "--out", "new/results", "--isolation", "user"])
    assert [" ".join(mount.option()[1:]) for mount in asked.mounts] == [
        f"{tmp_path}/data:/given/data:ro",
        f"{tmp_path}/roster.csv:/given/roster/roster.csv:ro",
        f"{tmp_path}/book.csv:/given/canvas/book.csv:ro",
        f"{tmp_path}/a, b.zip:/given/submissions/1/{tmp_path.name}/a, b.zip:ro",
        f"{tmp_path}/one:/given/submissions/1/{tmp_path.name}/one:ro",
        f"{tmp_path}/new/results:/given/results:rw",
    ]
    inside = "--jobs 2 --data /given/data --roster /given/roster/roster.csv --fill-canvas /given/canvas/book.csv -q --late --x"
    assert asked.arguments[:-3] == (*inside.split(), "--out", "/given/results")
    place = f"/given/submissions/1/{tmp_path.name}"
    assert asked.arguments[-3:] == ("--", f"{place}/a, b.zip", f"{place}/one")
    assert asked.isolation == "user"


def test_files_named_one_by_one_keep_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one folder stay together, folders of one name apart, and what is named twice is given once."""
    monkeypatch.chdir(tmp_path)
    given = ["jane/hw4.ipynb", "jane/hw4.pdf", "max/hw4.ipynb", "b/max/hw4.ipynb", "max/../jane/hw4.pdf"]
    for name in given[:4]:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"")
    inside = [mount.target.removeprefix("/given/submissions/") for mount in grade.read(given).mounts[:-1]]
    assert inside == ["1/jane/hw4.ipynb", "1/jane/hw4.pdf", "2/max/hw4.ipynb", "3/max/hw4.ipynb"]
    assert grade.read(["/usr"]).mounts[0] == grade.Mount(Path("/usr").resolve(), "/given/submissions/1/usr")


def test_without_paths_the_examples_are_graded() -> None:
    """As outside."""
    assert grade.read(["--container"]).mounts[0] == grade.Mount(ROOT / "examples", f"/given/submissions/1/{ROOT.name}/examples")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere: there is no such file"),
        (["/"], "no such file or folder that a container could be given"),
        (["--roster", "nowhere"], "nowhere: there is no such file"),
        (["--assignment", "mine.toml", "."], "--assignment cannot be used with --container"),
        (["--jobs"], "--jobs needs a value"),
        (["with:colon"], "a colon or a line break"),
        (["--isolation", "container"], "auto, bubblewrap, user or none"),
        (["--isolation", "bubblewrap"], "no namespaces. Use --isolation user"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and what to do, before anything is graded."""
    (tmp_path / "with:colon").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIED", "1")
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    fake = _fake(tmp_path / "bin")
    monkeypatch.setattr(grade, "find_engine", lambda environment: replace(DOCKER, program=str(fake)))
    monkeypatch.setattr(sys, "argv", ["grade.py", "--container", *arguments])
    with pytest.raises(SystemExit) as ended:
        grade.main()
    assert ended.value.code == 2
    assert said in capfd.readouterr().err
    assert not (tmp_path / "results").exists()


def test_the_script_becomes_the_engine(tmp_path: Path) -> None:
    """grade.sh needs nothing but Python and an engine: it builds, then runs, and its exit code is the container's."""
    _fake(tmp_path / "bin")
    record = tmp_path / "record"
    environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "RECORD": str(record), "GRADED": "3", "HOME": str(tmp_path)}
    environment |= {"CONTAINER_ENGINE": "docker", "AUTOGRADER_VARIANT": "cpu"}
    (tmp_path / "in").mkdir()
    done = subprocess.run(
        ["bash", str(ROOT / "grade.sh"), "in", "--container", "--json"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 3, done.stderr
    _, built, *_, ran = _recorded(record)
    assert built[:3] == ["build", "--file", str(ROOT / "container" / "Dockerfile")]
    assert _after(built, "--build-arg") == ["VARIANT=cpu"]
    assert built[-1] == str(ROOT)
    assert ran[0] == "run"
    assert _after(ran, "--network") == ["none"]
    assert _after(ran, "--volume") == [f"{tmp_path}/in:/given/submissions/1/{tmp_path.name}/in:ro", f"{tmp_path}/results:/given/results:rw"]
    assert (tmp_path / "results").stat().st_mode & 0o777 == 0o700
    assert "--gpus" not in ran
    assert ran[ran.index("localhost/autograder:cpu") + 1 :][:2] == ["grade", "--isolation"]


@pytest.mark.parametrize("engine", [DOCKER, PODMAN], ids=lambda engine: engine.name)
def test_nothing_runs_with_more_than_its_tier_needs(engine: grade.Engine) -> None:
    """bubblewrap: the caller, no capability, namespaces allowed; user: root with six capabilities under the engine's own filters."""
    environment = {"AUTOGRADER_VARIANT": "cpu"}
    for way in ("bubblewrap", "user", "none"):
        command = grade.options(engine, way, environment)
        assert {"--read-only", "--rm"} <= set(command)
        assert _after(command, "--cap-drop") == ["ALL"]
        assert "no-new-privileges" in _after(command, "--security-opt")
        relaxed = {option for option in _after(command, "--security-opt") if option.partition("=")[0] in ("seccomp", "apparmor")}
        assert len(relaxed) == (2 if way == "bubblewrap" else 0)
        assert _after(command, "--cap-add") == (list(grade.CAPABILITIES) if way == "user" else [])
        assert _after(command, "--user") == ["0:0" if way == "user" else "1000:1000"]
        assert ("keep-id" in command) == (engine.rootless and way != "user")
        assert _after(command, "--env") == (["AUTOGRADER_OWNER=1000:1000"] if way == "user" and not engine.rootless else [])


def test_a_gpu_is_handed_over() -> None:
    """In the words of each engine."""
    environment = {"AUTOGRADER_VARIANT": "cuda"}
    assert _after(grade.options(DOCKER, "user", environment), "--gpus") == ["all"]
    assert _after(grade.options(PODMAN, "user", environment), "--device") == ["nvidia.com/gpu=all"]


@pytest.mark.parametrize(("tried", "way"), [("0", "bubblewrap"), ("1", "user")])
def test_auto_tries_and_says_what_it_takes_instead(
    tried: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never `none`, and never in silence."""
    monkeypatch.setenv("TRIED", tried)
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    engine = replace(DOCKER, program=str(_fake(tmp_path / "bin")))
    assert grade.choose(engine, "image", "auto", os.environ) == way
    assert ("taking the tier `user`, not bubblewrap: no namespaces" in capsys.readouterr().err) == (way == "user")
    assert _after(_recorded(tmp_path / "record")[0], "--user") == ["1000:1000"]


def test_data_is_found_as_outside(tmp_path: Path) -> None:
    """--data, else $HW4_DATA, else the cache's folder where there is one."""
    (tmp_path / "autograder" / "data").mkdir(parents=True)
    plain = grade.read([str(tmp_path)])
    cached = {"XDG_CACHE_HOME": str(tmp_path)}
    assert grade.data(grade.read([str(tmp_path), "--data", str(tmp_path)]), cached) == []
    assert grade.data(plain, {**cached, "HW4_DATA": str(tmp_path)})[-1] == "HW4_DATA=/given/data"
    assert grade.data(plain, cached)[-1] == f"{tmp_path}/autograder/data:/tmp/cache/autograder/data:ro"
    assert grade.data(plain, {"XDG_CACHE_HOME": str(tmp_path / "empty")}) == []


def test_old_pythons_can_read_the_launcher() -> None:
    """It runs with the Python that the machine has, not with .venv's."""
    ast.parse((ROOT / "container" / "grade.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_recipe_is_pinned() -> None:
    """The base by its digest, packages by the lock; everything comes from the base or from this repository."""
    assert re.search(r"^ARG BASE=\S+:bookworm-\d{8}-slim@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${BASE}"}
    assert "install --constraint requirements.lock --requirement requirements.txt" in DOCKERFILE
    assert not re.search(r"^ADD|curl|wget", DOCKERFILE, re.MULTILINE)
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    for copied in re.findall(r"^COPY (?:--chown=\S+ )?([^-\n].*) \S+$", DOCKERFILE, re.MULTILINE):
        for source in copied.split():
            assert (ROOT / source).exists()
            assert source in allowed
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^torch==\S+$", lock, re.MULTILINE)
    assert re.search(r"^torchvision==\S+$", lock, re.MULTILINE)


def test_the_image_is_nobody_in_particular_and_knows_its_health() -> None:
    """Not root, one group, `doctor`."""
    assert f"groupadd --gid {grade.GROUP} " in DOCKERFILE
    assert f"--chown=0:{grade.GROUP} autograder" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["autograder"]
    assert re.search(r'^HEALTHCHECK .*"doctor"\]$', DOCKERFILE, re.MULTILINE)


def test_compose_says_what_the_script_says() -> None:
    """The same walls, whoever puts them up."""
    service = yaml.safe_load((ROOT / "container" / "compose.yaml").read_text(encoding="utf-8"))["services"]["grade"]
    command = grade.options(DOCKER, "user", {"AUTOGRADER_VARIANT": "cpu"})
    for key, option in {"security_opt": "--security-opt", "cap_drop": "--cap-drop", "cap_add": "--cap-add", "tmpfs": "--tmpfs"}.items():
        assert service[key] == _after(command, option)
    assert [service["user"]] == _after(command, "--user")
    assert (service["network_mode"], service["read_only"]) == ("none", True)
    assert service["command"][:3] == ["grade", "--isolation", "user"]


def test_the_filter_for_namespaces_lets_them_pass() -> None:
    """And what nobody needs does not."""
    profile = json.loads((ROOT / "container" / "namespaces.json").read_text(encoding="utf-8"))
    refused = {name for rule in profile["syscalls"] for name in rule["names"]}
    assert refused >= {"bpf", "kexec_load", "init_module", "open_by_handle_at"}
    assert not refused & {"clone", "clone3", "unshare", "setns", "mount", "umount2", "pivot_root"}


@pytest.mark.skipif(bool(NOT_HERE := stand_in.missing()), reason=NOT_HERE)
@pytest.mark.parametrize(("way", "works"), [("bubblewrap", True), ("user", True), ("none", False)])
def test_the_walls_stand_inside_a_container(way: str, works: bool) -> None:
    """With a tier's options a kernel starts in it and cannot read the checks; with those of `none` neither tier is to be had."""
    podman = shutil.which("podman")
    assert podman is not None
    engine = grade.Engine(podman, "podman", False, 1000, 1000)
    place = Path(sys.prefix).resolve()
    shown = {path: path for path in (Path("/usr"), Path(sys.base_prefix), place)} | {ROOT / "autograder": Path("/program/autograder")}
    volumes = [option for path, target in shown.items() for option in ("--volume", f"{path}:{target}:ro")]
    tier = way if works else "user"
    code = f"from autograder.kernel.isolation.choice import offer; print(offer({tier!r}), offer('bubblewrap').available)"
    done = subprocess.run(
        [
            *grade.options(engine, way, {"AUTOGRADER_VARIANT": "cpu"}),
            *volumes,
            *("--env", "PYTHONPATH=/program", stand_in.skeleton(), f"{place}/bin/python", "-c", code),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert f"available={works}" in done.stdout, done.stdout
    assert done.stdout.strip().endswith(str(way == "bubblewrap"))
