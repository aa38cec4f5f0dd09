"""Unpacks a zip that others made.

Receives a zip file and a folder of our own; writes its plain files there. Raises `SubmissionError` for what is damaged, locked with a
password, too large or would write outside the folder. Links, special files and very large files beside the notebook are left packed and
their names returned.
"""

from __future__ import annotations

import lzma
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake.folder import DEPTH_LIMIT, FILE_LIMIT, is_noise

TOTAL_BYTES = 4_000_000_000
FILE_BYTES = 200_000_000
RATIO = 200  # of a bomb; executed notebooks shrink to a tenth at best
RATIO_FROM_BYTES = 50_000_000  # small things may shrink as they like
NAME_BYTES = 255  # of a file or folder; more than that no system can write
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


def unpack(source: Path, target: Path) -> tuple[str, ...]:
    """Unpack `source` into the new folder `target`; returns the names of entries that were left packed."""
    target.mkdir(parents=True)
    try:
        with zipfile.ZipFile(source) as packed:
            return _unpack(packed, source, target)
    except _DAMAGED as error:
        said = "it is locked with a password" if "password" in str(error) else f"it is damaged or of an unknown kind ({error})"
        raise SubmissionError(f"{source.name} cannot be unpacked: {said}. {_AGAIN}") from None
    except OSError as error:
        raise SubmissionError(f"{source.name} cannot be unpacked: {error.strerror or error}. {_AGAIN}") from None


def _unpack(packed: zipfile.ZipFile, source: Path, target: Path) -> tuple[str, ...]:
    entries = packed.infolist()
    if len(entries) > FILE_LIMIT:
        raise SubmissionError(f"{source.name} holds {len(entries):,} files, and at most {FILE_LIMIT:,} are unpacked. Split it.")
    left, total, packed_bytes = [], 0, max(source.stat().st_size, 1)
    twice: dict[Path, int] = {}
    for entry in entries:
        parts = tuple(part for part in entry.filename.replace("\\", "/").split("/") if part not in ("", "."))
        if not parts or any(map(is_noise, parts)):
            continue
        _refuse_tricks(entry.filename, parts, source)
        mode = entry.external_attr >> 16
        huge = entry.file_size > FILE_BYTES and not parts[-1].lower().endswith(".ipynb")
        if huge or stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            left.append("/".join(parts))
            continue
        place = target.joinpath(*parts)
        if entry.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        total = _write(packed, entry, _free(place, twice), total, packed_bytes, source)
    return tuple(left)


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, total: int, packed_bytes: int, source: Path) -> int:
    """Write one file, counting what really comes out, since the sizes that a zip states may lie."""
    size = 0
    with packed.open(entry) as stream, place.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            total += len(chunk)
            if size > FILE_BYTES or total > TOTAL_BYTES or (total > RATIO_FROM_BYTES and total > RATIO * packed_bytes):
                raise SubmissionError(f"{source.name} unpacks to far more than a homework needs (at {entry.filename[:100]}). {_AGAIN}")
            file.write(chunk)
    return total


def _refuse_tricks(name: str, parts: tuple[str, ...], source: Path) -> None:
    """Raise SubmissionError for a path that leads elsewhere, or that cannot be written."""
    elsewhere = name.startswith(("/", "\\")) or ".." in parts or parts[0][1:2] == ":"
    unwritable = any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
    if elsewhere or unwritable or any(len(part.encode("utf-8", "replace")) > NAME_BYTES for part in parts):
        raise SubmissionError(f"{source.name} holds a file whose path is not allowed ({name[:100]!a}). {_AGAIN}")
    if len(parts) > DEPTH_LIMIT + 2:
        raise SubmissionError(f"{source.name} nests folders more than {DEPTH_LIMIT} deep. Hand in the notebook in a plain folder.")


def _free(place: Path, twice: dict[Path, int]) -> Path:
    """The place itself, or one beside it when the zip holds the same name twice; `twice` counts how often that was so."""
    free = place
    while free.exists():
        number = twice[place] = twice.get(place, 1) + 1
        stem = place.stem.encode("utf-8", "replace")[: NAME_BYTES - 20].decode("utf-8", "ignore")
        free = place.with_name(f"{stem}-{number}{place.suffix[:12]}")
    return free
