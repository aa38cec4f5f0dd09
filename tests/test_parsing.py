"""Code that nobody would write, but that Python reads: none of it stops the grader from judging the rest."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from autograder import Settings, grade
from autograder.model.grading import Outcome
from autograder.parsing import nodes_of, tree_of

CORRECT = Path(__file__).parents[1] / "examples" / "correct" / "hw4.ipynb"
DEEP = {
    "a sum": "x = " + " + ".join(["1"] * 3000),
    "attributes": "x = a" + ".b" * 3000,
    "calls": "print(a" + ".b()" * 2000 + ")",
    "indices": "x = a" + "[0]" * 3000,
    "signs": "x = " + "not " * 2000 + "1",
    "conditions": "x = " + "1 if torch.cuda.is_available() else " * 900 + "2",
    "epochs": "for epoch in range(" + " + ".join(["1"] * 1500) + "):\n    print(epoch, 'loss', 0.5)",
    "epochs by name": "epochs = " + " + ".join(["1"] * 3000) + "\nfor epoch in range(epochs):\n    print(epoch)",
    "a print of parts": "print('Epoch: 1 Loss: ' + " + " + ".join(["str(1)"] * 1500) + ")",
    "branches": "if x == 0:\n    pass\n" + "".join(f"elif x == {number}:\n    pass\n" for number in range(1500)),
    "blocks": "".join(" " * depth + "if 1:\n" for depth in range(95)) + " " * 95 + "pass",
    "brackets": "x = " + "(" * 1000 + "1" + ")" * 1000,
    "a cell that is timed": "%%time\nx = " + " + ".join(["1"] * 3000),
    "a command": "!echo " + "(" * 3000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_to_be_walked_is_left_out(source: str) -> None:
    """The tree can be written out and its other statements are there; without one, there is none."""
    tree = tree_of(f"before = 1\n{source}\nafter = 2")
    if tree is not None:
        assert (ast.unparse(tree.body[0]), ast.unparse(tree.body[-1])) == ("before = 1", "after = 2")
        assert ast.dump(tree)


def test_a_tree_is_walked_once_for_all_who_look_through_it() -> None:
    """The nodes are the tree's own, in the order in which ast walks them."""
    tree = tree_of("def add(x, y):\n    return x + y\nprint(add(1, 2))")
    assert tree is not None
    assert list(nodes_of(tree)) == list(ast.walk(tree))
    assert nodes_of(tree) is nodes_of(tree)


def test_what_lies_in_what_is_not_kept_again_and_again() -> None:
    """Large definitions within one another are walked each time: kept, the innermost would be kept once for each."""
    tree = tree_of("".join(" " * depth + f"class C{depth}:\n" for depth in range(20)) + " " * 20 + f"x = ({'1,' * 20_000})")
    assert tree is not None
    assert not isinstance(nodes_of(tree), tuple)
    assert sum(isinstance(node, ast.ClassDef) for node in nodes_of(tree)) == 20


def test_lengths_are_bounded_and_what_is_no_python_has_no_tree() -> None:
    """Neither a cell that no person wrote nor one of another language is read."""
    assert tree_of("x = 1\n" * 100_000) is None
    assert tree_of("x = = 1") is None
    assert tree_of("x = '\ud800'") is None
    assert tree_of("x = 1\x00") is None


def test_a_notebook_of_such_cells_is_judged_to_the_end(tmp_path: Path) -> None:
    """No check and no flag is lost to them, and the honest cells between them count as without."""
    notebook = nbformat.read(CORRECT, as_version=4)
    (alone,) = grade([CORRECT], Settings(out=tmp_path / "alone", mode="static"), cache_folder=tmp_path / "cache")
    for source in DEEP.values():
        output = nbformat.v4.new_output("stream", name="stdout", text="Epoch: 1 Loss: 0.5\n")
        notebook.cells.append(nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1))
    nbformat.write(notebook, tmp_path / "deep.ipynb")
    (report,) = grade([tmp_path / "deep.ipynb"], Settings(out=tmp_path / "out", mode="static"), cache_folder=tmp_path / "cache")
    assert [check.sentence for check in report.checks if check.outcome is Outcome.ERROR] == []
    assert [flag.sentence for flag in report.flags if flag.id == "flag_failed"] == []
    assert report.score.auto_earned == alone.score.auto_earned
