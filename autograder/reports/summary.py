"""summary.html and similarity.html: the course on the morning after, for whoever teaches it.

Both are pages like the others: one file, offline, no script. Every number leads to a list of the submissions that it counts, and every
submission there to its staff report.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from autograder.model.grading import CheckResult, CheckSpec, GradeReport, Outcome, Status
from autograder.model.similarity import Similarities
from autograder.reports.pages import environment
from autograder.reports.words import count, points

_BINS = 22  # bars at most
_SLOWEST = 10
_WIDTH, _HEIGHT, _BOTTOM, _TOP, _LEFT = 720, 240, 34, 18, 8
_SHOWN_PAIRS = 60  # side by side; the others are named
_LONGEST = 3_000  # characters of one side of a passage


@dataclass(frozen=True, slots=True)
class Listed:
    """Some submissions under a heading, at a place of the page that numbers link to."""

    anchor: str
    heading: str
    reports: tuple[GradeReport, ...]

    def __len__(self) -> int:
        return len(self.reports)


@dataclass(slots=True)
class Lists:
    """All lists of the page, in the order in which they were asked for."""

    made: list[Listed] = field(default_factory=list)

    def of(self, heading: str, reports: Iterable[GradeReport]) -> Listed:
        listed = Listed(f"l{len(self.made)}", heading, tuple(reports))
        self.made.append(listed)
        return listed


@dataclass(frozen=True, slots=True)
class Row:
    """How one check came out; shares are of the submissions that could be read."""

    spec: CheckSpec
    passed: Listed
    failed: Listed
    waiting: Listed
    not_run: Listed

    @property
    def missed(self) -> int:
        return len(self.failed) + len(self.not_run)

    @property
    def rate(self) -> float:
        whole = len(self.passed) + self.missed + len(self.waiting)
        return 100 * len(self.passed) / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Question:
    number: str
    title: str
    average: float  # percent of the automatic points that were decided
    answers: Listed  # that a person marks
    no_answer: Listed
    left: Listed  # of which a check was left to a person


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the distribution: its submissions, and from how many points to how many."""

    listed: Listed
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Summary:
    assignment: str
    version: str
    run: str
    all: Listed
    graded: Listed
    rejected: Listed
    failed_on_us: Listed
    late: Listed
    mean: str
    median: str
    possible: str
    bars: tuple[Bar, ...]
    chart: Markup
    rows: tuple[Row, ...]
    questions: tuple[Question, ...]
    flags: tuple[tuple[Listed, str], ...]
    slowest: tuple[GradeReport, ...]
    similarities: Similarities
    said: tuple[str, ...]
    lists: tuple[Listed, ...]
    seconds: float


def render(reports: Sequence[GradeReport], similarities: Similarities, said: Sequence[str] = ()) -> str:
    """summary.html as text. `said` is what the run had to say of the files that it filled."""
    return environment().get_template("summary.html").render(summary=summarised(reports, similarities, tuple(said)))


def render_pairs(reports: Sequence[GradeReport], similarities: Similarities) -> str:
    """similarity.html as text: each pair with its passages side by side, the most alike first."""
    shown = [pair for pair in similarities.pairs if pair.passages][:_SHOWN_PAIRS]
    rest = [pair for pair in similarities.pairs if pair not in shown]
    assignment = reports[0].run.assignment if reports else ""
    template = environment().get_template("similarity.html")
    return template.render(similarities=similarities, shown=shown, rest=rest, assignment=assignment, longest=_LONGEST)


def summarised(reports: Sequence[GradeReport], similarities: Similarities, said: tuple[str, ...]) -> Summary:
    """Everything on the page, counted."""
    lists = Lists()
    graded = [report for report in reports if report.status is Status.GRADED]
    readable = [report for report in reports if report.status is not Status.REJECTED]
    earned = [report.score.auto_earned for report in graded]
    bars = tuple(_bars(graded, lists))
    first = reports[0].run if reports else None
    return Summary(
        assignment=first.assignment if first else "",
        version=first.assignment_version if first else "",
        run=f"{first.mode}, {first.device}, data: {first.data}, isolation: {first.isolation}, seed {first.seed}" if first else "",
        all=lists.of("All submissions", reports),
        graded=lists.of("Graded", graded),
        rejected=lists.of("Could not be graded", (report for report in reports if report.status is Status.REJECTED)),
        failed_on_us=lists.of("The grader itself failed", (report for report in reports if report.status is Status.NEEDS_REVIEW)),
        late=lists.of("Late", (one for one in reports if one.received.marked_late or (one.received.late and one.received.late.days))),
        mean=points(round(statistics.fmean(earned))) if earned else "–",
        median=points(round(statistics.median(earned))) if earned else "–",
        possible=points(max((report.score.possible for report in reports), default=0)),
        bars=bars,
        chart=_chart(bars),
        rows=tuple(sorted(_rows(readable, lists), key=lambda row: (-row.missed, row.rate, row.spec.id))),
        questions=tuple(_questions(readable, lists)),
        flags=tuple(_flags(reports, lists)),
        slowest=tuple(sorted(readable, key=lambda report: -_seconds(report))[:_SLOWEST]),
        similarities=similarities,
        said=said,
        lists=tuple(listed for listed in lists.made if listed.reports),
        seconds=sum(map(_seconds, reports)),
    )


