"""The figures that are recorded, each named after the network whose curves it is of, and what is known of one run of it."""

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
class Run:
    """One run. Losses and accuracies are those after `epochs` (counted from 1), which need not be all that were trained.

    `test` and `accuracy` are of the test set, at the end; a translator's are of the weights with the lowest validation loss, as in the
    homework. `provenance` is "measured" for what the recording command measured, and only of such a run all that follows `seed` is known;
    "earlier" for what was measured before there was one, and "printed" for what a notebook printed. `source` says more of these.
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
    provenance: str = "measured"
    source: str = ""
    seed: int | None = None
    parameters: int | None = None
    seconds: float | None = None
    device: str = ""
    command: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether it was trained as long as the homework trains."""
        return len(self.epochs) >= FULL_EPOCHS[self.figure]
