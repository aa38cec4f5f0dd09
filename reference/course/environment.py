"""Makes the kernel look like the machine that the homework was written for: its libraries, its course helpers, its data, no network."""

from __future__ import annotations

import datetime
import importlib
import math
import random
import sys
import time
from pathlib import Path
from typing import Any, Union

from . import course_helpers, devices, digits, languages, own_checks, tensorboard, texts
from .offered import Offered


def prepare(data_folder: Path, settings: dict[str, Any], namespace: dict[str, Any]) -> None:
    """Offer the homework's modules and data, and put the names that its cells take for granted into `namespace`."""
    import matplotlib
    import matplotlib.pyplot as plt
    import numpy as np
    import torch
    from tqdm import tqdm

    offered = Offered()
    sys.meta_path.insert(0, offered)
    torchvision = import_torchvision()
    matplotlib.rcParams["figure.dpi"] = 72
    devices.install()
    digits.install(torchvision, data_folder)
    tensorboard.install(offered)
    texts.install(offered, data_folder)
    languages.install(offered)
    course_helpers.install(offered)
    own_checks.install(offered)
    namespace.update(
        torch=torch,
        nn=torch.nn,
        optim=torch.optim,
        F=torch.nn.functional,
        np=np,
        plt=plt,
        torchvision=torchvision,
        tqdm=tqdm,
        random=random,
        math=math,
        time=time,
        datetime=datetime,
        Path=Path,
        Union=Union,
    )


def import_torchvision() -> Any:
    """torchvision, also beside a build of torch for which its compiled part was not made.

    Without that part the import ends at operators that nothing has declared; the homework calls none of them.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    import torch

    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import_torchvision.library = library  # type: ignore[attr-defined]  # a library that is let go takes its operators along
    return importlib.import_module("torchvision")
