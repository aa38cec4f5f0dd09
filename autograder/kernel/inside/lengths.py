"""Fits lengths, indices and batches that were written for a whole data set to the smaller one of the replay.

A data set that is smaller here than the notebook thinks says so in its attribute `FULL_SIZE`. Nothing changes for any other.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

FULL_SIZE = "_full_size"


def install() -> None:
    """Let `random_split`, `Subset` and `DataLoader` go on as they would with the whole data set."""
    import torch.utils.data as data

    split, subset_init, loader_init = data.random_split, data.Subset.__init__, data.DataLoader.__init__
    loader_signature = inspect.signature(loader_init)

    @functools.wraps(split)
    def random_split(dataset: Any, lengths: Any, *args: Any, **kwargs: Any) -> Any:
        written = list(lengths)
        parts = split(dataset, fitted_lengths(written, len(dataset)), *args, **kwargs)
        for part, length in zip(parts, written, strict=False):
            share = length if isinstance(length, int) else round(length * getattr(dataset, FULL_SIZE, len(dataset)))
            _mark(part, share)
        return parts

    @functools.wraps(subset_init)
    def subset(self: Any, dataset: Any, indices: Any) -> None:
        fitted = fitted_indices(indices, len(dataset), getattr(dataset, FULL_SIZE, None))
        subset_init(self, dataset, fitted)
        if fitted is not indices:
            _mark(self, len(indices))

    @functools.wraps(loader_init)
    def loader(self: Any, *args: Any, **kwargs: Any) -> None:
        bound = loader_signature.bind(self, *args, **kwargs)
        _fit_batches(bound.arguments, data.RandomSampler)
        loader_init(*bound.args, **bound.kwargs)

    data.random_split = data.dataset.random_split = random_split
    data.Subset.__init__ = subset  # type: ignore[method-assign]
    data.DataLoader.__init__ = loader  # type: ignore[method-assign]


def fitted_lengths(lengths: list[Any], size: int) -> list[Any]:
    """Whole lengths that add up to `size`, in the proportions of `lengths`; fractions and fitting lengths stay."""
    total = sum(lengths)
    if not all(isinstance(length, int) and length >= 0 for length in lengths) or total <= size:
        return lengths
    ends = [round(sum(lengths[: position + 1]) * size / total) for position in range(len(lengths))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def fitted_indices(indices: Any, size: int, full_size: int | None) -> Any:
    """Indices within `size`, one of the whole set's for each place, so that disjoint subsets stay disjoint."""
    try:
        wanted = [int(index) for index in indices]
    except (TypeError, ValueError):
        return indices
    if not wanted or max(wanted) < size:
        return indices
    full = max(full_size or 0, max(wanted) + 1)
    first_of = {-(-place * full // size): place for place in range(size)}
    return [first_of[index] for index in wanted if index in first_of]


def _fit_batches(arguments: dict[str, Any], random_sampler: Any) -> None:
    """Give a loader of a cut data set full batches wherever the whole set would have given some.

    A data set of the notebook's own does not say that what it is made of was cut; but no loader is meant to give no batch at all.
    """
    dataset, batch_size = arguments.get("dataset"), arguments.get("batch_size", 1)
    if not isinstance(batch_size, int) or batch_size < 1 or arguments.get("sampler") or arguments.get("batch_sampler"):
        return
    try:
        size = len(dataset)  # type: ignore[arg-type]
    except TypeError:  # an iterable one
        return
    full, drops_last = getattr(dataset, FULL_SIZE, 0), bool(arguments.get("drop_last"))
    one_batch = drops_last and 0 < size < batch_size and full <= size
    if not one_batch and size >= full:
        return
    only_full = drops_last or full % batch_size == 0
    if one_batch or (only_full and full >= batch_size > size):
        arguments.pop("shuffle", None)
        arguments["sampler"] = random_sampler(dataset, replacement=True, num_samples=batch_size)
    elif only_full and size % batch_size:
        arguments["drop_last"] = True


def _mark(dataset: Any, full_size: int) -> None:
    if full_size > len(dataset):
        setattr(dataset, FULL_SIZE, full_size)
