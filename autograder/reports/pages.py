"""What the two pages share: a report laid out as cards, and the templates' environment.

Every value that a template prints is cleaned and then escaped, whoever wrote it; only what `markdown`, `chart` and the
templates' own macros make is taken as HTML.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from autograder.model.grading import CheckResult, GradeReport, ManualItem, Mark, Outcome, Question, Score, Status
from autograder.reports import words
from autograder.reports.charts import chart
from autograder.reports.cleaning import clean, clean_each, one_line
from autograder.reports.markdown import render as markdown
from autograder.reports.pictures import Pictures, panel, pictures

LONGEST_SENTENCE = 1_500
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Group:
    """The checks of one question that rest on the same kind of evidence."""

    kind: words.EvidenceKind
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one question."""

    question: Question
    score: Score
    verdict: words.Verdict
    groups: tuple[Group, ...]
    manual: tuple[ManualItem, ...]
    pictures: Pictures
    marks: Mapping[str, Mark]
    given: int  # by people, in hundredths
    waiting: int


@dataclass(frozen=True, slots=True)
class Tile:
    """How many checks that rest on one kind of evidence passed, of all that do."""

    kind: words.EvidenceKind
    passed: int
    all: int


@dataclass(frozen=True, slots=True)
class Ring:
    """The shares of all points, in percent: earned, not earned, waiting for a person."""

    earned: float  # automatically and by people
    missing: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Page:
    report: GradeReport
    cards: tuple[Card, ...]
    tiles: tuple[Tile, ...]
    ring: Ring
    rejected: bool
    tracebacks: tuple[str, ...]  # one a cell, together no longer than a page can show


def page(report: GradeReport) -> Page:
    """Lay a report out. Of a rejected submission there is nothing to show but why."""
    rejected = report.status is Status.REJECTED
    cards = () if rejected else tuple(_card(report, question) for question in report.questions)
    tiles = (
        () if rejected else tuple(tile for kind in words.evidence_kinds(report.run.mode) if (tile := _tile(report, kind)).all and kind.name)
    )
    return Page(report, cards, tiles, _ring(report), rejected, tuple(clean_each(cell.traceback for cell in report.cells)))


def render(template: str, report: GradeReport) -> str:
    """The named template filled with the report."""
    return environment().get_template(template).render(page=page(report), report=report)


@functools.cache
def environment() -> jinja2.Environment:
    """Templates with escaping on, undefined names refused, and every printed value cleaned."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Callable[..., object]] = {
        "points": words.points,
        "count": words.count,
        "detail": clean,
        "brief": lambda text: clean(text, longest=LONGEST_SENTENCE),
        "sentence": words.check_sentence,
        "mode": words.mode,
        "outcome": lambda outcome: words.OUTCOMES[outcome],
        "line": lambda text, longest=300: one_line(text, longest=longest),
        "markdown": markdown,
        "chart": chart,
        "panel": panel,
        "excerpt": lambda text, longest: clean(text, longest=longest),
    }
    made.filters.update(filters)
    return made


def _cleaned(value: object) -> object:
    return clean(value, longest=2_000_000) if isinstance(value, str) and not isinstance(value, Markup) else value


def _card(report: GradeReport, question: Question) -> Card:
    checks = tuple(check for check in report.checks if check.spec.question == question.number)
    manual = tuple(item for item in report.manual if item.spec.question == question.number)
    score = report.scores[question.number]
    named = {kind.name for kind in words.EVIDENCE}
    kinds = {check.spec.id: check.spec.evidence if check.spec.evidence in named else "" for check in checks}
    groups = tuple(
        Group(kind, members)
        for kind in words.evidence_kinds(report.run.mode)
        if (members := tuple(check for check in checks if kinds[check.spec.id] == kind.name))
    )
    given = report.given(question.number)
    waiting = sum(spec.points for spec in report.left_to_people if spec.question == question.number and spec.id not in report.marks)
    return Card(
        question,
        score,
        words.question_verdict(score, checks, manual, marked=not waiting),
        groups,
        manual,
        pictures(report.figures.get(question.number, ())),
        report.marks,
        given,
        waiting,
    )


def _tile(report: GradeReport, kind: words.EvidenceKind) -> Tile:
    checks = [check for check in report.checks if check.spec.evidence == kind.name]
    return Tile(kind, sum(check.outcome is Outcome.PASSED for check in checks), len(checks))


def _ring(report: GradeReport) -> Ring:
    possible = report.score.possible
    parts = (report.earned, possible - report.waiting - report.earned, report.waiting)
    return Ring(*(round(100 * part / max(possible, 1), 2) for part in parts))
