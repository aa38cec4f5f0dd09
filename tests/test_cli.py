"""The command line as people and programs use it: what it prints and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_pipeline import ASSIGNMENT, RIGHT, notebook

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "HW4_DATA"}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cwd / "cache"), "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_graded_notebook_exits_with_0_and_a_table(tmp_path: Path) -> None:
    """A table at the end, the reports where they were asked for, exit 0 however badly the student did."""
    notebook(tmp_path / "in" / "ann.ipynb", "SIZE = 1")
    done = run("grade", "in/ann.ipynb", "--out", "out", "--assignment", ASSIGNMENT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ann" in done.stdout
    assert "numbers" in done.stdout
    assert (tmp_path / "out" / "grades.csv").exists()


def test_json_prints_one_line_for_each_submission(tmp_path: Path) -> None:
    """With --json standard output holds JSON lines and nothing else."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    (tmp_path / "in" / "bob.ipynb").write_text("", encoding="utf-8")
    done = run("grade", "in", "--out", "out", "--json", "--assignment", ASSIGNMENT, cwd=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert {line["status"] for line in lines} == {"graded", "rejected"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "nowhere"], "nowhere"),
        (["grade"], "PATH"),
        (["grade", ".", "--mode", "guess"], "guess"),
        (["grade", ".", "--assignment", "nowhere.toml"], "nowhere.toml"),
        (["grade", ".", "--data", "nowhere"], "nowhere"),
        (["grade", ".", "--only", "nobody", "--assignment", str(ASSIGNMENT)], "nobody"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(tmp_path: Path, arguments: list[str], said: str) -> None:
    """One clear message on standard error, no traceback."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_help_lists_the_commands(tmp_path: Path) -> None:
    """Help is there for a newcomer."""
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "grade" in done.stdout
    assert "data" in done.stdout
