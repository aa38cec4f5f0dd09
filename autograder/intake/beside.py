"""Tells which of the files around some notebooks belong to which: `Jane Doe HW4.pdf` to `jane_doe_hw4.ipynb`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

_SHORTEST = 4  # letters and digits that a name must share when one is longer than the other


def matched(notebooks: Sequence[Path], files: Sequence[Path]) -> Mapping[Path, tuple[Path, ...]]:
    """The files of each notebook: those of its name, and PDFs whose name begins like that of one notebook only, or the other way round."""
    owned: dict[Path, list[Path]] = defaultdict(list)
    exact: dict[str, list[Path]] = defaultdict(list)
    folded: dict[str, list[Path]] = defaultdict(list)
    for notebook in notebooks:
        exact[notebook.stem].append(notebook)
        folded[_folded(notebook.stem)].append(notebook)
    for file in files:
        if file.stem in exact:
            for notebook in exact[file.stem]:
                owned[notebook].append(file)
        elif file.suffix.lower() == ".pdf" and len(owners := _alike(_folded(file.stem), folded)) == 1:
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


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return re.sub(r"[\W_]+", "", "".join(character for character in plain if not unicodedata.combining(character))).casefold()
