"""What students get: the notebook and what stands beside it."""

from __future__ import annotations

from autograder.assignment import Assignment

BESIDE = ("README.md", "requirements.txt")


def student_files(assignment: Assignment) -> dict[str, bytes]:
    """The files of the student package by name."""
    template = assignment.template_path
    return {name: (template.parent / name).read_bytes() for name in (template.name, *BESIDE)}
