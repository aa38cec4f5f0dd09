"""Writes zips whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import AssignmentError

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the format knows no earlier time


def write_zip(path: Path, files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()) -> None:
    """Write `files` by name, whole or not at all: in the order of their names, without times and without owners."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, _EARLIEST)
                entry.create_system = 3  # says that the mode below is one
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if name in executable else 0o644) << 16
                archive.writestr(entry, files[name])
        os.replace(unfinished, path)
    except OSError as error:
        raise AssignmentError(f"{path}: the package cannot be written there ({error.strerror}). Name another file with -o.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` into a folder, as one that unpacks the zip has them."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
