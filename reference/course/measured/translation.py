"""3.2 and 3.3: runs the student's encoder and decoder with the grader's weights on the grader's word numbers.

Sequences are time first: tokens are (T, B). What is built for batch first throughout is measured that way too, and the grader's side asks
whether the student's own translator uses it so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from torch import nn

from .building import build, calm, described, device_of, differs, without_gradient
from .by_hand import nearest_ways, torch_layer
from .outcomes import StudentError, as_array, structure, tensors, trying
from .stepping import Step
from .weights import Loading

Facts = dict[str, Any]
Arrays = dict[str, np.ndarray]
STATES_AT_MOST = 4


def encoder(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The tensors that the student's encoder returns for `tokens`, as `returned0`, `returned1`, …, and for (B, T) as `turned0`, …

    With a recurrence by hand also `way<k>.returned0`, …, each with the weights placed in another way.
    """
    kind, name = str(settings["kind"]), f"{settings['kind']}Encoder"
    with calm() as kept_out:
        given = part_of(arrays, "encoder")
        module, loading = build(namespace, name, kind, sizes_of(settings, "source"), given)
        tokens = torch.as_tensor(arrays["tokens"]).to(device_of(namespace))
        try:
            with trying(f"{name} could not be called on word numbers of shape {tuple(tokens.shape)}"):
                returned = module(tokens.clone())
        except StudentError as problem:
            turned = _turned(module, tokens, name)
            if not turned:
                raise
            refused = f"{problem.sentence} ({type(problem.__cause__).__name__}: {problem.__cause__})"[:400]
            return {"class": name, "refused": refused, **described(loading, module, kept_out)}, turned
        facts: Facts = {"class": name, "returned": structure(returned), **described(loading, module, kept_out)}
        if not tensors(returned):
            raise StudentError(f"{name} returned {structure(returned)} instead of the state")
        facts["cut_off"] = [k for k, state in enumerate(tensors(returned)) if state.is_floating_point() and not state.requires_grad]
        facts["without_gradient"] = without_gradient(module, returned)
        facts["repeats"] = not differs(returned, module(tokens.clone()))
        measured = _numbered(returned, name)
        if tensors(returned)[-1].shape[:2] != (int(settings["layers"]), tokens.shape[1]):
            measured |= _turned(module, tokens, name)
        if loading.missing:
            facts["influence"] = [differs(returned, module(_changed(tokens, t, int(settings["source"])))) for t in range(len(tokens))]
            start = tokens[:2]
            measured |= _by_hand(
                module, loading, given, kind, name, lambda: module(start.clone()), lambda: module(tokens.clone()), start, None, "returned"
            )
    return facts, measured


def decoder(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """Two steps of the student's decoder: `first0` (the scores), `first1`, …, and from the state that this returned `second0`, …

    With a recurrence by hand also `way<k>.first0`, …, each with the weights placed in another way.
    """
    kind, name = str(settings["kind"]), f"{settings['kind']}Decoder"
    with calm() as kept_out:
        given = part_of(arrays, "decoder")
        module, loading = build(namespace, name, kind, sizes_of(settings, "target"), given)
        device = device_of(namespace)
        states = [torch.as_tensor(arrays[state]).to(device) for state in ("hidden", "cell") if state in arrays]
        tokens = torch.as_tensor(arrays["tokens"]).to(device)
        step = Step(module, name)
        first = step(tokens[0], states)
        facts: Facts = {"class": name, "returned": structure(first), "form": step.form, **described(loading, module, kept_out)}
        facts["words"] = step.words
        measured = _numbered(first, name, "first")
        facts["repeats"] = not differs(first, step(tokens[0], states))
        facts["cut_off"] = _without_influence(step, tokens[0], states)
        facts["without_gradient"] = without_gradient(module, first)
        if len(tensors(first)) > len(states):
            measured |= _numbered(step(tokens[1], step.states(first)[: len(states)]), name, "second")
        if loading.missing:
            other = [_changed(tokens, 0, int(settings["target"]))[0]]
            moved = [[part + 1.0 if k == changed else part for k, part in enumerate(states)] for changed in range(len(states))]
            facts["influence"] = [differs(first, step(other[0], states))] + [differs(first, step(tokens[0], one)) for one in moved]
            measured |= _by_hand(
                module,
                loading,
                given,
                kind,
                name,
                lambda: step(tokens[0], states),
                lambda: step(tokens[0], states),
                tokens[:1],
                states,
                "first",
            )
    return facts, measured


def _turned(module: nn.Module, tokens: torch.Tensor, name: str) -> Arrays:
    """What an encoder returns for sentences as rows, (B, T); nothing where it does not take them."""
    with suppress(Exception):  # student code, called otherwise than it was asked to be
        return _numbered(module(tokens.t().clone()), name, "turned")
    return {}


def _by_hand(
    module: nn.Module,
    loading: Loading,
    weights: Arrays,
    kind: str,
    name: str,
    briefly: Callable[[], Any],
    called: Callable[[], Any],
    start: torch.Tensor,
    states: Sequence[torch.Tensor] | None,
    label: str,
) -> Arrays:
    """What `called` returns with the weights in each of the likeliest ways; `briefly` is a shorter call, of the words `start`."""
    measured: Arrays = {}

    def right(biases: bool) -> Sequence[torch.Tensor]:
        layer = torch_layer(kind, weights, biases).to(start.device)
        read = torch.as_tensor(weights["embedding.weight"]).to(start.device)[start]
        before = None if states is None else states[0] if len(states) == 1 else tuple(states)
        return tensors(layer(read, before)[1])

    with suppress(Exception), torch.no_grad():  # student code with other weights than its own
        for k, way in enumerate(nearest_ways(module, loading, weights, briefly, right)):
            way.take()
            found = _numbered(called(), name, f"way{k}.{label}")
            measured |= found | {f"way{k}.biases": np.array([way.biases])}
    return measured


def _without_influence(step: Step, word: torch.Tensor, states: list[torch.Tensor]) -> list[int]:
    """Which of the tensors that a decoder returns give no gradient back to some state that it was given."""
    leaves = [state.clone().requires_grad_() for state in states]
    lost = []
    for k, tensor in enumerate(tensors(step(word, leaves))):
        gradients = torch.autograd.grad(tensor.sum(), leaves, allow_unused=True, retain_graph=True) if tensor.requires_grad else [None]
        if any(gradient is None for gradient in gradients):
            lost.append(k)
    return lost


def sizes_of(settings: Mapping[str, Any], side: str) -> tuple[int, int, int, int]:
    """Vocabulary, embedding, hidden size and layers of the encoder ("source") or the decoder ("target")."""
    return int(settings[side]), int(settings[f"{side}_embedding"]), int(settings["hidden"]), int(settings["layers"])


def part_of(arrays: Mapping[str, np.ndarray], part: str) -> Arrays:
    """The weights of the encoder or the decoder by role."""
    return {name.removeprefix(f"{part}."): values for name, values in arrays.items() if name.startswith(f"{part}.")}


def _changed(tokens: torch.Tensor, row: int, vocabulary: int) -> torch.Tensor:
    """`tokens` with every word of one row replaced by another, none of them padding."""
    other = tokens.clone()
    other[row] = torch.where(other[row] + 1 < vocabulary, other[row] + 1, other[row] - 1)
    return other


def _numbered(returned: Any, name: str, label: str = "returned") -> Arrays:
    return {f"{label}{k}": as_array(tensor, f"What {name} returned") for k, tensor in enumerate(tensors(returned)[:STATES_AT_MOST])}
