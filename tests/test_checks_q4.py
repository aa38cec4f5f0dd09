"""Question 4: answers as students write them, right and wrong."""

from __future__ import annotations

import pytest
from fabricated import checks, code, evidence, markdown, outcome

from autograder.checks import Evidence
from autograder.model.grading import Outcome
from reference.judging.choices import pick
from reference.judging.counts import counts
from reference.judging.sizes import fully_connected, recurrent
from reference.judging.unchanged import says_same

PASSED, FAILED, REVIEW = Outcome.PASSED, Outcome.FAILED, Outcome.REVIEW
q4_1, q4_2 = checks("q4_1"), checks("q4_2")
MARKER = "(YOUR ANSWER HERE)\n\n"
A, B, A20, B20 = "network_a", "network_b", "network_a_at_20_characters", "network_b_at_20_characters"
NAMES = (A, B, A20, B20)


@pytest.mark.parametrize(
    "answer",
    [
        "2",
        "2.",
        "(2)",
        "**2**",
        "2) After processing each individual name input",
        "2. After processing each name",
        "2, because names are independent",
        "option two",
        "The second option.",
        "Answer: 2",
        "I'd choose 2 since each name is independent",
        "Option 2 (not 1 or 3)",
        "not 1 or 3, but 2",
        "#2 makes the most sense.",
        "After every name.",
        "Not after each epoch, but after each name",
        "Reset after each name instead of after each epoch.",
        "It should be done between names, because names are independent.",
        "We should reset it before each new name.",
        "whenever a new name comes in we start from zero",
        "The hidden state should be re-initialized every time we start a new name",
        "We should set the state back after processing each individual name input, since we don't want other names' information.",
        "After each name. If we only did it once at the beginning of training, names would leak; after each epoch has the same problem.",
        "1. Only once, at the beginning of training\n2. **After processing each name**\n3. After each epoch\n\nI pick option 2.",
        "Nach jedem Namen, da die Namen unabhängig sind.",
        "Option 2. Option 1 would let names leak into each other, and option 3 has the same problem within an epoch.",
        "Option 1 leaks information. Option 3 leaks within an epoch. Hence option 2.",
        "1. once\n2. after each name ✅\n3. after each epoch",
        "1. ~~once, before training~~\n2. after each name\n3. ~~after each epoch~~",
        "It would make the most sense to set it back after every name.",
        "Option II: after each name.",
        "1) A summary.\n2) It begins with the old state.\n3) After each name.",
        "应该在处理完每个名字之后重置，因为名字之间没有关系。",
    ],
)
def test_the_second_option_is_recognised(answer: str) -> None:
    """By number or in words, with the others negated, supposed or not named."""
    assert pick(answer) == 2


@pytest.mark.parametrize(
    ("answer", "picked"),
    [
        ("1", 1),
        ("Only once, at the beginning of training.", 1),
        ("Option 3 because after each epoch we start over", 3),
        ("After processing all names once, i.e., each epoch.", 3),
        ("3, after each epoch", 3),
        ("at the end of each epoch", 3),
    ],
)
def test_other_options_are_recognised(answer: str, picked: int) -> None:
    """A wrong pick is known as such."""
    assert pick(answer) == picked


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Names are independent of each other.",
        "either 2 or 3",
        "Option 1 or option 2",
        "1. Only once, at the beginning of training 2. After processing each name 3. After processing each epoch",
    ],
)
def test_what_picks_nothing_is_undecided(answer: str) -> None:
    """A reason without a pick, two picks, or the options copied."""
    assert pick(answer) is None


@pytest.mark.parametrize(("third", "expected"), [("2", PASSED), ("3", FAILED), ("It depends on the data.", REVIEW), ("", FAILED)])
def test_the_third_answer_counts(third: str, expected: Outcome) -> None:
    """The pick is read at the third marker, whatever the first two say."""
    cells = (
        markdown(0, "### 4.1 State"),
        markdown(1, MARKER + "Option 3 is what I once read about."),
        markdown(2, MARKER + "It begins with the last state."),
        markdown(3, MARKER + third),
    )
    given = evidence({"4.1": cells})
    result, sentence = outcome(q4_1.check_picks_the_right_moment, given)
    assert result is expected
    assert "option 2" not in sentence
    assert "Option 3 is what" in q4_1.answer_two_descriptions(given)
    assert q4_1.answer_reason(given) == third


def sizes(first: str, second: str, printed: str = "") -> Evidence:
    """4.2 with its two answers, and a code cell where something was printed."""
    cells = (markdown(0, "### 4.2 Sizes"), markdown(1, MARKER + first), markdown(2, MARKER + second))
    return evidence({"4.2": (*cells, code(3, "print(count)", printed)) if printed else cells})


