"""The data sets behind the records of passes, so that a measurement can say of one that it holds whether it was gone through."""

from __future__ import annotations

from typing import Any

from . import observe_data
from .store import store


def data_set_number(data_set: Any) -> int:
    """The number that a data set has in the records of passes."""
    return observe_data.datasets.of(data_set)


def data_sets_gone_through(question: str) -> frozenset[int]:
    """The numbers of the data sets that loaders went through in a section."""
    return frozenset(record["dataset"] for record in store.records["passes"] if record["question"] == question)


def latest_data_sets() -> list[Any]:
    """The data sets that were made or gone through in the running section, those included that only a function's own names hold."""
    return list({**observe_data.made(), **observe_data.gone_through()}.values())
