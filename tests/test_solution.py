"""The finished notebook that the reference writes, and the examples made from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from reference.examples.make import EXAMPLES, NAMES, submission
from reference.solution import ANSWERS, TEMPLATE, answered, filled
from student_template.build import Cell, cells, notebook

LARGEST_KILOBYTES = 600


def stored(name: str) -> nbformat.NotebookNode:
    """The notebook of an example as it lies in the repository."""
    return nbformat.read(EXAMPLES / name / "hw4.ipynb", as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call, no-any-return]


def test_the_solution_fills_every_blank() -> None:
    """Nothing is left to be done in any code cell."""
    code = "\n".join(cell.source for cell in answered(ANSWERS) if cell.kind == "code")
    assert "NotImplementedError" not in code
    assert "YOUR CODE HERE" not in code


def test_the_solution_answers_every_marker() -> None:
    """Each place that asks for something has text below its marker."""
    asked = [cell for cell in answered(ANSWERS) if re.search(r"\(YOUR [A-Z ]+ HERE\)", cell.source) and cell.name.startswith("q")]
    assert len(asked) == 18
    assert [cell.name for cell in asked if cell.source.endswith("</div>")] == []


def test_the_solution_keeps_what_is_given() -> None:
    """Cells without an answer are the template's, and the order is the same."""
    template, solved = cells(TEMPLATE.read_text("utf-8")), answered(ANSWERS)
    answers = {cell.name for cell in cells(ANSWERS.read_text("utf-8"))}
    assert [cell.name for cell in template] == [cell.name for cell in solved]
    assert [cell for cell in template if cell.name not in answers] == [cell for cell in solved if cell.name not in answers]


def test_the_solution_is_a_valid_notebook() -> None:
    """It is written in the same format as the template."""
    nbformat.validate(nbformat.reads(notebook(answered(ANSWERS)), as_version=4))  # type: ignore[no-untyped-call]


def test_an_answer_to_no_cell_is_refused(tmp_path: Path) -> None:
    """A misspelt cell name is an error, not an answer that goes missing."""
    (tmp_path / "answers.md").write_text("<!-- cell: q9-answer -->\nNo.\n", "utf-8")
    with pytest.raises(ValueError, match="q9-answer"):
        answered(tmp_path / "answers.md")


def test_text_does_not_answer_a_code_cell() -> None:
    """The kinds of a cell and its answer must agree."""
    with pytest.raises(ValueError, match="is a code cell"):
        filled(Cell("a", "code", "x"), Cell("a", "markdown", "text"))


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_hold_what_the_sources_say(name: str) -> None:
    """Each example's cells are those that would be written today: change an answer, and the examples must be made again."""
    if not (EXAMPLES / name / "hw4.ipynb").exists():
        pytest.skip(f"examples/{name} has not been made yet: python -m reference.examples.make {name}")
    assert [(cell.id, cell.cell_type, cell.source) for cell in stored(name).cells] == [
        (cell.name, cell.kind, cell.source) for cell in submission(name)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_small_and_valid(name: str) -> None:
    """They are notebooks that can be opened, and the repository stays light."""
    path = EXAMPLES / name / "hw4.ipynb"
    if not path.exists():
        pytest.skip(f"examples/{name} has not been made yet: python -m reference.examples.make {name}")
    nbformat.validate(stored(name))
    assert path.stat().st_size < LARGEST_KILOBYTES * 1000


@pytest.mark.parametrize("name", ["correct", "typical_mistakes"])
def test_executed_examples_ran_from_top_to_bottom(name: str) -> None:
    """Their execution counts go up by one, and no cell raised."""
    if not (EXAMPLES / name / "hw4.ipynb").exists():
        pytest.skip(f"examples/{name} has not been made yet: python -m reference.examples.make {name}")
    code = [cell for cell in stored(name).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert [output for cell in code for output in cell.outputs if output.output_type == "error"] == []


def test_no_example_holds_a_path_of_the_machine_it_was_made_on() -> None:
    """Outputs are free of home and temporary folders."""
    for path in EXAMPLES.glob("*/hw4.ipynb"):
        text = json.dumps([cell.get("outputs", []) for cell in stored(path.parent.name).cells if cell.cell_type == "code"])
        assert re.findall(r"/(?:tmp|home|root|work)/", text) == []
