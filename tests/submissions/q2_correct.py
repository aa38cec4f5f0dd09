"""Correct ways to answer question 2: every check must pass."""

from __future__ import annotations

from submissions.case import Case

CASES: tuple[Case, ...] = (Case("q2_solution", "The solution itself.", 2, ()),)
