"""Ids that are safe as file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_ID_LENGTH = 80
# Files that stand beside the submissions' folders in the output folder, and names that some systems keep for devices.
_RESERVED = {
    "grades.csv",
    "grades.db",
    "grades.db-wal",
    "grades.db-shm",
    "summary.html",
    "similarity.html",
    "canvas.csv",
    "canvas.old.csv",
    "marks.csv",
    "feedback.zip",
    "con",
    "nul",
    "prn",
    "aux",
}


def safe(label: str) -> str:
    """The label as a file name of letters, digits, `-`, `_` and `.`; one without any such letter is named by its checksum."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", plain).strip("-._")[:_ID_LENGTH].rstrip("-.")
    if not re.search(r"[A-Za-z0-9]", name):
        return "student-" + hashlib.sha256(label.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{name}-submission" if name.lower() in _RESERVED else name


def unique(labels: Iterable[str]) -> tuple[str, ...]:
    """A safe id for each label, in order; a second one of the same name gets `-2`. Upper and lower case count as the same."""
    taken: set[str] = set()
    alike: Counter[str] = Counter()
    ids = []
    for label in labels:
        name = wanted = safe(label)
        while name.lower() in taken:
            alike[wanted.lower()] += 1
            name = f"{wanted}-{1 + alike[wanted.lower()]}"
        taken.add(name.lower())
        ids.append(name)
    return tuple(ids)
