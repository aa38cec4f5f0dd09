"""2.2: asks the trained networks for their answers to sequences that differ in one token."""

from __future__ import annotations

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


def sequences(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The answers of every recurrent network trained in a question to each array of tokens (B, L), numbers from 0 to 10.

    Called with the batch first and with time first, as whatever the network reads: one-hot vectors, token numbers, or vectors of length
    one. What works comes back as `<n>.<layout>.<name>`, the fact `networks` says what network n is.
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
                measured |= {f"{number}.{layout}.{name}": values for name, values in answers.items()}
    return {"networks": facts}, measured


def _recurrent(module: nn.Module) -> list[nn.RNNBase]:
    return [layer for layer in module.modules() if isinstance(layer, nn.RNNBase)]


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
