"""2.2 on fabricated evidence: right experiments in several arrangements, and every mistake that must be caught."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fabricated import Seen, checks, code, evidence, markdown, outcome

from autograder.model.execution import Answer, CellRun, CellStatus
from autograder.model.grading import Outcome
from autograder.model.observations import RecurrentLayer
from reference import probes
from reference.judging.curves import Measure, PlotLine, Split

PASSED, FAILED, REVIEW = Outcome.PASSED, Outcome.FAILED, Outcome.REVIEW
q2_2 = checks("q2_2")
NAMES = (
    "networks_are_as_specified",
    "both_are_trained_on_all_lengths",
    "experiments_are_independent",
    "shows_loss_curves",
    "shows_accuracy_curves",
)
SECTION = {"2.2": (markdown(0, "### 2.2"), code(1))}
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
LOSSES = [2.94 - 0.02 * n for n in range(20)]
SHARES = [0.05 + 0.02 * n for n in range(20)]


def layer(kind: str, *, hidden: int = 128, layers: int = 2, inputs: int = 11) -> RecurrentLayer:
    count = sum(GATES[kind] * hidden * ((inputs if n == 0 else hidden) + hidden + 2) for n in range(layers))
    return RecurrentLayer(kind, inputs, hidden, layers, True, False, count)


def leaves(kind: str, *, hidden: int = 128, outputs: int = 19, inputs: int = 11, embedding: int = 0) -> list[tuple[str, Any]]:
    first = [("Embedding", ((11, embedding),))] if embedding else []
    return [*first, (kind, ((GATES[kind] * hidden, inputs),)), ("Linear", ((outputs, hidden), (outputs,)))]


def tokens(length: int, seed: int, count: int = 32) -> np.ndarray:
    return np.eye(11)[np.random.default_rng(seed).integers(0, 11, (count, length))]


def experiment(
    *,
    kinds: Sequence[str] = ("RNN", "LSTM"),
    lengths: Sequence[int] = (5, 10, 30),
    carry: str = "",
    sizes: dict[str, Any] | None = None,
    head: dict[str, Any] | None = None,
    validate_on: str = "validation",
    axes_mixed: bool = False,
    mini_batches: bool = False,
) -> Seen:
    """The training runs and the evaluations after each step."""
    seen = Seen().at("2.2", 1)
    kept: dict[int, tuple[int, str]] = {}
    for length in lengths:
        for place, kind in enumerate(kinds):
            if carry == "network" and place in kept:
                network, weights = kept[place]
            else:
                wide = (sizes or {}).get("hidden", 128)
                network = seen.network([layer(kind, **(sizes or {}))], leaves(kind, hidden=wide, **(head or {}) if place else {}))
                weights = kept[place][1] if carry == "weights" and place in kept else f"new{network}"
            training, validation = tokens(length, length), tokens(length, 100 + length)
            optimizer = place if carry else 10 * length + place
            if carry == "optimizer":
                weights = f"fresh{length}{place}"
            for step in range(3):
                seen_length = len(training) if axes_mixed else length
                batch = training[8 * step : 8 * step + 8] if mini_batches else training
                seen.call(network, batch, np.zeros((len(batch), 19)), length=seen_length)
                after = f"w{network}.{length}.{step}.{place}"
                seen.step(network, optimizer=optimizer, before=weights, after=after, length=seen_length, batch=length if axes_mixed else 32)
                weights = after
                seen.call(network, training, np.zeros((32, 19)), gradient=False, length=seen_length)
                looked_at = training if validate_on == "training" else validation
                seen.call(network, looked_at, np.zeros((32, 19)), gradient=False, length=seen_length)
            kept[place] = network, weights
    return seen


def plotted(
    seen: Seen, *, lengths: Sequence[int] = (5, 10, 30), arrangement: str = "one figure a run", accuracy: bool = True, loss: bool = True
) -> Seen:
    """The plots of an experiment; no two curves are the same."""
    count = itertools.count(1)

    def own(values: Sequence[float]) -> list[float]:
        shift = next(count) / 10_000
        return [value + shift for value in values]

    if arrangement == "one figure a run":
        for length in lengths:
            for name in ("RNN", "LSTM"):
                both = {"train": LOSSES, "validation": LOSSES[::-1]}, {"train": SHARES, "validation": [0.9 * y for y in SHARES]}
                axes = [(f"Loss for model {name} with Seq {length}", both[0])] if loss else []
                axes += [(f"Accuracy for model {name} with Seq {length}", both[1])] if accuracy else []
                seen.plot(*[(title, {label: own(ys) for label, ys in lines.items()}) for title, lines in axes])
    elif arrangement == "one figure a length":
        for length in lengths:
            left = (f"loss, sequence length {length}", {name: own(LOSSES) for name in ("RNN", "LSTM")})
            right = {f"{name}, {split}": own(SHARES) for name in ("RNN", "LSTM") for split in ("training", "validation")}
            seen.plot(left, (f"accuracy, sequence length {length}", right))
    elif arrangement == "one axes for everything":
        lines = {f"{name} {length} loss": own(LOSSES) for name in ("RNN", "LSTM") for length in lengths}
        lines |= {
            f"{name} {length} {split} acc": own(SHARES) for name in ("RNN", "LSTM") for length in lengths for split in ("train", "val")
        }
        seen.plot(("", lines))
    elif arrangement == "without words":
        for _ in lengths:
            for _ in ("RNN", "LSTM"):
                seen.plot(("", {"_child0": own(LOSSES)}))
                seen.plot(("", {"_child0": own(SHARES), "_child1": own([0.9 * y for y in SHARES])}))
    return seen


def ended(seen: Seen, sections: dict[str, Any] = SECTION) -> dict[str, Outcome]:
    given = evidence(sections, seen)
    return {name: outcome(getattr(q2_2, f"check_{name}"), given)[0] for name in NAMES}


RIGHT = {
    "a new network a run": {},
    "mini-batches": {"mini_batches": True},
    "an embedding of the tokens": {"sizes": {"inputs": 16}, "head": {"embedding": 16}},
}


@pytest.mark.parametrize("form", RIGHT)
def test_a_right_experiment_passes(form: str) -> None:
    """However batches are made and tokens are put in."""
    how = RIGHT[form]
    seen = experiment(**how)  # type: ignore[arg-type]
    if "sizes" in how:  # the embedding stands in both networks
        seen = Seen().at("2.2", 1)
        seen = _with_embedding()
    assert ended(plotted(seen)) == dict.fromkeys(NAMES, PASSED)


def _with_embedding() -> Seen:
    seen = Seen().at("2.2", 1)
    for length in (5, 10, 30):
        for kind in ("RNN", "LSTM"):
            network = seen.network([layer(kind, inputs=16)], leaves(kind, inputs=16, embedding=16))
            seen.step(network, optimizer=network, before=f"b{network}", after=f"a{network}", length=length)
    return seen


@pytest.mark.parametrize("arrangement", ["one figure a run", "one figure a length", "one axes for everything", "without words"])
def test_plots_count_in_any_arrangement(arrangement: str) -> None:
    """Words or values tell a loss from an accuracy, wherever they stand."""
    assert ended(plotted(experiment(), arrangement=arrangement)) == dict.fromkeys(NAMES, PASSED)


WRONG = {
    "another hidden size": ({"sizes": {"hidden": 64}}, {}, NAMES[0]),
    "one layer": ({"sizes": {"layers": 1}}, {}, NAMES[0]),
    "a GRU": ({"kinds": ("GRU", "LSTM")}, {}, NAMES[0]),
    "LSTM on both sides": ({"kinds": ("LSTM", "LSTM")}, {}, NAMES[0]),
    "other heads": ({"head": {"embedding": 11}}, {}, NAMES[0]),
    "10 outputs": ({"head": {"outputs": 10}}, {}, NAMES[0]),
    "a missing length": ({"lengths": (5, 10)}, {"lengths": (5, 10)}, NAMES[1]),
    "the axes mixed up": ({"axes_mixed": True}, {}, NAMES[1]),
    "networks carried over": ({"carry": "network"}, {}, NAMES[2]),
    "weights carried over": ({"carry": "weights"}, {}, NAMES[2]),
    "optimizers carried over": ({"carry": "optimizer"}, {}, NAMES[2]),
    "no loss": ({}, {"loss": False}, NAMES[3]),
    "no accuracy": ({}, {"accuracy": False}, NAMES[4]),
    "validation on the training data": ({"validate_on": "training"}, {}, NAMES[4]),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_costs_once(mistake: str) -> None:
    """Each fails the check that is about it, and no other."""
    how, plots, caught_by = WRONG[mistake]
    found = ended(plotted(experiment(**how), **plots))  # type: ignore[arg-type]
    assert found == {name: FAILED if name == caught_by else PASSED for name in NAMES}


NETWORK = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, kind, batch_first=True):
        super().__init__()
        self.rnn = kind(11, 16, 2, batch_first=batch_first)
        self.head = nn.Linear(16, 19)
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.head({})
observed = {{"trained": {{"2.2": [Net(nn.RNN), Net(nn.LSTM)]}}}}
"""


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        ("output[:, -1]", PASSED),
        ("output[:, 0]", FAILED),
        ("output.mean(1)", PASSED),
        ("_[0][-1] if isinstance(_, tuple) else _[-1]", PASSED),
        ("output", PASSED),
        ("_[0][0] if isinstance(_, tuple) else _[0]", FAILED),
    ],
)
def test_the_last_step_of_the_last_layer_is_used(
    measure: Callable[..., dict[str, Answer]], staged: Path, reads: str, expected: Outcome
) -> None:
    """Really measured: an answer that does not change with the last token, or with a layer's weights, was read too early."""
    asked = [probe for probe in probes.plan(0, staged) if probe.name == "q2_2.networks"]
    given = evidence(SECTION, experiment(), measure(NETWORK.format(reads), asked))
    result, sentence = outcome(q2_2.check_networks_are_as_specified, given)
    assert result is expected
    missed = "last time step" if reads == "output[:, 0]" else "does not depend on its recurrent layer 2 of 2"
    assert expected is PASSED or missed in sentence


