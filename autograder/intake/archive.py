"""Unpacks a zip that others made.

Receives a zip file and a folder of our own; writes its plain files there. Raises `SubmissionError` for what is damaged, locked with a
password, too large or would write outside the folder. Links and special files are left packed and their names returned.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake.folder import DEPTH_LIMIT, FILE_LIMIT, is_noise

TOTAL_BYTES = 4_000_000_000
FILE_BYTES = 200_000_000
RATIO = 200  # of a bomb; executed notebooks shrink to a tenth at best
RATIO_FROM_BYTES = 50_000_000  # small things may shrink as they like
_CHUNK = 1 << 20
_AGAIN = "Zip the files again and hand that in."


def unpack(source: Path, target: Path) -> tuple[str, ...]:
    """Unpack `source` into the new folder `target`; returns the names of entries that were left packed."""
    target.mkdir(parents=True)
    try:
        with zipfile.ZipFile(source) as packed:
            return _unpack(packed, source, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, ValueError) as error:
        said = "it is locked with a password" if "password" in str(error) else f"it is damaged or of an unknown kind ({error})"
        raise SubmissionError(f"{source.name} cannot be unpacked: {said}. {_AGAIN}") from None
    except OSError as error:
        raise SubmissionError(f"{source.name} cannot be unpacked: {error.strerror or error}. {_AGAIN}") from None


def _unpack(packed: zipfile.ZipFile, source: Path, target: Path) -> tuple[str, ...]:
    entries = packed.infolist()
    if len(entries) > FILE_LIMIT:
        raise SubmissionError(f"{source.name} holds {len(entries):,} files, and at most {FILE_LIMIT:,} are unpacked. Split it.")
    left, total, packed_bytes = [], 0, max(source.stat().st_size, 1)
    for entry in entries:
        parts = _parts(entry.filename, source)
        if not parts or any(map(is_noise, parts)):
            continue
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            left.append("/".join(parts))
            continue
        place = target.joinpath(*parts)
        if entry.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        total = _write(packed, entry, _free(place), total, packed_bytes, source)
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


def _parts(name: str, source: Path) -> tuple[str, ...]:
    """The entry's path below the target folder, as parts."""
    path = name.replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    tricky = path.startswith("/") or ".." in parts or ":" in (parts[0][1:2] if parts else "") or any(not c.isprintable() for c in path)
    if tricky or any(len(part.encode("utf-8", "replace")) > 240 for part in parts):
        raise SubmissionError(f"{source.name} holds a file whose path is not allowed ({name[:100]!a}). {_AGAIN}")
    if len(parts) > DEPTH_LIMIT + 2:
        raise SubmissionError(f"{source.name} nests folders more than {DEPTH_LIMIT} deep. Hand in the notebook in a plain folder.")
    return parts


def _free(place: Path) -> Path:
    """The place itself, or one beside it when the zip holds the same name twice."""
    number = 1
    free = place
    while free.exists():
        number += 1
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
    return free