def ended(given: Evidence) -> dict[str, Outcome]:
    return {name: outcome(getattr(q4_2, f"check_{name}"), given)[0] for name in NAMES}


def test_the_numbers_of_the_rubric() -> None:
    """Both conventions, computed from the sizes."""
    assert (fully_connected(10), fully_connected(20), recurrent()) == ((71442, 71168), (138002, 137728), (77542, 77268))


RIGHT = {
    "with biases": ("Network A has 71,442 parameters and network B has 77,542.", "A: 138,002. B: 77,542."),
    "without biases": ("A has 71168 parameters, B has 77268.", "Network A has 137728, B stays the same."),
    "number first": ("71.168 for network A and 77.268 for network B", "137.728 for network A, and network B does not change"),
    "LaTeX": (
        "A: $260 \\cdot 256 + 256 \\cdot 18 = 71{,}168$\n\nB: $(26+256)\\cdot 256 + (26+256)\\cdot 18 = 77{,}268$",
        "A: $137{,}728$\n\nB is unaffected by the length.",
    ),
    "a table": ("| | A | B |\n|---|---|---|\n| 10 | 71 442 | 77 542 |\n| 20 | 138 002 | 77 542 |", "See the table. B does not grow."),
    "all in the first answer": (
        "Network A: 71,442. Network B: 77,542.\n\nWith 20 letters A has 138,002. The recurrent network keeps its size.",
        "",
    ),
    "a mix of conventions": ("Network A has 71,442 parameters, B has 77,268.", "A has 138,002, B still has 77,268."),
    "in turn": (
        "Networks A and B have 71,442 and 77,542 parameters, respectively.",
        "138,002 and 77,542 parameters for A and B.",
    ),
    "without names": ("* 71,442\n* 77,542", "* 138,002\n* 77,542 (no change)"),
    "letters with brackets": ("a) 71,442\n\nb) 77,542", "a) 138,002\n\nb) 77,542"),
    "only one changes": ("A: 71,442, B: 77,542", "Only network A changes: it has 138,002 parameters."),
    "a table for both lengths": ("| | A | B |\n|---|---|---|\n| 10 | 71,442 | 77,542 |\n| 20 | 138,002 | 77,542 |", "See the table."),
    "in another alphabet": ("网络A有71,442个参数，网络B有77,542个参数。", "网络A有138,002个参数，网络B的参数数量不变。"),
    "by their kinds": (
        "The fully connected network has 71,442 parameters, the RNN 77,542.",
        "The fully connected one has 138,002. The size of the recurrent network is independent of the sequence length.",
    ),
    "LaTeX with commas in text": ("A: $71\\text{,}442$, B: $77\\text{,}542$", "A: $138\\text{,}002$, B: unchanged"),
    "HTML with blanks": ("A: 71&nbsp;442, B: 77&thinsp;542", "A: 138&nbsp;002, B: unchanged"),
    "capital letters with brackets": ("A) 71442, B) 77542", "A) 138002, B) no change"),
    "both lengths by arrows": ("A: 71,442 → 138,002\nB: 77,542 → 77,542", ""),
    "from and to": ("", "Network A goes from 71,442 to 138,002, network B stays at 77,542."),
    "the same for": ("A: 71,442, B: 77,542", "138002 for A, same for B"),
    "as many as": ("A: 71,442, B: 77,542", "For network A 138,002 parameters, for network B as many as with 10 letters."),
    "does not go up": ("A: 71,442, B: 77,542", "The MLP would have 138,002 parameters, whereas the RNN's number does not go up."),
    "two nets": ("dense net: 71,442, recurrent net: 77,542", "dense net: 138,002, recurrent net: same"),
    "in Korean": ("A는 71,442개, B는 77,542개.", "A는 138,002개, B는 변하지 않는다."),
    "in Russian": ("Сеть A: 71442, сеть B: 77542.", "Сеть A: 138002, сеть B не меняется."),
}


@pytest.mark.parametrize("form", RIGHT)
def test_right_sizes_pass_in_every_form(form: str) -> None:
    """However numbers are written and networks are named."""
    assert ended(sizes(*RIGHT[form])) == dict.fromkeys(NAMES, PASSED)


def test_numbers_in_outputs_count() -> None:
    """What the section's code printed is part of the answer."""
    printed = (
        "The cell has 77,268 parameters\nThe net has 71,168 parameters\nThe cell has 77,268 parameters\nThe net has 137,728 parameters"
    )
    assert ended(sizes("See below.", "See below.", printed)) == dict.fromkeys(NAMES, PASSED)


