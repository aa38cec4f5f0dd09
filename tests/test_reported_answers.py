"""Finding what a student wrote."""

from __future__ import annotations

from typing import Any

import pytest
from linear import is_linear
from stored_notebooks import SEED, code, markdown, section, stdout

from autograder.intake import read
from autograder.model.grading import Question
from autograder.model.submission import Section
from autograder.reported.answers import answer, answers, code_at, place, printed

MARKER = '<center>\n<div style="color:red">(YOUR ANSWER HERE)</div>\n</center>'
PLOT = "<center>(YOUR LOSS PLOT HERE)</center>"
EXPLANATION = "<div>(YOUR EXPLANATION HERE)</div>"
PROMPT = "### 1.1 Why\n\nSome text about it.\n\n__Explain why it is so.__"


def made(*cells: dict[str, Any], heading: str = PROMPT) -> Section:
    return section(*cells, heading=heading)


@pytest.mark.parametrize(
    "cells",
    [
        [markdown(f"{MARKER}\n\nBecause.")],
        [markdown(f"{MARKER} Because.")],
        [markdown('<div style="color:red">(YOUR ANSWER HERE) Because.</div>')],
        [markdown(MARKER), markdown("Because.")],
        [markdown(MARKER), code("x = 1"), markdown("Because.")],
        [markdown(f"Because.\n\n{MARKER}")],
        [markdown("(your answer here)\n\nBecause.")],
        [markdown("YOUR ANSWER HERE\n\nBecause.")],
        [markdown("**(YOUR ANSWER HERE)**\n\nBecause.")],
        [markdown("Because.")],
        [code("# 3\nx = 1"), markdown("Because.")],
        [markdown("<p>Because.</p><!-- not this -->")],
        [markdown(MARKER), markdown("\n\n Because.  \n")],
    ],
    ids=range(13),
)
def test_an_answer_is_found_wherever_it_stands(cells: list[dict[str, Any]]) -> None:
    """In the marker's cell, before or behind it, in a later cell, or where the marker was deleted."""
    assert answer(made(*cells), "ANSWER") == "Because."
    assert answer(made(*cells)) == "Because."


@pytest.mark.parametrize(
    "cells",
    [
        [markdown(MARKER)],
        [markdown(MARKER), code("# a comment that says something\nx = 1\n'''and a text that does'''")],
        [markdown(f"{MARKER}\n\n&nbsp;\n\n<br/>\n\n---")],
        [markdown(MARKER), code("# YOUR CODE HERE: do it well and quickly")],
        [],
    ],
    ids=range(5),
)
def test_an_untouched_marker_is_no_answer(cells: list[dict[str, Any]]) -> None:
    """Neither code nor blank lines nor the prompt count as an answer."""
    assert answer(made(*cells), "ANSWER") == ""
    assert answer(made(*cells)) == ""


def test_an_answer_in_the_prompt_s_own_cell() -> None:
    """Behind the marker in the section's only cell, or behind the prompt's bold text where the marker is gone."""
    assert answer(made(heading=f"{PROMPT}\n\n{MARKER}\n\nBecause."), "ANSWER") == "Because."
    assert answer(made(heading=f"{PROMPT}\n\nBecause."), "ANSWER") == "Because."


def test_markers_are_told_apart_by_their_word() -> None:
    """A plot's marker and an explanation's do not take each other's text."""
    two = made(markdown(f"{PLOT}\n\n![the loss](attachment:x.png)"), markdown(EXPLANATION), markdown("It falls."))
    assert answer(two, "EXPLANATION") == "It falls."
    assert answer(two, "PLOT") == "(picture: the loss)"
    empty = made(markdown(f"{PLOT}\n\nTest loss 3"), markdown(EXPLANATION))
    assert answer(empty, "EXPLANATION") == ""
    assert answers(empty, "") == ("Test loss 3", "")


