"""Records optimizer steps with the loss before them and the networks they move; skips what is fast-forwarded."""

from __future__ import annotations

import functools
import gc
import math
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from . import loops, observe_gradients, observe_limits, observe_losses
from .fast_forward import fill_gradients, goes_through, runs
from .observe_networks import Call, describe, identity, networks
from .store import Identities, guarded, store
from .values import parameters_fingerprint

MOST_HELD = 12  # networks of the running section that stay alive for its probes
HELD_AFTERWARDS = 2  # of each section, for probes of later ones
LARGEST_HELD = 50_000_000  # parameters of such a network


class _Training:
    def __init__(self) -> None:
        self.identities = Identities()
        self.steps_taken: dict[int, int] = {}
        self.latest_step: dict[int, int] = {}  # by optimizer, the order of its latest step
        self.any_step = 0
        self.loss: Any = math.nan
        self.searched: set[int] = set()
        self.stepping: Optimizer | None = None
        self.in_backward = False
        self.trained: dict[str, dict[int, weakref.ref[nn.Module]]] = {}
        self.held: dict[str, dict[int, nn.Module]] = {}


class _Started:
    """What is known of a step before it is taken."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        self.optimizer = training.identities.of(optimizer)
        self.networks: list[int] = []
        self.modules: list[nn.Module] = []
        self.limited_to: float | None = None
        self.before: list[str] = []  # fingerprints of the networks; without any, one of the optimizer's parameters


training = _Training()


def install() -> None:
    """Stand in front of backward passes, and of the step of every optimizer class."""
    torch.Tensor.backward = _backward(torch.Tensor.backward)  # type: ignore[method-assign]
    torch.autograd.backward = _backward(torch.autograd.backward)
    observe_gradients.install()
    hook = Optimizer.profile_hook_step

    def profile_hook_step(step: Callable[..., Any]) -> Callable[..., Any]:
        return _step(hook(step))

    Optimizer.profile_hook_step = staticmethod(profile_hook_step)  # type: ignore[assignment]
    waiting = [Optimizer]
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        step = cls.__dict__.get("step")
        if getattr(step, "hooked", False):  # an optimizer of this class was built before
            cls.step = _step(step)  # type: ignore[method-assign, arg-type]


def begin_section() -> None:
    """Let go of most networks that were held for the sections before."""
    for held in training.held.values():
        for number in list(held)[:-HELD_AFTERWARDS]:
            del held[number]


def trained(question: str) -> list[nn.Module]:
    """The networks that were stepped in a section and are alive, the latest last."""
    alive = (reference() for reference in training.trained.get(question, {}).values())
    return [module for module in alive if module is not None]


def _backward(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def backward(loss: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if training.in_backward or not store.watching:
            return original(loss, *args, **kwargs)
        if _before_backward(loss):
            return None
        training.in_backward = True
        try:
            result = original(loss, *args, **kwargs)
        finally:
            training.in_backward = False
        if training.stepping is None:
            observe_limits.after_backward()
        return result

    return backward


@guarded("steps")
def _before_backward(loss: Any) -> bool:
    """Note the loss; true when the backward pass is to be left out."""
    first = loss[0] if isinstance(loss, (tuple, list)) and loss else loss
    if isinstance(first, torch.Tensor):
        training.loss = observe_losses.value_of(first)
    observe_gradients.before_backward()
    observe_limits.before_backward()
    if runs.depends_on_answer(first):
        for number in runs.ripe_networks():
            module = networks.module(number)
            if module is not None:
                fill_gradients(module.parameters())
            _note_learned(first, networks.last_trained.get(number))
        return True
    observe_losses.by_hand(first, training.any_step)
    return False


def _note_learned(loss: Any, call: Call | None) -> None:
    """Note that what a network answered from memory is learned from, when the loss depends on it."""
    if call is not None and call.entry is not None and call.entry.node is not None and goes_through(loss, call.entry.node):
        call.entry.learn()


def _step(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def step(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if training.stepping is self or not store.watching:
            return original(self, *args, **kwargs)
        started = _before_step(self)
        if started is None:
            return original(self, *args, **kwargs)
        if _is_skipped(started):
            closure = args[0] if args else kwargs.get("closure")
            result = None
            if callable(closure):
                with torch.enable_grad():
                    result = closure()
            _after_step(self, started, True)
            return result
        training.stepping = self
        try:
            result = original(self, *args, **kwargs)
        finally:
            training.stepping = None
        _after_step(self, started, False)
        return result

    return step


@guarded("steps")
def _before_step(optimizer: Optimizer) -> _Started | None:
    started = _Started(optimizer)
    _find_networks(started)
    started.limited_to = observe_limits.before_step(started.optimizer)
    started.before = _fingerprints(started)
    return started


def _find_networks(started: _Started) -> None:
    """The owners of the optimizer's parameters that were trained since its latest step, without the parts of other owners."""
    own = frozenset(map(id, started.parameters))
    owners = networks.owners(own)
    if not owners and started.optimizer not in training.searched:
        training.searched.add(started.optimizer)
        owners = _search(own)
    since = training.latest_step.get(started.optimizer, 0)
    calls = {number: networks.last_trained[number] for number in owners if number in networks.last_trained}
    recent = [number for number, call in calls.items() if call.order > since]
    chosen = recent or owners
    modules = {number: module for number in chosen if (module := networks.module(number)) is not None}
    if len(modules) > 1:
        inner = {id(part) for module in modules.values() for part in module.modules() if part is not module}
        modules = {number: module for number, module in modules.items() if id(module) not in inner}
    started.networks, started.modules = list(modules), list(modules.values())


