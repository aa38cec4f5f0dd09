"""Correct ways to answer question 3: every check must pass."""

from __future__ import annotations

from submissions import q3_correct_classes, q3_correct_reversed, q3_correct_training, q3_correct_whole, q3_fresh_correct
from submissions.case import Case

CASES: tuple[Case, ...] = (
    Case("q3_solution", "The solution itself.", 3, ()),
    *q3_correct_classes.CASES,
    *q3_correct_whole.CASES,
    *q3_correct_training.CASES,
    *q3_correct_reversed.CASES,
    *q3_fresh_correct.CASES,
)
