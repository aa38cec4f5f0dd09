"""Cutting notebooks into sections."""

from __future__ import annotations

import pytest
from linear import is_linear
from stored_notebooks import QUESTIONS, SEED, code, loaded, markdown

from autograder.intake import read
from autograder.intake.sections import prompted
from autograder.model.grading import Question
from autograder.model.submission import Notebook


def layout(notebook: Notebook) -> dict[str, list[int]]:
    return {section.question: [cell.index for cell in section.cells] for section in notebook.sections}


@pytest.mark.parametrize(
    "heading",
    [
        "### __1.1__ A bigger mask (one point)",
        "## 1.1",
        "### 1.1 In words",
        "# 1.1: a title",
        "##1.1 A title",
        "**1.1**",
        "**1.1** a title",
        "**1.1 A title**",
        "__1.1. A title__",
        "1.1 A title",
        "1.1) a title",
        "1.1: A title",
        "1.1",
        "(1.1) A title",
        "Question 1.1",
        "Question 1.1: a title",
        "Problem 1.1 - a title",
        "**Question 1.1** a title",
        "### Q1.1 A title",
        "Q1.1",
        "<h3>1.1 A title</h3>",
        '<h3 style="color:red">1.1</h3>',
        "<b>1.1</b> A title",
        '<a name="x"></a>\n### 1.1 A title',
        "1.1 A title\n-----------",
        "## Question 1: many things\n\n### __1.1__ First",
        "Some text before.\n\n### 1.1 A title",
        "#### 1\\.1 A title",
        "### \u2705 1.1 A title",
        "## \U0001f680 **1.1** A title",
    ],
)
def test_a_heading_is_recognised(heading: str) -> None:
    """However students and handouts write a question's number as a heading, its section is found."""
    assert layout(loaded(markdown("Welcome"), markdown(heading), code())) == {"1.1": [1, 2]}


@pytest.mark.parametrize(
    "text",
    [
        "1.1 million images were used",
        "1.1 times faster",
        "1.1% of all",
        "1.1 and 1.2 agree.",
        "The answer to 1.1 is above.",
        "0.2",
        "1.10 is another number",
        "1.1.3 is a version",
        "1.15",
        "### 1.1 million parameters",
        "- 1.1 A title",
        "* **1.1** A title",
        "1. 1.1 A title",
        "| 1.1 | A title |\n| --- | --- |\n| 1.1 | 3 |",
        "```\n### 1.1 A title\n```",
        "~~~\n## 1.1\n```\n## 1.1\n~~~",
        "    ## 1.1 in a code block",
        "> ## 1.1 quoted",
        "As in Question 1.1 we see",
        "Question 1.1 asks for a plot, and here it is",
        "A loss of\n1.1 Is what I got",
        "1.1: 0.05",
        "**1.1** is the loss",
        "### 9.9 Not asked",
    ],
)
def test_a_number_in_prose_is_no_heading(text: str) -> None:
    """Numbers in sentences, lists, tables and code begin no section."""
    assert layout(loaded(markdown("## 1.2 Before"), markdown(text), code())) == {"1.2": [0, 1, 2]}


def test_a_section_ends_at_the_next_question() -> None:
    """A heading such as "Question 2" ends the section before it, and its introduction belongs to none."""
    notebook = loaded(
        markdown("## Question 1"), markdown("### 1.1 A"), code(), markdown("## Question 2: more"), markdown("An introduction"),
        markdown("### 2.1 B"), code(),
    )  # fmt: skip
    assert layout(notebook) == {"1.1": [1, 2], "2.1": [5, 6]}


@pytest.mark.parametrize(
    "higher", ["# 2. Sequences", "## 2 Sequences", "**Question 2**", '## <a name="2">Question 2: more (three points)</a>']
)
def test_higher_headings_come_in_many_forms(higher: str) -> None:
    """A higher question's heading is known by its word or by standing above the sections' level."""
    assert layout(loaded(markdown("### 1.1 A"), code(), markdown(higher), code())) == {"1.1": [0, 1]}


