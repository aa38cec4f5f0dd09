"""A notebook's code cells, cut where sections begin, and put together into chapters: what runs in one kernel when everything is computed.

Receives a submission and which questions the assignment runs together; returns parts and chapters. Code that does not parse carries
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.kernel.carried import carried, read
from autograder.model.submission import Cell, CellKind, Submission


@dataclass(frozen=True, slots=True)
class Part:
    """A section's code cells; `question` is "" for the cells before the first section."""

    question: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Parts that run in one kernel. `setup` are the cells without a section that ran before, `before` all other earlier code cells."""

    parts: tuple[Part, ...]
    setup: tuple[Cell, ...] = ()
    before: tuple[Cell, ...] = ()
    is_last: bool = True

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for part in self.parts for cell in part.cells)


def parts_of(submission: Submission) -> tuple[Part, ...]:
    """All parts in document order; a section without code is a part too."""
    notebook = submission.notebook
    owner = {cell.index: section.question for section in notebook.sections for cell in section.cells}
    parts: list[Part] = []
    for cell in notebook.cells:
        question = owner.get(cell.index, "")
        if not parts or parts[-1].question != question:
            parts.append(Part(question, ()))
        if cell.kind is CellKind.CODE:
            parts[-1] = replace(parts[-1], cells=(*parts[-1].cells, cell))
    return tuple(parts)


def chapters_of(submission: Submission, together: Sequence[Sequence[str]]) -> tuple[Chapter, ...]:
    """The notebook in chapters: the questions named `together` are one, and so is whatever goes on with what an earlier one computed.

    What comes before the first section belongs to the first chapter. A section that comes back later joins all in between.
    """
    group = {question: number for number, questions in enumerate(together) for question in questions}
    chapters: list[list[Part]] = []
    for part in parts_of(submission):
        same = [n for n, chapter in enumerate(chapters) if any(_same(part.question, other.question, group) for other in chapter)]
        if not same and (not chapters or all(not other.question for other in chapters[-1])):
            same = [len(chapters) - 1] if chapters else []
        first = min(same, default=len(chapters))
        chapters[first:] = [[*(other for chapter in chapters[first:] for other in chapter), part]]
    whole = _sources(parts_of(submission))
    joined: list[list[Part]] = []
    for chapter in chapters:
        wanted = read(_sources(chapter))
        first = next((n for n, other in enumerate(joined) if carried(_sources(other), whole) & wanted), len(joined))
        joined[first:] = [[part for other in (*joined[first:], chapter) for part in other]]
    return tuple(_chapter(joined, number) for number in range(len(joined)))


def _same(one: str, other: str, group: dict[str, int]) -> bool:
    return bool(one) and (one == other or (one in group and group[one] == group.get(other)))


def _sources(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(cell.source for part in parts for cell in part.cells)


def _chapter(chapters: Sequence[Sequence[Part]], number: int) -> Chapter:
    earlier = [part for chapter in chapters[:number] for part in chapter]
    return Chapter(
        parts=tuple(chapters[number]),
        setup=tuple(cell for part in earlier if not part.question for cell in part.cells),
        before=tuple(cell for part in earlier if part.question for cell in part.cells),
        is_last=number == len(chapters) - 1,
    )
