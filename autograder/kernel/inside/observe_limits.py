"""Finds out to what a loop's own code limits the norm of its gradients, which small networks' gradients hardly ever reach.

After an early backward pass of an optimizer whose gradients were not seen to be clipped, they are made very large. What their norm is when
the step is taken tells the limit. Before the step uses them they are set back to what they were, so the training goes on as written.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Sequence

import torch
from torch.optim import Optimizer

from .store import guarded

LARGE = 4096.0  # the norm that gradients are brought to


class _Part:
    """One optimizer's gradients, made large, and what they were."""

    def __init__(self, optimizer: Optimizer) -> None:
        parameters = [one for group in optimizer.param_groups for one in group["params"] if one.grad is not None]
        if any(one.grad.is_sparse or not one.grad.is_floating_point() for one in parameters):
            parameters = []
        self.gradients = [(parameter, parameter.grad.clone()) for parameter in parameters]
        self.norm = norm(parameters)

    def make_large(self, factor: float) -> None:
        for parameter, _ in self.gradients:
            parameter.grad.detach().mul_(factor)

    def make_small(self) -> None:
        """Set each gradient to what it was, but for those that were limited to even less."""
        for parameter, original in self.gradients:
            if parameter.grad is not None and parameter.grad.detach().norm() >= original.norm():
                parameter.grad.detach().copy_(original)


class _Limits:
    def __init__(self) -> None:
        self.waiting: dict[int, weakref.ref[Optimizer]] = {}
        self.tried: set[int] = set()
        self.parts: dict[int, _Part] = {}  # by optimizer, while the gradients are large
        self.reached: float | None = None


_limits = _Limits()


def norm(parameters: Sequence[torch.Tensor]) -> float:
    """The norm of all gradients together."""
    found = [parameter.grad.detach().norm() for parameter in parameters if parameter.grad is not None]
    return float(torch.stack(found).norm()) if found else 0.0


def unlimited(number: int, optimizer: Optimizer) -> None:
    """Note a step whose gradients were not seen to be clipped."""
    if number not in _limits.tried:
        _limits.waiting[number] = weakref.ref(optimizer)


def before_backward() -> None:
    """Gradients that are added to are no longer told from the new ones: whatever was made large is made small now."""
    for part in _limits.parts.values():
        part.make_small()
    _limits.parts.clear()


@guarded("steps")
def after_backward() -> None:
    """Make the gradients of the optimizers that wait for it large."""
    alive = {number: optimizer for number, reference in _limits.waiting.items() if (optimizer := reference()) is not None}
    _limits.waiting.clear()
    _limits.tried.update(alive)
    parts = {number: _Part(optimizer) for number, optimizer in alive.items()}
    together = math.hypot(*(part.norm for part in parts.values()))
    if not 0 < together < math.inf:
        return
    _limits.parts, _limits.reached = parts, None
    for part in parts.values():
        part.make_large(LARGE / together)


def before_step(number: int) -> float | None:
    """The norm that large gradients were limited to, and the gradients as small again as they were; None when none were made large."""
    if number not in _limits.parts:
        return None
    if _limits.reached is None:
        _limits.reached = norm([parameter for part in _limits.parts.values() for parameter, _ in part.gradients])
    _limits.parts.pop(number).make_small()
    return _limits.reached
