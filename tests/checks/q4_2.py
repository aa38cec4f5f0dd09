"""4.2: the numbers of parameters, read from the answers, tables and outputs (reported)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from autograder.checks import Evidence, by_a_person, check, require, review
from reference.judging.given import written
from reference.judging.sizes import GROWTH, Count, counts, fully_connected, of_network, recurrent, says_same

QUESTION = "4.2"
NAMES = {"A": "Network A, fully connected", "B": "Network B, recurrent"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What 4.2 says: the first answer (10 characters), the second (20), and what its code printed, with the counts read from each."""

    first: str
    second: str
    printed: str
    stated: tuple[Count, ...]
    stated_later: tuple[Count, ...]
    shown: tuple[Count, ...]
    pictures: bool

    @property
    def everything(self) -> tuple[Count, ...]:
        return (*self.stated, *self.stated_later, *self.shown)


def answered(evidence: Evidence) -> Answered:
    """Read 4.2; ends the check when nothing is there."""
    section = evidence.section(QUESTION)
    first, second = (written(evidence, QUESTION, "ANSWER", ordinal=ordinal) for ordinal in (1, 2))
    found = Answered(first, second, section.printed, counts(first), counts(second), counts(section.printed), bool(section.figures))
    if not (first or second or section.printed.strip() or section.figures):
        require(False, "There is no answer in 4.2 yet.")
    return found


def undecided(found: Answered, sentence: str) -> NoReturn:
    """A picture, or a number that does not stand as such, is for a person; everything else fails with `sentence`."""
    if found.pictures:
        review("4.2 holds a picture, which may show the numbers, so a person has to read it.")
    require(False, sentence)
    raise AssertionError("unreachable")


def judge(found: Answered, network: str, right: tuple[int, ...], given: tuple[Count, ...], characters: int) -> None:
    """Pass when one of the `right` numbers is given for this network; `given` are the counts in the answer concerned."""
    hits = [count for count in found.everything if count.value in right]
    stated = [count.value for count in of_network(given, network)]
    # The answer concerned comes first, then the other one, then what was printed.
    in_answer = [count for count in given if count in hits] or [count for count in (*found.stated, *found.stated_later) if count in hits]
    others = [count for count in in_answer if count.certain and count.network not in (network, "")]
    if in_answer:
        require(
            len(others) < len(in_answer),
            f"{NAMES[network]}: the number is given for the other network. Which number belongs to which network is mixed up.",
        )
        return
    if hits and not stated:
        require(
            any(not count.certain or count.network in (network, "") for count in hits),
            f"{NAMES[network]}: the number is printed for the other network. Which number belongs to which network is mixed up.",
        )
        return
    seen = ", ".join(f"{value:,}" for value in dict.fromkeys(stated or [count.value for count in given])) or "none"
    undecided(
        found,
        f"{NAMES[network]}: its number of parameters for names of at most {characters} characters should be given, counting each weight "
        f"(and each bias) once. Read from the answer: {seen}.",
    )


@check(question=QUESTION, points=15, evidence="reported")
def check_network_a(evidence: Evidence) -> None:
    """The number of parameters of network A is right."""
    found = answered(evidence)
    judge(found, "A", fully_connected(10), found.stated or found.stated_later, 10)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_b(evidence: Evidence) -> None:
    """The number of parameters of network B is right."""
    found = answered(evidence)
    judge(found, "B", recurrent(), found.stated or found.stated_later, 10)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_a_at_20_characters(evidence: Evidence) -> None:
    """The number of parameters of network A for names of 20 characters is right."""
    found = answered(evidence)
    later = found.stated_later or found.stated
    if not any(count.value in fully_connected(10) for count in found.everything):
        # A slip in the first number that is carried on consistently was counted there.
        before = {count.value for count in of_network(found.stated, "A")}
        if any(count.value - GROWTH in before for count in of_network(later, "A")):
            return
    if not any(count.value in fully_connected(20) for count in found.everything):
        if any(count.value == GROWTH for count in later):
            review("The answer says by how much network A grows and not how large it is, so a person has to read it.")
        if says_same(found.second, "A") and not any(count.value not in fully_connected(10) for count in of_network(later, "A")):
            undecided(
                found, f"{NAMES['A']}: the answer says that its size stays the same when names may have 20 characters, but its input grows."
            )
    judge(found, "A", fully_connected(20), later, 20)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_b_at_20_characters(evidence: Evidence) -> None:
    """The number of parameters of network B for names of 20 characters is right."""
    found = answered(evidence)
    text = found.second or found.first
    same = says_same(text, "B")
    if same:
        return
    before = {count.value for count in of_network(found.stated, "B")}
    after = {count.value for count in of_network(found.stated_later, "B")}
    if after & set(recurrent()) or (before and before & after):
        return  # a wrong number that is given again was counted at 10 characters
    if same is None:
        review("The answer says that something stays the same, but not clearly what, so a person has to read it.")
    if sum(count.value in recurrent() and count.network != "A" for count in found.shown) >= 2 and not after:
        return  # computed twice, for both lengths
    judge(found, "B", (), found.stated_later, 20)


@by_a_person(question=QUESTION, points=40)
def answer_reasoning(evidence: Evidence) -> str:
    """Explains how the numbers come about, and what they say about growing sequences."""
    return written(evidence, QUESTION)
