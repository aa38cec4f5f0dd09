"""The student's objects behind the records, for measurements: networks that were trained or called, data sets that were gone through."""

from __future__ import annotations

from typing import Any

from torch import nn

from . import observe_data, observe_networks, observe_training
from .store import store


def trained(question: str) -> list[nn.Module]:
    """The networks that were stepped in a section and are alive, the latest last."""
    return observe_training.trained(question)


def called(question: str) -> list[nn.Module]:
    """The networks that were called from outside in a section and are alive, the one called last at the end."""
    numbers = [record["network"] for record in store.records["calls"] if record["question"] == question]
    latest_last = list(dict.fromkeys(reversed(numbers)))[::-1]
    found = (observe_networks.networks.module(number) for number in latest_last)
    return [module for module in found if module is not None]


def data_set_number(data_set: Any) -> int:
    """The number that a data set has in the records of passes."""
    return observe_data._datasets.of(data_set)


def data_sets_gone_through(question: str) -> frozenset[int]:
    """The numbers of the data sets that loaders went through in a section."""
    return frozenset(record["dataset"] for record in store.records["passes"] if record["question"] == question)
