"""Mistakes in question 1, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions import (
    q1_fresh_mutants,
    q1_fresh_mutants_more,
    q1_fresh_mutants_training,
    q1_mutants_augmented,
    q1_mutants_masks,
    q1_mutants_networks,
    q1_mutants_pictures,
    q1_mutants_shown,
    q1_mutants_training,
    q1_mutants_transforms,
)
from submissions.case import Case

CASES: tuple[Case, ...] = (
    *q1_mutants_masks.CASES,
    *q1_mutants_training.CASES,
    *q1_mutants_pictures.CASES,
    *q1_mutants_networks.CASES,
    *q1_mutants_shown.CASES,
    *q1_mutants_transforms.CASES,
    *q1_mutants_augmented.CASES,
    *q1_fresh_mutants.CASES,
    *q1_fresh_mutants_training.CASES,
    *q1_fresh_mutants_more.CASES,
)