def _search(own: frozenset[int]) -> list[int]:
    """Networks that were never called as such: the largest living modules with the optimizer's parameters."""
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), nn.Module) and own & set(map(id, thing.parameters()))]
    inner = {id(part) for module in found for part in module.modules() if part is not module}
    numbers = []
    for module in found:
        if id(module) not in inner:
            numbers.append(identity(module))
            describe(numbers[-1], module)
    return numbers


def _fingerprints(started: _Started) -> list[str]:
    return [parameters_fingerprint(module.parameters()) for module in started.modules] or [parameters_fingerprint(started.parameters)]


def _latest_call(started: _Started) -> Call | None:
    """The latest training call of the step's networks; one with a length, where a recurrent layer and a head are called in turn."""
    calls = [networks.last_trained[number] for number in started.networks if number in networks.last_trained]
    return max(calls, key=lambda call: (call.length > 0, call.order), default=None)


def _layers_called(started: _Started) -> list[nn.Module]:
    """The recurrent layers that the latest training calls of the step's networks went through."""
    used = {layer for number in started.networks if number in networks.last_trained for layer in networks.last_trained[number].used}
    return [part for module in started.modules for part in module.modules() if id(part) in used]


@guarded("steps")
def _is_skipped(started: _Started) -> bool:
    skipped = [
        runs.skips_step(number, networks.last_trained[number].signature, before)
        for number, before in zip(started.networks, started.before, strict=False)
        if number in networks.last_trained
    ]
    return any(skipped)


@guarded("steps")
def _after_step(optimizer: Optimizer, started: _Started, skipped: bool) -> None:
    before = started.before
    if not started.networks:  # only the closure has called them
        _find_networks(started)
        if started.networks:
            before = [""] * len(started.networks)
    after = before if skipped else _fingerprints(started)
    call = _latest_call(started)
    number = started.optimizer
    taken = training.steps_taken.get(number, 0)
    training.steps_taken[number] = taken + 1
    order = store.tick()
    training.latest_step[number] = training.any_step = order
    clipped_to = observe_gradients.clipped_to(started.parameters)
    if clipped_to is None and not skipped:
        observe_limits.unlimited(number, optimizer)
    store.add(
        "steps",
        order=order,
        optimizer=number,
        optimizer_class=type(optimizer).__name__,
        optimizer_parameter_count=sum(parameter.numel() for parameter in started.parameters),
        networks=list(started.networks),
        loss=training.loss,
        length=call.length if call is not None else 0,
        batch=call.batch if call is not None else 0,
        before="".join(before),
        after="".join(after),
        steps_before=taken,
        clipped_to=clipped_to,
        limited_to=started.limited_to,
        fast_forwarded=skipped,
        carried_over=observe_gradients.stepped(number, started.parameters, taken),
        unreached=0 if skipped else observe_gradients.unreached(_layers_called(started), taken),
    )
    for identifier, module, own_before, own_after in zip(started.networks, started.modules, before, after, strict=True):
        _note_trained(identifier, module)
        trained_call = networks.last_trained.get(identifier)
        if not skipped and trained_call is not None:
            runs.stepped(identifier, trained_call.signature, own_before, own_after)
    loops.stepped()


def _note_trained(number: int, module: nn.Module) -> None:
    known = training.trained.setdefault(store.question, {})
    known.pop(number, None)
    known[number] = weakref.ref(module)
    held = training.held.setdefault(store.question, {})
    if held.pop(number, None) is None and sum(parameter.numel() for parameter in module.parameters()) > LARGEST_HELD:
        return
    held[number] = module
    while len(held) > MOST_HELD:
        del held[next(iter(held))]
