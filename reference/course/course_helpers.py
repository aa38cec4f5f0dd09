"""The course repository's helper modules and what Colab offers, as far as the homework uses them. Own code, same names."""

from __future__ import annotations

import io
import math
import os
import random
from pathlib import Path
from types import ModuleType
from typing import Any

from .offered import Offered


def install(offered: Offered) -> None:
    """Offer `utils.gan`, `torchsummary`, `google.colab`, and tqdm's notebook bars as plain ones."""
    offered.module("utils", lambda module: None, package=[str(Path.cwd() / "utils")])
    offered.module("utils.gan", _gan)
    for name in ("torchsummary", "torchinfo"):
        offered.fallback(name, _summary)
    offered.fallback("google", lambda module: None, package=[])
    offered.module("google.colab", _colab, package=[])
    for name in ("drive", "files", "output", "patches"):
        offered.module(f"google.colab.{name}", _colab)
    offered.change("tqdm.notebook", _plain_bars)


def load_mnist(batch_size: int = 64, *args: Any, **kwargs: Any) -> Any:
    """A loader of MNIST's training images in random order: pairs of images (B, 1, 28, 28) from 0 to 1, and labels (B,)."""
    import torch
    import torchvision

    dataset = _ready_made()(train=True, transform=torchvision.transforms.ToTensor())
    return torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True, drop_last=True)


def make_grid(images: Any, nrow: int = 8, *args: Any, **kwargs: Any) -> Any:
    """A batch of images (B, C, H, W) as one image (3, rows, columns), with `nrow` images in a row."""
    import torch
    import torchvision

    return torchvision.utils.make_grid(torch.as_tensor(images).detach().cpu(), nrow=max(1, int(nrow)))


def _ready_made() -> Any:
    """MNIST with its images turned into tensors once instead of every epoch."""
    import torchvision

    class MNIST(torchvision.datasets.MNIST):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._images = self.data.float().div(255).unsqueeze(1)  # (N, 1, 28, 28)

        def __getitem__(self, index: int) -> Any:
            return self._images[index], int(self.targets[index])

    return MNIST


def _gan(module: ModuleType) -> None:
    """The helper module, with what `from utils.gan import *` also brought: its own imports."""
    import matplotlib.pyplot as plt
    import numpy as np
    import torch
    import torchvision
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset
    from tqdm import tqdm

    names = {
        "load_mnist": load_mnist,
        "make_grid": make_grid,
        "torch": torch,
        "nn": torch.nn,
        "F": torch.nn.functional,
        "torchvision": torchvision,
        "transforms": torchvision.transforms,
        "datasets": torchvision.datasets,
        "DataLoader": DataLoader,
        "Dataset": Dataset,
        "np": np,
        "plt": plt,
        "Image": Image,
        "Path": Path,
        "tqdm": tqdm,
        "io": io,
        "os": os,
        "math": math,
        "random": random,
    }
    for name, value in names.items():
        setattr(module, name, value)


def _summary(module: ModuleType) -> None:
    def summary(model: Any, *args: Any, **kwargs: Any) -> None:
        """Print a network and how many parameters it has."""
        print(model)
        print(f"Total params: {sum(parameter.numel() for parameter in model.parameters()):,}")

    module.summary = summary  # type: ignore[attr-defined]


def _colab(module: ModuleType) -> None:
    module.mount = module.flush_and_unmount = module.download = lambda *args, **kwargs: None  # type: ignore[attr-defined]
    module.upload = dict  # type: ignore[attr-defined]
    if module.__name__ == "google.colab.patches":
        import matplotlib.pyplot as plt

        module.cv2_imshow = plt.imshow  # type: ignore[attr-defined]


def _plain_bars(module: ModuleType) -> None:
    from tqdm.std import tqdm, trange

    module.tqdm = module.tqdm_notebook = tqdm  # type: ignore[attr-defined]
    module.trange = module.tnrange = trange  # type: ignore[attr-defined]
