"""What intake hands on: a notebook as the student stored it, cut into the sections of the assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from autograder.model.lateness import Lateness


class CellKind(Enum):
    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


class FigureOrigin(Enum):
    OUTPUT = "output"  # drawn by a code cell
    ATTACHMENT = "attachment"  # pasted into a markdown cell
    DATA_URI = "data uri"  # written into the markdown itself
    FILE = "file"  # linked, and handed in beside the notebook


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in the stored notebook. `data` holds the file's bytes (PNG, JPEG, GIF or SVG)."""

    cell: int
    origin: FigureOrigin
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a code cell. `name` is stdout or stderr for a stream, the error's name for an error."""

    kind: str  # stream, display_data, execute_result, error
    name: str
    text: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored. `index` is its position in the notebook, from 0."""

    index: int
    kind: CellKind
    source: str
    outputs: tuple[Output, ...] = ()
    execution_count: int | None = None
    figures: tuple[Figure, ...] = ()  # of outputs and of markdown, in order


@dataclass(frozen=True, slots=True)
class Section:
    """The cells from the heading that starts with the question's number to the next such heading."""

    question: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def code(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.kind is CellKind.CODE)

    @property
    def markdown(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.kind is CellKind.MARKDOWN)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for cell in self.cells for figure in cell.figures)

    @property
    def printed(self) -> str:
        """What the section's code cells printed and returned, stderr left out, in order."""
        return "\n".join(
            output.text
            for cell in self.code
            for output in cell.outputs
            if output.kind != "error" and output.name != "stderr" and output.text
        )


@dataclass(frozen=True, slots=True)
class Notebook:
    """`cells` are all cells in document order; `sections` those of the assignment's questions that were found."""

    cells: tuple[Cell, ...]
    sections: tuple[Section, ...]

    def section(self, question: str) -> Section | None:
        return next((section for section in self.sections if section.question == question), None)


@dataclass(frozen=True, slots=True)
class Remark:
    """What intake has to say of the files handed in; a flag of the report."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who handed in, by all that a platform says of them: Canvas's number of the user, the school's number, the address."""

    name: str
    user: str = ""
    school: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What the platform recorded when something was handed in. `upload` grows with time; `marked_late` is Canvas's own mark.

    `late` is what the course's late policy makes of it, where there is one.
    """

    people: tuple[Person, ...] = ()
    at: datetime | None = None
    upload: int = 0
    marked_late: bool = False
    late: Lateness | None = None


NOT_RECORDED = Received()


@dataclass(frozen=True, slots=True)
class Submission:
    """`id` is safe as a file name and unique in one run. `companions` are the other files handed in, by relative name."""

    id: str
    student: str
    notebook_name: str
    sha256: str
    files: tuple[str, ...]
    notebook: Notebook
    content: bytes = field(repr=False)  # the notebook file, byte for byte
    companions: Mapping[str, Path] = field(default_factory=dict)
    received: Received = NOT_RECORDED
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something handed in that cannot be graded. `reason` is one sentence: what, where, what to do."""

    id: str
    student: str
    notebook_name: str
    files: tuple[str, ...]
    reason: str
    sha256: str = ""
    received: Received = NOT_RECORDED
    remarks: tuple[Remark, ...] = ()
