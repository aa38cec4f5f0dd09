"""Records what matplotlib figures show, as they stand when they are drawn, saved, closed, or left open at the end of a cell.

A figure is recorded once, in its latest state; when it is emptied and used for something else, once for each use.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from .after_import import AfterImport
from .store import Identities, Record, guarded, store

MOST_POINTS = 2000
FEWEST_BARS = 10  # that show a course; fewer compare single values
MOST_LINES, MOST_IMAGES, MOST_AXES = 40, 16, 64
SMALL = 64  # pixels a side up to which an image is kept in full precision
LARGEST = 400  # pixels a side; larger images are thinned
LONGEST_TEXT = 300

_identities = Identities()
_latest: dict[int, Record] = {}


def install(after_import: AfterImport) -> None:
    """Watch drawing and closing once matplotlib is imported."""
    after_import.watch("matplotlib.backend_bases", _watch_drawing)
    after_import.watch("matplotlib._pylab_helpers", _watch_closing)


def _watch_drawing(module: ModuleType) -> None:
    canvas: Any = module.FigureCanvasBase
    canvas.print_figure = _before(canvas.print_figure, lambda self: [self.figure])


def _watch_closing(module: ModuleType) -> None:
    manager: Any = module.Gcf
    for name in ("destroy", "destroy_fig", "destroy_all"):
        original = manager.__dict__[name].__func__
        setattr(manager, name, classmethod(_before(original, lambda cls: _open(cls))))


def _before(original: Callable[..., Any], figures: Callable[[Any], Iterable[Any]]) -> Callable[..., Any]:
    @functools.wraps(original)
    def observed(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if store.watching:
            _record_all(figures, self)
        return original(self, *args, **kwargs)

    return observed


def end_cell() -> None:
    """Record the figures that are still open."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is not None:
        _record_all(_open, helpers.Gcf)


def _open(manager: Any) -> list[Any]:
    return [one.canvas.figure for one in manager.figs.values()]


@guarded("figures")
def _record_all(figures: Callable[[Any], Iterable[Any]], source: Any) -> None:
    for figure in figures(source):
        _record(figure)


@guarded("figures")
def _record(figure: Any) -> None:
    title = _text(getattr(figure, "_suptitle", None))
    legend = [_text(text) for one in getattr(figure, "legends", []) for text in one.get_texts()]
    axes = [_axes(one, title, legend) for one in figure.axes[:MOST_AXES]]
    axes = [one for one in axes if one["lines"] or one["images"] or one["title"]]
    if not any(one["lines"] or one["images"] for one in axes):
        return
    number = _identities.of(figure)
    known = _latest.get(number)
    if known is not None and _is_same(known["axes"], axes):
        return
    if known is not None and known["question"] == store.question and _goes_on(known["axes"], axes):
        for old in known["axes"]:
            for name in old["images"]:
                store.drop(name)
        known.update(order=store.tick(), cell=store.cell)
    else:
        known = store.add("figures", axes=[])
        if known is None:
            return
        _latest[number] = known
    for one in axes:
        one["images"] = [store.keep(image, largest=2**20) for image in one["images"]]
    known["axes"] = axes


def _is_same(old: list[Record], new: list[Record]) -> bool:
    """Whether a figure that stays open shows nothing else than before."""

    def without_images(axes: list[Record]) -> list[Record]:
        return [{**one, "images": len(one["images"])} for one in axes]

    def images(axes: list[Record]) -> list[Any]:
        return [image for one in axes for image in one["images"]]

    if without_images(old) != without_images(new):
        return False
    kept = [store.arrays.get(name) for name in images(old)]
    return all(one is None or np.array_equal(one, other) for one, other in zip(kept, images(new), strict=True))


def _goes_on(old: list[Record], new: list[Record]) -> bool:
    """Whether everything that was drawn before is still there, perhaps with more points."""
    if len(new) < len(old):
        return False
    return all(
        before["title"] in ("", now["title"])
        and len(now["lines"]) >= len(before["lines"])
        and _images_go_on(before["images"], now["images"])
        and all(first["label"] in ("", second["label"]) for first, second in zip(before["lines"], now["lines"], strict=False))
        for before, now in zip(old, new, strict=False)
    )


