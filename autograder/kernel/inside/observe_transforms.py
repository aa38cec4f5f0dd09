"""Sees torchvision's random affine transforms: with which ranges they were built and what they were applied to."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

import numpy as np
import torch

from . import fingerprints, recorder
from .arriving import when_imported
from .recorder import quietly

FIRST_KEPT = 12
MODULES = ("torchvision.transforms.transforms", "torchvision.transforms.v2._geometry")
KINDS = ("RandomAffine", "RandomRotation")

_kept = [0]


def install() -> None:
    """Wrap the transforms of both versions as soon as torchvision is imported."""
    for name in MODULES:
        when_imported(name, _watch)


def _watch(module: ModuleType) -> None:
    for kind in KINDS:
        transform = getattr(module, kind, None)
        if transform is not None:
            _wrap(transform, kind)


def _wrap(transform: Any, kind: str) -> None:
    built, applied = transform.__init__, transform.forward

    @functools.wraps(built)
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        built(self, *args, **kwargs)
        _built(self, kind)

    @functools.wraps(applied)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = applied(self, *args, **kwargs)
        _applied(self, args[0] if args else next(iter(kwargs.values()), None), result)
        return result

    transform.__init__, transform.forward = initialise, forward


@quietly
def _built(transform: Any, kind: str) -> None:
    recorder.add(
        "transforms",
        id=recorder.identity(transform),
        kind=kind,
        degrees=_range(getattr(transform, "degrees", None)),
        translate=_range(getattr(transform, "translate", None)),
        scale=_range(getattr(transform, "scale", None)),
        shear=_range(getattr(transform, "shear", None)),
    )


def _range(value: Any) -> list[float] | None:
    if value is None:
        return None
    return [float(part) for part in value] if isinstance(value, (tuple, list)) else [float(value)]


@quietly
def _applied(transform: Any, given: Any, result: Any) -> None:
    before, after = _tensor(given), _tensor(result)
    _kept[0] += 1
    keeps = _kept[0] <= FIRST_KEPT
    recorder.add(
        "transform_calls",
        transform=recorder.identity(transform),
        input_fingerprint=fingerprints.of_values(before),
        output_fingerprint=fingerprints.of_values(after),
        input=recorder.keep(before.float().cpu().numpy(), whole=True) if keeps and before is not None else "",
        output=recorder.keep(after.float().cpu().numpy(), whole=True) if keeps and after is not None else "",
    )


def _tensor(image: Any) -> torch.Tensor | None:
    if isinstance(image, torch.Tensor):
        return torch.Tensor.detach(image)
    array = np.asarray(image)
    return torch.from_numpy(np.array(array)) if array.dtype.kind in "fiub" else None
