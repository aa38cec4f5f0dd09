"""Lists and reads files that others made, without following links or waiting at pipes.

Receives paths below a folder; returns plain listings and bytes. Links, pipes, sockets and devices are listed as such and never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import SubmissionError

DEPTH_LIMIT = 12
FILE_LIMIT = 20_000
_NOISE = {
    "__macosx",
    ".ds_store",
    "icon\r",
    "thumbs.db",
    "desktop.ini",
    ".ipynb_checkpoints",
    "__pycache__",
    ".git",
    ".venv",
    ".idea",
    ".vscode",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder itself. `odd` are links, pipes and the like; `problem` says why it could not be listed."""

    path: Path
    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    odd: tuple[Path, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Tree:
    """All files below a folder, by name relative to it."""

    files: dict[str, Path] = field(default_factory=dict)
    odd: dict[str, Path] = field(default_factory=dict)


def listed(path: Path, *, without: Path | None = None) -> Folder:
    """The entries of a folder in order of their names; system files, caches, checkpoints and the folder `without` are left out."""
    files, folders, odd = [], [], []
    try:
        with os.scandir(path) as entries:
            found = sorted((entry for entry in entries if not is_noise(entry.name)), key=lambda entry: (entry.name.lower(), entry.name))
        for entry in found:
            if entry.is_symlink():
                odd.append(path / entry.name)
            elif entry.is_dir(follow_symlinks=False):
                if path / entry.name != without:
                    folders.append(path / entry.name)
            elif entry.is_file(follow_symlinks=False):
                files.append(path / entry.name)
            else:
                odd.append(path / entry.name)
    except OSError as error:
        return Folder(path, problem=f"The folder {path.name} cannot be read ({error.strerror}). Check its permissions.")
    return Folder(path, tuple(files), tuple(folders), tuple(odd))


def tree(path: Path, *, without: Path | None = None) -> Tree:
    """All files below `path` but those in `without`. Raises SubmissionError for what is too deep, too much or unreadable."""
    found = Tree()
    for folder in _walk(path, 0, without):
        if folder.problem:
            raise SubmissionError(folder.problem)
        found.files.update((file.relative_to(path).as_posix(), file) for file in folder.files)
        found.odd.update((file.relative_to(path).as_posix(), file) for file in folder.odd)
        if len(found.files) > FILE_LIMIT:
            raise SubmissionError(f"{path.name} holds more than {FILE_LIMIT:,} files. Hand in the notebook and what it needs.")
    return found


def is_noise(name: str) -> bool:
    """Whether a file or folder is one that systems and editors leave behind."""
    return name.lower() in _NOISE or name.startswith("._")


def kind_of(path: Path) -> str:
    """What a path is, in a word for messages: file, folder, link, pipe, … or nothing where nothing is."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""
    kinds = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "folder"), (stat.S_ISLNK, "link"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"))
    return next((word for is_kind, word in kinds if is_kind(mode)), "device")


def size_of(path: Path) -> int:
    """The size of what lies there, in bytes; 0 where nothing does."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def modified(path: Path) -> float:
    """When the file was changed, in whole seconds since 1970 as zips know it; 0 where nothing lies."""
    try:
        return path.lstat().st_mtime // 2 * 2
    except OSError:
        return 0.0


def read_bytes(path: Path, *, limit: int) -> bytes | None:
    """The first `limit` + 1 bytes of a regular file; None when it is none or cannot be read."""
    try:
        # Neither a link nor a pipe put in the file's place since it was listed is followed or waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        try:
            return file.read(limit + 1) if stat.S_ISREG(os.fstat(handle).st_mode) else None
        except OSError:
            return None


def _walk(path: Path, depth: int, without: Path | None) -> Iterator[Folder]:
    if depth > DEPTH_LIMIT:
        raise SubmissionError(f"Folders are nested more than {DEPTH_LIMIT} deep at {path.name}. Hand in the notebook in a plain folder.")
    folder = listed(path, without=without)
    yield folder
    for inner in folder.folders:
        yield from _walk(inner, depth + 1, without)
