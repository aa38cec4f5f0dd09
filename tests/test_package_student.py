"""What students get."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built package."""
    path = tmp_path_factory.mktemp("package") / "student.zip"
    result = CliRunner().invoke(app, ["package", "student", "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


def test_the_same_files_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    """Whoever builds the package again gets the same zip."""
    again = tmp_path / "again.zip"
    assert CliRunner().invoke(app, ["package", "student", "-o", str(again)]).exit_code == 0
    assert again.read_bytes() == package.read_bytes()


def test_the_notebook_and_what_it_needs_are_there(package: Path) -> None:
    """A student finds the notebook, how to begin and what to install."""
    assert {"hw4.ipynb", "README.md", "requirements.txt"} <= set(zipfile.ZipFile(package).namelist())
