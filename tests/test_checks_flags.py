"""Flags: each is raised where it should be and nowhere else. And the points: those of the rubric, question by question."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from fabricated import checks, code, evidence, markdown
from test_reported_pdf import a_pdf

from autograder.assignment import load
from autograder.checks import Evidence, Flag, Student
from autograder.checks.plan import plan
from autograder.intake import read
from autograder.model.execution import CellRun, CellStatus, Ending, Execution
from autograder.model.submission import Notebook, Submission
from reference.judging.given import template

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT.parent / "shared" / "submissions" / "seed" / "hw4.ipynb"
ASSIGNMENT = load(ROOT / "reference" / "assignment.toml")
flags = checks("flags")

AUTOMATIC = {"1.1": 100, "1.2": 50, "1.3": 60, "2.2": 150, "3.2": 100, "3.3": 100, "3.4": 60, "4.1": 30, "4.2": 60}
BY_A_PERSON = {"1.2": 50, "1.3": 40, "2.1": 50, "2.3": 100, "3.4": 40, "4.1": 70, "4.2": 40}


def raised(flag: Callable[..., tuple[Flag, ...]], given: Evidence) -> tuple[Flag, ...]:
    student = {"student": Student(given)} if flag is flags.flag_target_reversed else {}
    return flag(given, **student)


def ids(given: Evidence) -> set[str]:
    """The ids of all flags that are raised."""
    return {one.id for name, flag in vars(flags).items() if name.startswith("flag_") for one in raised(flag, given)}


def whole(notebook: Notebook, runs: tuple[CellRun, ...] = ()) -> Evidence:
    submission = Submission("ann", "Ann", "hw4.ipynb", "0" * 64, ("hw4.ipynb",), notebook, b"{}")
    return Evidence(submission, Execution(Ending.FINISHED, runs), "replay", "sample", Path("nowhere"), 0)


def test_points_are_those_of_the_rubric() -> None:
    """Per question and in sum: 710 automatic, 390 by a person, 1100 together."""
    planned = plan(ASSIGNMENT.checks_folder, tuple(question.number for question in ASSIGNMENT.questions))
    automatic = dict.fromkeys(AUTOMATIC, 0)
    for check in planned.checks:
        automatic[check.question] += check.points
    by_a_person = dict.fromkeys(BY_A_PERSON, 0)
    for item in planned.manual:
        by_a_person[item.question] += item.points
    assert automatic == AUTOMATIC
    assert by_a_person == BY_A_PERSON
    assert (sum(automatic.values()), sum(by_a_person.values())) == (710, 390)


def test_titles_are_sentences_and_evidence_is_named() -> None:
    """Each check's title says what is right, and each says what it rests on."""
    planned = plan(ASSIGNMENT.checks_folder, tuple(question.number for question in ASSIGNMENT.questions))
    assert all(check.title.endswith(".") and len(check.title) < 120 for check in planned.checks)
    assert {check.evidence for check in planned.checks} == {"probed", "replayed", "reported"}


def test_the_untouched_homework_raises_nothing_but_what_is_missing() -> None:
    """No PDF and empty answers; its cells are given, in order and run."""
    assert ids(whole(template())) == {"no_pdf", "answer_empty"}


def test_the_seed_raises_what_is_odd_about_it() -> None:
    """Cells out of order, a name imported later, an empty explanation, code where words were asked for, accuracies below chance."""
    if not SEED.exists():
        pytest.skip("the seed submission is not there")
    given = whole(read.notebook(SEED.read_bytes(), ASSIGNMENT.questions, {}, name=SEED.name))
    assert ids(given) == {"no_pdf", "extra_cells", "needs_later_cell", "out_of_order", "answer_empty", "accuracy_at_chance"}
    (later,) = raised(flags.flag_runs_from_top_to_bottom, given)
    assert (later.cell, "nn" in later.sentence) == (27, True)
    assert [one.sentence for one in raised(flags.flag_empty_answers, given)] == [
        "There is nothing below the marker for the explanation in 3.4."
    ]


@pytest.mark.parametrize(
    ("status", "attempts", "expected"),
    [(CellStatus.ERROR, 1, {"cell_fails"}), (CellStatus.OK, 2, {"needs_later_cell"}), (CellStatus.OK, 1, set())],
)
def test_cells_that_fail_or_need_a_second_try(status: CellStatus, attempts: int, expected: set[str]) -> None:
    """An error and a cell that ran only after later ones are told, with the cell."""
    run = CellRun(1, "1.1", status, 0.1, "NameError: name 'x' is not defined", attempts=attempts)
    found = raised(flags.flag_runs_from_top_to_bottom, evidence({"1.1": (markdown(0, "### 1.1"), code(1))}, runs=[run]))
    assert {one.id for one in found} == expected
    assert {one.cell for one in found} <= {1}