def test_several_answers_in_one_section() -> None:
    """Answers are counted; the bold prompts between them belong to none, also after an answer left empty."""
    second = "__And what does this mean for the next one?__"
    third = "__When is it best to do it again?__\n\n1. __never__\n2. __always__\n\n__Give a short reason.__"
    asked = made(
        markdown(f"{MARKER}\n\nOne."), markdown(second), markdown(MARKER), markdown(third), markdown(MARKER), markdown("**Option 2**")
    )
    assert answers(asked, "ANSWER") == ("One.", "", "**Option 2**")
    assert answer(asked, "ANSWER", ordinal=3) == "**Option 2**"
    assert answer(asked) == "One.\n\n**Option 2**"


def test_a_marker_asked_for_that_is_gone_gives_all_text() -> None:
    """Better too much to read than an answer lost."""
    assert answer(made(markdown(f"{MARKER}\n\nOne."), markdown("Two.")), "ANSWER", ordinal=2) == "One.\n\nTwo."


def template_and(*cells: dict[str, Any], heading: str = PROMPT) -> tuple[Section, Section]:
    template = made(
        markdown(MARKER),
        markdown("Now think about the *second* part.\n\nIt is hard."),
        markdown(MARKER),
        markdown("Given: a hint."),
        heading=PROMPT,
    )
    return made(*cells, heading=heading), template


def test_the_template_s_text_is_left_out() -> None:
    """Paragraphs of the assignment are no answers, however their markup and spacing changed."""
    student, template = template_and(
        markdown(f"{MARKER}\n\nOne."),
        markdown("Now think about the **second**   part.\n\nIt is hard."),
        markdown(f"{MARKER}\n\nTwo."),
        markdown("Given: a hint."),
    )
    assert answers(student, "ANSWER", template=template) == ("One.", "Two.")


def test_deleted_markers_are_replaced_by_the_template_s_places() -> None:
    """Where a student deleted the markers, answers are told apart by the prompts around them."""
    student, template = template_and(
        markdown("One."), markdown("Now think about the second part.\n\nIt is hard.\n\nTwo."), markdown("Given: a hint.")
    )
    assert answers(student, "ANSWER", template=template) == ("One.", "Two.")
    assert answer(student, "ANSWER", ordinal=2, template=template) == "Two."


def test_an_answer_added_to_the_prompt_is_found_with_the_template() -> None:
    """Text written into the prompt's cell is told from the prompt."""
    student, template = template_and(
        markdown(MARKER), markdown("Now think about the second part.\n\nIt is hard."), markdown(MARKER), heading=PROMPT + "\n\nBecause."
    )
    assert answers(student, "ANSWER", template=template) == ("Because.", "")


def test_a_template_of_another_edition_does_no_harm() -> None:
    """Where the student's notebook was made from other wording, the template is not used."""
    student, template = template_and(markdown(MARKER), heading="### 1.1 Other\n\nOther words.\n\n__Another question?__")
    assert answer(student, "ANSWER", template=template) == ""


def test_prose_in_code_cells_counts_when_nothing_else_is_there() -> None:
    """A cell of comments or of one string is an answer; code with comments is none."""
    assert (
        answer(made(markdown(MARKER), code("# Because the gradient\n# vanishes early.")), "ANSWER")
        == "Because the gradient\nvanishes early."
    )
    assert answer(made(markdown(MARKER), code("'''Because the gradient vanishes.'''")), "ANSWER") == "Because the gradient vanishes."
    assert answer(made(markdown(MARKER), code("x = 1  # because the gradient vanishes")), "ANSWER") == ""


def test_printed_texts_count_as_prose() -> None:
    """A cell that only prints texts, or keeps one and prints it, is an answer, however short; a computation is none."""
    assert answer(made(markdown(MARKER), code("print('Option 2')")), "ANSWER") == "Option 2"
    assert answer(made(markdown(MARKER), code("text = 'Because.'\nprint(text)")), "ANSWER") == "Because."
    assert answer(made(markdown(MARKER), code("# 2")), "ANSWER") == "2"
    assert answer(made(markdown(MARKER), code("print('loss', loss)\nx = f(1)")), "ANSWER") == ""


def test_code_at_a_marker() -> None:
    """What stands before the second marker belongs to the first, and stderr is no answer."""
    section = made(code("1"), markdown(MARKER), code("2", stdout("two")), markdown(MARKER), code("3"))
    assert [[cell.source for cell in code_at(section, "ANSWER", ordinal)] for ordinal in (1, 2)] == [["1", "2"], ["3"]]
    assert printed(code_at(section, "ANSWER", 1)) == "two"
    assert (place(section, "ANSWER", 2), place(section, "ANSWER", 3)) == (4, None)


