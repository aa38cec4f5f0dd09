"""Correct ways to answer question 1: every check must pass."""

from __future__ import annotations

from submissions.case import Case

CASES: tuple[Case, ...] = (Case("q1_solution", "The solution itself.", 1, ()),)
