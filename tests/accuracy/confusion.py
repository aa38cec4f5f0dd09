"""Counts verdicts: for each question, what a check had to say against what it said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

MUST = {"passed": "pass", "failed": "fail", "review": "be left to a person", "not_run": "not be run"}
SEEN = ("passed", "failed", "review", "not_run", "error")


@dataclass
class Confusion:
    """The verdicts of many cases. `counts` has (question, outcome that was right, outcome that was seen)."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    review_points: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)

    def add(self, expected: Mapping[str, str], seen: Mapping[str, str], points: Mapping[str, int], *, in_share: bool) -> None:
        """Count one case: outcomes by check id, what each check is worth in hundredths, and whether it is in the share of review."""
        for check, outcome in seen.items():
            question = question_of(check)
            self.counts[question, expected[check], outcome] += 1
            if in_share:
                self.points[question] += points[check]
                self.review_points[question] += points[check] if outcome == "review" else 0

    def rows(self) -> list[tuple[str, ...]]:
        """A row for each question and right outcome that occurred: question, right outcome, then one count for each of SEEN."""
        keys = sorted({(question, must) for question, must, _ in self.counts}, key=lambda key: (key[0], list(MUST).index(key[1])))
        return [(question, MUST[must], *(str(self.counts[question, must, seen] or "") for seen in SEEN)) for question, must in keys]

    @property
    def review_share(self) -> float:
        """The share of the automatic points that was left to a person, over the cases that lose no point."""
        return self.review_points.total() / max(1, self.points.total())

    @property
    def wrong(self) -> int:
        return sum(count for (_, must, seen), count in self.counts.items() if must != seen)


def question_of(check: str) -> str:
    """ "3.2" for the check q3_2.encoder."""
    return check.split(".")[0].removeprefix("q").replace("_", ".")


def word(expected: str, seen: str) -> str:
    """What a wrong verdict is called."""
    if expected in ("passed", "not raised"):
        return "false alarm"
    return "miss" if seen in ("passed", "not raised") else "other outcome"
