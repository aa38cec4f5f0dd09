"""spaCy's English and German pipelines: their tokenizers, under every name that the homework has had for them.

Always the blank pipelines: they split text as the trained ones do, and the verdict is the same on machines with and without those.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

from .offered import Offered

_PACKAGES = {
    "en": ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_trf"),
    "de": ("de_core_news_sm", "de_core_news_md", "de_core_news_lg", "de_dep_news_trf"),
}


def install(offered: Offered) -> None:
    """Offer the packages as modules, and change `spacy.load`."""
    for language, packages in _PACKAGES.items():
        for package in packages:
            offered.module(package, _package_of(language))
    offered.change("spacy", _change)
    offered.change("spacy.cli", _without_downloads)


def _package_of(language: str) -> Any:
    def fill(module: ModuleType) -> None:
        module.load = lambda *args, **kwargs: _pipeline(language)  # type: ignore[attr-defined]
        module.__version__ = "3.8.0"  # type: ignore[attr-defined]

    return fill


def _change(spacy: ModuleType) -> None:
    real = spacy.load

    def load(name: Any, *args: Any, **kwargs: Any) -> Any:
        language = str(name).replace("-", "_").split("_")[0].lower()
        return _pipeline(language) if language in _PACKAGES else real(name, *args, **kwargs)

    spacy.load = load  # type: ignore[attr-defined]


def _without_downloads(cli: ModuleType) -> None:
    cli.download = lambda *args, **kwargs: None  # type: ignore[attr-defined]


@lru_cache(maxsize=4)
def _pipeline(language: str) -> Any:
    import spacy

    return spacy.blank(language)
