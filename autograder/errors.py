"""Our own exceptions.

AutograderError
├── AssignmentError   staff wrote something wrong; the message names file and key (exit code 2)
├── SubmissionError   nothing gradable was handed in; becomes a `Rejected` row
└── HarnessError      we failed; the report needs a person, never a score of 0 (exit code 3)

What student code does wrong is data (`CellRun`, `Absent`, `Raised`), not an exception.
Every message says what is wrong, where, and what to do.
"""

from __future__ import annotations


class AutograderError(Exception):
    """The root of all exceptions that this package raises on purpose."""


class AssignmentError(AutograderError):
    """The assignment's own files are wrong."""


class SubmissionError(AutograderError):
    """What was handed in cannot be graded."""


class HarnessError(AutograderError):
    """The harness failed on a submission."""
