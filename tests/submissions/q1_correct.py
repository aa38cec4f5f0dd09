"""Correct ways to answer question 1: every check must pass."""

from __future__ import annotations

from submissions import (
    q1_correct_displays,
    q1_correct_displays_more,
    q1_correct_masks,
    q1_correct_networks,
    q1_correct_pictures,
    q1_correct_reports,
    q1_correct_training,
    q1_correct_unusual,
    q1_fresh_correct_loops,
    q1_fresh_correct_more,
    q1_fresh_correct_odd,
    q1_fresh_masks,
    q1_fresh_reports,
    q1_fresh_training,
)
from submissions.case import Case

CASES: tuple[Case, ...] = (
    Case("q1_solution", "The solution itself.", 1, ()),
    *q1_correct_masks.CASES,
    *q1_correct_training.CASES,
    *q1_correct_reports.CASES,
    *q1_correct_pictures.CASES,
    *q1_correct_displays.CASES,
    *q1_correct_displays_more.CASES,
    *q1_correct_networks.CASES,
    *q1_correct_unusual.CASES,
    *q1_fresh_masks.CASES,
    *q1_fresh_training.CASES,
    *q1_fresh_reports.CASES,
    *q1_fresh_correct_loops.CASES,
    *q1_fresh_correct_more.CASES,
    *q1_fresh_correct_odd.CASES,
)
