"""Turn hw4.md into hw4.ipynb: `python student_template/build.py`.

The source has one cell after another, each below a line `<!-- cell: NAME -->`. A cell that is nothing but a ```python block becomes a
code cell, every other one a markdown cell. The name becomes the cell's id, so that the same source always gives the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "hw4.md"
MARK = re.compile(r"^<!-- cell: ([a-z0-9-]+) -->\n", re.MULTILINE)
CODE = re.compile(r"```python\n(.*?)\n```", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell of the notebook; the kind is "code" or "markdown"."""

    name: str
    kind: str
    source: str


def cells(text: str) -> tuple[Cell, ...]:
    """Return the cells that the text holds, in its order."""
    before, *parts = MARK.split(text)
    names, bodies = parts[::2], parts[1::2]
    if before.strip():
        raise ValueError(f"text before the first cell: {before.strip()[:60]!r}")
    if len(set(names)) < len(names):
        raise ValueError(f"two cells of one name: {sorted(name for name in set(names) if names.count(name) > 1)}")
    found = []
    for name, body in zip(names, bodies, strict=True):
        code = CODE.fullmatch(body.strip())
        found.append(Cell(name, "code", code[1]) if code else Cell(name, "markdown", body.strip()))
    return tuple(found)


def notebook(made_of: tuple[Cell, ...]) -> str:
    """Return the text of a notebook file (format 4.5) with these cells and no outputs."""
    entries = []
    for cell in made_of:
        entry: dict[str, object] = {
            "cell_type": cell.kind,
            "id": cell.name,
            "metadata": {},
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.kind == "code":
            entry |= {"execution_count": None, "outputs": []}
        entries.append(entry)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    whole = {"cells": entries, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return written(whole)


def written(content: dict[str, object]) -> str:
    """Return a notebook's content as the text of its file."""
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SOURCE.with_suffix(".ipynb").write_text(notebook(cells(SOURCE.read_text("utf-8"))), "utf-8")
