"""Decides which data to use: a folder that was named, one that was downloaded before, or the embedded sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError
from reference.data.originals import FILES

VARIABLE = "HW4_DATA"
FULL_NAME = "multi30k+mnist"
SAMPLE_NAME = "embedded sample"


@dataclass(frozen=True, slots=True)
class Source:
    """Data that was found. `name` goes into every report; `folder` is None for the embedded sample."""

    name: str
    folder: Path | None = None


def where(environment: Mapping[str, str] | None = None) -> Path:
    """The cache folder: what `fetch` fills and `find` looks into."""
    cache = (environment or {}).get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "autograder" / "data"


def find(folder: Path | None, environment: Mapping[str, str]) -> Source:
    """The named `folder` (--data), else $HW4_DATA, else the cache folder when it is complete, else the embedded sample.

    AssignmentError when a folder was named that does not hold the data: then another one is hardly what was meant.
    """
    named = environment.get(VARIABLE)
    if folder is not None:
        return _named(folder, "--data")
    if named:
        return _named(Path(named), f"${VARIABLE}")
    if not list(missing(where(environment))):
        return Source(FULL_NAME, where(environment))
    return Source(SAMPLE_NAME)


def missing(folder: Path) -> Iterator[str]:
    """The names of the original files that `folder` lacks, packed or plain."""
    for file in FILES:
        if not file.path(folder).is_file() and not file.plain_path(folder).is_file():
            yield file.name


def _named(folder: Path, by: str) -> Source:
    if not folder.is_dir():
        raise AssignmentError(f"{folder}: {by} names a folder that does not exist. Name one that holds mnist/ and multi30k/, or none.")
    lacking = list(missing(folder))
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        raise AssignmentError(
            f"{folder}: {by} names a folder without {lacking[0]}{more}. Fill it with `python -m autograder data fetch`, or name another."
        )
    return Source(FULL_NAME, folder.resolve())
