"""An automated grader for deep-learning homework handed in as an executed notebook."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.batch import grade
    from autograder.model.settings import Settings

__version__ = "0.1.0"
__all__ = ["Settings", "grade"]


def __getattr__(name: str) -> object:
    """`grade` and `Settings`, imported when they are asked for: a process that judges has no use for the whole engine."""
    if name == "grade":
        from autograder.batch import grade

        return grade
    if name == "Settings":
        from autograder.model.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
