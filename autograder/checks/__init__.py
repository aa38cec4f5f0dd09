"""The vocabulary of checks and the pytest plugin that runs them."""

from autograder.checks.evidence import Evidence, Student
from autograder.checks.verdicts import CheckFailed, NotRun, Undecided, require, review
from autograder.checks.vocabulary import Show, by_a_person, check, flags
from autograder.model.grading import Band, Flag, Visibility

__all__ = [
    "Band",
    "CheckFailed",
    "Evidence",
    "Flag",
    "NotRun",
    "Show",
    "Student",
    "Undecided",
    "Visibility",
    "by_a_person",
    "check",
    "flags",
    "require",
    "review",
]
