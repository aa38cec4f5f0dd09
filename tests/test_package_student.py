"""What students get: the notebook and the public checks, and nothing of what is hidden."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from public_agreement import QUESTIONS, disagreements, public_verdicts
from submissions.case import ROOT
from submissions.corpus import cases
from typer.testing import CliRunner
from walk import walk

from autograder import Settings, grade
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


def test_the_command_line_tells_what_is_missing_and_passes_the_solution(unpacked: Path, tmp_path: Path) -> None:
    """`check` fails every public check of the untouched notebook and none of the finished one, `export` makes what the rules still want."""
    shutil.copy(ROOT / "examples" / "correct" / "hw4.ipynb", tmp_path)

    def said(command: str, notebook: Path) -> tuple[int, str]:
        words = [sys.executable, "-m", "autograder", command, str(notebook)]
        environment = {**os.environ, "PYTHONPATH": str(unpacked)}
        ended = subprocess.run(words, cwd=unpacked, env=environment, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    code, text = said("check", unpacked / "hw4.ipynb")
    assert (code, "0 of 9 public checks pass" in text) == (1, True), text
    code, text = said("check", tmp_path / "hw4.ipynb")
    assert (code, "9 of 9 public checks pass" in text, "NO  No PDF" in text) == (1, True, True), text
    code, text = said("export", tmp_path / "hw4.ipynb")
    assert (code, text.count("\nok  "), "NO" in text) == (0, 9, False), text
    assert said("check", tmp_path / "hw4.ipynb")[0] == 0
    assert said("check", tmp_path / "no.ipynb")[0] == 2


def test_public_checks_agree_with_the_harness(unpacked: Path, tmp_path: Path) -> None:
    """On a sample of the corpus no public check contradicts what the harness must say, and each is quick."""
    chosen = [case for case in cases() if case.question in QUESTIONS][::EVERY]
    for case, said in public_verdicts(unpacked, chosen, tmp_path):
        assert said, case.name
        assert not disagreements(case, said), case.name
        assert max(seconds for _, _, seconds in said.values()) < LONGEST_SECONDS


def test_a_student_checks_and_exports_within_the_notebook(unpacked: Path, tmp_path: Path) -> None:
    """Nothing passes before anything is written, everything with the solution's classes; the zip to hand in is one that we accept."""
    walked = walk(unpacked)
    assert walked.before.startswith("[False, False, False]"), walked.before
    assert "No class RNNEncoder is defined" in walked.before
    assert "NO  As it was saved, cells" in walked.before
    assert "NO  There is nothing below the marker for the answer to 2.1." in walked.before
    assert walked.after.startswith("[True, True, True]"), walked.after
    assert "Nothing was exported" in walked.refused
    assert walked.exported.count("\nok  ") == 9, walked.exported
    assert "NO" not in walked.exported
    (report,) = grade([walked.zip], Settings(tmp_path, mode="static"))
    assert report.files == ("hw4.ipynb", "hw4.pdf")
    assert not {flag.id for flag in report.flags} & {"no_pdf", "pdf_of_another_notebook", "pdf_unreadable", "out_of_order", "answer_empty"}
