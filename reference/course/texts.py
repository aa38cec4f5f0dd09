"""torchtext as it was in 2022 (`torchtext.legacy`), with Multi30k from the local copy."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from .offered import Offered

_FILES = {"train": "train", "validation": "val", "test": "test2016"}


def install(offered: Offered, data_folder: Path) -> None:
    """Offer the old names, and change the data set once torchtext is imported."""
    folder = data_folder / "multi30k"

    def change(module: ModuleType) -> None:
        translation_dataset, multi30k = module.TranslationDataset, module.Multi30k

        def download(cls: Any, root: Any = None, check: Any = None) -> str:
            return str(folder)

        def splits(
            cls: Any,
            exts: Any = (".de", ".en"),
            fields: Any = None,
            root: Any = None,
            train: Any = "train",
            validation: Any = "val",
            test: Any = "test2016",
            **others: Any,
        ) -> Any:
            others.pop("path", None)
            asked = {"train": train, "validation": validation, "test": test}
            names = {part: None if name is None else _FILES[part] for part, name in asked.items()}
            endings = tuple(ending if str(ending).startswith(".") else f".{ending}" for ending in exts)
            return translation_dataset.splits.__func__(cls, endings, fields, str(folder), **names, **others)

        multi30k.download = classmethod(download)
        multi30k.splits = classmethod(splits)

    offered.change("torchtext.datasets.translation", change)
    offered.alias("torchtext.legacy", "torchtext")
