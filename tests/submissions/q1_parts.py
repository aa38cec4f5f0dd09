"""What the cases of question 1 share: where the solution's cells are, and logs that a changed training loop would have printed."""

from __future__ import annotations

import math
from textwrap import dedent

from submissions.case import Cells, Change, find, set_output, set_source

MASK = "def apply_mask"
TRAINING = "opt.zero_grad()"
PLOT = 'plt.ylabel("reconstruction loss (MSE)")'
SETTINGS = "number_of_hidden_layers = 2"
RECONSTRUCTION = "def reconstruct"
AUGMENTATION = "RandomAffine"
FALLING = tuple(0.0146 + 0.0488 * math.exp(-epoch / 4) for epoch in range(30))


def log(form: str, values: tuple[float, ...] = FALLING) -> str:
    """One line an epoch, written by `form` from the epoch's number `n` and its `loss`."""
    return "".join(form.format(n=number, loss=value) + "\n" for number, value in enumerate(values, 1))


def mask(source: str) -> Change:
    """Another apply_mask."""
    return set_source(MASK, dedent(source).strip())


def training(source: str) -> Change:
    """Another training cell. It comes last of the changes to this cell, which it hides from those that look for the old one."""
    return set_source(TRAINING, dedent(source).strip())


def printed(text: str) -> Change:
    """What the training cell has printed."""
    return set_output(TRAINING, text)


def settings(source: str) -> Change:
    """Other settings, data, model, optimizer and loss."""
    return set_source(SETTINGS, dedent(source).strip())


def plot(source: str) -> Change:
    """Another plot cell."""
    return set_source(PLOT, dedent(source).strip())


def reconstruction(source: str) -> Change:
    """Another cell of 1.2."""
    return set_source(RECONSTRUCTION, dedent(source).strip())


def augmentation(source: str) -> Change:
    """Another cell of 1.3."""
    return set_source(AUGMENTATION, dedent(source).strip())


def paste(code: str, marker: str) -> Change:
    """Attach the picture that a code cell drew to the marker's cell instead, and delete the code cell."""

    def change(cells: Cells) -> None:
        drawn = find(cells, code)
        picture = next(output["data"]["image/png"] for output in drawn.outputs if "image/png" in output.get("data", {}))
        cells.remove(drawn)
        where = find(cells, marker, kind="markdown")
        where.source += "\n\n![screenshot](attachment:screenshot.png)"
        where["attachments"] = {"screenshot.png": {"image/png": picture}}

    return change
