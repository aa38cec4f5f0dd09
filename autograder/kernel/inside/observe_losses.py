"""Records calls of torch's loss functions, and differences that a notebook squares or takes the absolute value of by hand."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional

from .observe_networks import networks
from .store import guarded, store
from .values import EXAMPLES, examples, fingerprint

LOSSES = (
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("cross_entropy", "nll_loss", "kl_div", "gaussian_nll_loss", "poisson_nll_loss"),
)
FIRST_KEPT = 6
BY_HAND_LOOKED_AT = 8  # backward passes of a section
LONGEST_WALK = 40
POWERS = {"PowBackward0": "squared_difference", "AbsBackward0": "absolute_difference", "MulBackward0": "squared_difference"}

_kept: dict[tuple[str, str], int] = {}
_by_hand: dict[str, int] = {}
_last: dict[str, int] = {"loss": 0}


def install() -> None:
    """Stand in front of the functions; the loss modules call them by name and so come by as well."""
    for name in LOSSES:
        setattr(functional, name, _observed(name, getattr(functional, name)))


def begin_cell() -> None:
    """Forget the losses of earlier cells."""
    _last["loss"] = 0


def _observed(kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
    places = list(inspect.signature(original).parameters)
    ignoring = places.index("ignore_index") if "ignore_index" in places else None
    names = places[:2]

    @functools.wraps(original)
    def loss(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        result = original(*args, **kwargs)
        if store.watching and not networks.repeats:
            first, second = (args[place] if len(args) > place else kwargs.get(names[place]) for place in (0, 1))
            ignored = None
            if ignoring is not None:
                ignored = args[ignoring] if len(args) > ignoring else kwargs.get("ignore_index", -100)
            _record(kind, first, second, ignored, result)
        return result

    return loss


@guarded("losses")
def _record(kind: str, first: Any, second: Any, ignored: Any, result: Any) -> None:
    if not isinstance(first, torch.Tensor) or not isinstance(second, torch.Tensor) or not isinstance(result, torch.Tensor):
        return
    with_gradient = result.requires_grad
    record = store.add(
        "losses",
        kind=kind,
        first_shape=list(first.shape),
        second_shape=list(second.shape),
        first_fingerprint=fingerprint(first),
        second_fingerprint=fingerprint(second),
        ignore_index=None if ignored is None else int(ignored),
        with_gradient=with_gradient,
        value=value_of(result),
        first="",
        second="",
    )
    if with_gradient:
        _last["loss"] = store.tick()
    if record is None or not with_gradient:
        return
    key = (store.question, kind)
    _kept[key] = _kept.get(key, 0) + 1
    if _kept[key] <= FIRST_KEPT:
        record["first"], record["second"] = store.keep(examples(first)), store.keep(examples(second))


def value_of(loss: torch.Tensor) -> Any:
    """The loss as a number; on a GPU a copy that is read later, so that nothing waits for it."""
    mean = loss.detach() if loss.numel() == 1 else loss.detach().float().mean()
    return mean.clone().reshape(()) if mean.is_cuda else float(mean.item())


@guarded("losses")
def by_hand(loss: Any, latest_step: int) -> None:
    """Record the difference that `loss` was made of, when no loss function was called since the latest step.

    The square of a difference keeps the difference for its backward pass; together with what the network returned it tells the target.
    """
    if not isinstance(loss, torch.Tensor) or _last["loss"] > latest_step or _by_hand.get(store.question, 0) >= BY_HAND_LOOKED_AT:
        return
    _by_hand[store.question] = _by_hand.get(store.question, 0) + 1
    waiting, seen = [loss.grad_fn], 0
    while waiting and seen < LONGEST_WALK:
        node = waiting.pop(0)
        seen += 1
        if node is None:
            continue
        kind = POWERS.get(type(node).__name__)
        below = node.next_functions[0][0] if node.next_functions else None
        if kind is not None and type(below).__name__ == "SubBackward0":
            difference = getattr(node, "_saved_self", None)
            if isinstance(difference, torch.Tensor):
                _record_difference(kind, difference.detach(), below, loss)
                return
        waiting.extend(following for following, _ in node.next_functions)


def _record_difference(kind: str, difference: torch.Tensor, subtraction: Any, loss: torch.Tensor) -> None:
    """With `output - target` only the first side of the subtraction leads to a network, with `target - output` only the second."""
    sides = [following is not None for following, _ in subtraction.next_functions]
    output = latest_output(difference.numel())
    if output is None or sides not in ([True, False], [False, True]):
        return
    returned = output.reshape(difference.shape)
    target = returned - difference if sides[0] else returned + difference
    count = min(EXAMPLES, difference.shape[0] if difference.dim() else 1)
    record = store.add(
        "losses",
        kind=kind,
        first_shape=list(returned.shape),
        second_shape=list(target.shape),
        first_fingerprint=fingerprint(returned),
        second_fingerprint="",  # rounding makes it another than the target's own
        ignore_index=None,
        with_gradient=True,
        value=value_of(loss) if loss.numel() else math.nan,
        first="",
        second="",
    )
    if record is not None and count:
        record["first"], record["second"] = store.keep(examples(returned)), store.keep(examples(target))


def latest_output(size: int) -> torch.Tensor | None:
    """What the latest training call of any network returned, when it has `size` values and is still there."""
    calls = sorted(networks.last_trained.values(), key=lambda call: call.order)
    output = calls[-1].output() if calls and calls[-1].output is not None else None
    return output.detach() if output is not None and output.numel() == size else None
