"""Follows gradients from the backward pass to the step: whether they were clipped in between, and whether older ones were left in them."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from .store import guarded, store


class _Gradients:
    def __init__(self) -> None:
        self.clipped: dict[int, float] = {}  # by parameter's id, the limit since the latest backward pass
        self.stepped: dict[int, weakref.ref[Optimizer]] = {}  # optimizers that took a step since the latest backward pass
        self.carried_over: set[int] = set()  # optimizers whose used gradients were still there when the next backward pass began


_gradients = _Gradients()


def install() -> None:
    """Stand in front of gradient clipping."""
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        clipping = _clipping(getattr(nn.utils, name))
        for module in (nn.utils, nn.utils.clip_grad):
            setattr(module, name, clipping)


def _clipping(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def clip(parameters: Any, limit: Any = None, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not isinstance(parameters, torch.Tensor):
            parameters = list(parameters)  # may be a generator
        if limit is None:
            limit = kwargs.get("max_norm", kwargs.get("clip_value"))
            result = original(parameters, *args, **kwargs)
        else:
            result = original(parameters, limit, *args, **kwargs)
        if store.watching:
            _note_clipped(parameters, limit)
        return result

    return clip


@guarded("steps")
def _note_clipped(parameters: Any, limit: Any) -> None:
    clipped = [parameters] if isinstance(parameters, torch.Tensor) else parameters
    _gradients.clipped.update({id(parameter): float(limit) for parameter in clipped})


def before_backward() -> None:
    """What was clipped is added to now; gradients that a step has used and that are still there are added to as well."""
    _gradients.clipped.clear()
    for number, reference in _gradients.stepped.items():
        optimizer = reference()
        left = (parameter.grad for group in optimizer.param_groups for parameter in group["params"]) if optimizer is not None else ()
        if any(gradient is not None and bool(gradient.any()) for gradient in left):
            _gradients.carried_over.add(number)
    _gradients.stepped.clear()


def clipped_to(parameters: Iterable[torch.Tensor]) -> float | None:
    """The largest limit that these parameters' gradients were clipped to; None when one of them was not clipped."""
    limits = [_gradients.clipped.get(id(parameter)) for parameter in parameters if parameter.grad is not None]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def stepped(number: int, optimizer: Optimizer) -> bool:
    """Note a step; whether gradients of the step before were among those it used."""
    carried_over = number in _gradients.carried_over
    _gradients.carried_over.discard(number)
    _gradients.stepped[number] = weakref.ref(optimizer)
    return carried_over
