"""Looks with other eyes at the files that were written for one submission: whole, valid, inert, and no more than the text they were."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
from test_reports_pages import TAGS, Reader

from autograder.model.grading import GradeReport
from autograder.reports.terminal import line

FILES = {"feedback.html", "log.txt", "replayed.ipynb", "report.json", "results.json", "staff.html"}
UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def look_at(folder: Path, report: GradeReport) -> None:
    """Fail where a file of `report` is missing, broken, or could do anything to who opens it."""
    names = {path.name for path in folder.iterdir()}
    assert names == FILES, names
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    for name in ("feedback.html", "staff.html", "log.txt"):
        assert not UNSHOWN.search(texts[name]), name
    for name in ("feedback.html", "staff.html"):
        assert "Content-Security-Policy" in texts[name]
        tags = Reader(texts[name]).tags
        assert {tag for tag, _ in tags} <= TAGS, name
        assert not [one for _, attributes in tags for one in attributes if one.startswith("on") or one == "style"], name
    json.loads(texts["report.json"], parse_constant=_refused)
    json.loads(texts["results.json"], parse_constant=_refused)
    nbformat.validate(nbformat.reads(texts["replayed.ipynb"], as_version=4))
    assert line(report).isprintable() or not UNSHOWN.search(line(report))
    assert "\n" not in line(report)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
