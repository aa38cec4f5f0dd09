"""What the store hands on: the runs of one results folder, and the grades that were given in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.model.execution import Json
from autograder.model.grading import GradeReport, Run


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One command that graded. `ended` is None while it goes on, and for good when it was killed.

    `settings` holds what is needed to run it again, `versions` the checksums of what its verdicts rest on besides the submissions.
    """

    number: int
    began: datetime
    ended: datetime | None
    paths: tuple[str, ...]
    settings: Mapping[str, Json]
    run: Run
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """That the function `id` (a check, an answer or a flag) was run: in which run, and the checksum of all that its result rests on."""

    id: str
    version: str
    run: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What a grade rests on, as checksums: the submission's files, its replay, what its pages show, and each judged function."""

    content: str
    evidence: str
    pages: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade as it was kept. `report` is without figures, outputs and the replayed notebook, which lie in the submission's folder."""

    number: int
    run: int
    given: datetime
    report: GradeReport
    basis: Basis = field(default_factory=lambda: Basis("", "", ""))
