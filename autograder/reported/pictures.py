"""Tells whether code may draw a figure, and whether stored figures have the axes of those that it draws.

Receives syntax trees and outputs; executes nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.model.submission import Output

_DRAWING = re.compile(
    r"plot|plt|show|draw|grid|fig|\bax|axes|image|img|pic|display|hist|scatter|canvas|\bbar|pil\b|vis|render|board|sns|chart|curve|summary|animat|pylab|matshow",
    re.IGNORECASE,
)
_MAKING_AXES = {"subplots", "subplot", "add_subplot", "GridSpec", "subplot2grid", "subplot_mosaic", "ImageGrid"}
_SAID = re.compile(r"<Figure size [\d.]+x[\d.]+ with (\d+) Axes>")


@dataclass(frozen=True, slots=True)
class OtherAxes:
    """How many axes the first stored figure has, and the first that was drawn."""

    stored: int
    drawn: int


def may_draw(trees: Iterable[ast.AST]) -> bool:
    """Whether a name in the code, or an import of a star, has to do with drawing."""
    return any(_draws(node) or (isinstance(node, ast.alias) and node.name == "*") for tree in trees for node in ast.walk(tree))


def draws_on_a_condition(trees: Iterable[ast.AST]) -> bool:
    """Whether the code has drawing that only happens sometimes."""
    conditions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, (ast.If, ast.Try, ast.While, ast.IfExp))]
    return any(_draws(node) for condition in conditions for node in ast.walk(condition))


def other_axes(stored: Iterable[Output], executed: Iterable[Output], trees: Iterable[ast.AST]) -> OtherAxes | None:
    """Where no stored figure has as many axes as one that was drawn; None where that is not said, or where data may decide on it."""
    if any(_is_sized_by_data(node) for tree in trees for node in ast.walk(tree)):
        return None
    before, now = ([int(found[1]) for output in outputs if (found := _SAID.search(output.text))] for outputs in (stored, executed))
    if not before or not now or set(before) & set(now):
        return None
    return OtherAxes(before[0], now[0])


def _is_sized_by_data(node: ast.AST) -> bool:
    """A call that makes axes in numbers that are not written out."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    return name in _MAKING_AXES and not all(isinstance(argument, ast.Constant) for argument in node.args[:2])


def _draws(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(name) and _DRAWING.search(name) is not None
