"""Finds the code that a cell may run: its own, and what it calls or reads from other cells.

Receives sources of cells; returns syntax trees. A name is followed to everything that is defined under it anywhere in the notebook:
functions and methods, classes, assigned values. Too much is followed rather than too little.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from autograder.parsing import nodes_of
from autograder.reported.syntax import parsed

_MOST = 4_000  # definitions followed from one cell
_Defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, eq=False)
class Definitions:
    """What the cells of a notebook define, by name."""

    by_name: Mapping[str, tuple[ast.AST, ...]]

    def reached_from(self, source: str) -> tuple[ast.AST, ...]:
        """The cell's own tree first, then every definition that it may come to."""
        return _reached(self, source)


@lru_cache(maxsize=128)
def _reached(known: Definitions, source: str) -> tuple[ast.AST, ...]:
    first = parsed(source)
    reached: dict[int, ast.AST] = {id(first): first}
    waiting: list[ast.AST] = [first]
    names: set[str] = set()
    while waiting and len(reached) < _MOST:
        for name in _mentioned(waiting.pop()) - names:
            names.add(name)
            for definition in known.by_name.get(name, ()):
                if id(definition) not in reached:
                    reached[id(definition)] = definition
                    waiting.append(definition)
    return tuple(reached.values())


def definitions(sources: Iterable[str]) -> Definitions:
    """Everything that is defined in these cells."""
    found: dict[str, list[ast.AST]] = {}
    for source in sources:
        for name, node in _defined(parsed(source)):
            found.setdefault(name, []).append(node)
    return Definitions({name: tuple(nodes) for name, nodes in found.items()})


def _defined(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for node in nodes_of(tree):
        if isinstance(node, _Defined):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name):
                        yield part.id, node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


@lru_cache(maxsize=1024)
def _mentioned(tree: ast.AST) -> frozenset[str]:
    names = (node.id if isinstance(node, ast.Name) else node.attr for node in nodes_of(tree) if isinstance(node, (ast.Name, ast.Attribute)))
    return frozenset(names)
