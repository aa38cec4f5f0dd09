"""What students get: the notebook and the public checks, and nothing of what is hidden."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from public_agreement import QUESTIONS, disagreements, public_verdicts
from submissions.case import ROOT
from submissions.corpus import cases
from typer.testing import CliRunner

from autograder.assignment import load
from autograder.checks.plan import plan, public
from autograder.cli import app

EVERY = 40  # of the cases with public checks; all of them with `python -m tests.public_agreement`
LONGEST_SECONDS = 5.0  # of one public check
CHECKS = ROOT / "tests" / "checks"
# Of 4.2, of question 2's networks and of 3.2 and 3.3.
HIDDEN_NUMBERS = (
    *("71168", "71442", "77268", "77542", "77330", "77074", "76800", "137728", "138002"),  # 4.2, right and wrong
    *("53523", "206739", "8381701", "13899013", "13922083"),
)
REFERENCE = ("masked_autoencoder", "add_two_digits", "translation", "reversed_source", "network_sizes")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built package."""
    path = tmp_path_factory.mktemp("package") / "student.zip"
    result = CliRunner().invoke(app, ["package", "student", "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="module")
def unpacked(package: Path) -> Path:
    """The package as a student unpacks it."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(package.with_suffix(""))
    return package.with_suffix("")


@pytest.fixture(scope="module")
def texts(package: Path) -> dict[str, str]:
    """All files of the package by name; each of them is text."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_the_same_files_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    """Whoever builds the package again gets the same zip."""
    again = tmp_path / "again.zip"
    assert CliRunner().invoke(app, ["package", "student", "-o", str(again)]).exit_code == 0
    assert again.read_bytes() == package.read_bytes()


def test_the_notebook_and_what_it_needs_are_there(texts: dict[str, str]) -> None:
    """A student finds the notebook, how to begin, what to install and the public checks."""
    assert {"hw4.ipynb", "README.md", "requirements.txt", "tests/1.1.py", "tests/3.2.py", "tests/3.3.py"} <= set(texts)


def test_the_package_stays_small(package: Path) -> None:
    """It is sent to every student."""
    assert package.stat().st_size < 1_500_000


def test_no_hidden_check_is_in_the_package(texts: dict[str, str]) -> None:
    """Of the functions in tests/checks only the public ones are given away."""
    questions = tuple(question.number for question in load(ROOT / "reference" / "assignment.toml").questions)
    everything, given = plan(CHECKS, questions), {spec.id for spec in public(CHECKS)}
    assert given
    defined = {
        f"{Path(name).stem}.{function}"
        for name, text in texts.items()
        if "/homework/" in name
        for function in re.findall(r"^def (?:check|answer|flag)_(\w+)", text, re.MULTILINE)
    }
    assert defined == given
    titles = [spec.title for spec in everything.checks if spec.id not in given]
    given_titles = {spec.title for spec in everything.checks if spec.id in given}
    assert not [(title, name) for title in titles if title not in given_titles for name, text in texts.items() if title in text]


def test_no_line_of_the_reference_or_of_the_answers_is_in_the_package(texts: dict[str, str]) -> None:
    """No line of the implementations, of the finished cells or of a short answer, but for what the notebook itself gives."""
    handout = texts["hw4.ipynb"].replace("\\n", "\n").replace('\\"', '"')
    files = [*(ROOT / "reference" / f"{name}.py" for name in REFERENCE), ROOT / "reference" / "solution_cells.md"]
    lines = {line.strip() for path in files for line in path.read_text("utf-8").splitlines()}
    telling = {
        line for line in lines if len(line) >= 32 and line not in handout and not line.startswith(("#", "@", "<!--", "from ", "import "))
    }
    assert len(telling) > 200
    everything = "\n".join(texts.values())
    assert not [line for line in telling if line in everything]


@pytest.mark.parametrize("number", HIDDEN_NUMBERS)
def test_no_hidden_number_is_in_the_package(number: str, texts: dict[str, str]) -> None:
    """However its digits are grouped; digits within a longer number, or behind a decimal point of a random weight, are none."""
    for name, text in texts.items():
        grouped = text if name.endswith(".json") else re.sub(r"(?<=\d)[ .,_](?=\d{3}(?!\d))", "", text)
        assert not re.search(rf"(?<![\d.]){number}(?!\d)", grouped), name


def test_nothing_that_only_linux_has_is_imported(texts: dict[str, str]) -> None:
    """Students have Windows and macOS too."""
    for name, text in texts.items():
        if name.endswith(".py"):
            found = re.findall(r"^\s*(?:import|from) (resource|fcntl|pwd|grp|termios|pyseccomp|pytest|psutil)\b", text, re.MULTILINE)
            assert not found, name


@pytest.mark.parametrize(
    ("notebook", "code", "said"),
    [("student_template", 1, "0 of 9 public checks pass"), ("examples/correct", 0, "9 of 9 public checks pass")],
)
def test_the_command_line_tells_what_is_missing_and_passes_the_solution(notebook: str, code: int, said: str, unpacked: Path) -> None:
    """`python -m autograder check` fails every public check of the untouched notebook, and none of the finished one."""
    command = [sys.executable, "-m", "autograder", "check", str(ROOT / notebook / "hw4.ipynb")]
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    ended = subprocess.run(command, cwd=unpacked, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, said in ended.stdout) == (code, True), ended.stdout + ended.stderr


def test_public_checks_agree_with_the_harness(unpacked: Path, tmp_path: Path) -> None:
    """On a sample of the corpus no public check contradicts what the harness must say, and each is quick."""
    chosen = [case for case in cases() if case.question in QUESTIONS][::EVERY]
    for case, said in public_verdicts(unpacked, chosen, tmp_path):
        assert said, case.name
        assert not disagreements(case, said), case.name
        assert max(seconds for _, _, seconds in said.values()) < LONGEST_SECONDS


def test_otter_tells_what_is_missing_and_passes_the_solutions_cells(unpacked: Path) -> None:
    """`grader.check_all()` in a running notebook: nothing passes before anything is written, everything with the solution's classes."""
    finished = nbformat.read(ROOT / "examples" / "correct" / "hw4.ipynb", 4)  # type: ignore[no-untyped-call]
    sources = [cell.source for cell in finished.cells if cell.cell_type == "code"]
    imports = next(source for source in sources if "import torch.nn as nn" in source).replace("import torchvision\n", "")  # not needed here
    solved = [source for source in sources if "def apply_mask" in source or "Translator(nn.Module)" in source]
    check = (
        "import otter\n"
        "results = otter.Notebook('hw4.ipynb').check_all()\n"
        "print([result.passed_all for result in results.results.values()], results)"
    )
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in (imports, check, *solved, check)]  # type: ignore[no-untyped-call]
    elsewhere = {**os.environ, "PYTHONPATH": str(unpacked)}  # a student has the package and not this checkout
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(unpacked)}}).execute(env=elsewhere)
    before, after = (
        "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
        for cell in (notebook.cells[1], notebook.cells[-1])
    )
    assert before.startswith("[False, False, False]"), before
    assert "No class RNNEncoder is defined" in before
    assert after.startswith("[True, True, True]"), after
