"""Parses students' code into syntax trees that can be walked, unparsed and compiled: no statement in them is nested too deeply for that.

Receives source that Python can read, without magics; nothing here raises. What is known of a tree may be kept: it is the same for all.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

_LONGEST = 300_000  # characters; a cell that is longer was not written by a person
_MOST_KEPT = 8_000  # nodes of a tree; the homework's largest cell has 900
_DEEPEST = 100  # levels of a syntax tree; Python writes out some 200; the homework's deepest statement has 17


@lru_cache(maxsize=1024)
def tree_of(source: str) -> ast.Module | None:
    """The syntax tree, None where there is none; in place of a statement that is nested too deeply stands `...`."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes in students' strings
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return ast.Module([statement if _is_shallow(statement) else _nothing(statement) for statement in tree.body], [])


def nodes_of(tree: ast.AST) -> Iterable[ast.AST]:
    """All nodes of a tree, itself first, as `ast.walk` yields them: many look through the same trees, and walking costs most of it."""
    return _kept_nodes(tree) or ast.walk(tree)


@lru_cache(maxsize=1024)
def _kept_nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """None of a tree larger than any written by hand: of definitions within one another, each would be kept with all of its own."""
    nodes = tuple(islice(ast.walk(tree), _MOST_KEPT + 1))
    return nodes if len(nodes) <= _MOST_KEPT else ()


def _is_shallow(statement: ast.stmt) -> bool:
    level: list[ast.AST] = [statement]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return not level


def _nothing(statement: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(ast.Constant(...)), statement))
