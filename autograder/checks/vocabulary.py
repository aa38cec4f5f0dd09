"""The words that a check is written in.

    @check(question="1.1", points=20)
    def check_zeroes_left_half(student, reference, show):
        '''apply_mask sets the left half of every image to zero.'''
        masked = student.finding("q1_1.apply_mask").arrays["masked"]
        require((masked[..., :14] == 0).all(), "The left half of a masked image is not all zero.")

A check takes any of the fixtures `evidence`, `student`, `show`, and those of the assignment's own conftest. Its id is
`<module>.<function without check_>`, its title the first line of its docstring.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from autograder.model.grading import Band, Curve, Exhibit, Flag, Panel, Visibility

Function = TypeVar("Function", bound=Callable[..., Any])
MARK = "__autograder_mark__"
LARGEST_PANEL = 64  # pixels a side: exhibits are thumbnails of small images, larger ones are thinned


@dataclass(frozen=True, slots=True)
class CheckMark:
    question: str
    points: int
    visibility: Visibility
    evidence: str
    public: bool


@dataclass(frozen=True, slots=True)
class ManualMark:
    question: str
    points: int


@dataclass(frozen=True, slots=True)
class FlagMark:
    pass


def check(
    *, question: str, points: int, visibility: Visibility = Visibility.VISIBLE, evidence: str = "", public: bool = False
) -> Callable[[Function], Function]:
    """Mark a `check_*` function as a check worth `points` hundredths of a point, resting on `evidence` (reported, replayed or probed).

    A `public` check is given to students, who make it on their own machine; it must need no more than probes and the stored notebook.
    """
    return _marked(CheckMark(question, points, visibility, evidence, public))


def by_a_person(*, question: str, points: int) -> Callable[[Function], Function]:
    """Mark an `answer_*` function: it returns the student's answer (markdown, "" when none was found) for a person to mark."""
    return _marked(ManualMark(question, points))


def flags(function: Callable[..., Iterable[Flag] | None]) -> Callable[..., tuple[Flag, ...]]:
    """Mark a `flag_*` function: it returns or yields `Flag`s, which cost no points."""

    @functools.wraps(function)
    def collected(*arguments: Any, **keywords: Any) -> tuple[Flag, ...]:
        return tuple(function(*arguments, **keywords) or ())

    return _marked(FlagMark())(collected)


def _marked(mark: CheckMark | ManualMark | FlagMark) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        setattr(function, MARK, mark)
        return function

    return decorate


def title(function: Callable[..., object]) -> str:
    """The first line of the docstring."""
    return (inspect.getdoc(function) or function.__name__.replace("_", " ")).splitlines()[0]


@dataclass
class Show:
    """Collects what a check lays out beside its sentence; images go side by side, curves into one plot."""

    exhibits: list[Exhibit] = field(default_factory=list)

    def images(self, title: str, images: Mapping[str, np.ndarray], *, hidden: bool = False) -> None:
        """Lay out grey images (rows, columns), scaled from 0 (black) to 1 (white), under their captions."""
        panels = tuple(Panel(caption, _pixels(image)) for caption, image in images.items())
        self.exhibits.append(Exhibit(title, panels=panels, hidden=hidden))

    def curves(
        self,
        title: str,
        curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
        *,
        band: Band | None = None,
        x_label: str = "",
        y_label: str = "",
        hidden: bool = False,
    ) -> None:
        """Draw curves, each given as (x, y), over a band."""
        lines = tuple(Curve(label, tuple(map(float, x)), tuple(map(float, y))) for label, (x, y) in curves.items())
        self.exhibits.append(Exhibit(title, curves=lines, band=band, x_label=x_label, y_label=y_label, hidden=hidden))


def _pixels(image: np.ndarray) -> tuple[tuple[float, ...], ...]:
    flat = np.nan_to_num(np.asarray(image, dtype=np.float64), nan=0.0, posinf=1.0, neginf=0.0)
    flat = np.atleast_2d(np.squeeze(flat))
    while flat.ndim > 2:
        flat = flat[..., 0]
    rows, columns = (max(1, -(-size // LARGEST_PANEL)) for size in flat.shape)
    return tuple(tuple(round(value, 3) for value in row) for row in np.clip(flat[::rows, ::columns], 0.0, 1.0).tolist())
