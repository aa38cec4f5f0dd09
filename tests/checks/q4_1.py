"""4.1: two descriptions in words, and one choice of three (reported)."""

from __future__ import annotations

import re

from autograder.checks import Evidence, by_a_person, check, require, review
from reference.judging.choices import pick
from reference.judging.given import written

QUESTION = "4.1"
MOMENTS = {1: "once, before training", 2: "after each name", 3: "after each epoch"}
RIGHT = 2
PARTS = re.compile(r"(?:^|\n)[ \t]*\S")


@check(question=QUESTION, points=30, evidence="reported")
def check_picks_the_right_moment(evidence: Evidence) -> None:
    """The third answer picks the moment at which the hidden state should be set back."""
    first, second, answer = (written(evidence, QUESTION, "ANSWER", ordinal=ordinal) for ordinal in (1, 2, 3))
    if not answer and bool(first) != bool(second) and len(PARTS.findall(first or second)) >= 3:
        answer = first or second  # all three answers stand below one marker
    if not answer and evidence.section(QUESTION).figures:
        review("The third answer of 4.1 may stand in a picture, so a person has to read it.")
    require(bool(answer), "There is no third answer in 4.1 yet: which of the three moments is the right one?")
    picked = pick(answer)
    if picked is None:
        review("Which of the three moments the third answer picks could not be read from it, so a person has to.")
    require(
        picked == RIGHT,
        f"The third answer picks option {picked} ({MOMENTS[picked]}), which does not fit the task: think of what the state holds then.",
    )


@by_a_person(question=QUESTION, points=40)
def answer_two_descriptions(evidence: Evidence) -> str:
    """Says what the state holds after a name, and what the next name begins with when it is not set back."""
    first, second = (written(evidence, QUESTION, "ANSWER", ordinal=ordinal) for ordinal in (1, 2))
    return "\n\n".join(part for part in dict.fromkeys((first, second)) if part)


@by_a_person(question=QUESTION, points=30)
def answer_reason(evidence: Evidence) -> str:
    """Gives the reason for the moment that was picked."""
    return written(evidence, QUESTION, "ANSWER", ordinal=3)
