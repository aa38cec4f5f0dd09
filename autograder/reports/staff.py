"""staff.html: what staff read. The student's page, and besides it hidden checks, details, every cell and the log."""

from __future__ import annotations

from autograder.model.grading import GradeReport
from autograder.reports import pages


def render(report: GradeReport) -> str:
    """The page as one file that opens offline."""
    return pages.render("staff.html", report)
