"""Sees passes over data sets: when one began and ended, on which data set, in which batches."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import torch.utils.data

from . import recorder
from .arriving import when_imported
from .recorder import quietly, seen


def install() -> None:
    """Wrap the iteration of PyTorch's and, once it is imported, torchtext's loaders."""
    torch.utils.data.DataLoader.__iter__ = _passing(torch.utils.data.DataLoader.__iter__)  # type: ignore[method-assign, assignment]
    when_imported("torchtext.data.iterator", _watch_torchtext)


def _watch_torchtext(module: ModuleType) -> None:
    for name in ("Iterator", "BPTTIterator"):
        loader = getattr(module, name, None)
        if loader is not None and "__iter__" in vars(loader):
            loader.__iter__ = _passing(loader.__iter__)


def _passing(iterate: Callable[[Any], Iterator[Any]]) -> Callable[[Any], Iterator[Any]]:
    @functools.wraps(iterate)
    def passing(self: Any) -> Iterator[Any]:
        record = _begun(self)
        return iterate(self) if record is None else _until_end(iterate(self), record)

    return passing


def _until_end(batches: Iterator[Any], record: recorder.Record) -> Iterator[Any]:
    try:
        yield from batches
    finally:
        record["end_order"] = recorder.order()


@quietly
def _begun(loader: Any) -> recorder.Record | None:
    dataset = loader.dataset
    recorder.remember(seen.datasets, dataset)
    record = recorder.add(
        "passes",
        end_order=0,
        loader=recorder.identity(loader),
        dataset=recorder.identity(dataset),
        dataset_class=type(dataset).__name__,
        dataset_size=len(dataset) if hasattr(dataset, "__len__") else 0,
        batch_size=int(getattr(loader, "batch_size", 0) or 0),
    )
    if record is not None:
        record["end_order"] = record["order"]
    return record