def test_a_given_cell_that_was_changed() -> None:
    """Comments and layout may differ, code may not."""
    given = next(cell for cell in template().cells if cell.source.startswith("# given: settings"))

    def with_source(source: str) -> Evidence:
        return evidence({"1.1": (markdown(0, "### 1.1"), code(1, source))})

    assert raised(flags.flag_given_cells_changed, with_source(given.source + "\n# a remark")) == ()
    (changed,) = raised(flags.flag_given_cells_changed, with_source(given.source.replace("lr = 0.0002", "lr = 0.1")))
    assert (changed.id, changed.cell) == ("given_cell_changed", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RNN could achieve a validation accuracy of 8%, whereas LSTM has 5%.", True),
        ("The accuracy of the LSTM is 0.97.", False),
        ("Accuracies between 8 % and 95%.", False),
        ("We used 10% of the data.", False),
    ],
)
def test_accuracy_at_chance(text: str, expected: bool) -> None:
    """Only what is named as an accuracy is compared with always answering 9."""
    given = evidence({"2.2": (markdown(0, "### 2.2"),), "2.3": (markdown(1, "### 2.3"), markdown(2, "(YOUR ANALYSIS HERE)\n\n" + text))})
    assert bool(raised(flags.flag_accuracy_at_chance, given)) is expected


def test_vocabulary_sizes_and_high_losses() -> None:
    """Within one per cent of the handout's; validation and test losses below 6.5."""
    right = "Unique tokens in source (de) vocabulary: 7855\nUnique tokens in target (en) vocabulary: 5,893"
    assert raised(flags.flag_vocabulary_sizes, evidence({"3.1": (markdown(0, "### 3.1"), code(1, "print(n)", right))})) == ()
    (wrong,) = raised(
        flags.flag_vocabulary_sizes, evidence({"3.1": (markdown(0, "### 3.1"), code(1, "print(n)", "vocabularies: 7855 and 7855"))})
    )
    assert "5,893 (English)" in wrong.sentence
    losses = "Train Loss: 4.2\n Val. Loss: 6.8\nTest Loss: 5.1"
    (high,) = raised(flags.flag_high_losses, evidence({"3.2": (markdown(0, "### 3.2"), code(1, "train()", losses))}))
    assert "validation" in high.sentence


def test_mixed_conventions() -> None:
    """Biases counted for one network only."""
    cells = (markdown(0, "### 4.2"), markdown(1, "(YOUR ANSWER HERE)\n\nA has 71,442 parameters, B has 77,268."))
    assert [one.id for one in raised(flags.flag_mixed_conventions, evidence({"4.2": cells}))] == ["mixed_conventions"]
    same = (cells[0], markdown(1, "(YOUR ANSWER HERE)\n\nA has 71,442 parameters, B has 77,542."))
    assert raised(flags.flag_mixed_conventions, evidence({"4.2": same})) == ()


def test_a_pdf_beside_the_notebook(tmp_path: Path) -> None:
    """A file that is named so and begins so."""
    cells = {"1.1": (markdown(0, "### 1.1"),)}
    assert [one.id for one in raised(flags.flag_no_pdf, evidence(cells))] == ["no_pdf"]
    real, false = tmp_path / "hw4.pdf", tmp_path / "other.pdf"
    real.write_bytes(b"%PDF-1.7 ...")
    false.write_bytes(b"hello")
    for path, expected in ((real, []), (false, ["pdf_unreadable"])):
        given = evidence(cells, files=("hw4.ipynb", path.name))
        submission = dataclasses.replace(given.submission, companions={path.name: path})
        held = Evidence(submission, given.execution, "replay", "sample", Path("nowhere"), 0)
        assert [one.id for one in raised(flags.flag_no_pdf, held)] == expected


def test_a_pdf_of_another_notebook(tmp_path: Path) -> None:
    """The notebook's own lines stand in its print; a print without text says nothing."""
    written = [f"line_number_{number} = some_function(first_argument, second_argument)" for number in range(12)]
    cells = {"1.1": (markdown(0, "### 1.1"), code(1, "\n".join(written)))}
    others = [f"something altogether different is written here, in line {number} of it" for number in range(40)]
    for name, lines, expected in (("own", written * 4, []), ("other", others, ["pdf_of_another_notebook"]), ("scan", [], [])):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(a_pdf(lines))
        given = evidence(cells, files=("hw4.ipynb", path.name))
        submission = dataclasses.replace(given.submission, companions={path.name: path})
        assert [one.id for one in raised(flags.flag_no_pdf, dataclasses.replace(given, submission=submission))] == expected, name
