"""Tells whether a PDF was handed in beside the notebook."""

from __future__ import annotations

from pathlib import Path

from autograder.model.submission import Submission


def pdfs(submission: Submission) -> tuple[str, ...]:
    """The names of the companions that are PDFs by name and by content."""
    return tuple(name for name, path in sorted(submission.companions.items()) if name.lower().endswith(".pdf") and _begins_as_pdf(path))


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False
