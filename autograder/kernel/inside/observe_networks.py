"""Records the networks of a notebook and their calls: `nn.Module.__call__`, and `forward` where it is called directly.

Only top-level calls are recorded; what a network calls within itself belongs to its call. Modules without parameters are no networks.
"""

from __future__ import annotations

import functools
import weakref
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence

from . import fast_forward, observe_lessons, observe_rows
from .layers import LAYERS, RECURRENT, description, length_and_batch, work
from .store import LIMITS, Identities, Record, guarded, store
from .values import examples, fingerprint, first_tensor

FIRST_KEPT, LAST_KEPT = 6, 2
LAST_KEPT_OF_PLAIN = 8  # of networks without recurrent layers, which show single images, perhaps after many others
LARGEST_OF_PLAIN = 32 * 2**10  # bytes of what is kept of such a call; eight images of 28 by 28 have 25 KB
LENGTHS_KEPT = 4  # sequence lengths of one network for which calls are kept
FORWARDED_RECORDED = 1_000  # calls of one network that were fast-forwarded; what more there are repeat them


class Call:
    """A top-level call that is under way."""

    def __init__(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.module = module
        self.network = identity(module)
        self.given = first_tensor(args) if args else None
        if self.given is None:
            self.given = first_tensor(kwargs)
        self.order = store.tick()
        self.input_shape = tuple(self.given.shape) if self.given is not None else ()
        self.fingerprint = fingerprint(self.given) if self.given is not None else ""
        # The network may write into what it was given, so its first examples are taken before; which dimension counts them shows later.
        self.examples = [examples(self.given, along) for along in range(min(2, self.given.dim()))] if self.given is not None else []
        self.first_layer: nn.Module | None = None
        self.length = 0
        self.batch = self.input_shape[0] if self.input_shape else 0
        self.along = 0  # the dimension of the input along which its examples lie
        self.layer_calls = 0
        self.used: set[int] = set()  # ids of the recurrent layers that were called
        self.signature: tuple[Any, ...] = ()
        self.fast_forwarded = False
        self.output: weakref.ref[torch.Tensor] | None = None
        self.entry: observe_rows.Entry | None = None
        self.numbers = observe_lessons.numbers(self.network, args, kwargs)


class Networks:
    """What is known of the networks that were called."""

    def __init__(self) -> None:
        self.identities = Identities()
        self.described: set[int] = set()
        self.forwarded: Counter[int] = Counter()
        self.alive: dict[int, weakref.ref[nn.Module]] = {}
        self.parameters: dict[int, frozenset[int]] = {}
        self.last_trained: dict[int, Call] = {}  # by network, the latest call with gradient
        self.kept: dict[tuple[Any, ...], list[Record]] = {}
        self.lengths_kept: dict[tuple[str, int], set[int]] = {}
        self.open: Call | None = None
        self.repeats = False  # whether the latest call was left out for being one of too many that were fast-forwarded

    def module(self, number: int) -> nn.Module | None:
        return self.alive[number]() if number in self.alive else None

    def owners(self, parameters: frozenset[int]) -> list[int]:
        """The networks alive that have some of these parameters, oldest first."""
        for number in [number for number in self.alive if self.module(number) is None]:
            fast_forward.runs.forget(number)
            for kept in (self.alive, self.parameters, self.last_trained):
                kept.pop(number, None)
        found = [number for number in self.alive if self.parameters.get(number, parameters) & parameters]
        if not found or any(number not in self.parameters for number in found):
            for number in self.alive:
                module = self.module(number)
                self.parameters[number] = frozenset(map(id, module.parameters())) if module is not None else frozenset()
            found = [number for number in self.alive if self.parameters[number] & parameters]
        return found


networks = Networks()


def begin_cell() -> None:
    """No call is under way when a cell begins, whatever became of the one before."""
    networks.open, networks.repeats = None, False


def called(question: str) -> list[nn.Module]:
    """The networks that were called in a section and are alive, the one called last at the end."""
    numbers = [record["network"] for record in store.records["calls"] if record["question"] == question]
    found = (networks.module(number) for number in reversed(dict.fromkeys(reversed(numbers))))
    return [module for module in found if module is not None]


def given(question: str) -> dict[str, Any]:
    """The kept inputs of the calls of a section, by name."""
    names = [record["input"] for record in store.records["calls"] if record["question"] == question and record["input"]]
    return {name: store.arrays[name] for name in names if name in store.arrays}


def identity(module: nn.Module) -> int:
    """The number of a network; a network that is seen for the first time is described."""
    number, new = networks.identities.of_new(module)
    if new:
        networks.alive[number] = weakref.ref(module)
    return number


def describe(number: int, module: nn.Module, used: Collection[int] = ()) -> None:
    """Add the record of a network, once, with the recurrent layers that are used."""
    if number in networks.described:
        return
    networks.described.add(number)
    records = store.records["networks"]
    if len(records) < LIMITS["networks"]:
        records.append({"id": number, **description(module, used)})
    else:
        store.truncated["networks"] = None


def install() -> None:
    """Watch every module's calls, and the `forward` of classes that are defined from now on."""
    original = nn.Module.__call__

    @functools.wraps(original)
    def call(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return watched(self, original, args, kwargs)

    nn.Module.__call__ = call  # type: ignore[method-assign]

    def prepare(cls: Any, **kwargs: Any) -> None:
        super(nn.Module, cls).__init_subclass__(**kwargs)
        forward = cls.__dict__.get("forward")
        if callable(forward) and hasattr(forward, "__get__") and not isinstance(forward, (staticmethod, classmethod)):
            cls.forward = _direct(forward)

    nn.Module.__init_subclass__ = classmethod(prepare)  # type: ignore[assignment, arg-type]


def _direct(forward: Callable[..., Any]) -> Callable[..., Any]:
    """`forward`, which counts as a call of the network when nothing called the network."""

    @functools.wraps(forward)
    def called(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if networks.open is not None or not store.active:
            return forward(self, *args, **kwargs)
        return watched(self, forward, args, kwargs)

    return called


def watched(module: nn.Module, original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call the module; a top-level call is recorded, a recurrent layer's call is measured and may be fast-forwarded."""
    __tracebackhide__ = True
    opened = networks.open
    if opened is not None:
        if isinstance(module, RECURRENT) and store.watching:
            return _layer_called(opened, module, original, args, kwargs)
        return original(module, *args, **kwargs)
    started = _begin(module, args, kwargs) if store.watching else None
    if started is None:
        return original(module, *args, **kwargs)
    networks.open = started
    try:
        if isinstance(module, RECURRENT):
            result = _layer_called(started, module, original, args, kwargs)
        else:
            result = original(module, *args, **kwargs)
    finally:
        networks.open = None
    _end(started, result)
    return result


@guarded("calls")
def _begin(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
    if next(module.parameters(), None) is None:
        return None
    return Call(module, args, kwargs)


def _layer_called(opened: Call, module: nn.Module, original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    __tracebackhide__ = True
    given = _measure(opened, module, args, kwargs)
    opened.layer_calls += 1
    opened.used.add(id(module))
    if given is None or not fast_forward.runs.is_ripe(opened.network, opened.signature):
        return original(module, *args, **kwargs)
    key = (id(module), opened.layer_calls, given)
    answer = _answer(opened, key)
    if answer is not None:
        opened.fast_forwarded = True
        return answer
    result = original(module, *args, **kwargs)
    _remember(opened, key, result)
    return result


@guarded("calls")
def _answer(opened: Call, key: tuple[Any, ...]) -> Any:
    return fast_forward.runs.answer(opened.network, key, opened.fingerprint)


@guarded("calls")
def _remember(opened: Call, key: tuple[Any, ...], result: Any) -> None:
    fast_forward.runs.remember(opened.network, key, opened.fingerprint, result)


@guarded("calls")
def _measure(opened: Call, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...] | None:
    """The shape of what a recurrent layer is given; takes its length and batch size when it is the call's first."""
    given = args[0] if args else kwargs.get("input")
    tensor = given.data if isinstance(given, PackedSequence) else given
    if not isinstance(tensor, torch.Tensor):
        return None
    if opened.first_layer is None:
        opened.first_layer = module
        length, batch, along = length_and_batch(module, given)
        opened.batch, opened.along = batch, along if opened.given is not None and opened.given.dim() > along else 0
        shape = list(opened.input_shape)
        if batch in shape:
            shape.remove(batch)
        opened.signature = (length if isinstance(module, LAYERS) else 0, *shape, tensor.shape[-1])
        opened.length = length
        fast_forward.runs.weigh(opened.network, opened.signature, work(module, length * batch))
    elif opened.first_layer is module:
        opened.length += length_and_batch(module, given)[0]
    return tuple(tensor.shape)


@guarded("calls")
def _end(call: Call, result: Any) -> None:
    output = first_tensor([result.data] if isinstance(result, PackedSequence) else result)
    with_gradient = bool(output is not None and output.requires_grad)
    describe(call.network, call.module, call.used)
    networks.forwarded[call.network] += call.fast_forwarded
    networks.repeats = call.fast_forwarded and networks.forwarded[call.network] > FORWARDED_RECORDED
    record: Record | None = None
    if not networks.repeats:
        record = store.add(
            "calls",
            order=call.order,
            network=call.network,
            training=bool(call.module.training),
            with_gradient=with_gradient,
            input_shape=list(call.input_shape),
            output_shape=list(output.shape) if output is not None else [],
            length=call.length,
            batch=call.batch,
            fingerprint=call.fingerprint,
            input="",
            output="",
            fast_forwarded=call.fast_forwarded,
            numbers=call.numbers,
        )
    call.entry = observe_rows.note(call, output)
    if with_gradient:
        networks.last_trained[call.network] = call
        call.output = weakref.ref(output)  # type: ignore[arg-type]
        if call.numbers:
            observe_lessons.watch(call.network, call.order, output)  # type: ignore[arg-type]
    if record is not None and not call.fast_forwarded:
        _keep(call, record, output)
    call.given, call.module, call.first_layer, call.examples = None, None, None, []  # type: ignore[assignment]


def _keep(call: Call, record: Record, output: torch.Tensor | None) -> None:
    """Keep the arrays of the first calls with and without gradient, and of the latest; without it those of small plain networks only."""
    lengths = networks.lengths_kept.setdefault((store.question, call.network), set())
    if call.length not in lengths and len(lengths) >= LENGTHS_KEPT:
        return
    lengths.add(call.length)
    kept = networks.kept.setdefault((store.question, call.network, call.length, record["with_gradient"]), [])
    given = call.examples[min(call.along, len(call.examples) - 1)] if call.examples else None
    along = call.along if output is not None and output.dim() > call.along and output.shape[call.along] == call.batch else 0
    returned = examples(output, along) if output is not None else None
    if len(kept) >= FIRST_KEPT:
        plain = not call.length and all(one is None or one.nbytes <= LARGEST_OF_PLAIN for one in (given, returned))
        if not (plain or record["with_gradient"]):
            return
        if len(kept) >= FIRST_KEPT + (LAST_KEPT_OF_PLAIN if plain else LAST_KEPT):
            oldest = kept.pop(FIRST_KEPT)
            for name in ("input", "output"):
                store.drop(oldest[name])
                oldest[name] = ""
    kept.append(record)
    record["input"], record["output"] = store.keep(given), store.keep(returned)
