"""Cuts a notebook's cells into the sections of the assignment's questions.

Receives all cells in order and the questions; returns one `Section` for each question whose heading was found, in the assignment's
order.

A heading is a line of a markdown cell that starts with the question's number: marked as a heading (`### __1.1__ Title`,
`<h3>1.1</h3>`, underlined), in bold, after a word ("Question 1.1", "Q1.1"), with a bracket ("1.1)"), or plain as the first line of
its cell. Numbers in prose, lists, tables and code are none. A section runs to the next such heading or to the heading of a higher
question ("Question 2").

A cell with several headings is divided: each section gets its part, under the cell's index. A question whose heading stands twice
is one section with the cells of both, so that nothing is lost and what comes later counts; only a marked heading may go back to an
earlier question, as the rest are references ("**2.1** was supported").
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.model.grading import Question
from autograder.model.submission import Cell, CellKind, Section

_LINE_LIMIT = 300  # characters of a line that can matter for a heading
_CONTENTS = 3  # headings with nothing between them: a table of contents
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_WORD = r"(?:question|problem|exercise|task|part|section|aufgabe|frage|pregunta|exercice|q|ex)"
_UNIT = re.compile(
    r"\s*(?:%|(?:million|billion|thousand|times|percent|points?|seconds?|secs?|minutes?|hours?|ms|s|x|gb|mb|kb|epochs?|layers?)(?!\w))",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\s*(?:is|was|are|were|and|or|to|of|than|in|at|for|on|with|by|vs)(?!\w)", re.IGNORECASE)
_ORNAMENT = re.compile(r"^[*_\s\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]+")  # marks of bold type, arrows and pictures before a number
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_LIST_ITEM = re.compile(r"\s*(?:[-+•]\s|\*\s|\d{1,3}[.)]\s)")


@dataclass(frozen=True, slots=True)
class _Heading:
    """The start of a section, or of a higher question when `question` is empty. `marked`: made a heading by hashes, a tag or a rule."""

    line: int
    question: str
    marked: bool
    level: int


@dataclass(frozen=True, slots=True)
class _Words:
    """Patterns made of the assignment's numbers."""

    numbers: re.Pattern[str]
    higher: re.Pattern[str]
    comment: re.Pattern[str]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> _Words:
        numbers = sorted((question.number for question in questions), key=len, reverse=True)
        parents = sorted({number.rpartition(".")[0] for number in numbers} - {""}, key=len, reverse=True)
        one_of = "|".join(map(re.escape, numbers)) or "(?!)"
        parent = "|".join(map(re.escape, parents)) or "(?!)"
        return cls(
            re.compile(rf"(?P<word>{_WORD}(?:\s*[.#:]\s*|\s*))?[(\[]?(?P<number>{one_of})(?P<rest>(?![^\W_])(?!\.\d).*)", re.IGNORECASE),
            re.compile(rf"(?P<word>{_WORD}(?:\s*[.#:]\s*|\s*))?(?P<number>{parent})(?![^\W_])(?!\.\d)", re.IGNORECASE),
            re.compile(rf"#+\s*(?:{_WORD}\s*[.#:]?\s*)?(?P<number>{one_of})(?![^\W_])(?!\.\d)(?P<rest>.*)", re.IGNORECASE),
        )


def cut(cells: Sequence[Cell], questions: Sequence[Question]) -> tuple[Section, ...]:
    """The sections of `questions` that were found, each with its cells in document order."""
    words = _Words.of(questions)
    found: dict[str, list[Cell]] = {}
    levels: dict[str, int] = {}
    current = ""
    for cell, lines, headings in _by_cell(cells, words):
        if cell.kind is CellKind.CODE:
            if current:
                found[current].append(cell)
            continue
        begin = 0
        for heading in headings:
            if not heading.question:
                same = current and _parent_of(current) == _number_of(lines[heading.line], words.higher)
                if not current or same or heading.level >= levels[current]:
                    continue
            elif heading.question == current or (heading.question in found and not heading.marked):
                continue
            _keep(found, current, cell, lines, begin, heading.line)
            begin, current = heading.line, heading.question
            if current:
                found.setdefault(current, [])
                levels[current] = heading.level
        _keep(found, current, cell, lines, begin, len(lines))
    _by_comment(found, cells, questions, words)
    titles = {question.number: question.title for question in questions}
    return tuple(Section(number, titles[number], tuple(found[number])) for number in titles if number in found)


def _by_cell(cells: Sequence[Cell], words: _Words) -> Iterator[tuple[Cell, list[str], list[_Heading]]]:
    """Each cell with its lines and headings.

    A bare number ("# 2") heads a question that comes later than the section it stands in, or whose own section comes next: else it
    may be an answer.
    """
    every = []
    for cell in cells:
        lines = [] if cell.kind is CellKind.CODE else cell.source.splitlines()
        every.append((cell, lines, list(_headings(lines, words))))
    numbers = [heading.question for _, _, headings in every for heading in headings]
    place = 0
    for cell, lines, headings in every:
        kept = []
        for heading in headings:
            before = next((number for number in reversed(numbers[:place]) if number), "")
            after = next((number for number in numbers[place:] if number), "")
            place += 1
            higher = "" if heading.question or not heading.level else _number_of(lines[heading.line], words.higher)
            if not higher or higher > _parent_of(before) or higher == _parent_of(after):
                kept.append(heading)
        yield cell, lines, kept


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


