"""Imported for its effects by the process that judges are forked from: what is slow and the same for all submissions is done here once.

A judge that is not forked from such a process does the same by itself, later. Nothing here may depend on a submission.
"""

from __future__ import annotations

from pathlib import Path

from autograder.assignment import load
from autograder.checks.plan import plan
from reference.judging.given import template
from reference.judging.sentences import LANGUAGE, SENTENCES, tokenized

_assignment = load(Path(__file__).parents[1] / "assignment.toml")
plan(_assignment.checks_folder, tuple(question.number for question in _assignment.questions))  # imports whatever the checks import
template()
for _sentences in SENTENCES.values():
    for _language in LANGUAGE.values():
        tokenized(_language, _sentences)
