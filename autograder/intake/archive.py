"""Unpacks a zip that others made.

Receives a zip file and a folder of our own; writes its plain files there. Raises `SubmissionError` for what is damaged as a whole, locked
with a password or holds too many files. Single entries that cannot or must not be unpacked are left packed and named: in a download of a
whole course one student's bomb costs the others nothing.
"""

from __future__ import annotations

import calendar
import hashlib
import lzma
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake.folder import DEPTH_LIMIT, FILE_LIMIT, is_noise

TOTAL_BYTES = 4_000_000_000  # of one student's zip
COURSE_BYTES = 60_000_000_000  # of a zip named on the command line, which may hold a whole course
FILE_BYTES = 200_000_000
RATIO = 200  # of a bomb; executed notebooks shrink to a tenth at best
RATIO_FROM_BYTES = 50_000_000  # small things may shrink as they like
NAME_BYTES = 255  # of a file or folder; more than that no system can write
_UTF8 = 0x800  # flag of an entry whose name says that it is UTF-8
_CHUNK = 1 << 20
_AGAIN = "Zip the files again and hand that in."
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    MemoryError,  # for a dictionary as large as a damaged header says
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
Left = Mapping[str, str]


def unpack(source: Path, target: Path, *, most_bytes: int = TOTAL_BYTES) -> Left:
    """Unpack `source` into the new folder `target`; returns the entries left packed, with the reason where that spoils a submission."""
    target.mkdir(parents=True)
    try:
        with zipfile.ZipFile(source) as packed:
            return _Unpacking(packed, source, target, most_bytes).all()
    except _DAMAGED as error:
        raise SubmissionError(f"{source.name} cannot be unpacked: {_said(error)}. {_AGAIN}") from None
    except OSError as error:
        raise SubmissionError(f"{source.name} cannot be unpacked: {error.strerror or error}. {_AGAIN}") from None


class _TooMuch(Exception):
    """An entry that unpacks to more than it may."""


class _Unpacking:
    """One zip on its way into a folder."""

    def __init__(self, packed: zipfile.ZipFile, source: Path, target: Path, most_bytes: int) -> None:
        self._packed, self._source, self._target, self._most_bytes = packed, source, target, most_bytes
        self._total = 0
        self._twice: dict[Path, int] = {}

    def all(self) -> Left:
        entries = self._packed.infolist()
        if len(entries) > FILE_LIMIT:
            raise SubmissionError(f"{self._source.name} holds {len(entries):,} files, and at most {FILE_LIMIT:,} are unpacked. Split it.")
        left: dict[str, str] = {}
        for entry in entries:
            name = _name(entry)
            parts = tuple(_short(part) for part in name.replace("\\", "/").split("/") if part not in ("", "."))
            if not parts or any(map(is_noise, parts)):
                continue
            shown = "/".join(parts)
            if trick := self._trick(name, parts):
                left[shown] = trick
            elif _is_special(entry) or _is_huge(entry, parts):
                left[shown] = ""
            elif problem := self._written(entry, parts):
                left[shown] = problem
        return left

    def _written(self, entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
        """Write one file; returns what is wrong with it, if anything."""
        place = self._target.joinpath(*parts)
        try:
            if entry.is_dir():
                place.mkdir(parents=True, exist_ok=True)
                return ""
            place.parent.mkdir(parents=True, exist_ok=True)
            place = _free(place, self._twice)
            self._write(entry, place)
        except _TooMuch:
            problem = f"{self._source.name} unpacks to far more than a homework needs (at {parts[-1][:100]}). {_AGAIN}"
        except _DAMAGED as error:
            problem = f"{self._source.name} cannot be unpacked: {_said(error)}. {_AGAIN}"
        except (FileExistsError, NotADirectoryError):  # a file and a folder of one name
            return f"{self._source.name} cannot be unpacked: it holds {parts[-1][:100]} twice. {_AGAIN}"
        else:
            return ""
        place.unlink(missing_ok=True)
        return problem

    def _write(self, entry: zipfile.ZipInfo, place: Path) -> None:
        """Count what really comes out, since the sizes that a zip states may lie; keep the date, by which versions are told apart."""
        size, packed_bytes = 0, max(entry.compress_size, 1)
        if self._total > self._most_bytes:
            raise _TooMuch
        with self._packed.open(entry) as stream, place.open("xb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                self._total += len(chunk)
                bomb = size > RATIO_FROM_BYTES and size > RATIO * packed_bytes
                if bomb or size > FILE_BYTES or self._total > self._most_bytes or self._is_bomb_in_all():
                    raise _TooMuch
                file.write(chunk)
        with suppress(ValueError):  # a date that does not exist
            changed = calendar.timegm((*entry.date_time, 0, 0, 0))
            os.utime(place, (changed, changed))

    def _is_bomb_in_all(self) -> bool:
        """Many small bombs make a large one; of a whole course's zip each entry is looked at alone."""
        alone = self._most_bytes <= TOTAL_BYTES
        return alone and self._total > RATIO_FROM_BYTES and self._total > RATIO * max(self._source.stat().st_size, 1)

    def _trick(self, name: str, parts: tuple[str, ...]) -> str:
        """What is wrong with a path that leads elsewhere, or that cannot be written."""
        elsewhere = name.startswith(("/", "\\")) or ".." in parts or parts[0][1:2] == ":"
        if elsewhere or any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
            return f"{self._source.name} holds a file whose path is not allowed ({name[:100]!a}). {_AGAIN}"
        if len(parts) > DEPTH_LIMIT + 2:
            return f"{self._source.name} nests folders more than {DEPTH_LIMIT} deep. Hand in the notebook in a plain folder."
        return ""


def _said(error: BaseException) -> str:
    return "it is locked with a password" if "password" in str(error) else f"it is damaged or of an unknown kind ({error})"


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; one that was written as UTF-8 without saying so, as macOS does, is read as it was meant."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _short(part: str) -> str:
    """A name that the system can write: the middle of one that is too long gives way to a checksum."""
    content = part.encode("utf-8", "replace")
    if len(content) <= NAME_BYTES:
        return part
    end = Path(part).suffix.encode("utf-8", "replace")[-20:]
    mark = f"~{hashlib.sha256(content).hexdigest()[:8]}".encode()
    return content[: NAME_BYTES - len(end) - len(mark) - 20].decode("utf-8", "ignore") + (mark + end).decode("utf-8", "ignore")


def _is_special(entry: zipfile.ZipInfo) -> bool:
    return stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _is_huge(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> bool:
    """Whether it is larger than what is graded, beside the notebook: weights, data."""
    return entry.file_size > FILE_BYTES and not parts[-1].lower().endswith(".ipynb")


def _free(place: Path, twice: dict[Path, int]) -> Path:
    """The place itself, or one beside it when the zip holds the same name twice; `twice` counts how often that was so."""
    free = place
    while free.exists():
        number = twice[place] = twice.get(place, 1) + 1
        stem = place.stem.encode("utf-8", "replace")[: NAME_BYTES - 20].decode("utf-8", "ignore")
        free = place.with_name(f"{stem}-{number}{place.suffix[:12]}")
    return free
