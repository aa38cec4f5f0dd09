"""What Canvas and Gradescope write into their downloads: whose a file is, and when it was handed in.

Canvas says it in the name of each file, Gradescope in one YAML file. Both are read without believing that they are whole: what is missing
is left empty.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

import yaml

from autograder.intake.folder import is_noise
from autograder.model.submission import Person, Received, Remark

METADATA = "submission_metadata.yml"
_LOOKED_AT = 5_000  # names in a zip
METADATA_BYTES = 300_000_000  # it holds the results of every test of every submission
_CANVAS = re.compile(
    r"^(?:(?!LATE_|anon_)(?P<name>\w+?)_)?(?P<late>LATE_)?(?:anon_(?P<anonymous>\w+?)|(?P<user>\d+))_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<kind>text|link)\.html)$"
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(Z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True)
class CanvasName:
    """A file's name in a Canvas download: whose it is and how the student named it. `attachment` grows with time, 0: a text or a link."""

    student: str
    user: str
    file: str
    attachment: int
    late: bool

    @property
    def owner(self) -> str:
        """The same for all files of one student."""
        return "_".join(part for part in (self.student, self.user) if part)


@dataclass(slots=True)
class CanvasUpload:
    """All that a Canvas download holds of one student, by the names that the student gave."""

    student: str
    received: Received
    files: dict[str, Path] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class GradescopeEntry:
    """What an export says of one submission's folder."""

    people: list[dict[str, str]] = field(default_factory=list)
    at: datetime | None = None
    history: list[datetime] = field(default_factory=list)

    @property
    def student(self) -> str:
        return ", ".join(person["name"] for person in self.people if person.get("name"))

    @property
    def received(self) -> Received:
        people = (Person(one.get("name", ""), "", one.get("sid", ""), one.get("email", "")) for one in self.people)
        return Received(tuple(people), self.at)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        later = [moment for moment in self.history if self.at and moment > self.at]
        if not later:
            return ()
        said = f"Gradescope's active submission was graded; the student handed in another one later ({max(later):%Y-%m-%d %H:%M} UTC)."
        return (Remark("later_submission", said),)


def canvas_name(name: str) -> CanvasName | None:
    """Take apart `doejane_LATE_12345_678901_hw1.ipynb`; None for any other name."""
    found = _CANVAS.match(unicodedata.normalize("NFC", name[:400]))  # macOS parts letters and their accents, which are no letters
    if found is None:
        return None
    user = found["user"] or f"anon_{found['anonymous']}"
    file = found["file"] or f"{found['kind']}.html"
    return CanvasName(found["name"] or "", user, file, int(found["attachment"] or 0), bool(found["late"]))


def is_export(path: Path) -> bool:
    """Whether a zip is the download of a whole course, told by its names: a student's zip may hold one name that looks like Canvas's."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = [PurePosixPath(name) for name in packed.namelist()[:_LOOKED_AT] if not any(map(is_noise, PurePosixPath(name).parts))]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    if any(name.name == METADATA and len(name.parts) <= 2 for name in names):
        return True
    owners = {found.owner if (found := canvas_name(name.name)) else "" for name in names if len(name.parts) == 1}
    return len(owners) > 1 and "" not in owners


def canvas(files: Iterable[Path]) -> dict[str, CanvasUpload]:
    """The files of each student; of two with one name the later one keeps it."""
    owners: dict[str, list[tuple[CanvasName, Path]]] = defaultdict(list)
    for file in files:
        if name := canvas_name(file.name):
            owners[name.owner].append((name, file))
    return {owner: _upload(sorted(named, key=lambda one: -one[0].attachment)) for owner, named in owners.items()}


def _upload(named: list[tuple[CanvasName, Path]]) -> CanvasUpload:
    first, _ = named[0]
    student = first.student or first.user
    received = Received((Person(student, first.user),), None, first.attachment, any(name.late for name, _ in named))
    upload = CanvasUpload(student, received)
    for name, path in named:
        kept = name.file
        while kept in upload.files:
            kept = f"earlier-{kept}"
        upload.files[kept] = path
        upload.uploads[kept] = name.attachment
    return upload


def gradescope(metadata: str) -> Mapping[str, GradescopeEntry]:
    """Each submission's entry, from the lines of an export's submission_metadata.yml.

    The file is read line by line: what a YAML library would take minutes for (all results of all tests) is passed over. Its keys are
    Ruby's symbols and stand at fixed depths; what hangs deeper, or in another place, is results.
    """
    entries: dict[str, GradescopeEntry] = {}
    entry, part = None, ""
    for line in metadata.splitlines():
        if line and not line[0].isspace():
            found = re.match(r"[\"']?(submission_\d+|\d+\.pdf)[\"']?:\s*$", line)
            entry, part = (entries.setdefault(found[1], GradescopeEntry()), "") if found else (None, "")
        elif entry is not None and (key := re.match(r"  :(\w+):(.*)$", line)):
            part = key[1]
            if part == "created_at":
                entry.at = time(key[2])
        elif entry is not None and part == "submitters" and (pair := re.match(r"  (- |  ):(name|sid|email):(.*)$", line)):
            if pair[1] == "- ":
                entry.people.append({})
            if entry.people:
                entry.people[-1][pair[2]] = _scalar(pair[3])
        elif entry is not None and part == "history" and (moment := re.match(r"  (?:- |  ):created_at:(.*)$", line)):
            entry.history += filter(None, [time(moment[1])])
    return entries


def time(text: str) -> datetime | None:
    """A moment as platforms write it, with its distance from Greenwich; without one it is Greenwich's. None for anything else."""
    found = _TIME.search(text.strip().strip("\"'"))
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    shift = "+00:00" if offset in (None, "Z") else offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"
    try:
        return datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0'):0<6}{shift}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _scalar(text: str) -> str:
    try:
        value = yaml.load(text.strip(), Loader=yaml.BaseLoader)  # every scalar as text: a number may have leading zeros
    except yaml.YAMLError:
        return text.strip()
    return value if isinstance(value, str) else ""
