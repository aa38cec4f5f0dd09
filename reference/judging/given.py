"""The notebook as it was handed out, and what a student wrote in it."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import NoReturn, TypeAlias

from autograder.assignment import load
from autograder.checks import Evidence, Undecided
from autograder.intake import read
from autograder.model.execution import CellStatus
from autograder.model.submission import Notebook
from autograder.reported import answers, syntax

_Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@lru_cache(maxsize=1)
def template() -> Notebook:
    """The homework's own notebook."""
    assignment = load(Path(__file__).parents[1] / "assignment.toml")
    return read.notebook(assignment.template_path.read_bytes(), assignment.questions, {}, name=assignment.template_path.name)


def not_trained(evidence: Evidence, question: str, sentence: str) -> NoReturn:
    """End a check for which no training was seen: as missing, but undecided where code that ran takes steps or reads gradients."""
    idle = idle_functions(evidence, question)
    if idle:
        raise Undecided(f"{' and '.join(idle)} should train the network, but nothing calls it, so this could not be seen.")
    ran = {run.index for run in evidence.runs(question) if run.status is CellStatus.OK}
    if any(cell.index in ran and re.search(r"\.\s*step\s*\(|\.grad\b", cell.source) for cell in evidence.section(question).code):
        raise Undecided(
            "There is code that trains a network, but no training was seen when it was executed, so a person has to look at it."
        )
    evidence.missing(question, sentence)


def idle_functions(evidence: Evidence, question: str) -> tuple[str, ...]:
    """The section's functions and methods that take steps and that nothing calls; empty where other code takes steps too."""
    defined: list[_Definition] = []
    reached: list[ast.AST] = []
    for cell in evidence.section(question).code:
        for statement in syntax.parsed(cell.source).body:
            if isinstance(statement, _Definition):
                defined.append(statement)
            else:
                reached.append(statement)
    waiting = [*defined, *(method for one in defined for method in _methods(one))]
    while called := [one for one in waiting if one.name in _names(reached)]:
        reached += [part for one in called for part in _own_parts(one)]
        waiting = [one for one in waiting if one not in called]
    if _takes_steps(reached):
        return ()
    return tuple(f"{one.name}()" for one in waiting if not isinstance(one, ast.ClassDef) and _takes_steps([one]))


def _methods(defined: _Definition) -> list[_Definition]:
    """The methods of a class that only run when something calls them by name."""
    if not isinstance(defined, ast.ClassDef):
        return []
    return [part for part in defined.body if isinstance(part, _Definition) and not part.name.startswith("__") and part.name != "forward"]


def _own_parts(defined: _Definition) -> list[ast.AST]:
    """What runs with a function, or with a class and its objects."""
    methods = _methods(defined)
    return [part for part in defined.body if part not in methods]


def _names(parts: list[ast.AST]) -> set[str]:
    nodes = [node for part in parts for node in ast.walk(part)]
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _takes_steps(parts: list[ast.AST]) -> bool:
    calls = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "step" for call in calls)


def written(evidence: Evidence, question: str, prompt: str = "", *, ordinal: int = 1) -> str:
    """The student's text at the `ordinal`-th marker of a question whose words hold `prompt`, the homework's own text left out."""
    return answers.answer(evidence.section(question), prompt, ordinal=ordinal, template=template().section(question))


def all_written(evidence: Evidence, question: str, prompt: str) -> tuple[str, ...]:
    """The student's text at each marker of a question whose words hold `prompt`; one text where they cannot be told apart."""
    return answers.answers(evidence.section(question), prompt, template=template().section(question))
