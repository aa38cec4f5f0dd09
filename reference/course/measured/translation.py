"""3.2 and 3.3: runs the student's encoder, decoder and translator with the grader's weights on the grader's word numbers.

Sequences are time first: tokens are (T, B). A decoder may take the LSTM's state as two arguments or as one pair; which of them works is
found out by trying, the one that its signature suggests first.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from torch import nn

from .building import build, calm, described, device_of, differs, find_class, without_gradient
from .outcomes import NotThere, StudentError, as_array, structure, tensors, trying
from .standing_in import StandInDecoder, StandInEncoder

Facts = dict[str, Any]
Arrays = dict[str, np.ndarray]
DRAWS = 8  # translations with teacher forcing at one half


def encoder(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The tensors that the student's encoder returns for `tokens`, as `returned0`, `returned1`, …"""
    kind, name = str(settings["kind"]), f"{settings['kind']}Encoder"
    with calm() as kept_out:
        module, loading = build(namespace, name, kind, _sizes(settings, "source"), _weights(arrays, "encoder"))
        tokens = torch.as_tensor(arrays["tokens"]).to(device_of(namespace))
        with trying(f"{name} could not be called on word numbers of shape {tuple(tokens.shape)}"):
            returned = module(tokens)
        facts: Facts = {"class": name, "returned": structure(returned), **described(loading, module, kept_out)}
        if not tensors(returned):
            raise StudentError(f"{name} returned {structure(returned)} instead of the state")
        facts["cut_off"] = [k for k, state in enumerate(tensors(returned)) if state.is_floating_point() and not state.requires_grad]
        if loading.missing:
            facts["influence"] = [differs(returned, module(_changed(tokens, t, int(settings["source"])))) for t in range(len(tokens))]
            facts["without_gradient"] = without_gradient(module, returned)
    return facts, _numbered(returned, name)


