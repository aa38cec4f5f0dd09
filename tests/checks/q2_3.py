"""2.3: an answer in words."""

from autograder.checks import Evidence, by_a_person
from reference.judging.given import written


@by_a_person(question="2.3", points=100)
def answer_analysis(evidence: Evidence) -> str:
    """Says what the experiment showed, whether it supports the expectation, and where its limits are."""
    return written(evidence, "2.3", "ANALYSIS")
