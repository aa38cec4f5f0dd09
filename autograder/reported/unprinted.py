"""Finds stored results that no print of their cell makes.

Receives a cell as stored, how it went when it was executed, and what the notebook defines; returns lines as stored. A line is explained
by a line of the same shape that the execution printed, or by a text that the cell's code builds. Nothing is said of cells that print by
other means than Python, and nothing of streams other than stdout: progress bars and warnings are not results.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from autograder.model.execution import CellRun, CellStatus
from autograder.model.submission import Cell, Section
from autograder.parsing import nodes_of
from autograder.reported import printed
from autograder.reported.reachable import Definitions
from autograder.reported.shapes import lines, precise_shape, shape
from autograder.reported.templates import Line, templates

_RESULT = re.compile(
    r"(?:loss|(?<![a-z])mse|(?<![a-z])nll|entropy|acc(?:uracy|\b|\.|_)|epoch|verlust|genauigkeit|parameters)[^\d\n]{0,60}[-+]?\.?\d"
    r"|\d[^\n]{0,30}(?:loss|accuracy|parameters|epoch)",
    re.IGNORECASE,
)
# What libraries print by themselves, in words of their own version.
_OF_LIBRARIES = re.compile(
    r"ing learning rate|^wandb:|warn|it/s\]|s/it\]|%\|.*\||^\s*(?:CPU times|Wall time|Downloading|Requirement|Collecting)"
    r"|Streaming output truncated"
)
_OTHER_PRINTING = re.compile(
    r"^[ \t]*(?:!|%%?(?:run|bash|sh|script|system|sx|capture|tensorboard|writefile|cython|javascript|html)\b)", re.MULTILINE
)
_OF_MACHINE = ("ModuleNotFoundError", "ImportError", "FileNotFoundError", "MemoryError")  # a missing library may print by itself
_HIDDEN = re.compile(r"(?<![.\w])(?:exec|eval)\s*\(|\b(?:subprocess|os\.system|redirect_stdout|runpy|get_ipython)\b")


@dataclass(frozen=True, slots=True)
class Unprinted:
    """Stored lines that nothing prints, and lines that the execution printed instead."""

    lines: tuple[str, ...]
    instead: tuple[str, ...]


def prints_by_itself(cell: Cell) -> bool:
    """Whether everything that the cell prints comes from its Python code."""
    return _OTHER_PRINTING.search(cell.source) is None and _HIDDEN.search(cell.source) is None


@lru_cache(maxsize=128)
def results(cell: Cell) -> tuple[str, ...]:
    """The printed lines that name a loss, an accuracy, an epoch or a number of parameters, and bare lines of losses."""
    bare = {loss.line.strip() for loss in printed.losses(Section("", "", (cell,)))}
    return tuple(
        line
        for line in lines(cell.outputs, "stdout")
        if not _OF_LIBRARIES.search(line) and (_RESULT.search(line) or line.strip()[:300] in bare)
    )


def unprinted(cell: Cell, run: CellRun | None, known: Definitions) -> Unprinted:
    """The stored results whose form no print makes."""
    stored = results(cell)
    if not stored or not prints_by_itself(cell):
        return Unprinted((), ())
    finished = run is not None and run.status is CellStatus.OK
    if run is not None and run.error.startswith(_OF_MACHINE):
        return Unprinted((), ())
    made = lines(run.outputs, "stdout", "stderr") if run is not None else ()
    made_shapes = set(map(shape, made))
    left = {form: line for line in reversed(stored) if (form := shape(line)) not in made_shapes}
    if not left:
        return Unprinted((), ())
    trees = known.reached_from(cell.source)
    if _overwrites(trees) or not (finished or _tells_what_it_prints(trees)):
        return Unprinted((), ())
    patterns = templates(trees).lines(made if finished else ())
    unexplained = tuple(line for form, line in reversed(left.items()) if not any(one.shape.fullmatch(form) for one in patterns))
    return Unprinted(unexplained, tuple(line for line in made if _RESULT.search(line)))


def written_with_other_digits(cell: Cell, run: CellRun | None, known: Definitions) -> tuple[str, ...]:
    """The stored results that have more or fewer decimals than the format of the print that makes such lines."""
    if run is None or run.status is not CellStatus.OK or not prints_by_itself(cell):
        return ()
    made = lines(run.outputs, "stdout")
    trees = known.reached_from(cell.source)
    if _overwrites(trees):
        return ()
    patterns = templates(trees).lines(made)
    forms = {precise_shape(line): line for line in reversed(results(cell))}
    known_forms = {precise_shape(line): line for line in made}
    new = [line for form, line in reversed(forms.items()) if form not in known_forms]
    return tuple(line for line in new if _has_other_digits(line, known_forms, patterns))


def _has_other_digits(line: str, made: Mapping[str, str], patterns: tuple[Line, ...]) -> bool:
    """Whether only patterns of other decimals fit the line, and they are what made the executed lines (given by precise shape)."""
    form = shape(line)
    like = [precise for precise, one in made.items() if shape(one) == form]
    fitting = [one for one in patterns if one.shape.fullmatch(form)]
    if not like or not fitting or re.search(r"\b(?:nan|inf)\b", line, re.IGNORECASE):
        return False
    told = any(all(one.precise.fullmatch(seen) for seen in like) for one in fitting)
    return told and not any(one.precise.fullmatch(precise_shape(line)) for one in fitting)


def _overwrites(trees: tuple[ast.AST, ...]) -> bool:
    """Whether printed lines are written over: what is left of them depends on the program that showed them."""
    return any(map(_has_control, trees))


@lru_cache(maxsize=1024)
def _has_control(tree: ast.AST) -> bool:
    texts = (node.value for node in nodes_of(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return any("\r" in text or "\b" in text or "\x1b" in text for text in texts)


def _tells_what_it_prints(trees: tuple[ast.AST, ...]) -> bool:
    """Whether every print of the code has words of its own, so that its lines are known without running it."""
    calls = [node for tree in trees for node in nodes_of(tree) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    unclear = [call for call in prints if call.args and not any(_has_words(part) for part in call.args)]
    names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
    return bool(prints) and not unclear and not names & {"fit", "log", "info", "write", "summary", "to_string", "display", "print"}


def _has_words(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search("[A-Za-z]{2}", part.value) for part in ast.walk(node)
    )
