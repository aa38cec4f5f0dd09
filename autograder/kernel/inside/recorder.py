"""The observers' entry: installs them into a student's kernel, tells them which cell runs, and hands over what they saw."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from torch import nn

from . import (
    fast_forward,
    loops,
    observe_data,
    observe_figures,
    observe_losses,
    observe_networks,
    observe_pictures,
    observe_rows,
    observe_scalars,
    observe_training,
    observe_transforms,
)
from .after_import import AfterImport
from .store import store

_after_import = AfterImport()


def install(settings: dict[str, Any]) -> None:
    """Watch PyTorch, and matplotlib, torchvision and torchtext as soon as they are there.

    `settings["fast_forward_after"]` is the number of steps after which a training run of a recurrent network is fast-forwarded;
    None means never.
    """
    fast_forward.runs.enough = settings.get("fast_forward_after", fast_forward.ENOUGH)
    loops.install(bool(settings.get("tell_of_loops")))
    observe_networks.install()
    observe_losses.install()
    observe_training.install()
    observe_data.install(_after_import)
    observe_figures.install(_after_import)
    observe_pictures.install(_after_import)
    observe_transforms.install(_after_import)
    observe_scalars.install(_after_import)
    sys.meta_path.insert(0, _after_import)
    _after_import.catch_up()


def begin_section(question: str) -> None:
    """The cells from now on belong to `question`."""
    observe_rows.finish()
    store.question = question
    fast_forward.runs.reset()
    observe_training.begin_section()
    observe_data.begin_section()


def begin_cell(index: int, question: str) -> None:
    """Watch what happens from now on, as that cell's doing."""
    _after_import.catch_up()
    store.cell, store.question = index, question
    fast_forward.runs.reset()
    loops.begin_cell()
    observe_networks.begin_cell()
    observe_losses.begin_cell()
    store.active = True


def end_cell() -> None:
    """Take the figures that the cell leaves open, and watch no more: what follows is the harness' own doing."""
    if store.active:
        observe_figures.end_cell()
    fast_forward.runs.reset()
    store.active = False


def take(after: int = 0) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Everything seen so far, a list of columns for each kind of record, but of the arrays only those after number `after`."""
    observe_rows.finish()
    return store.take(after)


def trained(question: str) -> list[nn.Module]:
    """The networks that were stepped in a section, the latest last."""
    return observe_training.trained(question)


def called(question: str) -> list[nn.Module]:
    """The networks that were called in a section, the one called last at the end."""
    return observe_networks.called(question)


def given(question: str) -> dict[str, np.ndarray]:
    """The inputs kept of the networks' calls in a section, by the name under which `take` hands them over."""
    return observe_networks.given(question)
