"""feedback.html: what a student reads. It is made from the student's view of the report and from nothing else."""

from __future__ import annotations

from autograder.model.grading import GradeReport
from autograder.reports import pages
from autograder.reports.student_view import for_student


def render(report: GradeReport) -> str:
    """The page as one file that opens offline. The same verdicts give the same text: no times are in it."""
    return pages.render("feedback.html", for_student(report))
