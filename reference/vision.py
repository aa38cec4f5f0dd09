"""torchvision's transforms, also on machines where torchvision was built for another torch."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType

import torch

_missing: list[torch.library.Library] = []  # a library's definitions live as long as the object


@lru_cache
def transforms() -> ModuleType:
    """Import torchvision.transforms. PyPI's torchvision beside a CPU build of torch lacks two compiled operators, which only detection
    models use, and refuses to be imported until they are at least declared."""
    if not hasattr(torch.ops.torchvision, "nms"):
        try:
            import torchvision.transforms
        except RuntimeError:
            library = torch.library.Library("torchvision", "DEF")
            library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            _missing.append(library)
    import torchvision.transforms

    module: ModuleType = torchvision.transforms
    return module
