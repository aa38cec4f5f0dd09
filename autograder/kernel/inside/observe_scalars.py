"""Records the values that are logged to TensorBoard, whichever writer stands in for it."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from .after_import import AfterImport
from .store import guarded, store

WRITERS = ("torch.utils.tensorboard", "tensorboardX")
_OBSERVED = "_observed_scalars"


def install(after_import: AfterImport) -> None:
    """Watch every module that offers a writer."""
    for name in WRITERS:
        after_import.watch(name, _watch)


def _watch(module: ModuleType) -> None:
    writer = module.SummaryWriter
    original = writer.add_scalar
    if hasattr(original, _OBSERVED):
        return

    @functools.wraps(original)
    def add_scalar(self: Any, tag: Any, scalar_value: Any, global_step: Any = None, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if store.watching:
            _record(tag, scalar_value, global_step)
        return original(self, tag, scalar_value, global_step, *args, **kwargs)

    setattr(add_scalar, _OBSERVED, True)
    writer.add_scalar = add_scalar


@guarded("scalars")
def _record(tag: Any, value: Any, step: Any) -> None:
    store.add("scalars", tag=str(tag)[:200], value=float(value), step=-1 if step is None else int(step))
