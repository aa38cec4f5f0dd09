"""Correct ways to answer question 4: every check must pass."""

from __future__ import annotations

from submissions.case import Case

CASES: tuple[Case, ...] = (Case("q4_solution", "The solution itself.", 4, ()),)
