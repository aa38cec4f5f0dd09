"""4.2: the numbers of parameters, read from the answers, tables and outputs (reported)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from autograder.checks import Evidence, by_a_person, check, require, review
from reference.judging.given import written
from reference.judging.sizes import FROM, GROWTH, Count, at_twenty, counts, fully_connected, of_network, recurrent, says_same

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
    # The answer concerned comes first, then the other one where this one names no number for the network, then what was printed.
    in_answer = [count for count in given if count in hits]
    settled = bool(stated) or (is_named(given, network) and not any(count in hits for count in found.shown))
    if not in_answer and not settled:
        in_answer = [count for count in (*found.stated, *found.stated_later) if count in hits]
    if in_answer or (hits and not settled):
        for_other = [count for count in in_answer or hits if count.certain and count.network not in (network, "")]
        require(
            len(for_other) < len(in_answer or hits) or not claims_other(found, network),
            f"{NAMES[network]}: the number is given for the other network. Which number belongs to which network is mixed up.",
        )
        return
    told = {*fully_connected(10), *fully_connected(20), *recurrent()}
    own = stated or [count.value for count in given if count.network in (network, "")]
    seen = ", ".join(f"{value:,}" for value in dict.fromkeys(own) if value not in told) or "no number for this network"
    if characters > 10 and any(value in fully_connected(10) for value in own):
        seen = "the number for 10 characters once more"
    undecided(
        found,
        f"{NAMES[network]}: its number of parameters for names of at most {characters} characters should be given, counting each weight "
        f"(and each bias) once. Read from the answer: {seen}.",
    )


def is_named(given: tuple[Count, ...], network: str) -> bool:
    """Whether a number is given for a network by name, be it only a part of the right sum."""
    return any(count.certain and count.network == network for count in given)


def claims_other(found: Answered, network: str) -> bool:
    """Whether a right number of the other network is given for this one, or none for the other at all."""
    other = "B" if network == "A" else "A"
    right = recurrent() if other == "B" else (*fully_connected(10), *fully_connected(20))
    theirs = [count for count in found.everything if count.value in right]
    return not theirs or any(count.certain and count.network == network for count in theirs)


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
    if not any(count.value in fully_connected(20) for count in found.everything):
        # A slip in the first number that is carried on consistently was counted there.
        if not any(count.value in fully_connected(10) for count in found.everything) and carried_on(found.stated, later):
            return
        if any(count.value == GROWTH for count in later):
            review("The answer says by how much network A grows and not how large it is, so a person has to read it.")
        if says_same(found.second, "A") and not any(count.value not in fully_connected(10) for count in of_network(later, "A")):
            undecided(
                found, f"{NAMES['A']}: the answer says that its size stays the same when names may have 20 characters, but its input grows."
            )
    judge(found, "A", fully_connected(20), later, 20)


def carried_on(before: tuple[Count, ...], later: tuple[Count, ...]) -> bool:
    """Whether a number for network A is followed by one that is larger by what the longer names add."""
    first = {count.value for count in of_network(before, "A")} | {count.value for count in before if count.network == "A"}
    totals = [count.value for count in of_network(later, "A")] or [count.value for count in later if count.network == "A"]
    return any(value - GROWTH in first for value in totals[-1:])


@check(question=QUESTION, points=15, evidence="reported")
def check_network_b_at_20_characters(evidence: Evidence) -> None:
    """The number of parameters of network B for names of 20 characters is right."""
    found = answered(evidence)
    first, second = found.first, found.second
    if not found.stated_later and not says_same(second, "B"):
        # Both lengths may be answered at the first marker, or in its table.
        second = f"{second}\n\n{at_twenty(first)}".strip()
    same = says_same(second, "B")
    if same:
        return
    before = {count.value for count in of_network(found.stated, "B")}
    numbers = counts(FROM.sub(" ", second))
    after = {count.value for count in of_network(numbers, "B")} or {count.value for count in numbers if not count.certain}
    unnamed = {count.value for count in found.stated if not count.certain} - {*fully_connected(10), *fully_connected(20)}
    if after & set(recurrent()) or (before or unnamed) & after:
        return  # a wrong number that is given again was counted at 10 characters
    if same is None:
        if any(count.value in fully_connected(20) and count.network != "B" for count in numbers) or carried_on(found.stated, numbers):
            return  # with another number for A, what does not change is B
        review("The answer says that something stays the same, but not clearly what, so a person has to read it.")
    if sum(count.value in recurrent() and count.network != "A" for count in found.shown) >= 2 and not after:
        return  # computed twice, for both lengths
    judge(found, "B", (), numbers, 20)


@by_a_person(question=QUESTION, points=40)
def answer_reasoning(evidence: Evidence) -> str:
    """Explains how the numbers come about, and what they say about growing sequences."""
    return written(evidence, QUESTION)