def _seconds(report: GradeReport) -> float:
    total = report.seconds.get("total", 0.0)
    return total if math.isfinite(total) else 0.0


def _bars(graded: Sequence[GradeReport], lists: Lists) -> Iterable[Bar]:
    """The automatic points in steps of a round size."""
    top = max((report.score.auto_earned for report in graded), default=0)
    step = next(size for size in (5, 10, 20, 25, 50, 100, 200, 500, 1_000, 10_000, 10**9) if max(top, 1) / size < _BINS)
    for low in range(0, top + 1, step):
        inside = [report for report in graded if low <= report.score.auto_earned < low + step]
        yield Bar(lists.of(f"{points(low)} to {points(low + step - 1)} points", inside), points(low), points(low + step - 1))


def _chart(bars: Sequence[Bar]) -> Markup:
    """The distribution as bars that link to their submissions."""
    highest = max((len(bar.listed) for bar in bars), default=0)
    if not highest:
        return Markup("")
    wide = (_WIDTH - 2 * _LEFT) / len(bars)
    every = math.ceil(len(bars) / 11)
    drawn = []
    for number, bar in enumerate(bars):
        x, height = _LEFT + number * wide, (_HEIGHT - _BOTTOM - _TOP) * len(bar.listed) / highest
        middle, top = round(x + wide / 2, 1), round(_HEIGHT - _BOTTOM - height, 1)
        if number % every == 0:
            drawn.append(Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(middle, _HEIGHT - 14, bar.low))
        if bar.listed.reports:
            label = f"{count(len(bar.listed), 'submission')} with {bar.low} to {bar.high} points"
            drawn.append(
                Markup(
                    '<a href="#{}" aria-label="{}"><title>{}</title><rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
                    '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text></a>'
                ).format(
                    bar.listed.anchor,
                    label,
                    label,
                    round(x + 2, 1),
                    top,
                    round(wide - 4, 1),
                    round(height, 1),
                    middle,
                    top - 5,
                    len(bar.listed),
                )
            )
    axis = Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        _LEFT, _WIDTH - _LEFT, _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM
    )
    return Markup('<svg class="chart distribution" viewBox="0 0 {} {}" role="group" aria-label="Automatic points">{}{}</svg>').format(
        _WIDTH, _HEIGHT, axis, Markup("").join(drawn)
    )


def _rows(readable: Sequence[GradeReport], lists: Lists) -> Iterable[Row]:
    by_outcome: dict[str, dict[Outcome, list[GradeReport]]] = defaultdict(lambda: defaultdict(list))
    specs: dict[str, CheckSpec] = {}
    for report in readable:
        for check in report.checks:
            specs.setdefault(check.spec.id, check.spec)
            by_outcome[check.spec.id][check.outcome].append(report)
    for id, spec in specs.items():
        found = by_outcome[id]
        yield Row(
            spec,
            lists.of(f"{id}: passed", found[Outcome.PASSED]),
            lists.of(f"{id}: not passed", found[Outcome.FAILED]),
            lists.of(f"{id}: left to a person", [*found[Outcome.REVIEW], *found[Outcome.ERROR]]),
            lists.of(f"{id}: not run", found[Outcome.NOT_RUN]),
        )


def _questions(readable: Sequence[GradeReport], lists: Lists) -> Iterable[Question]:
    for question in readable[0].questions if readable else ():
        number = question.number
        possible = sum(report.scores[number].auto_possible for report in readable)
        average = 100 * sum(report.scores[number].auto_earned for report in readable) / possible if possible else math.nan
        answers = [[item for item in report.manual if item.spec.question == number] for report in readable]
        unmarked = [one for one, items in zip(readable, answers, strict=True) if any(item.spec.id not in one.marks for item in items)]
        none = [report for report, items in zip(readable, answers, strict=True) if items and not any(item.answer_found for item in items)]
        left = [one for one in readable if any(_waits(check, one) and check.spec.question == number for check in one.checks)]
        yield Question(
            number,
            question.title,
            average,
            lists.of(f"{number}: answers for a person to mark", unmarked),
            lists.of(f"{number}: no answer found", none),
            lists.of(f"{number}: a check is left to a person", left),
        )


def _waits(check: CheckResult, report: GradeReport) -> bool:
    return check.outcome.is_left_to_a_person and check.spec.id not in report.marks


def _flags(reports: Sequence[GradeReport], lists: Lists) -> Iterable[tuple[Listed, str]]:
    found: dict[str, dict[str, GradeReport]] = defaultdict(dict)
    sentences: dict[str, str] = {}
    for report in reports:
        for flag in report.flags:
            found[flag.id][report.id] = report
            sentences.setdefault(flag.id, flag.sentence)
    for id, owners in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        yield lists.of(id, owners.values()), sentences[id]