def _headings(lines: list[str], words: _Words) -> Iterator[_Heading]:
    """The headings of one markdown cell, tables of contents left out."""
    candidates = list(_candidates(lines, words))
    sections = [heading for heading in candidates if heading.question]
    between = [any(line.strip() for line in lines[one.line + 1 : two.line]) for one, two in itertools.pairwise(sections)]
    if len(sections) >= _CONTENTS and not any(between):
        return
    yield from candidates


def _candidates(lines: list[str], words: _Words) -> Iterator[_Heading]:
    fence = ""
    first_text = next((number for number, line in enumerate(lines) if line.strip()), 0)
    for number, line in enumerate(lines):
        if opened := _FENCE.match(line):
            fence = "" if fence == opened.group(1) else fence or opened.group(1)
            continue
        if fence or line.startswith(("    ", "\t")) or line.lstrip().startswith(("|", ">")) or _LIST_ITEM.match(line):
            continue
        below = lines[number + 1].strip() if number + 1 < len(lines) else ""
        above = lines[number - 1].strip() if number else ""
        heading = _heading(line[:_LINE_LIMIT], number, words, underline=below, opens_cell=number == first_text, opens_paragraph=not above)
        if heading:
            yield heading


def _heading(line: str, number: int, words: _Words, *, underline: str, opens_cell: bool, opens_paragraph: bool) -> _Heading | None:
    text = line.strip()
    tags = {tag.group(2).lower() for tag in _TAG.finditer(text)}
    text = _TAG.sub("", text).strip()
    hashes = len(text) - len(text.lstrip("#"))
    text = text.lstrip("#").strip()
    ruled = bool(underline) and len(underline) >= 3 and set(underline) in ({"="}, {"-"})
    level = hashes or next((int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)), 0) or (2 if ruled else 0)
    bold = text.startswith(("**", "__")) or bool(tags & {"b", "strong"})
    text = _ORNAMENT.sub("", text).replace("\\.", ".")
    if found := words.numbers.match(text):
        if _is_heading(found, marked=level > 0, bold=bold, opens_cell=opens_cell, opens_paragraph=opens_paragraph):
            return _Heading(number, found["number"], level > 0, level or 7)
    elif (found := words.higher.match(text)) and (found["word"] or level) and (level or bold):
        return _Heading(number, "", level > 0, 0 if found["word"] else level)
    return None


def _is_heading(found: re.Match[str], *, marked: bool, bold: bool, opens_cell: bool, opens_paragraph: bool) -> bool:
    rest = found["rest"].lstrip("*_")
    if _UNIT.match(rest) or (not marked and _PROSE.match(rest)):
        return False
    title = rest.lstrip(" .:)]-–—*_").strip()
    if marked or bold:
        return True
    behind = rest.lstrip()[:1]
    punctuated = behind in (":", ")", "]", "-", "–", "—") or (behind == "." and not title[:1].islower())
    named = not title or title[:1].isupper() or title[:1] in "(*_\"'`"
    if found["word"]:
        return opens_paragraph and (punctuated or named) and not title[:1].isdigit()
    if behind in (")", "]"):
        return opens_paragraph and not title[:1].isdigit()
    return opens_cell and named and len(title) <= 100 and not title.endswith((".", ",", ";"))


def _by_comment(found: dict[str, list[Cell]], cells: Sequence[Cell], questions: Sequence[Question], words: _Words) -> None:
    """Questions without any heading begin at a code cell whose first line is a comment with their number."""
    missing = {question.number for question in questions} - set(found)
    if not missing:
        return
    current, taken = "", set()
    holder = {id(cell): number for number, kept in found.items() for cell in kept}
    before = ""
    for cell in cells:
        lines = cell.source.strip()[:_LINE_LIMIT].splitlines()
        comment = words.comment.match(lines[0]) if cell.kind is CellKind.CODE and lines else None
        if holder.get(id(cell), "") != before:
            current, before = "", holder.get(id(cell), "")
        if comment and not _UNIT.match(comment["rest"]) and not _PROSE.match(comment["rest"]):
            current = comment["number"] if comment["number"] in missing else ""
        if current:
            found.setdefault(current, []).append(cell)
            taken.add(id(cell))
    for number, kept in found.items():
        if number not in missing:
            found[number] = [cell for cell in kept if id(cell) not in taken]


def _parent_of(number: str) -> str:
    return number.rpartition(".")[0]


def _number_of(line: str, pattern: re.Pattern[str]) -> str:
    text = _TAG.sub("", line[:_LINE_LIMIT]).strip().lstrip("#").strip()
    found = pattern.match(_ORNAMENT.sub("", text))
    return found["number"] if found else ""
