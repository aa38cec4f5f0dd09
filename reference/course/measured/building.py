"""Finds the student's classes and functions by name, constructs modules at the grader's sizes, and calls them calmly."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

from .outcomes import NotThere, StudentError, tensors, trying
from .weights import Loading, load, silence

SIZES = (("input_size", "output_size"), ("embedding_size",), ("hidden_size",), ("num_layers",))  # the names that the handout gives


@contextmanager
def calm() -> Iterator[list[str]]:
    """No warnings, no dropout written as a function call, no TF32; yields what had to be kept out."""
    kept_out: list[str] = []
    dropout = torch.nn.functional.dropout

    def identity(input: torch.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> torch.Tensor:
        if training and p > 0 and "dropout" not in kept_out:
            kept_out.append("dropout")
        return input

    allowed = torch.backends.cudnn.allow_tf32
    torch.nn.functional.dropout = identity
    torch.backends.cudnn.allow_tf32 = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield kept_out
    finally:
        torch.nn.functional.dropout = dropout
        torch.backends.cudnn.allow_tf32 = allowed


def device_of(namespace: Mapping[str, Any]) -> torch.device:
    """Where the notebook computes: its `device`, which student code may use as a global, when it is an accelerator that is there."""
    named = namespace.get("device")
    if torch.cuda.is_available() and isinstance(named, (str, torch.device)) and "cuda" in str(named):
        return torch.device("cuda")
    return torch.device("cpu")


def find_class(namespace: Mapping[str, Any], name: str, kind: str) -> Callable[..., Any]:
    """The class called `name`, else the last one whose name holds its two words, for instance "lstm" and "encoder"."""
    found = namespace.get(name)
    if isinstance(found, type):
        return found
    words = (kind.lower(), name.removeprefix(kind).lower())
    for other, value in reversed(list(namespace.items())):
        if isinstance(value, type) and issubclass(value, nn.Module) and all(word in other.lower() for word in words):
            return value
    raise NotThere(f"No class {name} is defined at the end of this question.")


def construct(made_by: Callable[..., Any], name: str, sizes: tuple[int, int, int, int]) -> nn.Module:
    """An instance with (vocabulary size, embedding size, hidden size, number of layers), by name where the names are the handout's."""
    try:
        parameters = inspect.signature(made_by).parameters
    except (TypeError, ValueError):
        parameters = {}
    by_name = {given: size for size, names in zip(sizes, SIZES, strict=True) for given in names if given in parameters}
    others = _further(parameters, skip=4)
    with trying(
        f"{name} cannot be constructed with vocabulary {sizes[0]}, embedding size {sizes[1]}, hidden size {sizes[2]} and {sizes[3]} layers"
    ):
        if len(by_name) == 4:
            further = {given: value for given, value in _further(parameters, skip=0).items() if given not in by_name}
            module = made_by(**by_name, **further)
        else:
            module = made_by(*sizes, **others)
    if not isinstance(module, nn.Module):
        raise StudentError(f"{name} is not a torch.nn.Module")
    return module


def _further(parameters: Mapping[str, inspect.Parameter], *, skip: int) -> dict[str, Any]:
    """Values for required parameters beyond those that the handout names."""
    required = [
        one
        for one in list(parameters.values())[skip:]
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    ]
    return {
        one.name: torch.device("cpu") if "device" in one.name else 0.0 for one in required if "drop" in one.name or "device" in one.name
    }


def build(
    namespace: Mapping[str, Any], name: str, kind: str, sizes: tuple[int, int, int, int], weights: Mapping[str, np.ndarray]
) -> tuple[nn.Module, Loading]:
    """The student's module at the grader's sizes, with the grader's weights, without dropout, in evaluation mode."""
    module = construct(find_class(namespace, name, kind), name, sizes)
    with trying(f"{name} could not be prepared"):
        module.to(device_of(namespace))
        loading = load(module, weights)
        silence(module)
        module.eval()
    return module, loading


def described(loading: Loading, module: nn.Module, kept_out: list[str]) -> dict[str, Any]:
    """What a check needs to know about how the weights were placed."""
    return {
        "missing": list(loading.missing),
        "leftover": loading.leftover[:20],
        "recurrent": loading.recurrent[:8],
        "parameter_count": sum(parameter.numel() for parameter in module.parameters()),
        "dropout_in_evaluation": "dropout" in kept_out,
    }


def without_gradient(module: nn.Module, returned: Any) -> list[str]:
    """The parameters that a loss of what was returned would not train."""
    results = [tensor for tensor in tensors(returned) if tensor.is_floating_point() and tensor.requires_grad]
    module.zero_grad()
    if results:
        weighed = [
            (tensor * torch.linspace(0.5, 1.5, tensor.numel(), device=tensor.device).reshape(tensor.shape)).sum() for tensor in results
        ]
        torch.autograd.backward(weighed)
    return [name for name, parameter in module.named_parameters() if parameter.grad is None or not bool((parameter.grad != 0).any())][:20]


def differs(one: Any, other: Any) -> bool:
    """Whether any returned tensor changed by more than rounding."""
    pairs = list(zip(tensors(one), tensors(other), strict=False))
    return any(a.shape != b.shape or bool(((a - b).abs() > 1e-7).any()) for a, b in pairs)