def decoder(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """Two steps of the student's decoder: `first0` (the scores), `first1`, …, and from the state that this returned `second0`, …"""
    kind, name = str(settings["kind"]), f"{settings['kind']}Decoder"
    with calm() as kept_out:
        module, loading = build(namespace, name, kind, _sizes(settings, "target"), _weights(arrays, "decoder"))
        device = device_of(namespace)
        states = [torch.as_tensor(arrays[state]).to(device) for state in ("hidden", "cell") if state in arrays]
        tokens = torch.as_tensor(arrays["tokens"]).to(device)
        step = _Step(module, name)
        first = step(tokens[0], states)
        facts: Facts = {"class": name, "returned": structure(first), "form": step.form, **described(loading, module, kept_out)}
        measured = _numbered(first, name, "first")
        facts["cut_off"] = _without_influence(step, tokens[0], states)
        if len(tensors(first)) > len(states):
            measured |= _numbered(step(tokens[1], step.states(first)[: len(states)]), name, "second")
        if loading.missing:
            other = [_changed(tokens, 0, int(settings["target"]))[0]]
            moved = [[part + 1.0 if k == changed else part for k, part in enumerate(states)] for changed in range(len(states))]
            facts["influence"] = [differs(first, step(other[0], states))] + [differs(first, step(tokens[0], one)) for one in moved]
            facts["without_gradient"] = without_gradient(module, first)
    return facts, measured


def translator(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The student's translator with its own encoder and decoder.

    Returns `forced`, `greedy` and `drawn` (teacher forcing 1, 0 and, several times, one half), and `unrolled_forced` and `unrolled_greedy`,
    the same computed step by step from the student's encoder and decoder, so their mistakes are not the translator's. Where those two do
    not work together, plain stand-ins with the handout's interface take their place (`stand_in`).
    """
    kind, name = str(settings["kind"]), f"{settings['kind']}Translator"
    made_by = find_class(namespace, name, kind)
    device = device_of(namespace)
    x, y = (torch.as_tensor(arrays[part]).to(device) for part in ("x", "y"))
    with calm():
        try:
            reading, _ = build(namespace, f"{kind}Encoder", kind, _sizes(settings, "source"), _weights(arrays, "encoder"))
            writing, _ = build(namespace, f"{kind}Decoder", kind, _sizes(settings, "target"), _weights(arrays, "decoder"))
            facts, measured = _translate(made_by, name, reading, writing, x, y, settings, device)
            return {**facts, "stand_in": False}, measured
        except (NotThere, StudentError) as problem:
            own = problem.sentence
        sizes = int(settings["target"]), int(settings["hidden"]), int(settings["layers"])
        facts, measured = _translate(made_by, name, StandInEncoder(kind, *sizes[1:]), StandInDecoder(kind, *sizes), x, y, settings, device)
    return {**facts, "stand_in": True, "own": own}, measured


def _translate(
    made_by: Any,
    name: str,
    reading: nn.Module,
    writing: nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    settings: Mapping[str, Any],
    device: torch.device,
) -> tuple[Facts, Arrays]:
    with trying(f"{name} could not be constructed from an encoder, a decoder and a device"):
        model = made_by(reading, writing, device) if _takes_device(made_by) else made_by(reading, writing)
        model.to(device)
    measured: Arrays = {}
    for label, ratio, training in (("greedy", 0.0, False), ("forced", 1.0, True)):
        model.train(training)  # some translators force in training only; there is no dropout left
        measured[label] = _translated(model, name, x, y, ratio)
    drawn = []
    for seed in range(DRAWS):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        drawn.append(_translated(model, name, x, y, 0.5))
    cut_off = _cut_off(model, reading, writing, x, y, settings)
    measured["drawn"] = np.stack(drawn) if len({one.shape for one in drawn}) == 1 else np.zeros((0,), np.float32)
    for label, forced in (("unrolled_greedy", False), ("unrolled_forced", True)):
        # Parts that agree on an interface of their own can be used by their translator only.
        with suppress(StudentError):
            measured[label] = _unrolled(reading, writing, x, y, forced, settings)
    return {"class": name, "returned": f"tensor {measured['forced'].shape}", "cut_off": cut_off}, measured


def _without_influence(step: _Step, word: torch.Tensor, states: list[torch.Tensor]) -> list[int]:
    """Which of the states that a decoder was given no gradient comes back to."""
    leaves = [state.clone().requires_grad_() for state in states]
    results = [tensor for tensor in tensors(step(word, leaves)) if tensor.requires_grad]
    if not results:
        return list(range(len(states)))
    gradients = torch.autograd.grad([tensor.sum() for tensor in results], leaves, allow_unused=True)
    return [k for k, gradient in enumerate(gradients) if gradient is None]


def _cut_off(
    model: nn.Module, reading: nn.Module, writing: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Mapping[str, Any]
) -> list[str]:
    """The parts that a loss of the translator does not train, although one of the same parts called word by word does."""
    model.train()
    with torch.enable_grad(), suppress(Exception):
        apart = set(without_gradient(model, _steps(reading, writing, x, y, True, settings)))
        together = set(without_gradient(model, model(x.clone(), y.clone(), 1.0)))
        parts = {"encoder": reading, "decoder": writing}
        lost = {id(parameter) for name, parameter in model.named_parameters() if name in together - apart}
        return [part for part, module in parts.items() if any(id(parameter) in lost for parameter in module.parameters())]
    return []


def _takes_device(made_by: Any) -> bool:
    """The handout's translator has the device as third argument; one that finds it out by itself may do without."""
    try:
        inspect.signature(made_by).bind(None, None, None)
    except TypeError:
        return False
    return True


def _translated(model: nn.Module, name: str, x: torch.Tensor, y: torch.Tensor, ratio: float) -> np.ndarray:
    with trying(f"{name} could not translate {tuple(x.shape)} source words into {tuple(y.shape)} target words"), torch.no_grad():
        returned = model(x.clone(), y.clone(), ratio)
    results = tensors(returned)
    if not results:
        raise StudentError(f"{name} returned {structure(returned)} instead of the scores")
    scores = as_array(results[0], f"What {name} returned")
    if not np.isfinite(scores).all():
        raise StudentError(f"{name} returned scores that are not finite numbers (NaN or infinity)")
    return scores


def _unrolled(
    reading: nn.Module, writing: nn.Module, x: torch.Tensor, y: torch.Tensor, forced: bool, settings: Mapping[str, Any]
) -> np.ndarray:
    with trying("The encoder and the decoder do not work together"), torch.no_grad():
        rows = _steps(reading, writing, x, y, forced, settings)
    return np.stack([np.zeros_like(as_array(rows[0]))] + [as_array(row) for row in rows])


def _steps(
    reading: nn.Module, writing: nn.Module, x: torch.Tensor, y: torch.Tensor, forced: bool, settings: Mapping[str, Any]
) -> list[torch.Tensor]:
    """The scores of every target word from the second on."""
    parts = 2 if settings["kind"] == "LSTM" else 1
    step = _Step(writing, f"{settings['kind']}Decoder")
    states = tensors(reading(x))[-parts:]
    word, rows = y[0], []
    for t in range(1, len(y)):
        returned = step(word, states)
        scores = tensors(returned)[0]
        scores = scores.reshape(len(word), -1)
        states = step.states(returned)[:parts]
        rows.append(scores)
        word = y[t] if forced else scores.argmax(1)
    return rows


class _Step:
    """Calls a decoder, in the first form that works: the state as separate arguments or as one tuple."""

    def __init__(self, module: nn.Module, name: str) -> None:
        self.module, self.name = module, name
        self.form = ""
        parameters = [
            one
            for one in inspect.signature(module.forward).parameters.values()
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
        self._forms = ["one state", "separate states"] if len(parameters) == 2 else ["separate states", "one state"]

    def __call__(self, word: torch.Tensor, states: list[torch.Tensor]) -> Any:
        shapes = ", ".join(str(tuple(part.shape)) for part in states)
        with trying(f"{self.name} could not be called on {len(word)} word numbers and a state of shape {shapes}"):
            if self.form or len(states) == 1:
                self.form = self.form or "separate states"
                return self._called(self.form, word, states)
            try:
                returned = self._called(self._forms[0], word, states)
                self.form = self._forms[0]
            except Exception as first:  # noqa: BLE001 - student code: any error may mean that the state is taken in the other form
                try:
                    returned = self._called(self._forms[1], word, states)
                except Exception:  # noqa: BLE001 - the same
                    raise first from None
                self.form = self._forms[1]
            return returned

    def _called(self, form: str, word: torch.Tensor, states: list[torch.Tensor]) -> Any:
        given = [part.clone() for part in states]
        returned = self.module(word.clone(), tuple(given)) if form == "one state" else self.module(word.clone(), *given)
        if not tensors(returned):
            raise ValueError(f"it returned {structure(returned)}")
        return returned

    def states(self, returned: Any) -> list[torch.Tensor]:
        return tensors(returned)[1:]


def _sizes(settings: Mapping[str, Any], side: str) -> tuple[int, int, int, int]:
    return int(settings[side]), int(settings[f"{side}_embedding"]), int(settings["hidden"]), int(settings["layers"])


def _weights(arrays: Mapping[str, np.ndarray], part: str) -> Arrays:
    return {name.removeprefix(f"{part}."): values for name, values in arrays.items() if name.startswith(f"{part}.")}


def _changed(tokens: torch.Tensor, row: int, vocabulary: int) -> torch.Tensor:
    """`tokens` with every word of one row replaced by another."""
    other = tokens.clone()
    other[row] = (other[row] + 1) % vocabulary
    return other


def _numbered(returned: Any, name: str, label: str = "returned") -> Arrays:
    return {f"{label}{k}": as_array(tensor, f"What {name} returned") for k, tensor in enumerate(tensors(returned)[:4])}
