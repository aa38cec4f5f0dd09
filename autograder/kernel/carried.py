"""What code leaves behind that its definitions alone do not bring back, and what code expects to find: both told from the source.

A network that was trained, a list that a loop filled, the result of a training function are carried. A data set, an iterator, a loss
function are made again by the statements that define them. In doubt a name is carried: two chapters then run in one kernel, and nothing
is lost.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from autograder.kernel import reading

_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FILLED = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_BLOCKS = ("body", "handlers", "orelse", "finalbody")
_MADE_BY = ("nn", "optim", "torch")  # modules of which an object may hold what training changes
_TENSORS = ("tensor", "zeros", "ones", "empty", "full", "rand", "randn", "zeros_like", "ones_like", "Sequential", "Adam", "AdamW", "SGD")


def carried(sources: Sequence[str], whole: Sequence[str]) -> frozenset[str]:
    """Names that hold something after these cells ran which their definitions alone would not give them; `whole` is the notebook."""
    trees = [reading.parsed(source) for source in whole]
    functions = {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    changeable = _changeable(trees)
    found: set[str] = set()
    for statement in reading.left_out(sources, whole):
        used = _used(statement, functions)
        found |= _stored(statement) | (used & changeable)
        called = [functions[name] for name in used & functions.keys()]
        found |= {name for node in called for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
    return frozenset(found)


def read(sources: Sequence[str]) -> frozenset[str]:
    """Names that these cells read before they give them a value of their own."""
    stored: set[str] = set()
    statements = [statement for source in sources for statement in reading.parsed(source).body]
    found = _read_first(statements, stored)
    later = {name for statement in statements for name in _free(statement)}
    return frozenset(found | (later - stored))


def _read_first(statements: Iterable[ast.stmt], stored: set[str]) -> set[str]:
    """Names that are read before they are stored; what is, is added to `stored`. Every branch is thought to be taken."""
    found: set[str] = set()
    for statement in statements:
        inner = [part for name in _BLOCKS for part in getattr(statement, name, [])]
        if inner and not isinstance(statement, _APART):
            head = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, (ast.stmt, ast.ExceptHandler))]
            found |= {name for node in head for name in _loaded(node)} - stored
            stored |= {name for node in head for name in _bound(node)}
            blocks = [part.body if isinstance(part, ast.ExceptHandler) else [part] for part in inner]
            found |= _read_first([one for block in blocks for one in block], stored)
        else:
            found |= _loaded(statement) - stored
            stored |= _bound(statement)
    return found


def _changeable(trees: Iterable[ast.Module]) -> set[str]:
    """Names that were given something which can be changed in place: a network, an optimizer, a tensor, a list."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    networks: set[str] = set()
    for _ in range(4):
        networks |= {node.name for node in classes for base in map(ast.unparse, node.bases) if "Module" in base or base in networks}
    found: set[str] = set()
    for tree in trees:
        for node in reversed(list(_outside(tree))):  # in about the order of the lines
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and _may_change(node.value, networks | found):
                found |= _bound(node)
    return found


def _may_change(value: ast.expr, networks: set[str]) -> bool:
    for node in ast.walk(value):
        if isinstance(node, _FILLED) or (isinstance(node, ast.Name) and node.id in networks):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _makes_changeable(node.func):
            return True
    return False


def _makes_changeable(function: ast.Attribute) -> bool:
    module = _root(function)
    return module in _MADE_BY and (function.attr in _TENSORS or (module != "torch" and not function.attr.endswith("Loss")))


def _used(statement: ast.stmt, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Names that a statement reads, and those that the notebook's functions do which it calls, in turn."""
    names = _loaded(statement) | _free(statement)
    reached: set[str] = set()
    while more := (names & functions.keys()) - reached:
        reached |= more
        for name in more:
            names |= _free(functions[name])
    return names


def _loaded(statement: ast.AST) -> set[str]:
    """Names that are read while the statement runs; those within functions are read later, or are the functions' own."""
    names: set[str] = set()
    own: set[str] = set()
    for node in _outside(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.comprehension):
            own |= _stored(node.target)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names - own


def _free(node: ast.AST) -> set[str]:
    """Names of the notebook that functions within the node read; none where Python would refuse the code after parsing it."""
    waiting: list[symtable.SymbolTable] = []
    with suppress(SyntaxError):
        waiting.append(symtable.symtable(ast.unparse(node), "cell", "exec"))
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        waiting.extend(table.get_children())
        if table.get_type() == "function":
            found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    return found


def _outside(statement: ast.AST) -> Iterator[ast.AST]:
    """The statement's nodes without the bodies of functions and classes."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting.extend([*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else [node.args])])
        elif not isinstance(node, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _bound(statement: ast.AST) -> set[str]:
    """Names that the statement gives a value."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    return {node.id for node in _outside(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _stored(node: ast.AST) -> set[str]:
    """Names that are given a value, or of which a part or an attribute is."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            found.add(inner.id)
        elif isinstance(inner, (ast.Subscript, ast.Attribute)) and isinstance(inner.ctx, ast.Store):
            found.add(_root(inner))
    return found - {""}


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
