"""A Canvas gradebook as its export holds it: cells with their places in the file, so that one column is filled and nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GradebookCell:
    """The text of a cell, and from which byte to which it stands, quotes included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gradebook:
    """`students` are the rows that stand for one; `column` is the assignment's; `points_possible` what Canvas has for it, as text.

    The column is `named` by the assignment's name or by staff; else it is the only one there is.
    """

    name: str
    content: bytes = field(repr=False)
    headings: tuple[str, ...]
    students: tuple[Sequence[GradebookCell], ...]
    column: int
    points_possible: str
    named: bool = True

    @property
    def possible(self) -> float | None:
        """What Canvas has for the assignment; None where that is no number. Some languages write it with a comma."""
        try:
            return float(self.points_possible.replace(",", "."))
        except ValueError:
            return None

    def value(self, row: int, heading: str) -> str:
        """The text below a heading; empty where the file has no such column."""
        at = self.headings.index(heading) if heading in self.headings else len(self.headings)
        cells = self.students[row]
        return cells[at].text.strip() if at < len(cells) else ""

    def filled(self, scores: Mapping[int, str]) -> bytes:
        """The file with these texts in the assignment's column, by row; all other bytes are as they were."""
        pieces, place = [], 0
        for row in sorted(scores):
            cell = self.students[row][self.column]
            pieces += [self.content[place : cell.start], scores[row].encode()]
            place = cell.end
        return b"".join([*pieces, self.content[place:]])
