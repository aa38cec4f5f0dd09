"""Records torchvision's random affine transforms, both generations of them, and what they are applied to."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

import numpy as np
import torch

from .after_import import AfterImport
from .store import Identities, guarded, store
from .values import examples, fingerprint

FIRST_KEPT = 12
MODULES = {"torchvision.transforms.transforms": "RandomAffine", "torchvision.transforms.v2._geometry": "v2.RandomAffine"}

_identities = Identities()
_kept: dict[str, int] = {}


def install(after_import: AfterImport) -> None:
    """Watch both classes once torchvision is imported."""
    for name in MODULES:
        after_import.watch(name, _watch)


def _watch(module: ModuleType) -> None:
    cls = module.RandomAffine
    kind = MODULES[module.__name__]
    build, apply = cls.__init__, cls.forward

    @functools.wraps(build)
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        build(self, *args, **kwargs)
        if store.watching:
            _built(self, kind)

    @functools.wraps(apply)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        result = apply(self, *args, **kwargs)
        if store.watching and args:
            _applied(self, kind, args[0], result)
        return result

    cls.__init__, cls.forward = initialise, forward


@guarded("transforms")
def _built(transform: Any, kind: str) -> int:
    number, new = _identities.of_new(transform)
    if new:
        store.add(
            "transforms",
            id=number,
            kind=kind,
            degrees=_numbers(transform.degrees),
            translate=_numbers(transform.translate),
            scale=_numbers(transform.scale),
            shear=_numbers(transform.shear),
        )
    return number


@guarded("transform_calls")
def _applied(transform: Any, kind: str, given: Any, returned: Any) -> None:
    before, after = _tensor(given), _tensor(returned)
    number = _built(transform, kind)
    record = store.add(
        "transform_calls",
        transform=number,
        input_fingerprint=fingerprint(before),
        output_fingerprint=fingerprint(after),
        input="",
        output="",
    )
    _kept[store.question] = _kept.get(store.question, 0) + 1
    if record is not None and _kept[store.question] <= FIRST_KEPT:
        record["input"], record["output"] = store.keep(examples(before)), store.keep(examples(after))


def _tensor(image: Any) -> torch.Tensor:
    """As a batch: a picture (rows, columns) or (channels, rows, columns) is one example, not as many as it has rows or channels."""
    tensor = image if isinstance(image, torch.Tensor) else torch.as_tensor(np.array(image))
    return tensor.unsqueeze(0) if tensor.dim() < 4 else tensor


def _numbers(values: Any) -> list[float] | None:
    if values is None:
        return None
    if isinstance(values, (int, float)):
        return [float(values)]
    return [float(value) for value in values]
