"""The generated Canvas download of 200: every submission has its row before anything is executed."""

from __future__ import annotations

import zipfile
from pathlib import Path

from batch import cohort

from autograder.assignment import load
from autograder.handback import similarities
from autograder.intake.find import find
from autograder.model.submission import Submission

ROOT = Path(__file__).resolve().parents[1]


def test_a_cohort_is_the_same_each_time() -> None:
    """Byte for byte, so that a run which goes on takes it for what an earlier one has graded."""
    assert cohort(20).files == cohort(20).files


def test_200_submissions_have_200_rows(tmp_path: Path) -> None:
    """Correct, wrong, broken, hostile, copied, late, anonymous, handed in again: each once, with all files; copies are one group."""
    made = cohort(200)
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as packed:
        for name, content in made.files.items():
            packed.writestr(name, content)
    assignment = load(ROOT / "reference" / "assignment.toml")
    items = find([tmp_path / "submissions.zip"], unpack_folder=tmp_path / "unpacked", questions=assignment.questions)
    assert {item.id: "graded" if isinstance(item, Submission) else "rejected" for item in items} == made.status
    assert sum(len(item.files) for item in items) == len(made.files)
    again = [item for item in items if "hw4-1.ipynb" in item.files]
    assert len(again) == sum("hw4-1" in name for name in made.files)
    assert {item.notebook_name for item in again} == {"hw4.ipynb"}
    assert {remark.id for item in again for remark in item.remarks} == {"several_notebooks"}
    assert sum(item.received.marked_late for item in items) == len({name.rsplit("_", 2)[0] for name in made.files if "LATE" in name})
    copies = {item.id for index, item in enumerate(items) if item.sha256 == items[9].sha256}
    groups = similarities([item for item in items if isinstance(item, Submission)], assignment).groups
    assert any(copies <= set(group) for group in groups)
