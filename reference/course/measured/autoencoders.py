"""Runs an autoencoder on digits in whatever layout it takes them, one module or an encoder and a decoder, now or as it was trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

from .outcomes import StudentError, as_array, structure, tensors, trying

SIDE = 28
PIXELS = SIDE * SIDE
LAYOUTS = ((1, SIDE, SIDE), (SIDE, SIDE), (PIXELS,))
MOST_INPUTS = 40  # kept calls of one question whose inputs are tried

Run = Callable[[np.ndarray], np.ndarray]


class TrainedStates:
    """The networks trained in a question and copies of the weights they had at its end, whatever becomes of them later."""

    def __init__(self) -> None:
        self._states: list[tuple[nn.Module, dict[str, torch.Tensor]]] = []

    def keep(self, modules: list[nn.Module]) -> None:
        """Remember these networks as they are now, in place of earlier ones."""
        self._states = [(module, {name: value.detach().clone() for name, value in _values(module)}) for module in modules]

    def reconstructed(self, given: Mapping[str, np.ndarray], device: torch.device) -> dict[str, np.ndarray]:
        """What they made of each array that holds digits: `trained_<name>` (N, 784); nothing where they cannot be run."""
        whole = {name: values for name, values in given.items() if values.size and values.size % PIXELS == 0}
        digits = {name: np.asarray(values, np.float32).reshape(-1, PIXELS) for name, values in whole.items()}
        made: dict[str, np.ndarray] = {}
        if not self._states or not digits:
            return made
        with self._restored():
            try:
                run, _ = pixels_to_pixels([module for module, _ in self._states], next(iter(digits.values())), device)
                for name, images in list(digits.items())[-MOST_INPUTS:]:
                    values = run(images)
                    if np.isfinite(values).all():
                        made[f"trained_{name}"] = values
            except StudentError:
                return made
        return made

    @contextmanager
    def _restored(self) -> Iterator[None]:
        """Put the kept weights into the networks for a moment. Parameters of another shape than before stay as they are."""
        now = [(module, {name: value.detach().clone() for name, value in _values(module)}) for module, _ in self._states]
        try:
            for module, state in self._states:
                _write(module, state)
            yield
        finally:
            for module, state in now:
                _write(module, state)


def _values(module: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    yield from module.named_parameters()
    yield from module.named_buffers()


def _write(module: nn.Module, state: Mapping[str, torch.Tensor]) -> None:
    with torch.no_grad():
        for name, value in _values(module):
            if name in state and state[name].shape == value.shape:
                value.data = state[name].to(value.device, value.dtype).clone()


trained_states = TrainedStates()


def pixels_to_pixels(modules: list[nn.Module], images: np.ndarray, device: torch.device) -> tuple[Run, tuple[nn.Module, ...]]:
    """The module, or the encoder and decoder one after the other, that turns 784 pixels into 784; the latest first."""
    sample = images[:2]
    latest = list(reversed(modules))
    chains: list[tuple[nn.Module, ...]] = [(module,) for module in latest]
    chains += [(one, other) for other in latest for one in latest if one is not other]
    problem: StudentError | None = None
    for chain in chains[:12]:
        for shape in LAYOUTS:

            def run(images: np.ndarray, chain: tuple[nn.Module, ...] = chain, shape: tuple[int, ...] = shape) -> np.ndarray:
                with trying("The autoencoder could not be called on images"):
                    return _reconstructed(chain, torch.as_tensor(images).reshape(len(images), *shape), device)

            try:
                run(sample)
            except StudentError as found:
                problem = problem or found
                continue
            return run, chain
    raise problem or StudentError("The trained network could not be called on images")


def _reconstructed(chain: tuple[nn.Module, ...], images: torch.Tensor, device: torch.device) -> np.ndarray:
    modes = [module.training for module in chain]
    value: Any = images
    try:
        with torch.no_grad():
            for module in chain:
                module.eval()
                placed = next((parameter.device for parameter in module.parameters()), device)
                value = tensors(module(value.to(placed)))[0]
    finally:
        for module, mode in zip(chain, modes, strict=True):
            module.train(mode)
    if value.numel() != images.numel():
        raise ValueError(f"it returned {structure(value)} for images of shape {tuple(images.shape)}")
    return as_array(value).reshape(len(images), -1)
