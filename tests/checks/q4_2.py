"""4.2: the numbers of parameters, read from the answers, tables and outputs (reported)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from autograder.checks import Evidence, by_a_person, check, require, review
from autograder.reported import answers
from reference.judging.counts import Count, counts
from reference.judging.given import all_written, written
from reference.judging.rounded import rounded
from reference.judging.sizes import GROWTH, PARTS, RIGHT, fully_connected, recurrent
from reference.judging.stated import Stated, carried_on, claims, of, totals
from reference.judging.unchanged import at_twenty, says_same, speaks_of

QUESTION = "4.2"
NAMES = {"A": "Network A, fully connected", "B": "Network B, recurrent"}
ANSWER_LIMIT = 10_000  # characters; real answers have some hundreds
HINTS = {
    ("A", 10): "How many numbers does the first layer get from a flattened name, and which layer follows?",
    ("B", 10): "Which vector is the input of each of its two linear layers? Its code in class shows it.",
    ("A", 20): "Which of its layers sees how long the names may be?",
    ("B", 20): "Has it any weights that belong to one place of the name?",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What 4.2 says: the answers for 10 and 20 characters, what its code printed and says at each, and the counts in them.

    `stated` and `stated_later` are the counts for 10 and for 20 characters, wherever they stand in the answers.
    """

    first: str
    second: str
    stated: tuple[Count, ...]
    stated_later: tuple[Count, ...]
    shown: tuple[Count, ...]
    shown_later: tuple[Count, ...]
    in_code: tuple[Count, ...]
    pictures: bool
    cells: tuple[int | None, int | None]

    @property
    def everything(self) -> tuple[Count, ...]:
        return (*self.stated, *self.stated_later, *self.shown, *self.shown_later, *self.in_code)


def answered(evidence: Evidence) -> Answered:
    """Read 4.2; ends the check when nothing is there."""
    section = evidence.section(QUESTION)
    first, second = (text[:ANSWER_LIMIT] for text in (*all_written(evidence, QUESTION, "ANSWER"), "", "")[:2])
    code, code_later = answers.code_at(section, "ANSWER", 1), answers.code_at(section, "ANSWER", 2)
    printed, printed_later = (answers.printed(cells) for cells in (code, code_later))
    short, long = by_length(counts(first), counts(second))
    shown, shown_later = by_length(counts(printed), counts(printed_later))
    in_code = tuple(count for cell in (*code, *code_later) for count in counts(cell.source))
    if not (first or second or section.code or section.figures):
        require(False, "There is no answer in 4.2 yet.")
    cells = (answers.place(section, "ANSWER", 1), answers.place(section, "ANSWER", 2))
    pictures = bool(section.figures) or "(picture: " in first + second
    return Answered(first, second, short, long, shown, shown_later, in_code, pictures, cells)


def by_length(first: tuple[Count, ...], second: tuple[Count, ...]) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    """The counts for 10 and for 20 characters: by what they are said to be for, else by the answer they stand in."""
    short = (
        *(count for count in first if count.characters != 20),
        *(count for count in second if count.characters == 10 and not (count.earlier and first)),
    )
    long = (*(count for count in second if count.characters != 10), *(count for count in first if count.characters == 20))
    return short, long


def undecided(found: Answered, sentence: str) -> NoReturn:
    """A picture is for a person; everything else fails with `sentence`."""
    if found.pictures:
        review("4.2 holds a picture, which may show the numbers, so a person has to read it.")
    require(False, sentence)
    raise AssertionError("unreachable")


def judge(found: Answered, network: str, right: tuple[int, ...], characters: int) -> None:
    """Pass when one of the `right` numbers is given for this network: in its answer, else in the other one or by the code."""
    own, other = (found.stated, found.stated_later) if characters == 10 else (found.stated_later, found.stated)
    printed = (*found.shown, *found.shown_later)
    stated = next(
        (
            said
            for part in (own, other_than(own, other, right), printed, found.in_code)
            if (said := of(part, network, right)) is not Stated.NOTHING
        ),
        Stated.NOTHING,
    )
    where = placed(found, characters)
    match stated:
        case Stated.RIGHT:
            return
        case Stated.SEVERAL:
            review(f"{NAMES[network]}: {where} names more than one number for it, so a person has to see which one is meant.")
        case Stated.OTHER:
            require(
                False,
                f"{NAMES[network]}: {where} gives its number of parameters for something else. Which number belongs to which network, and "
                f"to which length of names, is mixed up.",
            )
    if rounded(f"{found.first}\n{found.second}", right):
        review(f"{NAMES[network]}: the number is rounded or written in words, so a person has to see whether it was worked out.")
    undecided(
        found,
        f"{NAMES[network]}: {where} should give its number of parameters for names of at most {characters} characters, each weight (and "
        f"each bias) counted once. Read there: {seen(own, network, characters)}. {HINTS[network, characters]}",
    )


