"""Follows gradients from the backward pass to the step: whether they were clipped in between, and whether older ones were left in them."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Collection, Iterable
from typing import Any

import torch
from torch import nn

from .store import guarded, store

LOOKED_AT = 300  # steps of one optimizer; a loop that forgets to set gradients back once forgets it always
TRIED = 4  # parameters that are looked at for a gradient other than zero


class _Gradients:
    def __init__(self) -> None:
        self.clipped: dict[int, float] = {}  # by parameter's id, the limit since the latest backward pass
        self.carried_over: dict[int, bool] = {}  # by optimizer: whether its used gradients were there when the next ones came
        self.handles: dict[int, Any] = {}  # by optimizer, of the hook that waits for its next gradient


_gradients = _Gradients()


def install() -> None:
    """Stand in front of gradient clipping."""
    nn.utils.clip_grad_norm_ = nn.utils.clip_grad.clip_grad_norm_ = _clipping(nn.utils.clip_grad_norm_)


def _clipping(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def clip(parameters: Any, max_norm: Any, norm_type: Any = 2.0, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not isinstance(parameters, torch.Tensor):
            parameters = list(parameters)  # may be a generator
        result = original(parameters, max_norm, norm_type, *args, **kwargs)
        if store.watching and norm_type == 2:
            _note_clipped(parameters, max_norm)
        return result

    return clip


@guarded("steps")
def _note_clipped(parameters: Any, limit: Any) -> None:
    clipped = [parameters] if isinstance(parameters, torch.Tensor) else parameters
    _gradients.clipped.update({id(parameter): float(limit) for parameter in clipped})


def before_backward() -> None:
    """What was clipped is added to now."""
    _gradients.clipped.clear()


def clipped_to(parameters: Iterable[torch.Tensor]) -> float | None:
    """The largest limit that these parameters' gradients were clipped to; None when one of them was not clipped."""
    limits = [_gradients.clipped.get(id(parameter)) for parameter in parameters if parameter.grad is not None]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def stepped(number: int, parameters: Collection[torch.Tensor], steps_before: int) -> bool:
    """Note a step; whether gradients of the step before were among those it used.

    The next gradient that comes to one of the parameters, the smallest that has one now, is looked at before it is added to what is there.
    Other networks' backward passes in between say nothing.
    """
    carried_over = _gradients.carried_over.pop(number, False)
    handle = _gradients.handles.pop(number, None)
    if handle is not None:
        handle.remove()
    if steps_before < LOOKED_AT:
        trained = [one for one in parameters if one.requires_grad and one.is_leaf and one.grad is not None and not one.grad.is_sparse]
        for parameter in sorted(trained, key=torch.Tensor.numel)[:TRIED]:
            if parameter.grad is not None and bool(parameter.grad.any()):
                _gradients.handles[number] = parameter.register_hook(_on_arrival(number, weakref.ref(parameter)))
                break
    return carried_over


def unreached(layers: Iterable[nn.Module], steps_before: int) -> int:
    """How many recurrent layers have no gradient other than zero; those stacked within one module count one by one."""
    if steps_before >= LOOKED_AT:
        return 0
    stacked: dict[tuple[int, str], bool] = {}
    for layer in layers:
        for name, parameter in layer.named_parameters(recurse=False):
            key = (id(layer), name.rpartition("_")[2] if getattr(layer, "num_layers", 1) > 1 else "")
            stacked[key] = stacked.get(key, False) or (parameter.grad is not None and bool(parameter.grad.any()))
    return sum(not reached for reached in stacked.values())


def _on_arrival(number: int, watched: weakref.ref[torch.Tensor]) -> Callable[[torch.Tensor], None]:
    def arrived(gradient: torch.Tensor) -> None:
        parameter = watched()
        if parameter is not None and number not in _gradients.carried_over:
            _gradients.carried_over[number] = parameter.grad is not None and bool(parameter.grad.any())

    return arrived
