"""Imported for its effects, as the last of all modules, by processes that others are forked from: what they share is no garbage.

Looking through it costs each of them more than a check does, and touches memory that would then be copied. What a process makes
itself is looked through seldom: it lives for seconds.
"""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000  # between two looks; Python's own number is 700

gc.freeze()
gc.set_threshold(_NEW_OBJECTS)
