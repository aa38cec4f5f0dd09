"""Tells the downloads of whole courses from students' folders and zips, and reads what Gradescope writes into its own.

Canvas says whose a file is in its name (see `canvas`), Gradescope in one YAML file. That is read without believing that it is whole: what
is missing is left empty.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

import yaml

from autograder.intake import canvas
from autograder.intake.folder import is_noise, kind_of, listed, size_of
from autograder.model.submission import Person, Received, Remark

METADATA = "submission_metadata.yml"
_LOOKED_AT = 5_000  # names in a zip
_WRAPPERS = 6  # folders that hold nothing but one folder
METADATA_BYTES = 300_000_000  # it holds the results of every test of every submission
_SUBMISSION = re.compile(r"submission_\d+|\d+\.pdf")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(Z|[+-]\d\d:?\d\d)?$")


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


def is_export(path: Path) -> bool:
    """Whether a zip is the download of a whole course, told by its names: a student's zip may hold one name that looks like Canvas's."""
    names = [name for name, _ in _entries(path)[:_LOOKED_AT]]
    for metadata in (name for name in names if name.name == METADATA and len(name.parts) <= 2):
        around = metadata.parent.parts
        beside = {name.parts[len(around)] for name in names if name.parts[: len(around)] == around}
        if _are_gradescopes(beside - {METADATA}):
            return True
    return len(canvas.owners(name.name for name in names if len(name.parts) == 1)) > 1


def is_export_folder(path: Path) -> bool:
    """Whether a folder is the unpacked download of a whole course, or holds nothing but one."""
    folder = listed(path)
    for _ in range(_WRAPPERS):
        if folder.files or len(folder.folders) != 1:
            break
        folder = listed(folder.folders[0])
    names = [one.name for one in folder.files]
    if METADATA in names:
        inside = {one.name for one in (*folder.files, *folder.folders)} - {METADATA}
        return len(inside) > 1 and _are_gradescopes(inside)  # a student's folder may hold a file of that name
    return len(canvas.owners(names)) > 1


def _are_gradescopes(names: Collection[str]) -> bool:
    """Whether what lies beside an export's metadata is what Gradescope puts there."""
    return bool(names) and all(_SUBMISSION.fullmatch(name) for name in names)


def unpacked_in(path: Path, folders: Iterable[Path]) -> Path | None:
    """The folder beside a zip that holds all that the zip does, as its unpacking left it."""
    entries = _entries(path)
    if not entries or any(name.is_absolute() or ".." in name.parts for name, _ in entries):
        return None
    for folder in folders:
        own = all(name.parts[0] == folder.name and len(name.parts) > 1 for name, _ in entries)
        if own or folder.name == path.stem:
            root = folder.parent if own else folder
            if all(kind_of(root / name) == "file" and size_of(root / name) == size for name, size in entries):
                return folder
    return None


def _entries(path: Path) -> list[tuple[PurePosixPath, int]]:
    """The names and sizes of the files in a zip, without what systems leave behind; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [(PurePosixPath(entry.filename), entry.file_size) for entry in packed.infolist() if not entry.is_dir()]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return []
    return [(name, size) for name, size in entries if name.parts and not any(map(is_noise, name.parts))]


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
