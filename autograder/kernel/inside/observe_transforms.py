"""Records torchvision's random transforms, both generations of them, and what they are applied to; the ranges of the affine ones."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

import numpy as np
import torch

from .after_import import AfterImport
from .store import Identities, guarded, store
from .values import examples, fingerprint

FIRST_KEPT = 24
AFFINE = "RandomAffine"
OTHERS = (
    *("RandomRotation", "RandomHorizontalFlip", "RandomVerticalFlip", "RandomPerspective", "RandomResizedCrop", "RandomCrop"),
    *("RandomErasing", "RandomInvert", "RandomZoomOut", "ElasticTransform", "GaussianBlur", "GaussianNoise", "ColorJitter"),
)
# Where the classes are defined, and what their generation is called.
MODULES = {
    "torchvision.transforms.transforms": "",
    "torchvision.transforms.v2._geometry": "v2.",
    "torchvision.transforms.v2._color": "v2.",
    "torchvision.transforms.v2._misc": "v2.",
    "torchvision.transforms.v2._augment": "v2.",
}

_identities = Identities()
_kept: dict[str, int] = {}


def install(after_import: AfterImport) -> None:
    """Watch the classes once torchvision is imported."""
    for name in MODULES:
        after_import.watch(name, _watch)


def _watch(module: ModuleType) -> None:
    for name in (AFFINE, *OTHERS):
        cls = module.__dict__.get(name)
        if isinstance(cls, type) and cls.__module__ == module.__name__:
            _watch_class(cls, f"{MODULES[module.__name__]}{name}")


def _watch_class(cls: Any, kind: str) -> None:
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
        names = ("degrees", "translate", "scale", "shear") if kind.endswith(AFFINE) else ("degrees",)
        ranges = {name: _numbers(getattr(transform, name, None)) for name in names}
        store.add("transforms", id=number, kind=kind, **{"degrees": None, "translate": None, "scale": None, "shear": None, **ranges})
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
    tensor = image if isinstance(image, torch.Tensor) else torch.as_tensor(np.array(image.convert("L") if _has_colours(image) else image))
    return tensor.unsqueeze(0) if tensor.dim() < 4 else tensor


def _has_colours(image: Any) -> bool:
    return getattr(image, "mode", "") in ("RGB", "RGBA", "P")


def _numbers(values: Any) -> list[float] | None:
    if values is None:
        return None
    if isinstance(values, (int, float)):
        return [float(values)]
    return [float(value) for value in values]
