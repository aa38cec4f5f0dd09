"""The measurements that a probe may name: each is `measurement(namespace, settings, arrays) -> (facts, arrays)`.

It raises `NotThere` when the student has not defined what it asks for, and `StudentError` when the student's code fails on the way.
"""

from __future__ import annotations

from .measured.images import apply_mask, autoencoder
from .measured.outcomes import NotThere, StudentError
from .measured.sequences import sequences
from .measured.texts import data
from .measured.translation import decoder, encoder
from .measured.translators import translator

__all__ = ["NotThere", "StudentError", "apply_mask", "autoencoder", "data", "decoder", "encoder", "sequences", "translator"]
