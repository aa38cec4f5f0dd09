"""Mistakes in question 2, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case

CASES: tuple[Case, ...] = ()
