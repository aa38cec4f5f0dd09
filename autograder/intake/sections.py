"""Cuts a notebook's cells into the sections of the assignment's questions.

Receives all cells in order and the questions; returns one `Section` for each question whose beginning was found (see `headings`), in the
assignment's order. A section runs to the next such heading or to the heading of a higher question ("Question 2").

A cell with several headings is divided: each section gets its part, under the cell's index. A question whose heading stands twice
is one section with the cells of both, so that nothing is lost and what comes later counts; only a marked heading of no lower rank may go
back to an earlier question, as the rest are references ("**2.1** was supported").
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from autograder.intake.headings import LINE_LIMIT, Words, by_cell, is_prose, number_of, parent_of, told_by
from autograder.model.grading import Question
from autograder.model.submission import Cell, CellKind, Section


def prompted(questions: Sequence[Question], template: Sequence[Cell]) -> tuple[Question, ...]:
    """The questions with the paragraphs of the homework's own text that stand in one of their sections only."""
    told = {section.question: told_by(section.cells) for section in cut(template, questions)}
    everywhere = [text for texts in told.values() for text in texts]
    return tuple(
        dataclasses.replace(question, prompts=tuple(sorted(t for t in told.get(question.number, ()) if everywhere.count(t) == 1)))
        for question in questions
    )


def cut(cells: Sequence[Cell], questions: Sequence[Question]) -> tuple[Section, ...]:
    """The sections of `questions` that were found, each with its cells in document order."""
    words = Words.of(questions)
    found: dict[str, list[Cell]] = {}
    levels: dict[str, int] = {}
    current = ""
    for cell, lines, headings in by_cell(cells, words):
        if cell.kind is CellKind.CODE:
            if current:
                found[current].append(cell)
            continue
        begin = 0
        for heading in headings:
            if not heading.question:
                same = current and parent_of(current) == number_of(lines[heading.line], words.higher)
                if not current or same or heading.level >= levels[current]:
                    continue
            elif heading.question == current:
                continue
            elif heading.question in found and (not heading.marked or heading.level > levels[heading.question]):
                continue  # a reference to a question before
            _keep(found, current, cell, lines, begin, heading.line)
            begin, current = heading.line, heading.question
            if current:
                found.setdefault(current, [])
                levels[current] = heading.level
        _keep(found, current, cell, lines, begin, len(lines))
    _by_comment(found, cells, questions, words)
    titles = {question.number: question.title for question in questions}
    return tuple(Section(number, titles[number], tuple(found[number])) for number in titles if number in found)


def _keep(found: dict[str, list[Cell]], current: str, cell: Cell, lines: list[str], begin: int, end: int) -> None:
    """Give lines `begin` to `end` of a markdown cell to the current section."""
    if not current:
        return
    if begin == 0 and end == len(lines):
        found[current].append(cell)
        return
    part = "\n".join(lines[begin:end])
    if not part.strip():
        return
    # A picture goes with the part that shows it; where that cannot be told, with the cell's last part.
    figures = cell.figures if end == len(lines) or "![" in part or "<img" in part else ()
    found[current].append(dataclasses.replace(cell, source=part, figures=figures))


def _by_comment(found: dict[str, list[Cell]], cells: Sequence[Cell], questions: Sequence[Question], words: Words) -> None:
    """Questions without any heading begin at a code cell whose first line is a comment with their number."""
    missing = {question.number for question in questions} - set(found)
    if not missing:
        return
    current, taken = "", set()
    holder = {id(cell): number for number, kept in found.items() for cell in kept}
    before = ""
    for cell in cells:
        lines = cell.source.strip()[:LINE_LIMIT].splitlines()
        comment = words.comment.match(lines[0]) if cell.kind is CellKind.CODE and lines else None
        if holder.get(id(cell), "") != before:
            current, before = "", holder.get(id(cell), "")
        if comment and not is_prose(comment["rest"]):
            current = comment["number"] if comment["number"] in missing else ""
        if current:
            found.setdefault(current, []).append(cell)
            taken.add(id(cell))
    for number, kept in found.items():
        if number not in missing:
            found[number] = [cell for cell in kept if id(cell) not in taken]
