"""What training a figure's network brings back, and how it goes meanwhile. Figures are named after the curves that they draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LENGTHS = (5, 10, 30)
TWO_DIGITS = {f"two_digits_{kind.lower()}_{length}": (kind, length) for length in LENGTHS for kind in ("RNN", "LSTM")}
TRANSLATORS = {"rnn": "RNN", "lstm": "LSTM", "lstm_reversed": "LSTM"}
FIGURES = ("autoencoder", *TWO_DIGITS, *TRANSLATORS)
# How long the homework trains; in 2.2 an "epoch" is a hundred steps, and how many is the student's choice.
FULL_EPOCHS = {"autoencoder": 30, **dict.fromkeys(TWO_DIGITS, 12), **dict.fromkeys(TRANSLATORS, 10)}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is: `step` of `steps` within `epoch` of `epochs`, after so many seconds. `loss` is that of a finished epoch."""

    figure: str
    epoch: int
    epochs: int
    step: int
    steps: int
    seconds: float
    loss: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Losses and accuracies are those after `epochs` (counted from 1), which need not be all that were trained.

    `test` and `accuracy` are of the test set, at the end; a translator's are of the weights with the lowest validation loss, as in the
    homework. `source` says where a run comes from that was not measured here; all that follows is known of measured ones only.
    """

    figure: str
    data: str
    epochs: tuple[int, ...]
    training: tuple[float, ...]
    validation: tuple[float, ...] = ()
    training_accuracy: tuple[float, ...] = ()
    validation_accuracy: tuple[float, ...] = ()
    test: float | None = None
    accuracy: float | None = None
    source: str = ""
    seed: int | None = None
    parameters: int | None = None
    seconds: float | None = None
    device: str = ""
    command: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
