"""How points, outcomes and ways of grading are said, the same in every rendering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.model.grading import CheckResult, GradeReport, ManualItem, Outcome, Score, Status
from autograder.reports.cleaning import one_line

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASSED: "Passed",
    Outcome.FAILED: "Not passed",
    Outcome.REVIEW: "A person decides",
    Outcome.ERROR: "Grader failed",
    Outcome.NOT_RUN: "Not run",
}
MODES: Mapping[str, str] = {
    "replay": "executed at a small scale; networks were proven by probes, not trained again",
    "static": "read as it was stored; nothing was executed",
    "full": "executed and trained again in full",
}
_IN_FULL = {
    "reported": ("Measured", "printed and drawn when the notebook was computed again in full"),
    "replayed": ("Executed", "seen while the notebook was computed again in full"),
}
_LISTED = 12
NO_POINTS_LOST = "No points are lost: a person will look at it."


@dataclass(frozen=True, slots=True)
class Verdict:
    """A few words on a question or a submission; `kind` names the icon and the colour."""

    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    name: str
    heading: str
    meaning: str


EVIDENCE = (
    EvidenceKind("reported", "Reported", "read from the notebook as it was handed in"),
    EvidenceKind("replayed", "Replayed", "seen while the notebook was executed at a small scale"),
    EvidenceKind("probed", "Proven", "what the code returned for the grader's own inputs and weights"),
    EvidenceKind("", "Checked", "from everything that was handed in"),
)


def evidence_kinds(mode: str) -> tuple[EvidenceKind, ...]:
    """What a check may rest on, in the words of a mode."""
    if mode != "full":
        return EVIDENCE
    return tuple(EvidenceKind(kind.name, *_IN_FULL.get(kind.name, (kind.heading, kind.meaning))) for kind in EVIDENCE)


def listed(ids: Sequence[str]) -> str:
    """The first of many submissions, and how many more there are."""
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return ", ".join(one_line(id, longest=60) for id in ids[:_LISTED]) + more


def points(hundredths: int) -> str:
    """Hundredths of a point with two decimals: 685 is 6.85."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def waiting(hundredths: int) -> str:
    return f"{points(hundredths)} {'waits' if hundredths == 100 else 'wait'} for a person"


def mode(name: str) -> str:
    return MODES.get(name, name)


def question_verdict(score: Score, checks: Sequence[CheckResult], manual: Sequence[ManualItem], *, marked: bool = False) -> Verdict:
    """What a question came to by its checks; `marked`: people have marked all that was left to them."""
    outcomes = {check.outcome for check in checks if check.spec.points} or {check.outcome for check in checks}
    if not outcomes:
        if manual:
            return Verdict("Marked by a person" if marked else "A person marks this", "manual")
        return Verdict("Nothing to mark", "none")
    if outcomes == {Outcome.NOT_RUN}:
        return Verdict("Not run", "not_run")
    if outcomes == {Outcome.PASSED}:
        return Verdict("All checks passed", "passed")
    if all(outcome is Outcome.PASSED or outcome.is_left_to_a_person for outcome in outcomes):
        return Verdict("A person decides a part", "error" if Outcome.ERROR in outcomes else "review")
    if score.auto_earned:
        return Verdict("Partly there", "partly")
    return Verdict("Not there yet", "failed")


def report_verdict(report: GradeReport) -> Verdict:
    """What a submission came to, in two or three words."""
    if report.status is Status.REJECTED:
        return Verdict("rejected", "not_run")
    if report.status is Status.NEEDS_REVIEW:
        return Verdict("needs review", "error")
    if report.score.auto_possible and report.score.auto_earned == report.score.auto_possible:
        return Verdict("all passed", "passed")
    return Verdict("points missing", "partly") if report.score.auto_earned else Verdict("nothing earned", "failed")


def check_sentence(check: CheckResult) -> str:
    """The sentence to read beside a check; a check left to a person always says that nothing is lost."""
    sentence = check.sentence or check.spec.title
    if not check.outcome.is_left_to_a_person or "no points are lost" in sentence.lower():
        return sentence
    return f"{sentence} {'No points are lost.' if 'a person' in sentence.lower() else NO_POINTS_LOST}"
