"""Tells the sections of a course from students by the folders' names."""

from __future__ import annotations

import re

_SECTION = re.compile(r"(?:class|course|lab|recitation|sec|section|seminar|session|tut|tutorial|week)[\W_]*\w{1,3}", re.IGNORECASE)


def named_as_section(name: str) -> bool:
    """Whether a folder's name says that it is a section, as `lab2` and `Section B` do."""
    return _SECTION.fullmatch(name) is not None
