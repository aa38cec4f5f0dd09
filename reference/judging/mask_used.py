"""1.1: whether the code says that the network is trained on what apply_mask returns, read without running it."""

from __future__ import annotations

import ast

from autograder.checks import Evidence
from autograder.reported.syntax import parsed

MASK = "apply_mask"


def says_it_trains_on_its_mask(evidence: Evidence, question: str) -> bool:
    """Whether a loop with a backward pass calls something on the mask's result alone: directly, or by a name that holds nothing else."""
    trees = [parsed(cell.source) for cell in evidence.section(question).code]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    results = {node.targets[0] for node in nodes if isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_the_result(node.value)}
    names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    held = {name.id for name in names if name in results} - {name.id for name in names if name not in results}
    for loop in nodes:
        if isinstance(loop, (ast.For, ast.While)):
            calls = [node for node in ast.walk(loop) if isinstance(node, ast.Call)]
            if any(isinstance(call.func, ast.Attribute) and call.func.attr == "backward" for call in calls):
                for call in calls:
                    if isinstance(call.func, ast.Name) and call.func.id != MASK and len(call.args) == 1:
                        given = _without_methods(call.args[0])
                        if _is_the_result(given) or (isinstance(given, ast.Name) and given.id in held):
                            return True
    return False


def _is_the_result(value: ast.expr) -> bool:
    inner = _without_methods(value)
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == MASK


def _without_methods(value: ast.expr) -> ast.expr:
    """What `.flatten(1)`, `.to(device)` and the like are called on."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    return value
