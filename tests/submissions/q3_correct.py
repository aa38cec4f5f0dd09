"""Correct ways to answer question 3: every check must pass."""

from __future__ import annotations

from submissions.case import Case

CASES: tuple[Case, ...] = (Case("q3_solution", "The solution itself.", 3, ()),)
