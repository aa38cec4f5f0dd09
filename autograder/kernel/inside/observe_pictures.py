"""Records pictures that are displayed without matplotlib: PIL images, IPython's Image, and pictures within displayed HTML or Markdown.

Each is recorded as a figure with one image in it, rows and columns of grey values from 0 to 1, or of such colours.
"""

from __future__ import annotations

import base64
import functools
import io
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from .after_import import AfterImport
from .observe_figures import thinned
from .store import guarded, store

LARGEST_FILE = 2**22  # bytes of a picture that is read
MOST_OF_ONE = 16  # pictures within one displayed text
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|bmp);base64,([A-Za-z0-9+/=\s]+)")


def install(after_import: AfterImport) -> None:
    """Watch what IPython is asked to display."""
    after_import.watch("IPython.core.formatters", _watch)


def _watch(module: ModuleType) -> None:
    formatter: Any = module.DisplayFormatter
    original = formatter.format

    @functools.wraps(original)
    def watched(self: Any, displayed: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if store.watching:
            _record(displayed)
        return original(self, displayed, *args, **kwargs)

    formatter.format = watched


@guarded("figures")
def _record(displayed: Any) -> None:
    for picture in _pictures(displayed):
        values = thinned(picture)
        axes = {"title": "", "x_label": "", "y_label": "", "lines": [], "image_shapes": [list(picture.shape)], "legend": []}
        record = store.add("figures", axes=[])
        if record is not None:
            record["axes"] = [{**axes, "images": [store.keep(values, largest=2**20)]}]


def _pictures(displayed: Any) -> Iterator[np.ndarray]:
    kind = f"{type(displayed).__module__}.{type(displayed).__name__}"
    if kind.startswith("PIL."):
        yield _values(displayed)
    elif kind == "IPython.core.display.Image":
        content = displayed.data
        if isinstance(content, str):
            content = base64.b64decode(content)
        if isinstance(content, bytes) and len(content) <= LARGEST_FILE:
            yield _read(content)
    elif kind in ("IPython.core.display.HTML", "IPython.core.display.Markdown"):
        found = _EMBEDDED.findall(str(displayed.data)[: 2 * LARGEST_FILE])
        yield from (_read(base64.b64decode(one)) for one in found[:MOST_OF_ONE])


def _read(content: bytes) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return _values(image)


def _values(image: Any) -> np.ndarray:
    """Grey where the picture is grey, so that a picture that was saved in colours is what it was before."""
    if image.mode not in ("L", "F", "I", "I;16", "1"):
        image = image.convert("RGB")
    values = np.asarray(image, dtype=np.float32)
    return values / 255.0 if image.mode in ("L", "RGB") else values