def test_a_prompt_quoted_in_an_answer_stays() -> None:
    """The template's paragraph counts as given as often as the template has it; a further copy is the student's."""
    student, template = template_and(
        markdown(f"{MARKER}\n\nOne."),
        markdown("Now think about the *second* part.\n\nIt is hard."),
        markdown(f"{MARKER}\n\n**It is hard.**\n\nTwo."),
        markdown("Given: a hint."),
    )
    assert answers(student, "ANSWER", template=template) == ("One.", "**It is hard.**\n\nTwo.")


def test_html_tables_and_struck_out_text() -> None:
    """Rows become rows of a markdown table, and what was struck out stays marked."""
    text = "<table><tr><th>A</th><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>\n\n<del>3</del> 4"
    assert answer(made(markdown(f"{MARKER}\n\n{text}")), "ANSWER").splitlines() == ["| A | 1 |", "", "| B | 2 |", "", "~~3~~ 4"]


def test_html_becomes_text_and_formulas_stay() -> None:
    """Tags go, line breaks and entities are kept as text, comparisons and LaTeX are left alone."""
    text = "<p>First &amp; last<br>$a<b$ and x < y > z</p><ul><li>one</li></ul> <img src='plot.png' width=3>"
    found = answer(made(markdown(f"{MARKER}\n\n{text}")), "ANSWER")
    assert " ".join(found.split()) == "First & last $a<b$ and x < y > z one (picture: plot.png)"


@pytest.mark.parametrize(
    "text",
    ["(YOUR " * 60_000, "<div " * 60_000, "<!--" * 60_000, "![" * 100_000, "\n \t" * 100_000, "__" * 150_000, "(YOUR ANSWER HERE)" * 5_000],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    """Very long and repetitive answers are read in linear time."""
    assert is_linear(lambda some: answer(made(markdown(f"{MARKER}\n\n{some}"), markdown(some)), "ANSWER"), text)


def test_answers_in_the_cells_of_their_prompts_belong_to_the_prompt_above() -> None:
    """Two prompts, each answered in its own cell, with both markers left alone."""
    second = "__And what if it were not so?__"
    asked = made(markdown(MARKER), markdown(second), markdown(MARKER))
    given = made(markdown(MARKER), markdown(f"{second}\n\nThen not."), markdown(MARKER), heading=f"{PROMPT}\n\nBecause.")
    assert answers(given, "ANSWER", template=asked) == ("Because.", "Then not.")


@pytest.mark.skipif(not SEED.exists(), reason="the seed submission is not on this machine")
def test_the_answers_of_the_seed_notebook() -> None:
    """Every answer of the real submission is found under its marker, and the one left empty is empty."""
    questions = [Question(number, "") for number in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2")]
    notebook = read.notebook((SEED / "hw4.ipynb").read_bytes(), questions, {}, name="hw4.ipynb")
    found = {
        (part.question, word): [text[:24] for text in answers(part, word)]
        for part in notebook.sections
        for word in ("EXPLANATION", "ANSWER", "ANALYSIS")
        if any(f"(YOUR {word} HERE)" in cell.source for cell in part.markdown)
    }
    assert found == {
        ("1.2", "EXPLANATION"): ["Instead of reconstructing"[:24]],
        ("1.3", "EXPLANATION"): ["It turns out that the autoencoder"[:24]],
        ("2.1", "ANSWER"): ['The LSTM provides "constant'[:24]],
        ("2.3", "ANALYSIS"): ["Comparing the performance of"[:24]],
        ("3.4", "EXPLANATION"): [""],
        ("4.1", "ANSWER"): [
            "It holds the one-hot-encoded"[:24],
            "We will be passing the information"[:24],
            "We should re-initialize the"[:24],
        ],
        ("4.2", "ANSWER"): ["Assuming there are no bias"[:24], "The Network A now has 137"[:24]],
    }
    third = notebook.section("4.1")
    assert third is not None
    assert answer(third, "ANSWER", ordinal=3).endswith("other names' information.")
