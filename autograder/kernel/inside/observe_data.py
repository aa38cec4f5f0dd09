"""Records passes over data sets: iterations of torch's DataLoader and, once it is imported, of torchtext's iterators."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from torch.utils.data import DataLoader, dataloader

from . import loops
from .after_import import AfterImport
from .store import FAULTS, Identities, Record, guarded, store

MOST_HELD = 12  # data sets that were gone through, or made, in the running section and stay alive for its probes

_loaders, datasets = Identities(), Identities()
_held: dict[int, Any] = {}
_made: dict[int, Any] = {}
_passes: dict[int, tuple[weakref.ref[Any], Record]] = {}  # by the id of the iterator that makes the pass


def begin_section() -> None:
    """Let go of the data sets of the section before."""
    _held.clear()
    _made.clear()


def gone_through() -> dict[int, Any]:
    """The data sets that loaders went through in the running section, by number, in the order in which they were first used."""
    return dict(_held)


def made() -> dict[int, Any]:
    """The latest of torchtext's data sets that were made in the running section, by number."""
    return dict(_made)


def install(after_import: AfterImport) -> None:
    """Watch loaders from now on."""
    begin, fetch = DataLoader.__iter__, dataloader._BaseDataLoaderIter.__next__

    @functools.wraps(begin)
    def iterate(self: Any) -> Any:
        __tracebackhide__ = True
        iterator = begin(self)
        if store.watching:
            _begun(self, iterator)
        return iterator

    @functools.wraps(fetch)
    def following(self: Any) -> Any:
        __tracebackhide__ = True
        try:
            return fetch(self)
        except StopIteration:
            _ended(id(self))
            raise

    DataLoader.__iter__ = iterate  # type: ignore[method-assign]
    dataloader._BaseDataLoaderIter.__next__ = following  # type: ignore[method-assign]
    after_import.watch("torchtext.data.iterator", _watch_torchtext)
    after_import.watch("torchtext.data.dataset", _watch_making)


@guarded("passes")
def _begun(loader: Any, iterator: Any) -> None:
    """A pass that is broken off ends when its iterator goes."""
    record = _record(loader, loader.batch_size or 0)
    if record is not None:
        key = id(iterator)
        _passes[key] = (weakref.ref(iterator, lambda _: _ended(key)), record)


def _ended(key: int) -> None:
    known = _passes.pop(key, None)
    if known is not None:
        known[1]["end_order"] = store.tick()


def _watch_torchtext(module: ModuleType) -> None:
    for cls in (module.Iterator, module.BPTTIterator):
        cls.__iter__ = _generated(cls.__iter__)


def _watch_making(module: ModuleType) -> None:
    original = module.Dataset.__init__

    @functools.wraps(original)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        original(self, *args, **kwargs)
        if store.watching:
            _hold(self)

    module.Dataset.__init__ = make


@guarded("passes")
def _hold(data_set: Any) -> None:
    _made[datasets.of(data_set)] = data_set
    if len(_made) > MOST_HELD:
        del _made[next(iter(_made))]


def _generated(original: Any) -> Any:
    @functools.wraps(original)
    def iterate(self: Any) -> Iterator[Any]:
        __tracebackhide__ = True
        record = _record(self, self.batch_size) if store.watching else None
        try:
            yield from original(self)
        finally:
            if record is not None:
                record["end_order"] = store.tick()

    return iterate


@guarded("passes")
def _record(loader: Any, batch_size: int) -> Record | None:
    loops.pass_begun()
    dataset = loader.dataset
    number = datasets.of(dataset, owner=loader)
    if len(_held) < MOST_HELD:
        _held[number] = dataset
    record = store.add(
        "passes",
        end_order=0,
        loader=_loaders.of(loader),
        dataset=number,
        dataset_class=type(dataset).__name__,
        dataset_size=_size(dataset),
        batch_size=int(batch_size),
    )
    if record is not None:
        record["end_order"] = record["order"]
    return record


def _size(dataset: Any) -> int:
    """The examples in a data set; 0 where it does not tell."""
    try:
        return len(dataset)
    except FAULTS:
        return 0