def test_sequences_that_are_mixed_cost_once(measure: Callable[..., dict[str, Answer]], staged: Path) -> None:
    """Really measured: axes that are exchanged by reshaping let one sequence's tokens answer for another."""
    asked = [probe for probe in probes.plan(0, staged) if probe.name == "q2_2.networks"]
    mixing = NETWORK.format("output[-1]").replace("self.rnn(x)", "self.rnn(x.reshape(x.shape[1], x.shape[0], -1))")
    answers = measure(mixing.replace("batch_first=True", "batch_first=False"), asked)
    given = evidence(SECTION, plotted(experiment()), answers)
    found = {name: outcome(getattr(q2_2, f"check_{name}"), given)[0] for name in NAMES}
    assert found == {name: FAILED if name == NAMES[1] else PASSED for name in NAMES}


def test_sentences_name_what_was_seen() -> None:
    """The kind and both lengths when something was carried over; the sizes when they are wrong."""
    assert "the network of the RNN that had been trained on length 5 was used again for length 10" in _sentence(2, carry="network")
    assert "hidden size should be 128, but the RNN has 64" in _sentence(0, sizes={"hidden": 64})
    assert "but a GRU was trained" in _sentence(0, kinds=("GRU", "LSTM"))
    assert "the LSTM on length 30; the RNN on length 30" in _sentence(1, lengths=(5, 10))