def placed(found: Answered, characters: int) -> str:
    """The answer for a length of names, with its cell, for a sentence."""
    ordinal = "first" if characters == 10 else "second"
    cell = found.cells[0 if characters == 10 else 1]
    return f"the {ordinal} answer" if cell is None else f"the {ordinal} answer (cell {cell})"


def other_than(own: tuple[Count, ...], other: tuple[Count, ...], right: tuple[int, ...]) -> tuple[Count, ...]:
    """The counts of the other length's answer that can speak for this one: right numbers, as "instead of …" or "still …"."""
    return tuple(count for count in other if count.value in right and not count.computed)


def seen(own: tuple[Count, ...], network: str, characters: int) -> str:
    """The student's numbers for a network, for a sentence; right ones for something else are not repeated."""
    values = [count.value for count in claims(own, network) if not count.dropped]
    if characters > 10 and any(value in fully_connected(10) for value in values):
        return "the number for 10 characters once more"
    values = values or [count.value for count in own if count.network == "other" and count.total]
    told = list(dict.fromkeys(value for value in values if value not in RIGHT))
    whole = [value for value in told if value not in PARTS] or told
    if values and not whole:
        return "a number of something else"
    return ", ".join(f"{value:,}" for value in whole[-3:]) or "no number for this network"


@check(question=QUESTION, points=15, evidence="reported")
def check_network_a(evidence: Evidence) -> None:
    """The number of parameters of network A is right."""
    judge(answered(evidence), "A", fully_connected(10), 10)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_b(evidence: Evidence) -> None:
    """The number of parameters of network B is right."""
    judge(answered(evidence), "B", recurrent(), 10)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_a_at_20_characters(evidence: Evidence) -> None:
    """The number of parameters of network A for names of 20 characters is right."""
    found = answered(evidence)
    later = found.stated_later or found.shown_later
    if not any(count.total and count.value in fully_connected(20) for count in found.everything):
        # A slip in the first number that is carried on consistently was counted there.
        if of(found.stated, "A", fully_connected(10)) is not Stated.RIGHT and carried_on(found.stated or found.shown, later):
            return
        if any(count.value == GROWTH and count.network != "B" for count in later) and not list(totals(later, "A")):
            review("The answer says by how much network A grows and not how large it is, so a person has to read it.")
        if says_same(found.second, "A") and not set(totals(later, "A")) - {*fully_connected(10)}:
            undecided(
                found,
                f"{NAMES['A']}: {placed(found, 20)} says that its size stays the same when names may have 20 characters. {HINTS['A', 20]}",
            )
    judge(found, "A", fully_connected(20), 20)


@check(question=QUESTION, points=15, evidence="reported")
def check_network_b_at_20_characters(evidence: Evidence) -> None:
    """The number of parameters of network B for names of 20 characters is right."""
    found = answered(evidence)
    # Both lengths may be answered in one text.
    both = found.first if not found.second and any(count.value in fully_connected(20) for count in found.everything) else ""
    answers_of_both = [says_same(text, "B") for text in (found.second, both or at_twenty(found.first))]
    same = True if True in answers_of_both else None if None in answers_of_both else False
    said = of(found.stated_later, "B", recurrent())
    if said is Stated.RIGHT:
        return
    printed = (*found.shown, *found.shown_later)
    before, after = set(totals(found.stated or printed, "B")), list(totals(found.stated_later, "B"))
    if after and after[-1] in before:
        return  # a wrong number that is given again was counted at 10 characters
    wrong = [value for value in after if value not in RIGHT]
    if same and wrong:
        review(f"{NAMES['B']}: the answer says that its size stays the same, and names another number, so a person has to read it.")
    if same:
        return
    if same is None and not wrong:
        if any(count.value in fully_connected(20) and count.network != "B" for count in found.stated_later) or carried_on(
            found.stated, found.stated_later
        ):
            return  # with another number for A, what does not change is B
        review("The answer says that something stays the same, but not clearly what, so a person has to read it.")
    if said is Stated.NOTHING and shown_twice(found):
        return
    if not after and speaks_of(found.second, "B"):
        review(f"{NAMES['B']}: {placed(found, 20)} gives no number for it, so a person has to read what it says in words.")
    judge(found, "B", recurrent() if said is not Stated.NOTHING else (), 20)


def shown_twice(found: Answered) -> bool:
    """Whether code printed network B's number at the second answer, or for both lengths."""
    hits = [count for count in (*found.shown, *found.shown_later) if count.value in recurrent() and count.network != "A"]
    return len(hits) >= 2 or of(found.shown_later, "B", recurrent()) is Stated.RIGHT


@by_a_person(question=QUESTION, points=40)
def answer_reasoning(evidence: Evidence) -> str:
    """Explains how the numbers come about, and what they say about growing sequences."""
    return written(evidence, QUESTION)
