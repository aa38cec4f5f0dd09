"""Removes what student code has written, however it is nested."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder and all in it, as far as that is possible; folders nested deeper than Python can follow too."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists() and (program := shutil.which("rm")):
        subprocess.run([program, "-rf", "--", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
