"""Sees matplotlib's figures: the points of their lines, their images, their words, as they stand when they are shown or closed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from . import recorder
from .arriving import when_imported
from .recorder import quietly, seen

POINTS = 2_000  # of a line
LINES = 100  # of a plot
PLOTS = 64  # of a figure
SIDE = 64  # of a kept image, in pixels
LONGEST = 300  # characters of a title or label

_taken: dict[int, recorder.Record] = {}


def install() -> None:
    """Take figures when they are shown, saved or closed, and those still open when a cell ends."""
    when_imported("matplotlib.pyplot", _watch_pyplot)
    when_imported("matplotlib.figure", _watch_figures)
    seen.at_cell_begin.append(_taken.clear)
    seen.at_cell_end.append(_take_open)


def _watch_pyplot(module: ModuleType) -> None:
    for name in ("show", "close"):
        setattr(module, name, _first_taking(getattr(module, name)))


def _watch_figures(module: ModuleType) -> None:
    save = module.Figure.savefig

    @functools.wraps(save)
    def savefig(self: Any, *args: Any, **kwargs: Any) -> Any:
        _take(self)
        return save(self, *args, **kwargs)

    module.Figure.savefig = savefig


def _first_taking(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def taking(*args: Any, **kwargs: Any) -> Any:
        _take_open()
        return function(*args, **kwargs)

    return taking


@quietly
def _take_open() -> None:
    from matplotlib._pylab_helpers import Gcf

    for manager in Gcf.get_all_fig_managers():
        _take(manager.canvas.figure)


@quietly
def _take(figure: Any) -> None:
    axes = [_axes(one) for one in figure.get_axes()[:PLOTS]]
    heading = figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""
    for one in axes:
        one["title"] = one["title"] or heading[:LONGEST]
    number = recorder.identity(figure)
    known = _taken.get(number)
    if known is not None:
        for one in known["axes"]:
            for name in one["images"]:
                recorder.drop(name)
        known["axes"] = axes
    elif any(one["lines"] or one["images"] for one in axes):
        record = recorder.add("figures", axes=axes)
        if record is not None:
            _taken[number] = record


def _axes(axes: Any) -> dict[str, Any]:
    images = [np.asarray(image.get_array()) for image in axes.get_images()]
    legend = axes.get_legend()
    return {
        "title": " ".join(filter(None, (axes.get_title(where) for where in ("left", "center", "right"))))[:LONGEST],
        "x_label": axes.get_xlabel()[:LONGEST],
        "y_label": axes.get_ylabel()[:LONGEST],
        "lines": list(_lines(axes))[:LINES],
        "images": [recorder.keep(_thinned(image), whole=True) for image in images],
        "image_shapes": [list(image.shape) for image in images],
        "legend": [text.get_text()[:LONGEST] for text in legend.get_texts()] if legend is not None else [],
    }


def _lines(axes: Any) -> Iterator[dict[str, Any]]:
    for line in axes.get_lines():
        yield from _line(line, line.get_xdata(orig=False), line.get_ydata(orig=False))
    for collection in axes.collections:
        points: np.ndarray = np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)
        if points.ndim == 2 and len(points) > 1:
            yield from _line(collection, points[:, 0], points[:, 1])


def _line(artist: Any, x: Any, y: Any) -> Iterator[dict[str, Any]]:
    across, upward = (np.asarray(values, dtype=float).reshape(-1)[:POINTS] for values in (x, y))
    if len(upward):
        yield {"label": str(artist.get_label())[:LONGEST], "x": _plain(across), "y": _plain(upward)}


def _plain(values: np.ndarray) -> list[float | None]:
    return [recorder.number(value) for value in values]


def _thinned(image: np.ndarray) -> np.ndarray:
    """At most SIDE rows and columns."""
    rows, columns = (max(1, -(-size // SIDE)) for size in image.shape[:2])
    return np.asarray(image[::rows, ::columns])
