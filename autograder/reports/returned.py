"""feedback.zip: the students' pages under the names by which Canvas attaches them to submissions ("Upload Submissions").

Canvas finds whose a file is by the number of the user and of one of the submission's files in its name, so pages of what was not uploaded
to Canvas as a file (texts, links, folders) have no place in it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from autograder.model.grading import GradeReport

NAME = "feedback.zip"
_MADE = (1980, 1, 1, 0, 0, 0)  # no date: the same pages make the same file


def canvas_name(report: GradeReport) -> str:
    """`doejane_LATE_12345_678901_feedback.html`; empty where Canvas could not tell whose it is."""
    received = report.received
    if not received.people or not received.people[0].user or not received.upload:
        return ""
    person = received.people[0]  # of a group the one in whose name it was handed in
    named = "" if person.user.startswith("anon_") else person.name
    late = "LATE" if received.marked_late else ""
    parts = [late, person.user] if not named else [named, late, person.user]
    return "_".join([*filter(None, parts), str(received.upload), "feedback.html"])


def pack(reports: Iterable[GradeReport], folder: Path) -> bytes:
    """The zip's bytes; empty when no page can be returned through Canvas."""
    pages = {name: folder / report.id / "feedback.html" for report in reports if (name := canvas_name(report))}
    if not pages:
        return b""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in sorted(pages.items()):
            if path.is_file():
                packed.writestr(zipfile.ZipInfo(name, _MADE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
