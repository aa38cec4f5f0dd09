"""What the source of cells says without running it: names it defines, and what of it only defines.

Receives source as the student wrote it, magics and all. Code that does not parse defines nothing, nor does a statement that is nested too
deeply; nothing here raises.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from autograder.parsing import tree_of

_MAGIC = re.compile(r"^\s*[!%?]|\?\s*$")
_MISSING_NAME = re.compile(r"name '([^']+)' is not defined")


@lru_cache(maxsize=2048)
def parsed(source: str) -> ast.Module:
    """The syntax tree of a cell; an empty one where it cannot be parsed."""
    lines = [re.sub(r"\S.*", "pass", line) if _MAGIC.search(line) else line for line in source.splitlines()]
    return tree_of(source) or tree_of("\n".join(lines)) or ast.Module([], [])


def defined(source: str) -> frozenset[str]:
    """Names that running the cell would define at the top level."""
    names: set[str] = set()
    for node in _outside_functions(parsed(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


def missing_name(error: str) -> str:
    """The name that a NameError's message asks for, or nothing."""
    found = _MISSING_NAME.search(error)
    return found.group(1) if found else ""


def definitions_only(sources: Iterable[str]) -> tuple[str, ...]:
    """The cells' statements that build up names without training or showing anything, one source per statement.

    Kept: imports, functions, classes, assignments, calls of a variable's methods. Left out: loops, `with`, other expressions, and
    calls of functions in which something is trained.
    """
    return tuple(ast.unparse(statement) for statement, kept in _sorted(sources) if kept)


def left_out(sources: Iterable[str], others: Iterable[str] = ()) -> tuple[ast.stmt, ...]:
    """The statements of `sources` that `definitions_only` leaves out; functions may also be those of `others`."""
    return tuple(statement for statement, kept in _sorted(sources, others) if not kept)


def _sorted(sources: Iterable[str], others: Iterable[str] = ()) -> Iterator[tuple[ast.stmt, bool]]:
    """Each statement, and whether it only defines."""
    trees = [parsed(source) for source in sources]
    training = _training_functions([*trees, *map(parsed, others)])
    assigned: set[str] = set()
    for tree in trees:
        for statement in tree.body:
            kept = _defines(statement, training, assigned)
            if kept and isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If)):
                assigned.update(node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
            yield statement, kept


def _defines(statement: ast.stmt, training: frozenset[str], assigned: set[str]) -> bool:
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if _calls(statement) & training or any(isinstance(node, (ast.For, ast.While, ast.With)) for node in ast.walk(statement)):
        return False
    if isinstance(statement, ast.Expr):
        call = statement.value
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _root(call.func) in assigned
    return isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try))


def _training_functions(trees: list[ast.Module]) -> frozenset[str]:
    """Functions that call `backward`, or call one that does."""
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    training = {function.name for function in functions if "backward" in _calls(function)}
    for _ in range(4):
        training |= {function.name for function in functions if _calls(function) & training}
    return frozenset(training)


def _calls(tree: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
        for function in calls
    }


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _outside_functions(tree: ast.AST) -> Iterable[ast.AST]:
    pending: list[ast.AST] = list(ast.iter_child_nodes(tree))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))
