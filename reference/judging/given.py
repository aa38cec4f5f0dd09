"""The notebook as it was handed out, and what a student wrote in it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from autograder.assignment import load
from autograder.checks import Evidence
from autograder.intake import read
from autograder.model.submission import Notebook
from autograder.reported import answers


@lru_cache(maxsize=1)
def template() -> Notebook:
    """The homework's own notebook."""
    assignment = load(Path(__file__).parents[1] / "assignment.toml")
    return read.notebook(assignment.template_path.read_bytes(), assignment.questions, {}, name=assignment.template_path.name)


def written(evidence: Evidence, question: str, prompt: str = "", *, ordinal: int = 1) -> str:
    """The student's text at the `ordinal`-th marker of a question whose words hold `prompt`, the homework's own text left out."""
    return answers.answer(evidence.section(question), prompt, ordinal=ordinal, template=template().section(question))
