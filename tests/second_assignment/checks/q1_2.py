"""In words."""

from collections.abc import Iterator

from autograder.checks import Flag, by_a_person, check, flags
from autograder.checks.evidence import Evidence


@by_a_person(question="1.2", points=40)
def answer_explanation(evidence: Evidence) -> str:
    """Says what a square is."""
    return "\n".join(cell.source for cell in evidence.section("1.2").markdown[1:])


@check(question="1.2", points=10)
def check_of_ours_that_breaks(evidence: Evidence) -> None:
    """Breaks when the notebook says so."""
    if "break the grader" in evidence.section("1.2").markdown[0].source:
        raise ZeroDivisionError("a bug of ours")


@flags
def flag_shouting(evidence: Evidence) -> Iterator[Flag]:
    """Exclamation marks."""
    for cell in evidence.submission.notebook.cells:
        if "!!!" in cell.source:
            yield Flag("shouting", "There is shouting.", cell.index)
