"""4.1: two descriptions in words, and one choice of three (reported)."""

from __future__ import annotations

import re

from autograder.checks import Evidence, by_a_person, check, require, review
from autograder.reported import answers
from reference.judging.choices import ELSE, pick
from reference.judging.given import written

QUESTION = "4.1"
MOMENTS = {1: "once, before training", 2: "after each name", 3: "after each epoch"}
RIGHT = 2
HINT = "For how long does what the network has read help with what it reads next?"
PARTS = re.compile(r"(?:^|\n)[ \t]*\S")


@check(question=QUESTION, points=30, evidence="reported")
def check_picks_the_right_moment(evidence: Evidence) -> None:
    """The third answer picks the moment at which the hidden state should be set back."""
    first, second, answer = (written(evidence, QUESTION, "ANSWER", ordinal=ordinal) for ordinal in (1, 2, 3))
    if not answer and bool(first) != bool(second) and len(PARTS.findall(first or second)) >= 3:
        answer = third_of(first or second)  # all three answers stand below one marker
    section = evidence.section(QUESTION)
    cell = answers.place(section, "ANSWER", 3)
    where = "the third answer" if cell is None else f"the third answer (cell {cell})"
    answer = answer or answers.printed(answers.code_at(section, "ANSWER", 3))
    if not answer and section.figures:
        review("The third answer of 4.1 may stand in a picture, so a person has to read it.")
    require(bool(answer), f"Nothing was read as {where} in 4.1: which of the three moments is the right one?")
    picked = pick(answer)
    if picked is None:
        review(f"Which of the three moments {where} picks could not be read from it, so a person has to.")
    require(
        picked != ELSE,
        f"In 4.1, {where} names a moment that is none of the three. {HINT}",
    )
    require(
        picked == RIGHT,
        f"In 4.1, {where} picks option {picked} ({MOMENTS.get(picked)}), which does not fit the task. {HINT}",
    )


def third_of(text: str) -> str:
    """The third of three answers in one text, where they are lettered; else the whole text."""
    starts = [next((found.start() for found in re.finditer(rf"^\W*{letter}\s*[.):]", text, re.I | re.M)), -1) for letter in "abc"]
    return re.sub(r"^\W*c\s*[.):]\s*", "", text[starts[2] :], flags=re.I) if 0 <= starts[0] < starts[1] < starts[2] else text


@by_a_person(question=QUESTION, points=40)
def answer_two_descriptions(evidence: Evidence) -> str:
    """Says what the state holds after a name, and what the next name begins with when it is not set back."""
    first, second = (written(evidence, QUESTION, "ANSWER", ordinal=ordinal) for ordinal in (1, 2))
    return "\n\n".join(part for part in dict.fromkeys((first, second)) if part)


@by_a_person(question=QUESTION, points=30)
def answer_reason(evidence: Evidence) -> str:
    """Gives the reason for the moment that was picked."""
    return written(evidence, QUESTION, "ANSWER", ordinal=3)