def _sentence(check: int, **how: Any) -> str:
    return outcome(getattr(q2_2, f"check_{NAMES[check]}"), evidence(SECTION, experiment(**how)))[1]


def test_one_set_for_both_accuracies_is_caught_in_mini_batches() -> None:
    """Shuffled batches do not give the data away; that both curves are the same and only one set was ever looked at does."""
    seen = Seen().at("2.2", 1)
    for length in (5, 10, 30):
        for kind in ("RNN", "LSTM"):
            network = seen.network([layer(kind)], leaves(kind))
            weights = f"new{network}"
            for step in range(3):
                batch = tokens(length, 7 * step + network, 8)
                seen.call(network, batch, np.zeros((8, 19)), length=length)
                seen.step(network, optimizer=network, before=weights, after=f"{weights}.{step}", length=length)
                weights = f"{weights}.{step}"
                for _ in ("training", "validation"):
                    seen.call(network, tokens(length, 99), np.zeros((32, 19)), gradient=False, length=length)
            seen.plot(
                (f"loss {network}", {"": [y + network / 1000 for y in LOSSES]}),
                (f"accuracy {network}", {"training": SHARES, "validation": SHARES}),
            )
    found = ended(seen)
    assert found == {name: FAILED if name == "shows_accuracy_curves" else PASSED for name in NAMES}


