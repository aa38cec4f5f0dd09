"""Squares."""

import numpy as np

from autograder.checks import check, require, review
from autograder.checks.evidence import Evidence, Student
from autograder.checks.vocabulary import Show


@check(question="1.1", points=50, evidence="probed")
def check_squares(student: Student, evidence: Evidence, show: Show) -> None:
    """square returns the square of a number."""
    import counting_probes

    values = counting_probes.plan(evidence.seed, evidence.data_folder)[0].arrays["values"]
    squares = student.finding("q1_1.square").arrays["squares"]
    show.images("Squares", {"yours": squares[None] / 81})
    require(np.allclose(squares, values**2), f"square({values[0]:.2f}) should be its square, but it was {squares[0]:.2f}.")


@check(question="1.1", points=30, evidence="replayed")
def check_size_is_kept(evidence: Evidence) -> None:
    """SIZE is given as 100."""
    if "SIZE" not in evidence.execution.constants:
        evidence.missing("1.1", "There is no SIZE yet.")
    written, _ = evidence.execution.constants["SIZE"]
    require(written == 100, f"SIZE should be 100, but it is {written:g}.")


@check(question="1.1", points=20)
def check_left_open(evidence: Evidence) -> None:
    """Nobody but a person can tell."""
    review("A person has to look at this.")
