"""Reads from a cell's source which names it binds, reads and calls when it runs, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.parsing import tree_of

_SOURCE_LIMIT = 300_000
_RUNS_AS_PYTHON = {"capture", "time", "timeit", "prun"}
_OPAQUE = re.compile(r"^[ \t]*%(?:run|pylab|store\s+-r|load\b)", re.MULTILINE)
_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_Comprehension = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class CellNames:
    """`functions` maps each function or class of the cell to the global names that its body reads. `opaque`: may bind anything."""

    bound: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    functions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stars: frozenset[str] = frozenset()
    opaque: bool = False


@lru_cache(maxsize=1024)
def names_of(source: str) -> CellNames:
    """The names of one cell; none where it cannot be parsed."""
    tree = parsed(source[:_SOURCE_LIMIT])
    reader = _Reader()
    try:
        for statement in tree.body:
            reader.visit(statement)
    except RecursionError:
        return CellNames()
    read = frozenset(reader.read)
    opaque = _OPAQUE.search(source) is not None
    bound = frozenset(reader.bound | ({captured} if (captured := _captured(source)) else set()))
    return CellNames(bound, read, frozenset(reader.called), dict(reader.functions), frozenset(reader.stars), opaque)


@lru_cache(maxsize=256)
def parsed(source: str) -> ast.Module:
    """The tree of a cell's source, empty where it is no Python; the same one for all who ask, so that what is known of it can be kept."""
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if first[2:].split()[:1] and first[2:].split()[0] not in _RUNS_AS_PYTHON:
            return ast.Module([], [])
        source = rest
    tree = tree_of(source)
    if tree is None and len(source) <= _SOURCE_LIMIT:
        from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and few cells need it

        try:
            tree = tree_of(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
        except (SyntaxError, ValueError, RecursionError):
            tree = None
    return tree or ast.Module([], [])


def _captured(source: str) -> str:
    found = re.match(r"\s*%%capture[ \t]+(?:--\S+[ \t]+)*([A-Za-z_]\w*)", source)
    return found.group(1) if found else ""


class _Reader(ast.NodeVisitor):
    """Walks what runs when the cell runs. Bodies of functions are read apart, as they run when called."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.read: list[str] = []
        self.called: set[str] = set()
        self.functions: dict[str, frozenset[str]] = {}
        self.stars: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.bound:
                self.read.append(node.id)
        else:
            self.bound.add(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))  # it changes a name that must be there
        else:
            self.visit(node.target)
        self.visit(node.value)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.add(getattr(node, "module", "") or "")
            else:
                self.bound.add((alias.asname or alias.name).split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.visit_Import(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bound.add(node.name)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        self.called.update(part.id for part in (node.func, *given) if isinstance(part, ast.Name))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all([*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults), *_annotations(node)])
        self.bound.add(node.name)
        self.functions[node.name] = free_names(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all(node.args.defaults)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        inside = _Reader()
        inside.bound = set(self.bound)
        inside._visit_all(node.body)
        self.read += inside.read
        self.called |= inside.called
        self.bound.add(node.name)
        self.functions[node.name] = frozenset().union(*inside.functions.values())

    def visit_comprehension_like(self, node: ast.expr) -> None:
        self.read += [name for name in free_names(node) if name not in self.bound]
        self.called.update(call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_like

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def free_names(scope: ast.AST) -> frozenset[str]:
    """The names that a function or comprehension reads and does not bind itself, those of the scopes inside it included."""
    local, read, outer = set[str](), set[str](), set[str]()
    if isinstance(scope, _Function):
        arguments = scope.args
        given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        local.update(argument.arg for argument in given if argument)
        waiting: list[ast.AST] = [*scope.body] if isinstance(scope.body, list) else [scope.body]
    else:
        waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else local).add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            local.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
        elif isinstance(node, (*_Function, *_Comprehension, ast.ClassDef)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                local.add(node.name)
            read |= free_names(node)
        else:
            if isinstance(node, ast.ExceptHandler) and node.name:
                local.add(node.name)
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(read - (local - outer))


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    arguments = node.args
    given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    found = (argument.annotation for argument in given if argument)
    return [annotation for annotation in (*found, node.returns) if annotation is not None]
