"""The notebook as it was handed out, and what a student wrote in it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from autograder.assignment import load
from autograder.checks import Evidence, Undecided
from autograder.intake import read
from autograder.model.execution import CellStatus
from autograder.model.submission import Notebook
from autograder.reported import answers


@lru_cache(maxsize=1)
def template() -> Notebook:
    """The homework's own notebook."""
    assignment = load(Path(__file__).parents[1] / "assignment.toml")
    return read.notebook(assignment.template_path.read_bytes(), assignment.questions, {}, name=assignment.template_path.name)


def not_trained(evidence: Evidence, question: str, sentence: str) -> NoReturn:
    """End a check for which no training was seen: as missing, but undecided where code that ran takes steps or reads gradients."""
    ran = {run.index for run in evidence.runs(question) if run.status is CellStatus.OK}
    if any(cell.index in ran and re.search(r"\.\s*step\s*\(|\.grad\b", cell.source) for cell in evidence.section(question).code):
        raise Undecided(
            "There is code that trains a network, but no training was seen when it was executed, so a person has to look at it."
        )
    evidence.missing(question, sentence)


def written(evidence: Evidence, question: str, prompt: str = "", *, ordinal: int = 1) -> str:
    """The student's text at the `ordinal`-th marker of a question whose words hold `prompt`, the homework's own text left out."""
    return answers.answer(evidence.section(question), prompt, ordinal=ordinal, template=template().section(question))


def all_written(evidence: Evidence, question: str, prompt: str) -> tuple[str, ...]:
    """The student's text at each marker of a question whose words hold `prompt`; one text where they cannot be told apart."""
    return answers.answers(evidence.section(question), prompt, template=template().section(question))
