"""Asks torch for the same numbers each time, and says how far that goes.

Operations without a deterministic way only warn: a right solution must not fail for using one.
"""

from __future__ import annotations

from typing import Any


def apply(wanted: bool) -> None:
    """Change torch's settings, or leave them as they are."""
    import torch

    if not wanted:
        return
    torch.use_deterministic_algorithms(True, warn_only=True)
    # What filling new memory costs buys nothing: who reads it before writing is wrong either way.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def settings(seed: int) -> dict[str, Any]:
    """What is in force, for the report."""
    import os

    import torch

    on_gpu = torch.cuda.is_available()
    return {
        "torch": torch.__version__,
        "computed_on": torch.cuda.get_device_name() if on_gpu else "processor",
        "cuda": torch.version.cuda if on_gpu else None,
        "threads": torch.get_num_threads(),
        "seed_of_every_section": seed,
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "tf32": torch.backends.cuda.matmul.allow_tf32,
        "cublas_workspace": os.environ.get("CUBLAS_WORKSPACE_CONFIG"),
    }
