"""Which tiers this machine offers, tried and not believed, and the one that was asked for.

A tier that was asked for by name and is not to be had is an error that says what to do; there is never another in its place. `auto` takes
the strongest, whose name is in every report.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.errors import AssignmentError, HarnessError
from autograder.kernel.isolation import bubblewrap, calls, container
from autograder.kernel.isolation.plain import PlainProcess
from autograder.kernel.isolation.sandbox import Limits, Sandbox
from autograder.kernel.isolation.starting import ColdStart, Starter
from autograder.kernel.isolation.user import OwnUser
from autograder.kernel.isolation.walls import Walled, readable_paths
from autograder.kernel.start import empty_run_folder

TIERS = ("bubblewrap", "container", "user", "none")  # from the strongest


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a tier is to be had here; `reason` says why not and what to do."""

    tier: str
    available: bool
    reason: str = ""


def choose(asked: str, private: Sequence[Path] = ()) -> str:
    """The name of the tier to use; AssignmentError when the one asked for is not to be had. `private`: what a kernel must not read."""
    if asked == "auto":
        return next(tier for tier in TIERS if offer(tier, tuple(private)).available)
    found = offer(asked, tuple(private))
    if not found.available:
        raise AssignmentError(f"--isolation {asked}: {found.reason}")
    return asked


def sandbox(tier: str, starter: Starter | None = None, private: Sequence[Path] = ()) -> Sandbox:
    """A tier by its name, with kernels from `starter` or cold ones."""
    start = starter or ColdStart()
    match tier:
        case "bubblewrap":
            return Walled(tier, bubblewrap.put_up, start, calls.call_filter(network=True), tuple(private))
        case "container":
            return Walled(tier, container.put_up, start, calls.call_filter(network=True), tuple(private))
        case "user":
            return OwnUser(start, calls.call_filter(network=False), tuple(private))
        case "none":
            return PlainProcess(starter)
    raise AssignmentError(f"--isolation {tier}: there is no such tier; choose one of {', '.join(TIERS)}")


@cache
def offer(tier: str, private: tuple[Path, ...] = ()) -> Offer:
    """Try a tier, by starting a kernel in it and ending it again."""
    if tier == "none":
        return Offer(tier, True)
    missing = _missing(tier, private)
    if missing:
        return Offer(tier, False, missing)
    try:
        with empty_run_folder() as folder, sandbox(tier, private=private).room(folder, Limits()) as room:
            room.launch(["--help"]).end()
    except (HarnessError, OSError) as problem:  # a root that may do less than root, in a container, is refused by the system
        return Offer(tier, False, f"{problem}.{_ADVICE.get(tier, '')}")
    return Offer(tier, True)


_ADVICE = {
    "bubblewrap": " On Ubuntu 24.04 and later, programs without root need an AppArmor profile for bwrap; inside a container, use `user`.",
    "user": " Install Python and this program where every user may read them, not under /root.",
}


def _missing(tier: str, private: tuple[Path, ...]) -> str:
    if sys.platform != "linux":
        return "needs Linux; use --isolation none and trust what you run, or grade on a Linux machine."
    if tier == "bubblewrap" and bubblewrap.program() is None:
        return "bubblewrap is not installed; install the package `bubblewrap` of your distribution."
    if tier == "container" and container.engine() is None:
        return f"no container engine is installed; install {' or '.join(container.ENGINES)}."
    if tier in ("container", "user") and os.geteuid() != 0:
        return "needs root."
    if tier == "user" and not calls.available():
        return "libseccomp is missing; install `libseccomp2` and the Python package `pyseccomp`."
    for path in private if tier != "user" else ():
        within = next(
            (open_path for open_path in readable_paths() if open_path.resolve() in (path.resolve(), *path.resolve().parents)), None
        )
        if within is not None:
            return f"{path} lies in {within}, which every kernel may read; move it elsewhere."
    return ""
