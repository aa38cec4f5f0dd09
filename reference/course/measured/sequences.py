"""2.2: asks the trained networks for their answers to sequences that differ in one token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from .building import calm, device_of
from .outcomes import NotThere, StudentError, as_array, structure, tensors, trying

Facts = dict[str, Any]
Arrays = dict[str, np.ndarray]
TOKENS = 11
MOST_NETWORKS = 8
OTHER = 0.1  # standard deviation of other weights
MOST_LAYERS = 6  # recurrent layers of one network


def sequences(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The answers of every recurrent network trained in a question to each array of tokens (B, L), numbers from 0 to 10.

    Called with the batch first and with time first, as whatever the network reads: one-hot vectors, token numbers, or vectors of length
    one. What works comes back as `<n>.<layout>.<name>`, the fact `networks` says what network n is. `<n>.<layout>.changed<k>` are the
    answers to `tokens` with other weights in the k-th of the recurrent layers that it calls; those stacked in one module count one by one.
    """
    from harness_inside import recorder

    modules = [module for module in recorder.trained(str(settings["trained_in"])) if isinstance(module, nn.Module)]
    found = [(module, layer) for module in modules for layer in _recurrent(module)[:1]][-MOST_NETWORKS:]
    if not found:
        raise NotThere(f"No recurrent network was trained in {settings['trained_in']}.")
    facts: list[Facts] = []
    measured: Arrays = {}
    with calm():
        for number, (module, layer) in enumerate(found):
            facts.append({"class": type(module).__name__, "kind": type(layer).__name__})
            for layout in ("batch_first", "time_first"):
                try:
                    answers = {name: _answer(module, layer, tokens, layout, device_of(namespace)) for name, tokens in arrays.items()}
                except StudentError as problem:
                    facts[-1][layout] = problem.sentence
                    continue
                if "tokens" in arrays:
                    answers |= _changed(module, layer, arrays["tokens"], layout, device_of(namespace))
                measured |= {f"{number}.{layout}.{name}": values for name, values in answers.items()}
    return {"networks": facts}, measured


def _recurrent(module: nn.Module) -> list[nn.RNNBase]:
    return [layer for layer in module.modules() if isinstance(layer, nn.RNNBase)]


def _changed(module: nn.Module, layer: nn.RNNBase, tokens: np.ndarray, layout: str, device: torch.device) -> Arrays:
    """The answers with other weights in one recurrent layer at a time."""
    called: dict[nn.RNNBase, None] = {}
    hooks = [part.register_forward_pre_hook(lambda part, _: called.setdefault(part)) for part in _recurrent(module)]
    try:
        _answer(module, layer, tokens, layout, device)
    finally:
        for hook in hooks:
            hook.remove()
    stacked = [(part, level) for part in called for level in range(part.num_layers)][:MOST_LAYERS]
    answers: Arrays = {}
    for place, (part, level) in enumerate(stacked):
        parameters = [one for name, one in part.named_parameters() if re.search(rf"_l{level}(_|$)", name)]
        kept = [one.detach().clone() for one in parameters]
        try:
            with torch.no_grad():
                for one in parameters:
                    one.normal_(std=OTHER)
            answers[f"changed{place}"] = _answer(module, layer, tokens, layout, device)
        finally:
            with torch.no_grad():
                for one, before in zip(parameters, kept, strict=True):
                    one.copy_(before)
    return answers


def _answer(module: nn.Module, layer: nn.RNNBase, tokens: np.ndarray, layout: str, device: torch.device) -> np.ndarray:
    numbers = torch.as_tensor(tokens, dtype=torch.long)
    numbers = numbers if layout == "batch_first" else numbers.T
    forms: list[torch.Tensor] = [nn.functional.one_hot(numbers, TOKENS).float(), numbers, numbers.float().unsqueeze(2)]
    if layer.input_size == 1:
        forms.reverse()
    elif layer.input_size != TOKENS:
        forms = [forms[1], forms[0], forms[2]]
    mode = module.training
    placed = next((parameter.device for parameter in module.parameters()), device)
    problem: StudentError | None = None
    try:
        module.eval()
        for form in forms:
            try:
                with trying("The network could not be called on sequences"), torch.no_grad():
                    returned = tensors(module(form.to(placed)))
                    if not returned:
                        raise StudentError(f"The network returned {structure(returned)} for sequences")
                    return as_array(returned[0], "What the network returned")
            except StudentError as raised:
                problem = problem or raised
    finally:
        module.train(mode)
    raise problem or StudentError("The network could not be called on sequences")
