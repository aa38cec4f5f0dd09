"""2.1: an answer in words."""

from autograder.checks import Evidence, by_a_person
from reference.judging.given import written


@by_a_person(question="2.1", points=50)
def answer_why_lstm(evidence: Evidence) -> str:
    """Explains why an LSTM should do better on long sequences."""
    return written(evidence, "2.1", "ANSWER")