@pytest.mark.parametrize("answer", ["# 1", "#1 - because it is so", "# 1\n\nIt is so."])
def test_a_bare_number_as_an_answer_ends_no_section(answer: str) -> None:
    """The number of a question that came before heads it again only where one of its own sections follows."""
    assert layout(loaded(markdown("### 2.1 A"), markdown(answer), code())) == {"2.1": [0, 1, 2]}
    again = loaded(markdown("### 2.1 A"), code(), markdown("# 1"), markdown("An introduction"), markdown("### 1.1 B"), code())
    assert layout(again) == {"1.1": [4, 5], "2.1": [0, 1]}


@pytest.mark.parametrize("inner", ["#### 2 layers", "### Question 1 again", "#### Plots", "2 layers were used", "2. second item"])
def test_headings_inside_a_section_do_not_end_it(inner: str) -> None:
    """A lower heading, or one of the same question, stays in the section."""
    assert layout(loaded(markdown("### 1.1 A"), markdown(inner), code())) == {"1.1": [0, 1, 2]}


def test_one_cell_with_two_headings_is_divided() -> None:
    """Each section gets its part of the cell; an ending "Question 2" is in neither."""
    notebook = loaded(markdown("### 1.1 A\n\nfirst\n\n### 1.2 B\n\nsecond\n\n## Question 2\n\nnothing"), code())
    first, second = notebook.sections
    assert [cell.source.split() for cell in first.cells] == [["###", "1.1", "A", "first"]]
    assert [cell.source.split() for cell in second.cells] == [["###", "1.2", "B", "second"]]
    assert first.cells[0].index == second.cells[0].index == 0


def test_a_heading_that_stands_twice_makes_one_section() -> None:
    """What was done again at the end counts with what was done first, and nothing of the sections between is lost."""
    notebook = loaded(markdown("## 1.1"), code("a"), markdown("## 1.2"), code("b"), markdown("## 1.1 again"), code("c"))
    assert layout(notebook) == {"1.1": [0, 1, 4, 5], "1.2": [2, 3]}


def test_a_reference_to_an_earlier_question_is_no_heading() -> None:
    """Naming an earlier question in bold, in an answer, takes no cells from its section."""
    notebook = loaded(markdown("## 2.1 A"), markdown("## 2.3 B"), markdown("**2.1** said the opposite"), code())
    assert layout(notebook) == {"2.1": [0], "2.3": [1, 2, 3]}


def test_a_table_of_contents_begins_no_section() -> None:
    """Headings one below the other with nothing between them are a table of contents."""
    notebook = loaded(markdown("**1.1** A\n\n**1.2** B\n\n**2.1** C"), code("setup"), markdown("**1.1** A"), code(), markdown("**1.2** B"))
    assert layout(notebook) == {"1.1": [2, 3], "1.2": [4]}


def test_a_comment_can_be_the_heading() -> None:
    """Where all headings were deleted, a code cell that begins with the number in a comment is found."""
    notebook = loaded(markdown("Hello"), code("# Question 1.1\nx = 1"), code("y = 2"), code("# 1.2\nz"), code("# 1.1 million\nq"))
    assert layout(notebook) == {"1.1": [1, 2], "1.2": [3, 4]}


def test_comments_take_no_cells_from_proper_headings() -> None:
    """A comment with a question's number says nothing once that question has a heading."""
    assert layout(loaded(markdown("## 1.1"), code("# 1.1\nx"), markdown("## 1.2"), code("# 1.1 again\nx"))) == {
        "1.1": [0, 1],
        "1.2": [2, 3],
    }


def test_sections_come_in_the_order_of_the_assignment() -> None:
    """A student may answer in any order; titles are the assignment's."""
    notebook = loaded(markdown("## 1.2 b"), code(), markdown("## 1.1 a"), code())
    assert [(section.question, section.title) for section in notebook.sections] == [("1.1", "Title of 1.1"), ("1.2", "Title of 1.2")]
    assert layout(notebook) == {"1.1": [2, 3], "1.2": [0, 1]}


