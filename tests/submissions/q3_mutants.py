"""Wrong answers to question 3."""

from __future__ import annotations

from submissions import q3_class_mutants, q3_fresh_mutants, q3_reversed_mutants, q3_training_mutants, q3_whole_mutants
from submissions.case import Case

CASES: tuple[Case, ...] = (
    *q3_class_mutants.CASES,
    *q3_whole_mutants.CASES,
    *q3_training_mutants.CASES,
    *q3_reversed_mutants.CASES,
    *q3_fresh_mutants.CASES,
)
