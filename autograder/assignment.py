"""Reads an assignment file: what is asked, what is replayed at which scale, and where its checks, probes and data are.

Returns a frozen `Assignment`; raises `AssignmentError`, naming file and key, when the file is missing, unreadable or wrong.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveInt, ValidationError

from autograder.errors import AssignmentError
from autograder.model.grading import Question

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Strict):
    """What one submission may use."""

    budget_seconds: PositiveInt
    cell_seconds: PositiveInt
    memory_mb: PositiveInt
    output_kb: PositiveInt


class Replay(_Strict):
    """The scale of the replay: sizes of the staged data, top-level constants, arguments of the student's own classes."""

    data: dict[str, PositiveInt] = Field(default_factory=dict)
    constants: dict[str, float] = Field(default_factory=dict)
    arguments: dict[str, dict[str, PositiveInt]] = Field(default_factory=dict)


class Full(_Strict):
    """What one submission may use where all is computed, and how: questions that run `together`, and what the reference trains beside.

    `data` are sizes of the staged data, all of it where it says nothing; `reference` is a module that trains
    `figures` beside (see `beside_process`), for no more than `epochs`.
    """

    budget_seconds: PositiveInt
    cell_seconds: PositiveInt
    memory_mb: PositiveInt
    output_kb: PositiveInt = 8192
    definitions_seconds: PositiveInt = 1800
    threads: PositiveInt = 1
    data: dict[str, PositiveInt] = Field(default_factory=dict)
    together: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    figures: tuple[str, ...] = ()
    epochs: PositiveInt | None = None


class Judge(_Strict):
    """What the processes that judge have imported before they are forked: modules that are slow to import."""

    preload: tuple[str, ...] = ()


class LatePolicy(_Strict):
    """What is taken off for each begun day after the deadline. Percents are of all points of the assignment, as Canvas counts them."""

    due: AwareDatetime | None = None
    grace_minutes: NonNegativeFloat = 0.0
    points_per_day: NonNegativeFloat = 0.0
    percent_per_day: NonNegativeFloat = 0.0
    most_points: NonNegativeFloat | None = None
    most_percent: NonNegativeFloat | None = None


class _Section(_Strict):
    question: str
    title: str


class Assignment(_Strict):
    """An assignment file. Its paths are relative to `root`, which is relative to the file."""

    root: Path
    name: str
    version: str
    template: Path
    checks: Path
    course: Path
    data: str
    probes: str
    public: str = ""
    recording: str = ""
    limits: Limits
    replay: Replay
    full: Full | None = None
    judge: Judge = Judge()
    late: LatePolicy | None = None
    given: tuple[Path, ...] = ()  # notebooks besides the template that everybody was given, such as lectures
    sections: tuple[_Section, ...]

    def budget_seconds(self, mode: str) -> int:
        """What one submission may take in this mode unless the settings say otherwise."""
        return self.full.budget_seconds if mode == "full" and self.full else self.limits.budget_seconds

    @property
    def hidden_folders(self) -> tuple[Path, ...]:
        """What no student may read: the checks, and the reference, beside which the course's code lies that kernels get a copy of."""
        return (self.checks_folder, self.course_folder.parent)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(Question(section.question, section.title) for section in self.sections)

    @property
    def checks_folder(self) -> Path:
        return self.root / self.checks

    @property
    def course_folder(self) -> Path:
        return self.root / self.course

    @property
    def template_path(self) -> Path:
        return self.root / self.template

    @property
    def given_paths(self) -> tuple[Path, ...]:
        """Notebooks whose text is nobody's own."""
        return (self.template_path, *(self.root / path for path in self.given))

    def module(self, name: str) -> ModuleType:
        """Import one of the assignment's own modules, such as `data` or `probes`."""
        if str(self.root) not in sys.path:
            sys.path.insert(0, str(self.root))
        return importlib.import_module(name)


def late_policy(policy: LatePolicy | None, changes: str) -> LatePolicy | None:
    """The policy with what an option says, such as `due=2026-05-01T23:59+03:00 percent_per_day=10`."""
    if not changes.strip():
        return policy
    pairs = [part.partition("=") for part in changes.split()]
    try:
        return LatePolicy.model_validate({**(policy.model_dump() if policy else {}), **{key: value for key, _, value in pairs}})
    except ValidationError as error:
        first = error.errors()[0]
        raise AssignmentError(f"--late: {'.'.join(map(str, first['loc']))}: {first['msg']}. Mend this key.") from error


def load(path: Path) -> Assignment:
    """Read the assignment file at `path`."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AssignmentError(f"{path}: the assignment file cannot be read ({error.strerror}). Name one with --assignment.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: not a TOML file ({error}). Mend the line it names.") from error
    values["root"] = (path.parent / values.get("root", "..")).resolve()
    try:
        assignment = Assignment.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise AssignmentError(f"{path}: {key}: {first['msg']}. Mend this key.") from error
    for key, folder in (
        ("checks", assignment.checks_folder),
        ("course", assignment.course_folder),
        ("template", assignment.template_path),
        *(("given", path) for path in assignment.given_paths),
    ):
        if not folder.exists():
            raise AssignmentError(f"{path}: {key}: {folder} does not exist. Mend this key.")
    return assignment
