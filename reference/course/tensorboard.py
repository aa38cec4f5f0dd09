"""A `SummaryWriter` that takes everything and writes nothing, in the place of TensorBoard's."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .offered import Offered


class SummaryWriter:
    """The interface of torch.utils.tensorboard.SummaryWriter."""

    def __init__(self, log_dir: Any = None, comment: str = "", *args: Any, **kwargs: Any) -> None:
        self.log_dir = str(log_dir or kwargs.get("logdir") or f"runs/{comment}")
        self.logdir = self.log_dir

    def add_scalar(self, tag: Any, scalar_value: Any, global_step: Any = None, *args: Any, **kwargs: Any) -> None:
        """Log one value."""

    def add_scalars(self, main_tag: Any, tag_scalar_dict: Any, global_step: Any = None, *args: Any, **kwargs: Any) -> None:
        """Log several values, each under its own tag."""
        for tag, value in tag_scalar_dict.items():
            self.add_scalar(f"{main_tag}/{tag}", value, global_step)

    def add_figure(self, tag: Any, figure: Any, global_step: Any = None, close: bool = True, *args: Any, **kwargs: Any) -> None:
        """Log figures; like the real one, close them."""
        if close:
            import matplotlib.pyplot as plt

            for one in figure if isinstance(figure, list) else [figure]:
                plt.close(one)

    def get_logdir(self) -> str:
        return self.log_dir

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        return


def _nothing(self: SummaryWriter, *args: Any, **kwargs: Any) -> None:
    """Take anything."""


_OTHERS = (
    *("audio", "custom_scalars", "custom_scalars_marginchart", "custom_scalars_multilinechart", "embedding", "graph", "histogram"),
    *("histogram_raw", "hparams", "image", "image_with_boxes", "images", "mesh", "onnx_graph", "pr_curve", "pr_curve_raw", "tensor"),
    *("text", "video"),
)
for _name in _OTHERS:
    setattr(SummaryWriter, f"add_{_name}", _nothing)
SummaryWriter.flush = SummaryWriter.close = _nothing  # type: ignore[attr-defined]


def install(offered: Offered) -> None:
    """Put the writer where PyTorch and tensorboardX have theirs."""
    import torch.utils

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter  # type: ignore[attr-defined]
    module.__path__ = []
    writer = ModuleType("torch.utils.tensorboard.writer")
    writer.SummaryWriter = SummaryWriter  # type: ignore[attr-defined]
    module.writer = writer  # type: ignore[attr-defined]
    torch.utils.tensorboard = module  # type: ignore[attr-defined]
    sys.modules["torch.utils.tensorboard"] = module
    sys.modules["torch.utils.tensorboard.writer"] = writer
    offered.module("tensorboardX", lambda made: setattr(made, "SummaryWriter", SummaryWriter))
