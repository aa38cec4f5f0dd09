"""Tells whether code may draw a figure.

Receives syntax trees; executes nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from autograder.parsing import nodes_of

_DRAWING = re.compile(
    r"plot|plt|show|draw|grid|fig|\bax|axes|image|img|pic|display|hist|scatter|canvas|\bbar|pil\b|vis|render|board|sns|chart|curve|summary|animat|pylab|matshow",
    re.IGNORECASE,
)


def may_draw(trees: Iterable[ast.AST]) -> bool:
    """Whether a name in the code, or an import of a star, has to do with drawing."""
    return any(_draws(node) or (isinstance(node, ast.alias) and node.name == "*") for tree in trees for node in nodes_of(tree))


def draws_on_a_condition(trees: Iterable[ast.AST]) -> bool:
    """Whether the code has drawing that only happens sometimes."""
    conditions = [node for tree in trees for node in nodes_of(tree) if isinstance(node, (ast.If, ast.Try, ast.While, ast.IfExp))]
    return any(_draws(node) for condition in conditions for node in ast.walk(condition))


def _draws(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(name) and _DRAWING.search(name) is not None
