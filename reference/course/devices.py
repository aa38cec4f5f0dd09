"""Lets a notebook that names a GPU run where there is none: what it asks for on "cuda" or "mps" is made on the processor."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

ELSEWHERE = ("cuda", "mps", "xpu")
MAKERS = (
    *("arange", "as_tensor", "empty", "eye", "full", "linspace", "ones", "rand", "randint", "randn", "randperm", "tensor", "zeros"),
    *("empty_like", "full_like", "ones_like", "rand_like", "randint_like", "randn_like", "zeros_like"),
)


def install() -> None:
    """Change nothing where there is a GPU."""
    if torch.cuda.is_available():
        return
    for name in MAKERS:
        setattr(torch, name, _made_here(getattr(torch, name)))
    for cls in (torch.Tensor, torch.nn.Module):
        cls.to = _moved_here(cls.to)  # type: ignore[assignment, method-assign]
        cls.cuda = _as_it_is  # type: ignore[assignment, method-assign]
    torch.set_default_device = _unless_elsewhere(torch.set_default_device)
    torch.cuda.set_device = torch.cuda.synchronize = _nothing  # type: ignore[assignment]
    torch.cuda.get_device_name = lambda *args, **kwargs: "no GPU"


def _is_elsewhere(device: Any) -> bool:
    if isinstance(device, torch.device):
        return device.type in ELSEWHERE
    if isinstance(device, str):
        return device.partition(":")[0] in ELSEWHERE
    return isinstance(device, int) and not isinstance(device, bool)


def _made_here(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def make(*args: Any, **kwargs: Any) -> Any:
        if _is_elsewhere(kwargs.get("device")):
            kwargs["device"] = "cpu"
        return original(*args, **kwargs)

    return make


def _moved_here(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def to(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args and _is_elsewhere(args[0]):
            args = ("cpu", *args[1:])
        if _is_elsewhere(kwargs.get("device")):
            kwargs["device"] = "cpu"
        return original(self, *args, **kwargs)

    return to


def _unless_elsewhere(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def take(device: Any) -> None:
        if not _is_elsewhere(device):
            original(device)

    return take


def _as_it_is(self: Any, *args: Any, **kwargs: Any) -> Any:
    return self


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None
