"""Tells whether a PDF was handed in beside the notebook, and whether it is a print of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from autograder.model.submission import Submission
from autograder.reported import pdf_text

_LARGEST = 60_000_000
_SHORTEST, _LONGEST = 20, 40  # letters and digits of a line that are looked for; long lines are wrapped or cut in print
_LEAST_LINES = 10
_LEAST_TEXT = 2_000  # letters and digits; with fewer, the pages are pictures


def pdfs(submission: Submission) -> tuple[str, ...]:
    """The names of the companions that are PDFs by name and by content."""
    return tuple(name for name, path in sorted(submission.companions.items()) if name.lower().endswith(".pdf") and _begins_as_pdf(path))


def share_found(path: Path, lines: Iterable[str]) -> float | None:
    """Which share of these lines stands in the PDF, from 0 to 1; None where the PDF has no text to read, or too few lines are given."""
    wanted = list(dict.fromkeys(letters[:_LONGEST] for line in lines if len(letters := _letters(line)) >= _SHORTEST))
    if len(wanted) < _LEAST_LINES or path.stat().st_size > _LARGEST:
        return None
    there = _letters(pdf_text.text(path.read_bytes()))
    if len(there) < _LEAST_TEXT:
        return None
    return sum(one in there for one in wanted) / len(wanted)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False
