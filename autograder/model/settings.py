"""How a run is to be graded, as it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Platform:
    """Gradescope, where a run happens there: the file that it reads, when students see hidden checks, what is said first.

    `leaderboard` holds a name and a figure for each entry; lower figures lead.
    """

    results: Path
    hidden_checks: str = "after_published"
    notice: str = ""
    leaderboard: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """How to grade. `mode` is replay, static or full; `device` auto, cpu or cuda; `data` a folder of data sets, None for the usual places.

    `isolation` is a tier or auto. Where there is a `platform`, its results.json is written besides.
    """

    out: Path
    mode: str = "replay"
    data: Path | None = None
    jobs: int = 1
    budget_seconds: int | None = None
    only: tuple[str, ...] = ()
    seed: int = 0
    isolation: str = "auto"
    device: str = "auto"
    resume: bool = True  # take from the results what has not changed since it was graded
    roster: Path | None = None
    late: str = ""  # changes to the late policy
    fill_canvas: Path | None = None
    canvas_column: str = ""
    canvas_whole: bool = False  # leave out scores of which points still wait for a person
    platform: Platform | None = None