def _images_go_on(old: list[str], new: list[np.ndarray]) -> bool:
    kept = [store.arrays.get(name) for name in old]
    return len(new) >= len(old) and all(one is None or np.array_equal(one, other) for one, other in zip(kept, new, strict=False))


def _axes(axes: Any, figure_title: str, figure_legend: list[str]) -> Record:
    titles = [figure_title, *(axes.get_title(loc=place) for place in ("center", "left", "right"))]
    legend = axes.get_legend()
    images = list(_images(axes))
    return {
        "title": "\n".join(dict.fromkeys(title for title in titles if title))[:LONGEST_TEXT],
        "x_label": axes.get_xlabel()[:LONGEST_TEXT],
        "y_label": axes.get_ylabel()[:LONGEST_TEXT],
        "lines": [line for line in _lines(axes) if line["y"]][:MOST_LINES],
        "images": [thinned(image) for image in images],
        "image_shapes": [list(image.shape) for image in images],
        "legend": ([_text(text) for text in legend.get_texts()] if legend is not None else figure_legend)[:MOST_LINES],
    }


def _lines(axes: Any) -> Iterator[Record]:
    """Lines, and clouds of points or many bars, which some draw in their place."""
    for line in axes.get_lines()[:MOST_LINES]:
        yield _line(line.get_label(), line.get_xdata(orig=False), line.get_ydata(orig=False))
    for points in axes.collections[:MOST_LINES]:
        if type(points).__name__ == "PathCollection":
            places = np.ma.getdata(points.get_offsets())
            yield _line(points.get_label(), places[:, 0], places[:, 1])
    for bars in axes.containers[:MOST_LINES]:
        heights = [bar.get_height() for bar in bars] if type(bars).__name__ == "BarContainer" else []
        if len(heights) >= FEWEST_BARS and not all(float(height).is_integer() for height in heights):  # whole numbers: a histogram
            yield _line(bars.get_label(), [bar.get_x() + bar.get_width() / 2 for bar in bars], heights)


def _line(label: Any, x: Any, y: Any) -> Record:
    x, y = np.ravel(np.asarray(x, float)), np.ravel(np.asarray(y, float))
    count = min(len(x), len(y))
    chosen = np.arange(count) if count <= MOST_POINTS else np.linspace(0, count - 1, MOST_POINTS).astype(int)
    text = "" if str(label).startswith("_") else str(label)[:LONGEST_TEXT]
    return {"label": text, "x": x[chosen].tolist(), "y": y[chosen].tolist()}


def _images(axes: Any) -> Iterator[np.ndarray]:
    meshes = [one for one in axes.collections if type(one).__name__ == "QuadMesh"]
    for image in [*_uncovered(axes.get_images()), *meshes][-MOST_IMAGES:]:
        values = image.get_array()
        if values is not None and np.ndim(values) in (2, 3):
            yield np.ma.filled(np.ma.asarray(values, dtype=np.float32), 0)


def _uncovered(images: list[Any]) -> list[Any]:
    """The images that can be seen: one drawn over another hides it."""
    visible = [image for image in images if image.get_visible()]
    return [image for place, image in enumerate(visible) if not any(_hides(later, image) for later in visible[place + 1 :])]


def _hides(upper: Any, lower: Any) -> bool:
    alpha = upper.get_alpha()
    if not (alpha is None or (np.ndim(alpha) == 0 and alpha >= 1)):
        return False
    (left, right, bottom, top), (under_left, under_right, under_bottom, under_top) = (
        (*sorted(extent[:2]), *sorted(extent[2:])) for extent in (upper.get_extent(), lower.get_extent())
    )
    return bool(left <= under_left and right >= under_right and bottom <= under_bottom and top >= under_top)


def thinned(image: np.ndarray) -> np.ndarray:
    """A picture as it is kept: in full precision when it is small, with every so many rows and columns when it is very large."""
    stride = max(1, -(-max(image.shape[:2]) // LARGEST))
    image = image[::stride, ::stride]
    return image.astype(np.float32 if max(image.shape[:2]) <= SMALL else np.float16)


def _text(value: Any) -> str:
    return str(value.get_text())[:LONGEST_TEXT] if value is not None else ""
