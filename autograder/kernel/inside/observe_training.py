"""Sees training: losses and what they compare, backward passes, gradient clipping, and the steps of optimizers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as functional
from torch.optim import optimizer as optimizers

from . import fast_forward, fingerprints, observe_networks, recorder
from .recorder import quietly, seen

LOSSES = (
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("cross_entropy", "nll_loss", "kl_div", "gaussian_nll_loss", "poisson_nll_loss"),
)
IGNORE_INDEX_PLACE = 4  # of the positional arguments of cross_entropy and nll_loss
FIRST_KEPT = 6

_now: dict[str, Any] = {"loss": None, "clipped": None, "inside": 0}
_kept: dict[tuple[str, str], int] = {}
_steps: dict[int, int] = {}
_networks_of: dict[int, tuple[int, ...]] = {}
_before: dict[int, str] = {}


def install() -> None:
    """Wrap the losses, `backward` and clipping; hook every optimizer's step."""
    for name in LOSSES:
        setattr(functional, name, _watched(getattr(functional, name), name))
    torch.Tensor.backward = _backward(torch.Tensor.backward)  # type: ignore[method-assign]
    torch.autograd.backward = _autograd_backward(torch.autograd.backward)
    for module in (torch.nn.utils, torch.nn.utils.clip_grad):
        for name in ("clip_grad_norm_", "clip_grad_value_"):
            setattr(module, name, _clipping(getattr(module, name)))
    optimizers.register_optimizer_step_pre_hook(_before_step)
    optimizers.register_optimizer_step_post_hook(_after_step)


def _watched(loss: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(loss)
    def watched(*args: Any, **kwargs: Any) -> Any:
        _now["inside"] += 1
        try:
            value = loss(*args, **kwargs)
        finally:
            _now["inside"] -= 1
        if not _now["inside"]:  # cross_entropy may be built on nll_loss
            _saw_loss(name, args, kwargs, value)
        return value

    return watched


@quietly
def _saw_loss(name: str, args: Any, kwargs: Any, value: Any) -> None:
    first = args[0] if args else kwargs.get("input")
    second = args[1] if len(args) > 1 else kwargs.get("target")
    if not isinstance(first, torch.Tensor) or not isinstance(second, torch.Tensor):
        return
    ignored = kwargs.get("ignore_index", args[IGNORE_INDEX_PLACE] if len(args) > IGNORE_INDEX_PLACE else -100)
    with_gradient = isinstance(value, torch.Tensor) and value.requires_grad
    record = recorder.add(
        "losses",
        kind=name,
        first_shape=list(first.shape),
        second_shape=list(second.shape),
        first_fingerprint=fingerprints.of_values(first),
        second_fingerprint=fingerprints.of_values(second),
        ignore_index=int(ignored) if name in ("cross_entropy", "nll_loss") else None,
        with_gradient=with_gradient,
        value=recorder.number(value.detach().mean()),
        first="",
        second="",
    )
    count = _kept.get((seen.question, name), 0)
    if record is not None and with_gradient and count < FIRST_KEPT:
        _kept[seen.question, name] = count + 1
        record["first"], record["second"] = observe_networks.kept(first), observe_networks.kept(second)


def _backward(backward: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(backward)
    def observed(self: Any, *args: Any, **kwargs: Any) -> Any:
        _saw_backward(self)
        if fast_forward.skips_backward():
            return None
        return backward(self, *args, **kwargs)

    return observed


def _autograd_backward(backward: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(backward)
    def observed(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        _saw_backward(tensors[0] if isinstance(tensors, (tuple, list)) and tensors else tensors)
        if fast_forward.skips_backward():
            return None
        return backward(tensors, *args, **kwargs)

    return observed


@quietly
def _saw_backward(loss: Any) -> None:
    _now["loss"] = recorder.number(loss.detach().mean())


def _clipping(clip: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(clip)
    def observed(*args: Any, **kwargs: Any) -> Any:
        _saw_clipping(args, kwargs)
        return clip(*args, **kwargs)

    return observed


@quietly
def _saw_clipping(args: Any, kwargs: Any) -> None:
    limit = args[1] if len(args) > 1 else kwargs.get("max_norm", kwargs.get("clip_value"))
    _now["clipped"] = recorder.number(limit)


def _parameters(optimizer: Any) -> list[Any]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


@quietly
def _before_step(optimizer: Any, args: Any, kwargs: Any) -> None:
    parameters = _parameters(optimizer)
    _before[recorder.identity(optimizer)] = fingerprints.of_parameters(parameters)
    networks = _moved(optimizer, parameters)
    fast_forward.prepare_step(networks, parameters)


@quietly
def _after_step(optimizer: Any, args: Any, kwargs: Any) -> None:
    number = recorder.identity(optimizer)
    parameters = _parameters(optimizer)
    networks = _moved(optimizer, parameters)
    numbers = [recorder.identity(network) for network in networks]
    length, batch = next((observe_networks.latest[one] for one in numbers if one in observe_networks.latest), (0, 0))
    for network in networks:
        recorder.remember(seen.trained, network)
    earlier = _steps.get(number, 0)
    _steps[number] = earlier + 1
    forwarded = fast_forward.step_taken(numbers, length)
    recorder.add(
        "steps",
        optimizer=number,
        optimizer_class=type(optimizer).__name__,
        optimizer_parameter_count=sum(parameter.numel() for parameter in parameters),
        networks=numbers,
        loss=_now["loss"],
        length=length,
        batch=batch,
        before=_before.get(number, ""),
        after=fingerprints.of_parameters(parameters),
        steps_before=earlier,
        clipped_to=_now["clipped"],
        fast_forwarded=forwarded,
    )
    _now["clipped"] = None


def _moved(optimizer: Any, parameters: list[Any]) -> list[Any]:
    """The called networks that share parameters with the optimizer, those called in this section first."""
    own = {id(parameter) for parameter in parameters}
    networks = [network for question in seen.called.values() for network in question.values()]
    unique = {id(network): network for network in networks}
    sharing = [network for network in unique.values() if any(id(parameter) in own for parameter in network.parameters())]
    return [network for network in sharing if not any(other is not network and _contains(other, network) for other in sharing)]


def _contains(whole: Any, part: Any) -> bool:
    return any(module is part for module in whole.modules())
