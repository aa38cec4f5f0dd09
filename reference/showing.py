"""What the files share when run alone: a little data, and pictures in a window or, without a display, in a file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHADES = {"training": "tab:blue", "validation": "tab:orange"}


def small_data(**sizes: int) -> Path:
    """A folder with so many `images`, `test_images`, `pairs`, `validation_pairs`, `test_pairs` of the data found on this machine."""
    import os

    from reference import data

    source = data.find(None, os.environ)
    print(f"Data: {source.name}")
    smallest = dict.fromkeys(("images", "test_images", "pairs", "validation_pairs", "test_pairs"), 1)
    return data.stage(source, smallest | sizes, data.where(os.environ).with_name("staged"))


def draw_curves(name: str, curves: Mapping[str, Sequence[float]], *, x_label: str, y_label: str) -> None:
    """One line a curve; x counts from 1."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for label, values in curves.items():
        axes.plot(range(1, len(values) + 1), values, label=label)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.legend()
    _finish(figure, name)


def draw_images(name: str, rows: Mapping[str, np.ndarray]) -> None:
    """One row of grey images (N, height, width) a name."""
    from matplotlib import pyplot

    columns = max(map(len, rows.values()))
    figure, grid = pyplot.subplots(len(rows), columns, figsize=(columns, 1.2 * len(rows)), layout="constrained", squeeze=False)
    for line, (label, images) in zip(grid, rows.items(), strict=True):
        line[0].set_ylabel(label)
        for axes in line:
            axes.set(xticks=[], yticks=[])
        for axes, image in zip(line, images, strict=False):
            axes.imshow(image, cmap="gray", vmin=0.0, vmax=1.0)
    _finish(figure, name)


def _finish(figure: Figure, name: str) -> None:
    from matplotlib import pyplot

    if pyplot.get_backend().lower() == "agg":  # what matplotlib falls back to where there is no display
        path = Path(tempfile.gettempdir()) / f"{name}.png"
        figure.savefig(path, dpi=120)
        print(f"Drawn: {path}")
    else:
        pyplot.show()
    pyplot.close(figure)
