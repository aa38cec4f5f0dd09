"""Telling in which order a notebook was run, and what it needs from later cells."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stored_notebooks import SEED, code, loaded, markdown

from autograder.intake import read
from autograder.reported.order import later_names, out_of_order


def needs(*sources: str) -> list[tuple[int, str, int]]:
    return [(later.cell, later.name, later.defined_in) for later in later_names(loaded(*(code(source) for source in sources)))]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 2, 3], ()),
        ([1, 5, 9], ()),
        ([1, None, 2], ()),
        ([None, None], ()),
        ([1, 1], (1,)),
        ([3, 1, 2], (1,)),
        ([1, 2, 1, None, 2, 2], (2, 5)),
    ],
)
def test_execution_counts(counts: list[int | None], expected: tuple[int, ...]) -> None:
    """A count that repeats or goes back says so; a missing one says nothing."""
    assert out_of_order(loaded(*(code("x", count=count) for count in counts))) == expected


@pytest.mark.parametrize(
    "sources",
    [
        ("x", "x = 1"),
        ("class A(x.Module):\n    pass", "import x"),
        ("class A:\n    y = x", "from a import b as x"),
        ("def f(a=x):\n    pass", "x = 1"),
        ("def f(a: x):\n    pass", "x = 1"),
        ("@x\ndef f():\n    pass", "def x(g):\n    return g"),
        ("def f():\n    return x\nf()", "x = 1"),
        ("def f():\n    return g()\ndef g():\n    return x\nprint(f())", "x = 1"),
        ("class A:\n    def __init__(self):\n        self.y = x\nA()", "x = 1"),
        ("print([x for _ in range(3)])", "for x in range(3): pass"),
        ("if True:\n    x += 1", "with open('f') as x: pass"),
        ("%matplotlib inline\n!ls\nx", "x = 1"),
        ("%%time\nx", "%%capture x\n1"),
        ("from course.helpers import *\nx", "x = 1"),
        ("y = [1]\ny.sort(key=lambda v=x: v)", "x = 1"),
    ],
)
def test_a_name_that_a_later_cell_makes(sources: tuple[str, ...]) -> None:
    """Names needed when a cell runs are seen, in class heads, defaults, called functions and behind magics."""
    assert needs(*sources) == [(0, "x", 1)]


@pytest.mark.parametrize(
    "sources",
    [
        ("x = 1", "x"),
        ("x = 1; x", "x = 2"),
        ("def f():\n    return x", "x = 1", "f()"),
        ("def f(x):\n    return [x for y in x if y]\nf(1)", "x = 1", "y = 2"),
        ("class A:\n    def m(self):\n        return x", "x = 1"),
        ("print(len([1]))", "len = 3"),
        ("get_ipython()\nIn\n_\ndisplay(1)", "_ = 3"),
        ("undefined_everywhere",),
        ("from torch import *\nx", "x = 1"),
        ("%pylab inline\nx", "x = 1"),
        ("%run setup.py\nx", "x = 1"),
        ("%%bash\nx", "x = 1"),
        ("x = = 3", "x = 1"),
        ("lambda: x", "x = 1"),
        ("try:\n    pass\nexcept E as e:\n    e", "e = 1"),
        ("import os.path\nos", "os = 1"),
        ("[y for y in range(3)]\n{k: v for k, v in {}.items()}", "y = k = v = 1"),
        ("a = (b := 3) + b", "b = 1"),
        ("def f():\n    def x():\n        pass\n    return x()\nf()", "x = 1"),
    ],
)
def test_no_name_is_missed(sources: tuple[str, ...]) -> None:
    """What is there in time, only used in functions called later, or unknowable, is not reported."""
    assert needs(*sources) == []


def test_a_name_is_reported_once() -> None:
    """The first cell that needs it is named."""
    assert needs("x", "x", "x = 1", "x") == [(0, "x", 2)]


def test_cells_keep_their_places() -> None:
    """Indices count all cells, also those of text."""
    (later,) = later_names(loaded(markdown("a"), code("x"), markdown("b"), code("x = 1")))
    assert (later.cell, later.defined_in) == (1, 3)


@pytest.mark.parametrize(
    "source", ["(" * 50_000, "x = '\\d'", "-" * 100_000 + "1", "a" + ".b" * 50_000, "\x00", "[" * 90 + "]" * 90, "%" * 1000]
)
def test_hostile_code_is_read_without_harm(source: str) -> None:
    """Code that no parser takes says nothing, and no warning gets out."""
    assert needs(source) == []


def test_importing_is_cheap() -> None:
    """IPython and pillow are imported only when they are needed."""
    program = (
        "import sys; from autograder.reported import answers, figures, numbers, order, pdf, printed; import autograder.intake.find;"
        "sys.exit(bool({'IPython', 'PIL', 'torch', 'nbformat'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[1], check=False).returncode == 0


@pytest.mark.skipif(not SEED.exists(), reason="the seed submission is not on this machine")
def test_the_order_of_the_seed_notebook() -> None:
    """The real submission was run in several kernels, and needs `nn` before the cell that imports it."""
    notebook = read.notebook((SEED / "hw4.ipynb").read_bytes(), [], {}, name="hw4.ipynb")
    assert out_of_order(notebook) == (6, 13, 26, 29, 35, 37, 42, 54, 66, 82)
    assert [(later.cell, later.name, later.defined_in) for later in later_names(notebook)] == [(27, "nn", 38)]