def test_stored_pictures_that_were_not_seen_are_for_a_person() -> None:
    """Pasted plots may show anything."""
    sections = {"2.2": (markdown(0, "### 2.2"), code(1), markdown(2, "", figures=2))}
    found = ended(experiment(), sections)
    assert (found["shows_loss_curves"], found["shows_accuracy_curves"]) == (REVIEW, REVIEW)


def test_nothing_done_fails_everything_kindly() -> None:
    """The sentence says that there is no experiment yet."""
    assert ended(Seen()) == dict.fromkeys(NAMES, FAILED)
    assert outcome(q2_2.check_networks_are_as_specified, evidence(SECTION, Seen()))[1] == q2_2.NO_EXPERIMENT


def test_training_code_of_which_nothing_was_seen_is_for_a_person() -> None:
    """Code that takes steps and ran may have trained something that our observers missed."""
    sections = {"2.2": (markdown(0, "### 2.2"), code(1, "loss.backward()\noptimizer.step()"))}
    assert ended(Seen(), sections)["networks_are_as_specified"] is REVIEW


def test_a_cell_that_was_stopped_is_for_a_person() -> None:
    """What lay behind the limit cannot be missing."""
    runs = [CellRun(1, "2.2", CellStatus.TIMEOUT, 120.0)]
    given = evidence(SECTION, experiment(lengths=(5, 10)), runs=runs)
    assert outcome(q2_2.check_both_are_trained_on_all_lengths, given)[0] is REVIEW


@pytest.mark.parametrize(
    ("label", "surroundings", "y", "measure", "split"),
    [
        ("train", "Loss for model RNN with Seq 5", (2.9, 2.8), Measure.LOSS, Split.TRAINING),
        ("validation", "Accuracy for model RNN", (0.05, 0.1), Measure.ACCURACY, Split.VALIDATION),
        ("RNN val_acc", "Training curves", (0.05, 0.1), Measure.ACCURACY, Split.VALIDATION),
        ("LSTM", "training accuracy", (5.0, 10.0), Measure.ACCURACY, Split.TRAINING),
        ("LSTM", "loss and accuracy", (2.95, 1.0), Measure.LOSS, Split.UNKNOWN),
        ("", "", (0.1, 0.9), Measure.ACCURACY, Split.UNKNOWN),
        ("", "", (50.0, 90.0), Measure.UNKNOWN, Split.UNKNOWN),
        ("value", "Test accuracy", (0.1, 0.2), Measure.ACCURACY, Split.VALIDATION),
    ],
)
def test_what_a_line_shows(label: str, surroundings: str, y: tuple[float, ...], measure: Measure, split: Split) -> None:
    """Its own words come first, then those around it, then its values."""
    line = PlotLine(1, 1, label, surroundings, (1.0, 2.0), y)
    assert (line.measure, line.split) == (measure, split)
