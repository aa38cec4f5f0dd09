"""The zip for Gradescope: what is in it, what a run says of who handed in, and a run in the platform's stand-in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from autograder import assignment
from autograder.cli import app
from autograder.gradescope import metadata
from autograder.gradescope.settings import GradescopeSettings, HiddenChecks, load, render
from autograder.intake import read
from autograder.on_gradescope import leaderboard
from tests.gradescope import stand_in

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "tests" / "schemas" / "gradescope_results.json").read_text(encoding="utf-8"))
NOT_HERE = stand_in.missing()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "autograder.zip"
    assert CliRunner().invoke(app, ["package", "gradescope", "-o", str(path)]).exit_code == 0
    return path


def test_the_zip_holds_what_the_platform_asks_for(package: Path) -> None:
    """The two scripts at the root, executable, with the line ends of Unix; and no file of the tests but the checks."""
    with zipfile.ZipFile(package) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        for script in ("setup.sh", "run_autograder"):
            assert modes[script] == 0o755
            assert archive.read(script).startswith(b"#!")
            assert b"\r" not in archive.read(script)
        names = archive.namelist()
    assert not [name for name in names if name.startswith("tests/") and not name.startswith("tests/checks/")]
    assert package.stat().st_size < 2_000_000


def test_the_same_files_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    """The zip depends on nothing but what is in it."""
    again = tmp_path / "again.zip"
    assert CliRunner().invoke(app, ["package", "gradescope", "-o", str(again)]).exit_code == 0
    assert again.read_bytes() == package.read_bytes()


def test_what_is_there_before_a_run_has_begun_is_valid_and_has_every_row(package: Path) -> None:
    """A run that ends at once leaves a file that the platform can read, with all that is planned and no points."""
    planned = json.loads(stand_in.member(package, "planned.json"))
    jsonschema.validate(planned, SCHEMA)
    assert planned["extra_data"]["finished"] is False
    assert (planned["score"], round(sum(row.get("max_score", 0) for row in planned["tests"]), 2)) == (0, 7.10)
    assert all("has not been made yet" in row["output"] for row in planned["tests"] if "max_score" in row)


def test_the_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    """gradescope.toml, whatever was asked for."""
    settings = GradescopeSettings(
        assignment="reference/assignment.toml", hidden_checks=HiddenChecks.visible, isolation="none", seed=3, leaderboard=True
    )
    (tmp_path / "gradescope.toml").write_text(render(settings), encoding="utf-8")
    assert load(tmp_path / "gradescope.toml") == settings


@pytest.mark.parametrize("address", ["http://example.org/cpu", "https://example.org/ cpu", 'https://example.org/"', "example.org"])
def test_an_index_that_is_no_address_is_refused(address: str, tmp_path: Path) -> None:
    """What stands in gradescope.toml is read by a shell; nothing but an address gets there."""
    refused = CliRunner().invoke(app, ["package", "gradescope", "-o", str(tmp_path / "autograder.zip"), "--torch-index", address])
    assert refused.exit_code == 2
    assert not (tmp_path / "autograder.zip").exists()


def test_setup_takes_torch_from_the_index_that_was_named(tmp_path: Path) -> None:
    """The line of setup.sh that reads the index finds it in the zip's settings."""
    (tmp_path / "gradescope.toml").write_text(render(GradescopeSettings(assignment="", torch_index="https://example.org/cpu")))
    (reading,) = [line for line in (ROOT / "autograder" / "gradescope" / "setup.sh").read_text().splitlines() if "index=$(" in line]
    told = subprocess.run(["bash", "-c", f'{reading}; echo "$index"'], env={"source": str(tmp_path)}, capture_output=True, text=True)
    assert told.stdout == "https://example.org/cpu\n"