@pytest.mark.parametrize("text", ["#" * 300_000, "**" * 200_000, "<h3 " * 100_000, "1.1 " * 100_000, "\n1.1)" * 50_000, "```\n" * 100_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    """Very long and repetitive text is read in linear time."""
    assert is_linear(lambda some: loaded(markdown(some), code("#" * 100_000)), text)


@pytest.mark.skipif(not SEED.exists(), reason="the seed submission is not on this machine")
def test_the_seed_notebook_is_cut_right() -> None:
    """The real submission's twelve sections begin and end where a person would say."""
    numbers = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2")
    questions = [Question(number, "") for number in numbers]
    notebook = read.notebook((SEED / "hw4.ipynb").read_bytes(), questions, {}, name="hw4.ipynb")
    spans = {question: (cells[0], cells[-1]) for question, cells in layout(notebook).items()}
    expected = [(5, 11), (12, 16), (17, 21), (22, 23), (24, 30), (31, 32), (34, 46), (47, 55), (56, 62), (63, 70), (72, 77), (78, 84)]
    assert spans == dict(zip(numbers, expected, strict=True))


@pytest.mark.parametrize(
    "form",
    [
        "### Answer to {}",
        "### HW4 {}",
        "### `{}` A title",
        "### A title ({})",
        "### 第{}题",
        "### No. {}",
        "### Q{}a",
        "Answer {}:",
        "## --- {} ---",
    ],
)
def test_weaker_headings_count_where_there_is_no_other(form: str) -> None:
    """A number elsewhere in a heading begins a section, unless the question has a heading that begins with its number."""
    cells = (markdown(form.format("1.1")), code(), markdown(form.format("1.2")), code())
    assert layout(loaded(*cells)) == {"1.1": [0, 1], "1.2": [2, 3]}
    own = (markdown("### 1.1 A"), code(), markdown("### 1.2 B"), code(), markdown(form.format("1.1")), code())
    assert layout(loaded(*own)) == {"1.1": [0, 1], "1.2": [2, 3, 4, 5]}


@pytest.mark.parametrize(
    "contents",
    [
        "1.1 A\n1.2 B\n2.1 C",
        "1.1 A\n\n1.2 B\n\n2.1 C",
        "# Question 1\n### 1.1 A\n### 1.2 B\n# Question 2\n### 2.1 C",
        "<b>1.1 A</b> 1.2 B 2.1 C",
    ],
)
def test_contents_in_any_form_begin_no_section(contents: str) -> None:
    """Lines with several questions' numbers and nothing between them, in any form."""
    assert layout(loaded(markdown(contents), code(), markdown("### 1.1 A"), code())) == {"1.1": [2, 3]}


def test_a_lower_heading_does_not_go_back() -> None:
    """In 1.2, "#### 1.1" is a reference; "### 1.1" goes on with 1.1."""
    cells = (markdown("### 1.1 A"), markdown("### 1.2 B"))
    assert layout(loaded(*cells, markdown("#### 1.1 had less"), code())) == {"1.1": [0], "1.2": [1, 2, 3]}
    assert layout(loaded(*cells, markdown("### 1.1 again"), code())) == {"1.1": [0, 2, 3], "1.2": [1]}


def test_the_homework_s_own_text_begins_a_section_without_heading() -> None:
    """A deleted heading is replaced by the first paragraph of the question's text, where that stands in one question only."""
    told, both = "Explain in your own words why it is so and not otherwise.", "Give your answer in the cell below, and print nothing."
    template = loaded(markdown(f"### 1.1 A\n\n{both}"), markdown(f"### 1.2 B\n\n{told}\n\n{both}")).cells
    questions = prompted(QUESTIONS, template)
    cells = (markdown("### 1.1 A"), code(), markdown(f"**{told}**\n\n{both}"), code())
    assert layout(loaded(*cells, questions=questions)) == {"1.1": [0, 1], "1.2": [2, 3]}
    assert layout(loaded(*cells)) == {"1.1": [0, 1, 2, 3]}


def test_invisible_signs_hide_no_heading() -> None:
    """Byte order marks and spaces without width, as pasted text has them."""
    assert layout(loaded(markdown("\ufeff### 1.1 A"), code(), markdown("\u200b### 1.2 B"))) == {"1.1": [0, 1], "1.2": [2]}
