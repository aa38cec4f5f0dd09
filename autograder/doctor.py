"""What this machine offers for grading: one line each, with what to do about what is missing.

Receives the places that grading would use and returns lines; changes nothing but temporary files.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import psutil

from autograder.devices import gpus_of
from autograder.kernel.isolation.choice import TIERS, choose, offer

_SUPPORTED = ((3, 10), (3, 14))
_MEMORY_A_JOB_GB = 1.5  # a replay and its judge, seen on the seed-sized homework: 1.1 GB
_DISK_GB = 2.0


class Health(Enum):
    GOOD = "good"
    MISSING = "missing"  # grading works, but not all of it or not as well
    BROKEN = "broken"  # grading does not work


@dataclass(frozen=True, slots=True)
class Line:
    """`advice` is empty where there is nothing to do."""

    subject: str
    health: Health
    said: str
    advice: str = ""


def examine(
    requirements: Path, data_name: str, data_folder: Path | None, jobs: int, environment: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """All lines, in the order in which one would put things right. `requirements` is the list of pinned packages."""
    yield _python()
    yield _packages(requirements)
    yield _graphics(environment or {})
    yield from _isolation()
    yield _data(data_name, data_folder)
    yield _memory(jobs)
    yield _disk()


def _python() -> Line:
    version = platform.python_version()
    if _SUPPORTED[0] <= sys.version_info[:2] < _SUPPORTED[1]:
        return Line("Python", Health.GOOD, f"{version}, {sys.executable}")
    return Line("Python", Health.BROKEN, version, "Install Python 3.10 to 3.13 and name it: PYTHON=/path/to/python3.11 ./grade.sh")


def _packages(requirements: Path) -> Line:
    """Whether what is installed is what was tested together."""
    pinned = (
        re.findall(r"^([\w.-]+)==([^\s;]+)\s*$", requirements.read_text(encoding="utf-8"), re.MULTILINE) if requirements.exists() else []
    )
    wrong = [
        f"{name} {_version(name) or 'absent'} (tested with {version})" for name, version in pinned if not _same(_version(name), version)
    ]
    if not pinned:
        advice = "Grade from a checkout of this program."
        return Line("Packages", Health.MISSING, f"{requirements.name} is not here, so versions cannot be compared", advice)
    if wrong:
        return Line("Packages", Health.MISSING, ", ".join(wrong[:5]), f"Install the pinned ones: pip install -r {requirements.name}")
    return Line("Packages", Health.GOOD, f"{len(pinned)} as pinned, torch {_version('torch')}")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _same(installed: str | None, pinned: str) -> bool:
    """Builds of one version, such as torch's for the processor, are the same here."""
    return installed is not None and installed.split("+")[0] == pinned.split("+")[0]


def _graphics(environment: Mapping[str, str]) -> Line:
    found = gpus_of(environment)
    if found:
        named = ", ".join(f"{gpu.name} with {gpu.total_mb / 1024:.0f} GB" for gpu in found)
        return Line("GPU", Health.GOOD, f"{named}; --mode full computes on {'it' if len(found) == 1 else 'them'}")
    return Line("GPU", Health.GOOD, "none; none is needed, grading replays at a small scale on the processor")


def _isolation() -> Iterator[Line]:
    for tier in TIERS[:-1]:
        found = offer(tier)
        yield Line(
            f"Isolation: {tier}", Health.GOOD if found.available else Health.MISSING, "works" if found.available else "no", found.reason
        )
    best = choose("auto")
    if best == "none":
        advice = "Student code would run as yourself, with your files and your network; grade only what you trust."
        yield Line("Isolation: auto", Health.MISSING, "none", advice)
    else:
        yield Line("Isolation: auto", Health.GOOD, f"takes {best}")


def _data(name: str, folder: Path | None) -> Line:
    if folder is None:
        advice = "Grading works; for the real MNIST and Multi30k: python -m autograder data fetch"
        return Line("Data", Health.MISSING, f"{name}, made by this program", advice)
    return Line("Data", Health.GOOD, f"{name} in {folder}")


def _memory(jobs: int) -> Line:
    free = psutil.virtual_memory().available / 1e9
    said = f"{free:.1f} GB free, {jobs} at a time need about {jobs * _MEMORY_A_JOB_GB:.1f} GB"
    if free < jobs * _MEMORY_A_JOB_GB:
        return Line("Memory", Health.MISSING, said, f"Grade fewer at a time: --jobs {max(1, int(free / _MEMORY_A_JOB_GB))}")
    return Line("Memory", Health.GOOD, said)


def _disk() -> Line:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free / 1e9
    advice = "" if free >= _DISK_GB else "Make room there, or name another place: TMPDIR=/path"
    return Line("Disk", Health.GOOD if free >= _DISK_GB else Health.MISSING, f"{free:.0f} GB free in {folder}", advice)