LATER = "Network A has 138,002, network B still has 77,542."
WRONG = {
    "B as nn.RNN counts": ("Network A: 71,442. Network B: 77,330.", "A: 138,002. B: 77,330.", {B}),
    "B with one bias missing": ("Network A: 71,442. Network B: 77,074.", "A: 138,002. B stays the same.", {B}),
    "B without its letters": ("Network A: 71,442. Network B: 76,800.", "A: 138,002. B stays the same.", {B}),
    "swapped": ("Network A has 77,542 parameters and network B has 71,442.", LATER, {A, B}),
    "A unchanged": ("Network A has 71,442, network B 77,542.", "Both stay the same.", {A20}),
    "A unchanged, with its number": ("Network A has 71,442, network B 77,542.", "A has 71,442 and B has 77,542.", {A20}),
    "a slip that is carried on": ("Network A has 71,424, network B 77,542.", "Network A has 137,984, network B 77,542.", {A}),
    "B grows": ("Network A has 71,442, network B 77,542.", "Network A has 138,002, network B has 90,000.", {B20}),
    "B wrong, then right": ("Network A: 71,442. Network B: 77,330.", "A: 138,002. B: 77,542.", {B}),
    "B grows from its right number": ("A: 71,442, B: 77,542.", "A has 138,002, B grows from 77,542 to 155,084.", {B20}),
    "B is multiplied": ("A: 71,442, B: 77,542.", "A: 138,002. B: 77,542 * 2 = 155,084.", {B20}),
    "a part of A, carried on": ("A: 66,816, B: 77,542.", "A: 133,376. B: 77,542.", {A}),
    "unnamed, with a wrong B": ("71,442 and 76,800", "138,002 and 76,800", {B}),
    "from a wrong number": ("Network A: 71,424 → 138,002. Network B: 77,542 → 77,542.", "", {A}),
    "to a wrong number": ("Network A: 71,442 → 138,020. Network B: 77,542 → 77,542.", "", {A20}),
    "B from a right number to a wrong one": ("Network A: 71,442 → 138,002. Network B: 77,542 → 155,084.", "", {B20}),
    "twice as many": ("A: 71,442, B: 77,542", "A has twice as many as before, 142,884, B has as many as before.", {A20}),
    "only words": ("A is smaller than B.", "A grows and B stays the same.", {A, B, A20}),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_sizes_cost_once(mistake: str) -> None:
    """Each fails the number that is wrong, and no sentence says the right one."""
    first, second, caught_by = WRONG[mistake]
    given = sizes(first, second)
    assert ended(given) == {name: FAILED if name in caught_by else PASSED for name in NAMES}
    for name in caught_by:
        sentence = outcome(getattr(q4_2, f"check_{name}"), given)[1]
        told = {count.value for count in counts(sentence)} - {count.value for count in counts(f"{first}\n{second}")}
        assert not told


def test_an_output_does_not_heal_a_wrong_answer() -> None:
    """Who answers 77,330 and prints 77,268 has answered 77,330."""
    given = sizes("Network A has 71,168, network B has 77,330.", "A: 137,728. B: 77,330.", "cell: 77,268")
    assert ended(given) == {A: PASSED, B: FAILED, A20: PASSED, B20: PASSED}


def test_no_answer_fails_and_a_picture_is_for_a_person() -> None:
    """Nothing there is failed kindly; a photographed answer cannot be read here."""
    assert outcome(q4_2.check_network_a, sizes("", "")) == (FAILED, "There is no answer in 4.2 yet.")
    pictured = evidence({"4.2": (markdown(0, "### 4.2"), markdown(1, MARKER, figures=1))})
    assert ended(pictured) == dict.fromkeys(NAMES, REVIEW)


@pytest.mark.parametrize(
    ("text", "of_a", "of_b"),
    [
        ("Recurrent networks are not impacted by the sequence length.", False, True),
        ("A stays at 71,168, B increases to 90,000.", True, False),
        ("It does not change.", None, None),
        ("Both remain the same.", True, True),
        ("Network A has 138,002 parameters, while the Network B's parameters stay the same.", False, True),
        ("The RNN does not need more parameters when names get longer.", False, True),
    ],
)
def test_who_stays_the_same(text: str, of_a: bool | None, of_b: bool | None) -> None:
    """The nearest network before the words, or after them; none named is unclear."""
    assert (says_same(text, "A"), says_same(text, "B")) == (of_a, of_b)
