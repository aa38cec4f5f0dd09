"""Keeps how a submission was replayed, so that it can be judged again without being replayed again.

One zip of JSON, arrays and files for each submission, below `.evidence` in the results folder; written whole or not at all, by the grader
alone. Nothing in it is unpickled. What cannot be read, or is of another version, counts as not kept.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
import zlib
from pathlib import Path

import numpy as np

from autograder.model.execution import Execution
from autograder.store.typed import Parts, Unreadable, dump, load

FOLDER = ".evidence"
LARGEST_MB = 256
_DESCRIPTION = "execution.json"
_LEVEL = 1  # arrays of measurements hardly shrink further, whatever time is spent on them


class Chapters:
    """Where the finished chapters of one submission are kept until all are, in full mode."""

    def __init__(self, out: Path, id: str, version: str, *, resume: bool) -> None:
        self._folder, self._version, self._resume = out / FOLDER / "chapters" / id, version, resume
        self._kept = EvidenceFolder(self._folder, "")

    def read(self, number: int) -> Execution | None:
        """What was kept of a chapter, if it is of this version and may be used."""
        return self._kept.read(str(number), self._version) if self._resume else None

    def keep(self, number: int, execution: Execution) -> None:
        """Keep a chapter."""
        self._kept.keep(str(number), execution, self._version)

    def clear(self) -> None:
        """Remove them all: the whole is kept elsewhere."""
        shutil.rmtree(self._folder, ignore_errors=True)


class EvidenceFolder:
    """The kept executions of one results folder."""

    def __init__(self, out: Path, folder: str = FOLDER) -> None:
        self._folder = out / folder

    def keep(self, id: str, execution: Execution, version: str) -> None:
        """Keep the execution of a submission in place of an earlier one; one that is too large is not kept."""
        parts = Parts()
        description = json.dumps({"version": version, "execution": dump(execution, parts)}).encode()
        size = len(description) + sum(array.nbytes for array in parts.arrays.values()) + sum(map(len, parts.files.values()))
        path = self._path(id)
        if size > LARGEST_MB << 20:
            path.unlink(missing_ok=True)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                archive.writestr(_DESCRIPTION, description)
                for name, array in parts.arrays.items():
                    packed = io.BytesIO()
                    np.lib.format.write_array(packed, array, allow_pickle=False)
                    archive.writestr(f"arrays/{name}", packed.getvalue())
                for name, content in parts.files.items():
                    archive.writestr(f"files/{name}", content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)

    def holds(self, id: str) -> bool:
        """Whether there is an execution of a submission, of whatever version."""
        return self._path(id).is_file()

    def read(self, id: str, version: str) -> Execution | None:
        """The kept execution of a submission, if it is of this version."""
        try:
            with zipfile.ZipFile(self._path(id)) as archive:
                if sum(member.file_size for member in archive.infolist()) > LARGEST_MB << 21:
                    return None
                kept = json.loads(archive.read(_DESCRIPTION))
                if kept["version"] != version:
                    return None
                parts = Parts()
                for name in archive.namelist():
                    kind, _, number = name.partition("/")
                    if kind == "arrays":
                        parts.arrays[number] = np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                    elif kind == "files":
                        parts.files[number] = archive.read(name)
            return load(Execution, kept["execution"], parts)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, NotImplementedError, Unreadable):
            return None

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.zip"
