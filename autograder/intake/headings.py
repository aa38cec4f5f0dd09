"""Finds the lines of markdown at which the sections of the assignment's questions begin.

A heading is a line that starts with the question's number: marked as a heading (`### __1.1__ Title`, `<h3>1.1</h3>`, underlined), in
bold, after a word ("Question 1.1", "Q1.1"), with a bracket ("1.1)"), or plain as the first line of its cell. Numbers in prose, lists,
tables and code are none, and neither is a table of contents.

Where a question has no such heading in the whole notebook, two weaker signs count: its number elsewhere in a heading, in a line of its
own or in a bold item ("### Answer to 1.1", "- **1.1**"), and a paragraph of the homework's own text for this question.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.model.grading import Question
from autograder.model.submission import Cell, CellKind
from autograder.reported.wording import likeness

LINE_LIMIT = 300  # characters of a line that can matter for a heading
_CONTENTS = 3  # headings with nothing between them: a table of contents
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_WORD = r"(?:question|problem|exercise|task|part|section|aufgabe|frage|pregunta|exercice|q|ex)"
_UNIT = re.compile(
    r"\s*(?:%|(?:million|billion|thousand|times|percent|points?|seconds?|secs?|minutes?|hours?|ms|s|x|gb|mb|kb|epochs?|layers?)(?!\w))",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\s*(?:is|was|are|were|and|or|to|of|than|in|at|for|on|with|by|vs)(?!\w)", re.IGNORECASE)
_ORNAMENT = re.compile(r"^[*_\s\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]+")  # marks of bold type, arrows and pictures before a number
_INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u200c\u200d\u2060")
_ANSWER = re.compile(r"(?:my\s+)?(?:answer|solution|response|antwort|lösung|respuesta|homework|hw)\b[\w\s:#.-]{0,20}", re.IGNORECASE)
_ITEM = re.compile(r"[\s>]*(?:[-+•*]\s+|\d{1,3}[.)]\s+)?")  # marks of quotes and lists
_WEAK_LIMIT = 80  # characters of a heading that does not begin with its number
_PARAGRAPH_LINES, _PARAGRAPH_LIMIT = 30, 5_000  # lines and characters of a paragraph that the homework's own text can fill
_PROMPT_LENGTH = 40  # characters of a paragraph that tells a question
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_LIST_ITEM = re.compile(r"\s*(?:[-+•]\s|\*\s|\d{1,3}[.)]\s)")


@dataclass(frozen=True, slots=True)
class Heading:
    """The start of a section, or of a higher question when `question` is empty. `marked`: made a heading by hashes, a tag or a rule.

    `weak`: counts only where its question has no other heading.
    """

    line: int
    question: str
    marked: bool
    level: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns made of the assignment's numbers."""

    numbers: re.Pattern[str]
    higher: re.Pattern[str]
    comment: re.Pattern[str]
    anywhere: re.Pattern[str]
    each: re.Pattern[str]
    prompts: Mapping[str, str]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Words:
        numbers = sorted((question.number for question in questions), key=len, reverse=True)
        parents = sorted({number.rpartition(".")[0] for number in numbers} - {""}, key=len, reverse=True)
        one_of = "|".join(map(re.escape, numbers)) or "(?!)"
        parent = "|".join(map(re.escape, parents)) or "(?!)"
        return cls(
            re.compile(
                rf"(?P<word>{_WORD}(?:\s*(?:no\.?|nr\.?|number)?\s*[.#:-]?\s*))?[(\[]?(?P<number>{one_of})(?P<rest>(?![^\W_])(?!\.\d).*)",
                re.IGNORECASE,
            ),
            re.compile(rf"(?P<word>{_WORD}(?:\s*[.#:]\s*|\s*))?(?P<number>{parent})(?![^\W_])(?!\.\d)", re.IGNORECASE),
            re.compile(rf"#+\s*(?:{_WORD}\s*[.#:]?\s*)?(?P<number>{one_of})(?![^\W_])(?!\.\d)(?P<rest>.*)", re.IGNORECASE),
            re.compile(rf"(?:(?<![A-Za-z\d_.])|(?<=\b[Qq]))(?P<number>{one_of})(?!\d|\.\d)(?P<rest>.*)"),
            re.compile(rf"(?<![A-Za-z\d_.])(?P<number>{one_of})(?!\d|\.\d)"),
            {prompt: question.number for question in questions for prompt in question.prompts},
        )


def by_cell(cells: Sequence[Cell], words: Words) -> Iterator[tuple[Cell, list[str], list[Heading]]]:
    """Each cell with its lines and headings, in order."""
    every = []
    for cell in cells:
        lines = [] if cell.kind is CellKind.CODE else cell.source.translate(_INVISIBLE).splitlines()
        every.append((cell, lines, list(_headings(lines, words))))
    strong = {heading.question for _, _, headings in every for heading in headings if not heading.weak}
    numbers = [heading.question for _, _, headings in every for heading in headings if not heading.weak or heading.question not in strong]
    before, after = _neighbours(numbers)
    place = 0
    for cell, lines, headings in every:
        kept = []
        for heading in headings:
            if heading.weak and heading.question in strong:
                continue
            # A bare number ("# 2") heads a question that comes later than the section it stands in, or whose own section comes next: else
            # it may be an answer.
            higher = "" if heading.question or not heading.level else number_of(lines[heading.line], words.higher)
            if not higher or higher > parent_of(before[place]) or higher == parent_of(after[place]):
                kept.append(heading)
            place += 1
        yield cell, lines, kept


