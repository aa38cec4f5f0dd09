"""Runs what a notebook defines and leaves out what it does: the trainings, the downloads, the plots.

Receives a notebook's cells; returns the namespace that its imports, functions and classes make, with the values that those need.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.model.submission import Cell, CellKind
from autograder.parsing import tree_of

USUAL = """
import math, random, time
import numpy as np, torch
import torch.nn as nn, torch.nn.functional as F, torch.optim as optim
from typing import Union
"""  # what notebooks take for granted, since some import it only later
WORK = {
    "backward",
    "step",
    "splits",
    "build_vocab",
    "DataLoader",
    "load_mnist",
    "MNIST",
    "show",
    "fit",
    "train",
}  # calls of what takes time


def left_out(cells: Iterable[Cell], made: Mapping[str, Any]) -> frozenset[str]:
    """Names that the notebook gives a value somewhere, but that were not made here."""
    return frozenset(name for statement in _of_code(cells) for name in _bound(statement) if name not in made)


def namespace(cells: Iterable[Cell]) -> dict[str, Any]:
    """Imports, functions and classes of the code cells in their order, and what the bodies of those need of top-level values."""
    statements = _of_code(cells)
    chosen = _chosen(statements)
    main = types.ModuleType("__main__")
    before, sys.modules["__main__"] = sys.modules["__main__"], main
    try:
        exec(USUAL, main.__dict__)
        for statement in statements:
            if statement in chosen:
                code = compile(ast.Module([statement], []), "the notebook", "exec")
                # What fails here fails for want of what was left out; the checks say what is missing.
                with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    exec(code, main.__dict__)
    finally:
        sys.modules["__main__"] = before
    return main.__dict__


def _of_code(cells: Iterable[Cell]) -> list[ast.stmt]:
    return [statement for cell in cells if cell.kind is CellKind.CODE for statement in _statements(cell.source)]


def _statements(source: str) -> Sequence[ast.stmt]:
    plain = "\n".join("pass" if line.lstrip()[:1] in ("%", "!", "?") else line for line in source.splitlines())
    tree = tree_of(plain)
    return tree.body if tree else []


def _chosen(statements: Sequence[ast.stmt]) -> set[ast.stmt]:
    """Definitions and imports, and, from these on, whatever gives their free names a value."""
    chosen: set[ast.stmt] = {one for one in statements if _is_definition(one)}
    needed = {name for one in chosen if _is_public(one) for name in _read(one)}
    growing = True
    while growing:
        more = {one for one in statements if one not in chosen and _written(one) & needed and not _is_work(one)}
        chosen |= more
        needed |= {name for one in more for name in _read(one)}
        growing = bool(more)
    half_made = {name for one in statements if one not in chosen for name in _worked_on(one)}
    return {one for one in chosen if _is_definition(one) or not _written(one) & half_made}


def _is_public(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.ClassDef)


def _is_work(statement: ast.stmt) -> bool:
    """Whether a statement trains, reads data or draws, by what it calls."""
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return bool({call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls} & WORK)


def _worked_on(statement: ast.stmt) -> set[str]:
    """The names whose own methods do such work: without it they are not what the rest of the notebook relies on."""
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {call.value.id for call in calls if call.attr in WORK and isinstance(call.value, ast.Name)}


def _is_definition(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def _read(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _bound(statement: ast.stmt) -> set[str]:
    imported = {
        alias.asname or alias.name for one in ast.walk(statement) if isinstance(one, ast.Import | ast.ImportFrom) for alias in one.names
    }
    return imported | _written(statement)


def _written(statement: ast.stmt) -> set[str]:
    """The names that a statement binds or changes."""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changed = [
        node.value for node in ast.walk(statement) if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store)
    ]
    return names | {one.id for one in changed if isinstance(one, ast.Name)}
