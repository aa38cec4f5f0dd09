"""Names: of students in Canvas's and Gradescope's downloads, and ids that are safe as file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ID_LENGTH = 80
# Files that stand beside the submissions' folders in the output folder, and names that some systems keep for devices.
_RESERVED = {"grades.csv", "grades.db", "summary.html", "canvas.csv", "con", "nul", "prn", "aux"}
_CANVAS = re.compile(
    r"^(?:(?!LATE_|anon_)(?P<name>\w+?)_)?(?P<late>LATE_)?(?:anon_(?P<anonymous>\w+?)|(?P<user>\d+))_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<kind>text|link)\.html)$"
)


@dataclass(frozen=True, slots=True)
class CanvasName:
    """A file's name in a Canvas download: whose it is and how the student named it."""

    student: str
    user: str
    file: str

    @property
    def owner(self) -> str:
        """The same for all files of one student."""
        return "_".join(part for part in (self.student, self.user) if part)


def canvas(name: str) -> CanvasName | None:
    """Take apart `doejane_LATE_12345_678901_hw1.ipynb`; None for any other name."""
    found = _CANVAS.match(name[:400])
    if found is None:
        return None
    user = found["user"] or f"anon_{found['anonymous']}"
    return CanvasName(found["name"] or "", user, found["file"] or f"{found['kind']}.html")


def gradescope(metadata: str) -> Mapping[str, str]:
    """The submitters of each submission folder, from the lines of an export's submission_metadata.yml."""
    names: dict[str, list[str]] = {}
    folder = ""
    for line in metadata.splitlines():
        if found := re.match(r"[\"']?(submission_\d+)[\"']?:\s*$", line):
            folder = found.group(1)
        elif re.match(r"\s+:history:", line):
            folder = ""  # earlier submissions, by the same people
        elif folder and (found := re.match(r"(?:\s*-)?\s+:name:\s*(\S.*)$", line)):
            names.setdefault(folder, []).append(found.group(1).strip().strip("\"'"))
    return {folder: ", ".join(found) for folder, found in names.items()}


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