def _neighbours(numbers: Sequence[str]) -> tuple[list[str], list[str]]:
    """For each place the last number before it and the first from it on, the empty ones passed over."""
    before, after = [""], [""]
    for number in numbers:
        before.append(number or before[-1])
    for number in reversed(numbers):
        after.append(number or after[-1])
    return before[:-1], after[:0:-1]


def told_by(cells: Sequence[Cell]) -> frozenset[str]:
    """The paragraphs of a question's own text that tell it from others, as far as their length goes."""
    texts = (text for cell in cells if cell.kind is not CellKind.CODE for text in cell.source.split("\n\n"))
    return frozenset(text for text in map(likeness, texts) if len(text) >= _PROMPT_LENGTH)


def _headings(lines: list[str], words: Words) -> Iterator[Heading]:
    """The headings of one markdown cell, tables of contents left out."""
    candidates = list(_candidates(lines, words))
    sections = [heading for heading in candidates if heading.question and not heading.weak]
    between = [any(line.strip() for line in lines[one.line + 1 : two.line]) for one, two in itertools.pairwise(sections)]
    if (len(sections) >= _CONTENTS and not any(between)) or _is_contents(lines, words):
        return
    yield from candidates


def _is_contents(lines: list[str], words: Words) -> bool:
    """Whether nearly all lines are headings, of several questions."""
    named = [(_bare(line), line) for line in lines if line.strip()]
    own = [[found["number"] for found in words.each.finditer(text)] for text, _ in named]
    begin = [found["number"] for text, _ in named if (found := words.numbers.match(text))]
    other = sum(not numbers and words.higher.match(text) is None for numbers, (text, _) in zip(own, named, strict=True))
    return len(set(begin)) >= _CONTENTS and other <= 1


def _bare(line: str) -> str:
    text = _TAG.sub(" ", line[:LINE_LIMIT]).strip()
    return _ORNAMENT.sub("", _ITEM.sub("", text, count=1).lstrip("#[ ")).lstrip("([")


def _candidates(lines: list[str], words: Words) -> Iterator[Heading]:
    fence = ""
    first_text = next((number for number, line in enumerate(lines) if line.strip()), 0)
    for number, line in enumerate(lines):
        if opened := _FENCE.match(line):
            fence = "" if fence == opened.group(1) else fence or opened.group(1)
            continue
        if fence:
            continue
        below = lines[number + 1].strip() if number + 1 < len(lines) else ""
        above = _TAG.sub("", lines[number - 1]).strip() if number else ""
        heading = None
        if not line.startswith(("    ", "\t")) and not line.lstrip().startswith(("|", ">")) and not _LIST_ITEM.match(line):
            heading = _heading(
                line[:LINE_LIMIT], number, words, underline=below, opens_cell=number == first_text, opens_paragraph=not above
            )
        if heading is None and words.prompts and not above and (asked := words.prompts.get(_paragraph(lines, number))):
            heading = Heading(number, asked, False, 7, weak=True)
        if heading:
            yield heading


def _paragraph(lines: list[str], first: int) -> str:
    below = itertools.takewhile(str.strip, lines[first : first + _PARAGRAPH_LINES])
    return likeness("\n".join(line[:_PARAGRAPH_LIMIT] for line in below)[:_PARAGRAPH_LIMIT])


def _weak(text: str, number: int, words: Words, *, level: int, alone: bool) -> Heading | None:
    """A number elsewhere in a heading, or in a line of its own that reads like a title."""
    found = list(words.anywhere.finditer(text))
    if len(found) != 1 or len(text) > _WEAK_LIMIT or _UNIT.match(found[0]["rest"]) or words.each.search(found[0]["rest"]):
        return None
    title = found[0]["rest"].lstrip(" .:)]-–—*_").strip()
    begins = not found[0].start() or _ANSWER.fullmatch(text[: found[0].start()]) is not None
    if level or (alone and begins and (not title or title[:1].isupper()) and not title.endswith((".", ",", ";", ":"))):
        return Heading(number, found[0]["number"], False, level or 7, weak=True)
    return None


def _heading(line: str, number: int, words: Words, *, underline: str, opens_cell: bool, opens_paragraph: bool) -> Heading | None:
    text = line.strip()
    if len({found["number"] for found in words.each.finditer(_TAG.sub(" ", text))}) >= _CONTENTS:
        return None
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
            return Heading(number, found["number"], level > 0, level or 7)
    elif (found := words.higher.match(text)) and (found["word"] or level) and (level or bold):
        return Heading(number, "", level > 0, 0 if found["word"] else level)
    alone = opens_paragraph and not _TAG.sub("", underline).strip()
    return _weak(text, number, words, level=level, alone=alone)


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


def parent_of(number: str) -> str:
    """The number of the higher question: "4" of "4.2"."""
    return number.rpartition(".")[0]


def number_of(line: str, pattern: re.Pattern[str]) -> str:
    """The question that a line begins with, by one of the patterns of `Words`."""
    text = _TAG.sub("", line[:LINE_LIMIT]).strip().lstrip("#").strip()
    found = pattern.match(_ORNAMENT.sub("", text))
    return found["number"] if found else ""


def is_prose(rest: str) -> bool:
    """Whether what follows a number makes it a quantity or the beginning of a sentence."""
    return _UNIT.match(rest) is not None or _PROSE.match(rest) is not None
