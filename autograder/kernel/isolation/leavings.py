"""Removes what student code has written, however it is nested, and what graders that were killed have left."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

_PREFIX = "ag-"


def owned_prefix() -> str:
    """What the name of a temporary folder of this process begins with: it tells whose the folder is, should the process be killed."""
    return f"{_PREFIX}{os.getpid()}-"


def sweep(place: Path) -> None:
    """Remove the folders in `place` whose processes are gone."""
    for folder in place.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        with suppress(FileNotFoundError):  # another grader may be removing it too
            if owner.isdigit() and not psutil.pid_exists(int(owner)) and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
                remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder and all in it, as far as that is possible; folders nested deeper than Python can follow too."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists() and (program := shutil.which("rm")):
        subprocess.run([program, "-rf", "--", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
