"""Mistakes in question 1, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions import q1_mutants_masks, q1_mutants_pictures, q1_mutants_training
from submissions.case import Case

CASES: tuple[Case, ...] = (*q1_mutants_masks.CASES, *q1_mutants_training.CASES, *q1_mutants_pictures.CASES)