def test_a_run_ends_before_the_platform_would_end_it(package: Path, tmp_path: Path) -> None:
    """Past the platform's limit nothing would be shown: whatever hangs, the script is over in the time that the settings name."""
    source, python = tmp_path / "source", tmp_path / "venv" / "bin" / "python"
    for folder in (source, python.parent, tmp_path / "submission"):
        folder.mkdir(parents=True)
    (source / "gradescope.toml").write_text(
        re.sub(r"total_seconds = \d+", "total_seconds = 1", stand_in.member(package, "gradescope.toml"))
    )
    (source / "planned.json").write_text(stand_in.member(package, "planned.json"))
    script = tmp_path / "run_autograder"
    script.write_text(stand_in.member(package, "run_autograder"))
    python.write_text("#!/bin/sh\nexec sleep 60\n")
    python.chmod(0o755)
    began = time.monotonic()
    ended = subprocess.run(["bash", str(script)], env={**os.environ, "AUTOGRADER_ROOT": str(tmp_path)}, capture_output=True, text=True)
    assert time.monotonic() - began < 30
    assert ended.returncode == 0
    assert "The run was ended after 1 seconds" in ended.stdout
    assert (tmp_path / "results" / "results.json").read_text() == stand_in.member(package, "planned.json")


def test_the_time_for_a_notebook_leaves_time_to_judge_it() -> None:
    """With the settings as they come, a run that uses all of its time is over before the platform's ten minutes."""
    settings = GradescopeSettings(assignment="")
    assert settings.budget_seconds + 150 <= settings.total_seconds < 600


def test_the_leaderboard_holds_what_the_notebook_prints() -> None:
    """The last test loss of each translation, whatever the rest prints; nothing of a notebook that prints none."""
    path = ROOT / "examples" / "correct" / "hw4.ipynb"
    questions = assignment.load(ROOT / "reference" / "assignment.toml").questions
    found = leaderboard(read.notebook(path.read_bytes(), questions, {}, name=path.name))
    assert [name for name, _ in found] == ["3.2 test loss", "3.3 test loss", "3.4 test loss"]
    assert all(0 < value < 10 for _, value in found)
    template = ROOT / "student_template" / "hw4.ipynb"
    assert leaderboard(read.notebook(template.read_bytes(), questions, {}, name=template.name)) == ()


def test_a_group_and_its_time_are_read() -> None:
    """All names of a group, the moment of handing in with its offset, and the deadline."""
    said = metadata.read(json.dumps(stand_in.METADATA))
    assert (said.id, said.student) == ("submission_123456", "Ada Lovelace, Charles Babbage")
    assert said.received.at is not None
    assert said.due is not None
    assert (said.due - said.received.at).days == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "[" * 100_000, '{"id": {}, "users": 3}', '{"users": [1, {"name": []}], "created_at": "soon", "assignment": 5}'],
)
def test_metadata_that_cannot_be_read_ends_nothing(text: str) -> None:
    """What is not there, or is something else, is left out."""
    assert metadata.read(text).due is None
    assert metadata.read(text).id == "submission"


@pytest.mark.skipif(bool(NOT_HERE), reason=NOT_HERE)
def test_the_stand_in_grades_and_says_what_it_could_not_do(package: Path, tmp_path: Path) -> None:
    """Set up as the platform does it; killed at once, in the middle, without the right to change users: every row is there each time."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "hw4.ipynb").write_bytes(b"{ this is no notebook")
    planned = len(json.loads(stand_in.member(package, "planned.json"))["tests"])

    def checked(ran: stand_in.Ran) -> dict[str, Any]:
        jsonschema.validate(ran.results, SCHEMA)
        assert len(ran.results["tests"]) == planned
        return ran.results

    with stand_in.image(package, tmp_path) as built:
        late = {**stand_in.METADATA, "created_at": "2026-05-04T00:00:00.000000-07:00"}
        refused = checked(stand_in.run(built, broken, tmp_path, cpus=2, metadata=late))
        assert refused["extra_data"]["status"] == "rejected"
        assert "2 days late" in refused["output"]
        killed = checked(stand_in.run(built, ROOT / "examples" / "correct", tmp_path, cpus=2, kill_after=6))
        assert killed["extra_data"]["finished"] is False
        weak = [name for name in stand_in.CAPABILITIES if name not in ("SETUID", "SETGID")]
        alone = stand_in.run(built, ROOT / "examples" / "correct", tmp_path, cpus=2, capabilities=weak)
        told = checked(alone)
        assert "Nothing of this submission was executed" in told["output"]
        assert not [row for row in told["tests"] if "score" in row], alone.output
