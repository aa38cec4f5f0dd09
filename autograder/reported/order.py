"""Tells from the stored notebook in which order its cells were run, and which names a cell needs from a later one.

Receives a `Notebook`; returns cell indices. Nothing is executed. Code that cannot be parsed, and execution counts that are missing,
say nothing.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.model.submission import Notebook
from autograder.reported.syntax import CellNames, names_of

# Star imports of these may bind any name. Of other modules, such as a course's own helpers, nobody can rely on what they bring along.
_STAR_MODULES = {"torch", "torch.nn", "numpy", "math", "pylab", "matplotlib.pylab", "matplotlib.pyplot", "tkinter", "tensorflow", "scipy"}
_ALWAYS_THERE = frozenset(dir(builtins)) | {
    *(
        "get_ipython",
        "In",
        "Out",
        "display",
        "exit",
        "quit",
        "open",
        "_",
        "__",
        "___",
        "_i",
        "_ii",
        "_iii",
        "_ih",
        "_oh",
        "_dh",
        "_exit_code",
    ),
    *("__name__", "__file__", "__doc__", "__builtins__", "__builtin__"),
}


@dataclass(frozen=True, slots=True)
class LaterName:
    """A name that cell `cell` needs and that only the later cell `defined_in` makes."""

    cell: int
    name: str
    defined_in: int


def out_of_order(notebook: Notebook) -> tuple[int, ...]:
    """The code cells whose execution count is not above that of the counted cell before them."""
    found, before = [], 0
    for cell in notebook.cells:
        if cell.execution_count is None:
            continue
        if cell.execution_count <= before:
            found.append(cell.index)
        before = cell.execution_count
    return tuple(found)


def later_names(notebook: Notebook) -> tuple[LaterName, ...]:
    """The names that a run from top to bottom would miss, each at the first cell that needs it.

    Counted are names that a cell needs when it runs: at its top level, in class bodies, and in functions that it calls. A name that
    an imported star may have brought along counts as there only for modules that everybody knows.
    """
    read = {cell.index: names_of(cell.source) for cell in notebook.cells if cell.kind.value == "code"}
    first_bound: dict[str, int] = {}
    for index, names in read.items():
        for name in names.bound:
            first_bound.setdefault(name, index)
    return tuple(_later(read, first_bound))


def _later(read: Mapping[int, CellNames], first_bound: Mapping[str, int]) -> Iterator[LaterName]:
    functions: dict[str, frozenset[str]] = {}
    reported: set[str] = set()
    for index, names in read.items():
        functions.update(names.functions)
        if names.opaque or names.stars & _STAR_MODULES:
            return  # from here on any name may be there
        for name in sorted(_needed(names, functions) - _ALWAYS_THERE - reported):
            if first_bound.get(name, index) > index:
                reported.add(name)
                yield LaterName(index, name, first_bound[name])


def _needed(names: CellNames, functions: Mapping[str, frozenset[str]]) -> set[str]:
    """The names read by the cell's own code and by the functions it calls, and by those that they call."""
    needed, waiting, entered = set(names.read), list(names.called), set(names.called)
    while waiting:
        inside = functions.get(waiting.pop(), frozenset())
        needed |= inside
        waiting += [name for name in inside if name in functions and name not in entered]
        entered |= inside
    return needed
