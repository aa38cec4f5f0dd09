"""What is made for the whole course: lateness before grading; the table, the summary, the gradebook and the feedback after it.

`prepare` reads what staff has given and raises an `AssignmentError` before anything is graded. `judged` attaches what roster and late
policy say. `hand_back` receives the reports of a run and writes grades.csv, summary.html, similarity.html, canvas.csv and
feedback.zip. It changes no score, and opens no file of a student.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timezone
from itertools import count
from pathlib import Path

from autograder.assignment import Assignment, LatePolicy, late_policy
from autograder.errors import AssignmentError
from autograder.intake import gradebook as exported
from autograder.intake import read, roster
from autograder.late import lateness
from autograder.model.gradebook import Gradebook
from autograder.model.grading import Flag, GradeReport, Plan
from autograder.model.history import RunRecord
from autograder.model.roster import Roster
from autograder.model.similarity import Pair, Similarities
from autograder.model.submission import Rejected, Submission
from autograder.reports import gradebook, returned, summary
from autograder.reports.words import listed
from autograder.reports.write import write_file, write_table

SUMMARY, SIMILARITY, CANVAS = "summary.html", "similarity.html", "canvas.csv"


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """What staff has given besides the submissions."""

    roster: Roster = Roster()  # noqa: RUF009 - frozen
    policy: LatePolicy | None = None
    gradebook: Gradebook | None = None
    whole: bool = False  # scores of which points still wait are left out


def prepare(
    assignment: Assignment,
    *,
    roster_path: Path | None = None,
    late: str = "",
    gradebook_path: Path | None = None,
    column: str = "",
    whole: bool = False,
) -> CourseFiles:
    """Read the roster, the late policy and the gradebook."""
    policy = late_policy(assignment.late, late)
    zone = policy.due.tzinfo if policy and policy.due else None
    students = roster.read(roster_path, zone=zone or timezone.utc) if roster_path else Roster()
    book = exported.read(gradebook_path, assignment=assignment.name, wanted=column) if gradebook_path else None
    return CourseFiles(students, policy, book, whole)


def refuse_other_column(files: CourseFiles, plan: Plan) -> None:
    """Refuse to fill a column that nobody has named and that is not of as many points: it may be another assignment's."""
    book = files.gradebook
    if book and not book.named and book.possible != _possible(plan) / 100:
        there = book.headings[book.column]
        raise AssignmentError(
            f"{book.name}: no column is of this assignment's name or its {_possible(plan) / 100:g} points. If it is “{there}”, "
            f"name that with --canvas-column, by title or number."
        )


def judged(item: Submission | Rejected, files: CourseFiles, plan: Plan) -> Submission | Rejected:
    """The submission with what roster and late policy make of its recorded time, and with all who hand in together by the roster."""
    together = replace(item.received, people=files.roster.people(item.received, id=item.id, student=item.student))
    entry = files.roster.of(together, id=item.id, student=item.student)
    recorded = replace(together, late=lateness(together, entry, files.policy, possible=_possible(plan)))
    return item if recorded == item.received else replace(item, received=recorded)


def _possible(plan: Plan) -> int:
    return sum(spec.points for spec in plan.checks) + sum(spec.points for spec in plan.manual)


def hand_back(
    found: Sequence[Submission | Rejected],
    reports: Sequence[GradeReport],
    assignment: Assignment,
    files: CourseFiles,
    out: Path,
    undone: Sequence[str] = (),
    earlier: Sequence[RunRecord] = (),
) -> tuple[str, ...]:
    """Write what is of the whole course, after `earlier` runs; returns what is to be said of it besides what is `undone`."""
    readable = [item for item in found if isinstance(item, Submission)]
    alike = similarities(readable, assignment)
    records = {item.id: item.received for item in found}
    flagged = [
        replace(report, received=records.get(report.id, report.received), flags=(*report.flags, *_flag(report.id, alike.pairs)))
        for report in reports
    ]
    write_table(flagged, assignment.questions, out)
    said: tuple[str, ...] = ()
    there, is_ours = (out / CANVAS).is_file(), any(run.ended and run.settings.get("fill_canvas") for run in earlier)
    if files.gradebook:
        filled = gradebook.fill(files.gradebook, flagged, whole=files.whole)
        aside = _put_aside(out / CANVAS) if there and not is_ours else ""
        write_file(out, CANVAS, filled.content)
        said = (*filled.sentences, *([f"The {CANVAS} that was there is of no run: it is {aside} now."] if aside else []))
    elif there and is_ours:  # else it is the instructor's own
        aside = _put_aside(out / CANVAS)
        said = (f"{CANVAS} is of an earlier run, whose scores may be others: it is {aside} now. Fill it again with --fill-canvas.",)
    if any(item.received.upload for item in found) and (packed := returned.pack(flagged, out)):
        write_file(out, returned.NAME, packed)
    said = (*said, *_said_of_roster(files.roster, found))
    write_file(out, SIMILARITY, summary.render_pairs(flagged, alike))
    write_file(out, SUMMARY, summary.render(flagged, alike, (*undone, *said)))
    return said


def _put_aside(path: Path) -> str:
    """Rename a file to where nothing lies; returns its new name."""
    names = (f"{path.stem}.old{number if number > 1 else ''}{path.suffix}" for number in count(1))
    name = next(name for name in names if not os.path.lexists(path.with_name(name)))
    os.rename(path, path.with_name(name))
    return name


def _said_of_roster(roster: Roster, found: Sequence[Submission | Rejected]) -> Iterator[str]:
    """Whom the roster says nothing of: a late day that was given to nobody costs a student points."""
    without = [one for one in found if roster.given and roster.of(one.received, id=one.id, student=one.student) is None]
    unclear = [one.id for one in without if roster.unclear(one.received, id=one.id, student=one.student)]
    if unclear:
        yield f"Several students of the roster bear this name, so that no entry was used: {listed(unclear)}."
    if missing := [one.id for one in without if one.id not in unclear]:
        yield f"Not in the roster, so without late days or a deadline of their own: {listed(missing)}."


def similarities(submissions: Sequence[Submission], assignment: Assignment) -> Similarities:
    """Who shares what beyond the template and the files named in the assignment."""
    if len(submissions) < 2:
        return Similarities(len(submissions))
    from autograder.similarity.compare import compare  # takes a second to import, which one submission alone need not wait for

    given = [cell for path in assignment.given_paths for cell in read.cells(path.read_bytes(), {}, name=path.name)]
    return compare(submissions, given)


def _flag(id: str, pairs: Sequence[Pair]) -> tuple[Flag, ...]:
    """A flag for staff; it stands in no page that a student sees, since it names others."""
    others = [(pair.other if pair.one == id else pair.one, pair) for pair in pairs if id in (pair.one, pair.other)]
    if not others:
        return ()
    other, pair = others[0]
    more = f", and with {len(others) - 1} more" if len(others) > 1 else ""
    said = f"Shares {100 * pair.code:.0f} % of code and {100 * pair.text:.0f} % of text that is its own with {other}{more}."
    return (Flag("alike", said),)
