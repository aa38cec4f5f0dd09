"""Finds the student's classes and functions by name, constructs modules at the grader's sizes, and calls them calmly."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from .outcomes import NotThere, StudentError, tensors, trying
from .weights import Loading, load, silence

# The handout's parameters, each with parts of other names that students give them.
SIZES = (
    ("vocabulary", ("vocab", "input", "output", "source", "target", "src", "trg", "words", "tokens")),
    ("embedding_size", ("emb",)),
    ("hidden_size", ("hid",)),
    ("num_layers", ("layer",)),
)
OTHER_TRANSLATORS = re.compile("seq2seq|encoderdecoder")


class _WithoutDropout(TorchFunctionMode):
    """Lets dropout return its input, however it is called, and notes when it would have dropped something."""

    def __init__(self) -> None:
        super().__init__()
        self.kept_out: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = kwargs or {}
        if "dropout" not in getattr(func, "__name__", ""):
            return func(*args, **given)
        positional = dict(zip(("input", "p", "training"), args, strict=False)) | given
        training = positional.get("training", positional.get("train", True))
        if training and positional.get("p", 0.5) > 0 and "dropout" not in self.kept_out:
            self.kept_out.append("dropout")
        return positional["input"]


@contextmanager
def calm() -> Iterator[list[str]]:
    """No warnings, no dropout written as a function call, and torch's own kernels; yields what had to be kept out."""
    allowed = torch.backends.cudnn.enabled
    torch.backends.cudnn.enabled = False  # its recurrent layers round to TF32 and give no gradients in evaluation mode
    try:
        with warnings.catch_warnings(), _WithoutDropout() as mode:
            warnings.simplefilter("ignore")
            yield mode.kept_out
    finally:
        torch.backends.cudnn.enabled = allowed


def seed_torch(seed: int) -> None:
    """As `torch.manual_seed`, which tells accelerators that are not there too and takes note of the whole call stack for each."""
    accelerated = torch.cuda.is_available() or torch.backends.mps.is_available()
    (torch.manual_seed if accelerated else torch.default_generator.manual_seed)(seed)


def device_of(namespace: Mapping[str, Any]) -> torch.device:
    """Where the notebook computes: its `device`, which student code may use as a global, when it is an accelerator that is there."""
    named = namespace.get("device")
    if torch.cuda.is_available() and isinstance(named, (str, torch.device)) and "cuda" in str(named):
        return torch.device("cuda")
    return torch.device("cpu")


def find_class(namespace: Mapping[str, Any], name: str, kind: str) -> Callable[..., Any]:
    """What is called `name`, else the last class whose name says the same, for instance `EncoderLSTM`, or `Seq2Seq` for the translator."""
    found = namespace.get(name)
    if isinstance(found, nn.Module):
        return type(found)
    if callable(found):
        return found
    part = name.removeprefix(kind).lower()
    same, plain = [], []
    for other, value in namespace.items():
        if isinstance(value, type) and issubclass(value, nn.Module):
            called = OTHER_TRANSLATORS.sub("translator", other.lower().replace("_", ""))
            if kind.lower() in called and part in called:
                same.append(value)
            elif called.strip("0123456789") == part:
                plain.append(value)
    if not same and not plain:
        raise NotThere(f"No class {name} is defined at the end of this question.")
    return (same or plain)[-1]


def construct(made_by: Callable[..., Any], name: str, sizes: tuple[int, int, int, int]) -> nn.Module:
    """An instance with (vocabulary size, embedding size, hidden size, number of layers), by name where the names tell which is which."""
    try:
        parameters = inspect.signature(made_by).parameters
    except (TypeError, ValueError):
        parameters = {}
    by_name = _by_name(parameters, sizes)
    with trying(
        f"{name} cannot be constructed with vocabulary {sizes[0]}, embedding size {sizes[1]}, hidden size {sizes[2]} and {sizes[3]} layers"
    ):
        if len(by_name) == len(sizes):
            further = {given: value for given, value in _further(parameters, skip=0).items() if given not in by_name}
            module = made_by(**by_name, **further)
        else:
            module = made_by(*sizes, **_further(parameters, skip=len(sizes)))
    if not isinstance(module, nn.Module):
        raise StudentError(f"{name} is not a torch.nn.Module")
    return module


def _by_name(parameters: Mapping[str, inspect.Parameter], sizes: tuple[int, int, int, int]) -> dict[str, int]:
    """Sizes by required parameter, as far as the names tell: "emb_dim", "hid_dim", "n_layers", "input_dim"."""
    open_names = [
        one.name for one in parameters.values() if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.default is one.empty
    ]
    found: dict[str, int] = {}
    for size, (handout, parts) in reversed(list(zip(sizes, SIZES, strict=True))):
        named = [one for one in open_names if one == handout] or [one for one in open_names if any(part in one.lower() for part in parts)]
        if len(named) == 1:
            found[named[0]] = size
            open_names.remove(named[0])
    return found


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
    """What a check needs to know about how the weights were placed, and about what the module has computed so far."""
    return {
        "missing": list(loading.missing),
        "leftover": loading.leftover[:20],
        "recurrent": loading.seen_recurrent()[:8],
        "embeddings": [f"{layer.num_embeddings} x {layer.embedding_dim}" for layer in module.modules() if isinstance(layer, nn.Embedding)][
            :8
        ],
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
