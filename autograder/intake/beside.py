"""Tells which of the files around some notebooks belong to which: `Jane Doe HW4.pdf` to `jane_doe_hw4.ipynb`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

_SHORTEST = 4  # letters and digits that a name must share when one is longer than the other


def matched(notebooks: Sequence[Path], files: Sequence[Path]) -> Mapping[Path, tuple[Path, ...]]:
    """The files and folders of each notebook: those of its name, and those whose name begins with its words (`jane_plot.png`).

    PDFs need only begin like one notebook's name, or the other way round. That others need them, too, names do not tell (`hw4_data.csv`).
    """
    owned: dict[Path, list[Path]] = defaultdict(list)
    exact: dict[str, list[Path]] = defaultdict(list)
    folded: dict[str, list[Path]] = defaultdict(list)
    words: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for notebook in notebooks:
        exact[notebook.stem].append(notebook)
        folded[_folded(notebook.stem)].append(notebook)
        words[_words(notebook.stem)].append(notebook)
    for file in files:
        if file.stem in exact:
            for notebook in exact[file.stem]:
                owned[notebook].append(file)
            continue
        owners = _alike(_folded(file.stem), folded) if file.suffix.lower() == ".pdf" else []
        if len(owners) != 1:
            owners = _named_first(_words(file.name), words)
        if len(owners) == 1:
            owned[owners[0]].append(file)
    return {notebook: tuple(owned[notebook]) for notebook in notebooks}


def _alike(name: str, folded: Mapping[str, list[Path]]) -> list[Path]:
    if name in folded:
        return folded[name]
    return [
        notebook
        for other, notebooks in folded.items()
        if min(len(name), len(other)) >= _SHORTEST and (other.startswith(name) or name.startswith(other))
        for notebook in notebooks
    ]


def _named_first(name: tuple[str, ...], words: Mapping[tuple[str, ...], list[Path]]) -> list[Path]:
    """Whose name a name begins with, the longest: `jane_doe_plot.png` is Jane Doe's also where there is a `jane.ipynb`."""
    lengths = range(len(name), 0, -1)
    return next((words[name[:length]] for length in lengths if name[:length] in words), [])


def _folded(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name)
    return tuple(re.findall(r"[^\W_]+", "".join(character for character in plain if not unicodedata.combining(character)).casefold()))
