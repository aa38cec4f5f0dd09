"""canvas.csv: the instructor's own export of the gradebook with one column filled, and what is to be said of it.

A score is written where it is whole, and for nobody else: the cell of a student whose work was rejected, waits for a person's mark or is
missing stays byte for byte as Canvas exported it, so that the import changes nothing there. So do excused students (EX) and those whom the
assignment is not for (N/A). Only when it is asked for, what is marked so far is written before people have marked the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from autograder.model.directory import Directory, Kind, by_name_alone
from autograder.model.gradebook import Gradebook
from autograder.model.grading import GradeReport, Status
from autograder.model.submission import Person
from autograder.reports.cleaning import one_line
from autograder.reports.words import count, listed, points

_EARLIEST = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Filled:
    content: bytes
    sentences: tuple[str, ...]


def fill(gradebook: Gradebook, reports: Sequence[GradeReport], *, whole: bool = False) -> Filled:
    """Fill in the score of each report for all who handed it in, less what lateness takes off; with `whole` only where no points wait."""
    directory = _directory(gradebook)
    owned: dict[int, list[GradeReport]] = defaultdict(list)
    unknown = []
    for report in reports:
        found = sorted({row for person in _people(report) if (row := directory.of(person)) is not None})
        for row in found:
            owned[row].append(report)
        if not found:
            unknown.append(report)
    chosen: dict[int, GradeReport] = {}
    doubtful: list[GradeReport] = []
    for row, candidates in owned.items():
        newest = max(map(_newness, candidates))
        latest = [report for report in candidates if _newness(report) == newest]
        if len(latest) == 1:
            chosen[row] = latest[0]
        else:
            doubtful += latest
    excused = [row for row in chosen if gradebook.students[row][gradebook.column].text.strip().upper() in ("EX", "N/A")]
    scores = {row: points(_score(report)) for row, report in chosen.items() if row not in excused and _counts(report, whole)}
    return Filled(gradebook.filled(scores), tuple(_said(gradebook, scores, chosen, excused, doubtful, unknown, len(owned))))


def _counts(report: GradeReport, whole: bool) -> bool:
    """Whether there is a score to write. Where the grader failed there is one once a person has given the marks in its place."""
    if report.status is Status.GRADED:
        return not (whole and report.waiting)
    return report.status is Status.NEEDS_REVIEW and bool(report.marks) and not report.waiting


def _score(report: GradeReport) -> int:
    return report.received.late.taken_off(report.earned) if report.received.late else report.earned


def _newness(report: GradeReport) -> tuple[datetime, int]:
    return (report.received.at or _EARLIEST, report.received.upload)


def _people(report: GradeReport) -> tuple[Person, ...]:
    return report.received.people or (by_name_alone(report.student),)


def _directory(gradebook: Gradebook) -> Directory[int]:
    """The numbers of the students' rows, by what names the students."""
    directory: Directory[int] = Directory()
    for row in range(len(gradebook.students)):
        student = gradebook.value(row, "Student") or f"{gradebook.value(row, 'LastName')}, {gradebook.value(row, 'FirstName')}"
        number, school, login = (gradebook.value(row, heading) for heading in ("ID", "SIS User ID", "SIS Login ID"))
        names = ((Kind.USER, number), (Kind.SCHOOL, school), (Kind.LOGIN, login), (Kind.NAME, student))
        directory.add(row, names, user=number)
    return directory


def _said(
    gradebook: Gradebook,
    scores: Mapping[int, str],
    chosen: Mapping[int, GradeReport],
    excused: Sequence[int],
    doubtful: Sequence[GradeReport],
    unknown: Sequence[GradeReport],
    handed_in: int,
) -> Iterable[str]:
    yield f"canvas.csv: {count(len(scores), 'score')} filled into “{one_line(gradebook.headings[gradebook.column])}”."
    partial = [report for row, report in chosen.items() if row in scores and report.waiting]
    if partial:
        most = max(report.waiting for report in partial)
        yield f"{count(len(partial), 'score is', 'scores are')} of what is marked so far: up to {points(most)} points wait for a person."
    late = [report for row, report in chosen.items() if row in scores and report.received.late and report.received.late.deduction]
    if late:
        yield f"{count(len(late), 'score is', 'scores are')} less what the late policy takes off: {_ids(late)}."
    unmarked = [one for row, one in chosen.items() if row not in (*scores, *excused) and one.status is Status.GRADED]
    if unmarked:
        yield (
            f"Left as Canvas exported it: {count(len(unmarked), 'student')} of whom points wait for a person ({_ids(unmarked)}). "
            "Enter the marks in marks.csv and give the same command again; without --canvas-whole what is marked so far is filled in."
        )
    left = (
        ("was rejected", "were rejected", [report for report in chosen.values() if report.status is Status.REJECTED]),
        (
            "needs a person",
            "need a person",
            [one for row, one in chosen.items() if one.status is Status.NEEDS_REVIEW and row not in scores],
        ),
        ("is excused or not assigned", "are excused or not assigned", [chosen[row] for row in excused]),
        ("of one student is as new as another", "of one student are equally new", doubtful),
    )
    for one, several, reports in left:
        if reports:
            yield f"Left as Canvas exported it: {len(reports)} that {one if len(reports) == 1 else several} ({_ids(reports)})."
    nothing = len(gradebook.students) - handed_in
    if nothing:
        yield f"Left as Canvas exported it: {count(nothing, 'student')} of whom nothing was handed in."
    if unknown:
        yield f"Not in the gradebook, so filled nowhere: {_ids(unknown)}."
    possible = {report.score.possible for report in chosen.values()}
    if len(possible) == 1 and gradebook.points_possible and gradebook.possible != max(possible) / 100:
        yield f"Canvas has {gradebook.points_possible} points for this assignment, the scores are of {points(max(possible))}."


def _ids(reports: Sequence[GradeReport]) -> str:
    return listed([report.id for report in reports])
