"""What checks, score and reports exchange: specifications, results, and the report of one submission.

Points are integers in hundredths of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from autograder.model.execution import CellRun, Json
from autograder.model.submission import NOT_RECORDED, Figure, Received


class Visibility(Enum):
    VISIBLE = "visible"
    HIDDEN = "hidden"


class Outcome(Enum):
    PASSED = "passed"
    FAILED = "failed"  # the student's work is wrong
    REVIEW = "review"  # the evidence cannot decide: a person does
    ERROR = "error"  # the harness failed: ours
    NOT_RUN = "not_run"  # never judged, with the cause named

    @property
    def is_left_to_a_person(self) -> bool:
        """Whether its points wait for a person instead of being lost."""
        return self in (Outcome.REVIEW, Outcome.ERROR)


@dataclass(frozen=True, slots=True)
class Curve:
    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A range of values to hold a curve against, for instance the reference's recorded runs."""

    label: str
    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A small grey image: rows of values, black at 0 and white at 1."""

    caption: str
    pixels: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Something to look at beside a check's sentence: images, or curves over a band. Staff see those marked `hidden`."""

    title: str
    panels: tuple[Panel, ...] = ()
    curves: tuple[Curve, ...] = ()
    band: Band | None = None
    x_label: str = ""
    y_label: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A planned check. `title` is the first line of its docstring."""

    id: str
    question: str
    title: str
    points: int
    visibility: Visibility
    evidence: str = ""  # reported, replayed or probed: what the check rests on


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`sentence` is for the student; `detail` (tracebacks, numbers that would give an answer away) is for staff.

    `seconds` are of CPU time.
    """

    spec: CheckSpec
    outcome: Outcome
    sentence: str
    detail: str = ""
    exhibits: tuple[Exhibit, ...] = ()
    seconds: float = 0.0

    @property
    def earned(self) -> int:
        return self.spec.points if self.outcome is Outcome.PASSED else 0


@dataclass(frozen=True, slots=True)
class ManualSpec:
    """A planned mark by a person. `title` says what to judge."""

    id: str
    question: str
    title: str
    points: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Every check and every mark by a person, in file and source order, fixed before anything runs."""

    checks: tuple[CheckSpec, ...]
    manual: tuple[ManualSpec, ...]


@dataclass(frozen=True, slots=True)
class ManualItem:
    spec: ManualSpec
    answer_found: bool
    answer_markdown: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gave for something that was left to one, in hundredths of a point, and what they want the student to read."""

    points: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something for a person to know. It never costs points. `cell` is a notebook index, or None; `source` the function that raised it."""

    id: str
    sentence: str
    cell: int | None = None
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    number: str
    title: str
    prompts: tuple[str, ...] = ()  # paragraphs of the homework's own text that tell this question from the others


class Status(Enum):
    GRADED = "graded"
    REJECTED = "rejected"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True, slots=True)
class Score:
    """Of one question or of all. `manual_possible` includes the points of automatic checks that were left to a person."""

    auto_earned: int
    auto_possible: int
    manual_possible: int

    @property
    def possible(self) -> int:
        return self.auto_possible + self.manual_possible


@dataclass(frozen=True, slots=True)
class Run:
    """How a submission was graded: everything that the verdict depends on besides the submission."""

    mode: str
    device: str
    data: str
    isolation: str
    seed: int
    assignment: str
    assignment_version: str


@dataclass(frozen=True, slots=True)
class GradeReport:
    """All that is known about one graded or rejected submission."""

    id: str
    student: str
    notebook: str
    sha256: str
    files: tuple[str, ...]
    status: Status
    reason: str
    run: Run
    questions: tuple[Question, ...]
    score: Score
    scores: Mapping[str, Score]
    checks: tuple[CheckResult, ...]
    manual: tuple[ManualItem, ...]
    flags: tuple[Flag, ...]
    cells: tuple[CellRun, ...] = ()
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)  # the stored figures of each question
    notes: tuple[str, ...] = ()  # what was scaled, skipped, fast-forwarded
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0
    replayed_notebook: bytes = field(default=b"", repr=False)
    log: tuple[str, ...] = ()
    received: Received = NOT_RECORDED
    determinism: Mapping[str, Json] = field(default_factory=dict)  # what was asked of torch so that the numbers are the same each time
    marks: Mapping[str, Mark] = field(default_factory=dict)  # by the id of a manual item or a check

    @property
    def left_to_people(self) -> tuple[ManualSpec | CheckSpec, ...]:
        """What a person marks: the answers, and the checks that could not decide. Their points are the score's `manual_possible`."""
        return (*(item.spec for item in self.manual), *(check.spec for check in self.checks if check.outcome.is_left_to_a_person))

    @property
    def waiting(self) -> int:
        """The points of what still waits for a mark."""
        return sum(spec.points for spec in self.left_to_people if spec.id not in self.marks)

    @property
    def earned(self) -> int:
        """All points that were given so far, by checks and by people."""
        return self.score.auto_earned + self.given()

    def given(self, question: str = "") -> int:
        """The points that people gave, in all or for one question. A mark for what a check has decided since does not count."""
        asked = (spec for spec in self.left_to_people if question in ("", spec.question))
        return sum(self.marks[spec.id].points for spec in asked if spec.id in self.marks)
