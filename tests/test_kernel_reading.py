"""What is read from the source of cells without running it."""

from __future__ import annotations

import pytest

from autograder.kernel import reading


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b, c as d\nfrom e import f", {"a", "d", "f"}),
        ("x, (y, *z) = 1, (2, 3)\nw: int = 3\nv += 1", {"x", "y", "z", "w", "v"}),
        ("for i in range(3):\n    inner = i\nwith open('f') as g: pass", {"i", "inner", "g"}),
        ("def h():\n    local = 1\nclass K:\n    attribute = 2", {"h", "K"}),
        ("%%capture\nm = 1\n!pip install n\n  \n", {"m"}),
        ("for i in range(2):\n    !echo $i\n    k = i", {"i", "k"}),
        ("this does not parse", set()),
    ],
)
def test_names_that_a_cell_defines(source: str, names: set[str]) -> None:
    """Imports, assignments, functions and classes at the top level count; what is local does not; magics are no obstacle."""
    assert reading.defined(source) == names


@pytest.mark.parametrize(
    "deep",
    ["x = " + "1 + " * 400 + "1", "x = " + "not " * 900 + "1", "x = a" + ".b()" * 900, "if a: pass\n" + "elif a: pass\n" * 900],
    ids=["sum", "not", "calls", "elif"],
)
def test_statements_that_nothing_could_walk_through(deep: str) -> None:
    """A statement that Python runs, but that is nested too deeply to be written out, defines nothing; the others of its cell do."""
    assert reading.definitions_only([f"y = 1\n{deep}\ny = 2"]) == ("y = 1", "y = 2")
    assert reading.defined(deep) == frozenset()


def test_the_missing_name_of_an_error() -> None:
    """The name is read from Python's own words, also where it guesses what was meant."""
    assert reading.missing_name("NameError: name 'nn' is not defined. Did you mean: 'np'?") == "nn"
    assert reading.missing_name("NameError: something else") == ""


def test_a_fresh_kernel_is_given_definitions_but_no_training() -> None:
    """Functions, classes, settings and what is loaded are made again; loops, output and calls that train are not."""
    cells = [
        "import torch\nSIZE = 3\nfield = Field(lower=True)",
        "def step(model):\n    model(1).backward()\ndef train(model):\n    for _ in range(9): step(model)",
        "field.build_vocab(data, min_freq=2)\nmodel = Net(SIZE)\nlosses = train(model)\ntrain(model)",
        "for epoch in range(3): train(model)\nwith open('x') as file: pass\nprint(model)\nmodel\nplt.show()",
        "if SIZE > 2:\n    wide = True",
    ]
    assert reading.definitions_only(cells) == (
        "import torch",
        "SIZE = 3",
        "field = Field(lower=True)",
        "def step(model):\n    model(1).backward()",
        "def train(model):\n    for _ in range(9):\n        step(model)",
        "field.build_vocab(data, min_freq=2)",
        "model = Net(SIZE)",
        "if SIZE > 2:\n    wide = True",
    )
