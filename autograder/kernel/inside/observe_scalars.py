"""Sees what is logged to TensorBoard."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from . import recorder
from .arriving import when_imported
from .recorder import quietly, seen

MODULES = ("torch.utils.tensorboard.writer", "tensorboardX")

_watched: set[int] = set()


def install() -> None:
    """Wrap the writers; the course environment may put its own in their place, so look again when a cell begins."""
    for name in MODULES:
        when_imported(name, _watch)
    seen.at_cell_begin.append(_look_again)


def _look_again() -> None:
    import sys

    for name in MODULES:
        if name in sys.modules:
            _watch(sys.modules[name])


def _watch(module: ModuleType) -> None:
    writer = getattr(module, "SummaryWriter", None)
    if writer is None or id(writer) in _watched:
        return
    _watched.add(id(writer))
    add = writer.add_scalar

    @functools.wraps(add)
    def add_scalar(self: Any, tag: Any, scalar_value: Any, global_step: Any = None, *args: Any, **kwargs: Any) -> Any:
        _logged(tag, scalar_value, global_step)
        return add(self, tag, scalar_value, global_step, *args, **kwargs)

    writer.add_scalar = add_scalar


@quietly
def _logged(tag: Any, value: Any, step: Any) -> None:
    recorder.add("scalars", tag=str(tag)[:300], value=recorder.number(value), step=int(step or 0))
