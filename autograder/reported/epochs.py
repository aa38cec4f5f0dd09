"""Holds the epochs that a stored log names against those that its cell logged when it was executed.

Receives a cell as stored and as executed; returns numbers of epochs. Loops keep their number of epochs in the replay, so a log of another
length was made by other code. Nothing is said where a loop may end by itself, where training went on from a stored state, where the
machine decides how long it is, and where lines are counted that come once a batch.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.model.execution import CellRun, CellStatus
from autograder.model.observations import Observations
from autograder.model.submission import Cell
from autograder.parsing import nodes_of
from autograder.reported.reachable import Definitions
from autograder.reported.shapes import lines, shape
from autograder.reported.templates import templates
from autograder.reported.unprinted import prints_by_itself, results

_EPOCH = re.compile(
    r"(?:epoche?|[ée]poque|[ée]poca|эпоха|(?<![a-z])ep)(?![a-z])\W{0,4}(\d{1,6})|(\d{1,6})\W{0,3}epoch|^\W{0,3}(\d{1,6})\s*/\s*\d",
    re.IGNORECASE,
)
_ENDS_EARLY = re.compile(r"early|patience|clear_output|KeyboardInterrupt|resume|checkpoint|start_epoch", re.IGNORECASE)
_OF_MACHINE = re.compile(r"cuda|is_available|colab|\bgpu\b", re.IGNORECASE)
_CUT = re.compile(r"output truncated|exceeds the size limit|kept \d+ kB", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Epochs:
    """How many epochs the stored log names, and how many the executed cell logged."""

    stored: int
    executed: int


def other_epochs(cell: Cell, run: CellRun | None, seen: Observations, known: Definitions) -> Epochs | None:
    """The two numbers where they differ and nothing explains it."""
    if run is None or run.status is not CellStatus.OK or not any(step.cell == cell.index for step in seen.steps):
        return None
    if not prints_by_itself(cell) or any(_CUT.search(output.text) for output in (*cell.outputs, *run.outputs)) or _may_differ(cell, known):
        return None
    executed = Cell(cell.index, cell.kind, cell.source, run.outputs)
    trees = known.reached_from(cell.source)
    sometimes = [line.shape for line in templates(tuple(_on_conditions(trees))).lines(())]
    alike = set(map(shape, results(cell))) & set(map(shape, results(executed)))
    always = {form for form in alike if not any(pattern.fullmatch(form) for pattern in sometimes)}
    before, now = _named(cell, always), _named(executed, always)
    if not now or not before:
        return _unnumbered(cell, executed, seen, always)
    # A line that changes its form on a condition still names an epoch.
    if _is_other(cell, before, now) and _is_other(cell, _named(cell), _named(executed)):
        return Epochs(len(before), len(now))
    return None


def _on_conditions(trees: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Code that runs only when something is found to be so; conditions on a remainder, and switches, are the same in each run."""
    for tree in trees:
        for node in nodes_of(tree):
            if not isinstance(node, ast.If):
                continue
            kinds = {type(part) for part in ast.walk(node.test)}
            if kinds & {ast.Compare, ast.Call} and ast.Mod not in kinds:
                yield from (*node.body, *node.orelse)


def _named(cell: Cell, forms: set[str] | None = None) -> list[int]:
    """The numbers of the epochs that the results, or those of these shapes, name in their order."""
    found = [
        int(next(filter(None, match.groups())))
        for line in results(cell)
        if (forms is None or shape(line) in forms) and (match := _EPOCH.search(line)) is not None
    ]
    return [epoch for epoch, _ in itertools.groupby(found)]


def _is_other(cell: Cell, before: list[int], now: list[int]) -> bool:
    if len(before) == len(now):
        return False
    stopped = any(output.kind == "error" for output in cell.outputs)
    went_on = before[0] > now[0] and before[-1] == now[-1]
    return not (len(before) < len(now) and (stopped or went_on))


def _unnumbered(cell: Cell, executed: Cell, seen: Observations, alike: set[str]) -> Epochs | None:
    """Lines that come once a pass over the training data, and not once a step."""
    steps = [step for step in seen.steps if step.cell == cell.index]
    passes = Counter(one.loader for one in seen.passes if one.cell == cell.index)
    before, now = (Counter(map(shape, lines(one.outputs, "stdout"))) for one in (cell, executed))
    for form in sorted(alike):
        if now[form] > 1 and now[form] in passes.values() and now[form] != len(steps) and before[form] != now[form]:
            if before[form] < now[form] and any(output.kind == "error" for output in cell.outputs):
                continue
            return Epochs(before[form], now[form])
    return None


def _may_differ(cell: Cell, known: Definitions) -> bool:
    """Whether a loop may end by itself, or go on from somewhere else than its beginning."""
    return any(map(_may_end, known.reached_from(cell.source)))


@lru_cache(maxsize=1024)
def _may_end(tree: ast.AST) -> bool:
    for node in nodes_of(tree):
        if isinstance(node, (ast.While, ast.Break, ast.Try)):
            return True
        if isinstance(node, ast.For) and any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
            return True
        named = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if named and _ENDS_EARLY.search(named):
            return True
        if isinstance(node, (ast.If, ast.IfExp)) and _OF_MACHINE.search(ast.unparse(node.test)) and not _only_chooses_device(node):
            return True
    return False


def _only_chooses_device(node: ast.If | ast.IfExp) -> bool:
    """`"cuda" if torch.cuda.is_available() else "cpu"`, also where a device is made of it."""
    return isinstance(node, ast.IfExp) and all(
        not isinstance(part, ast.Constant) or isinstance(part.value, str)
        for chosen in (node.body, node.orelse)
        for part in ast.walk(chosen)
    )
