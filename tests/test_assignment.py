"""Assignment files: a right one is read, each wrong one is refused in a sentence that names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import load
from autograder.errors import AssignmentError

ROOT = Path(__file__).resolve().parents[1]
HOMEWORK = ROOT / "reference" / "assignment.toml"


def test_the_homework_is_read() -> None:
    """Homework 4 has twelve sections, and its folders are there."""
    assignment = load(HOMEWORK)
    assert [question.number for question in assignment.questions][:4] == ["1.1", "1.2", "1.3", "2.1"]
    assert len(assignment.questions) == 12
    assert assignment.checks_folder.is_dir()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[limits]", "[limits", "not a TOML file"),
        ("budget_seconds = 300", "budget_seconds = 0", "limits.budget_seconds"),
        ("budget_seconds = 300", 'budget_seconds = "long"', "limits.budget_seconds"),
        ('name = "Homework', 'nmae = "Homework', "name"),
        ('checks = "tests/checks"', 'checks = "tests/nowhere"', "checks"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The message names the file and the key."""
    text = HOMEWORK.read_text(encoding="utf-8").replace('root = ".."', f'root = "{ROOT}"')
    assert old in text
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(AssignmentError) as raised:
        load(path)
    assert str(path) in str(raised.value)
    assert named in str(raised.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """A path that is not there is told apart from a wrong file."""
    with pytest.raises(AssignmentError, match="cannot be read"):
        load(tmp_path / "nowhere.toml")
