"""What students get of the checks: the public probes, with inputs and weights of their own, and the reference's answers to them.

The answers are tables of numbers for random weights, which show whether a network computes the right values and not how it does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import numpy as np

from autograder.checks.verdicts import Verdict
from autograder.model.execution import Finding, Probe
from reference import probes
from reference.handing_in import ANSWERS as ANSWERS
from reference.handing_in import IN_WORDS as IN_WORDS
from reference.judging.decoders import judge_step
from reference.judging.encoders import judge_states
from reference.judging.expected import Array, Expected
from reference.judging.translators import judge_scores

SEED = 20_260_901  # of the public inputs; those of the grader are others


def public_probes() -> tuple[Probe, ...]:
    """The probes that the public checks ask for, in the order of the questions."""
    random = np.random.default_rng(SEED)
    translations = [
        probe
        for question, kind in probes.KINDS.items()
        for case in probes.CASES
        for probe in probes.translation_probes(random, question, kind, case)
    ]
    return (*probes.mask_probes(random), *translations)


class PublicExpected(Expected):
    """The reference's answers to the public probes."""

    def __init__(self) -> None:
        self._public = {probe.name: probe for probe in public_probes()}

    def probe(self, name: str) -> Probe:
        return self._public[name]


def ask_everything(reference: Any) -> None:
    """Ask `reference` for all that the public checks may want of it, by judging what is wrong in every way, and what is right."""
    expected = cast(Expected, reference)
    for probe in public_probes():
        asked = reference.probe(probe.name)
        match probe.measurement:
            case "apply_mask":
                reference.mask_left_half(asked.arrays["images"])
            case "encoder":
                _ask_encoder(probe, expected)
            case "decoder":
                _ask_decoder(probe, expected)
            case "translator":
                _ask_translator(probe, expected)


def _ask_translator(probe: Probe, reference: Expected) -> None:
    shape = (*probe.arrays["y"].shape, int(str(probe.settings["target"])))
    wrong = {label: _noise(*shape) + 0.1 * k for k, label in enumerate(("forced", "greedy", "unrolled_forced", "unrolled_greedy"))}
    wrong["forced"] = wrong["forced"][::-1]  # or it would pass for the others
    _judged(judge_scores, "", Finding("", {}, wrong), reference.translator(probe.name), reference, probe.name)


def _ask_encoder(probe: Probe, reference: Expected) -> None:
    kind, shape = (
        str(probe.settings["kind"]),
        (int(str(probe.settings["layers"])), probe.arrays["tokens"].shape[1], int(str(probe.settings["hidden"]))),
    )
    states = [_noise(*shape) for _ in range(2 if kind == "LSTM" else 1)]
    for finding in _findings(probe, "returned", states):
        _judged(judge_states, "", kind, probe.name, shape, finding, reference)


def _ask_decoder(probe: Probe, reference: Expected) -> None:
    kind = str(probe.settings["kind"])
    given = [reference.probe(probe.name).arrays[state] for state in ("hidden", "cell") if state in probe.arrays]
    scores = _noise(given[0].shape[1], int(str(probe.settings["target"])))
    for finding in _findings(probe, "first", [scores, *map(np.negative, given)]):
        _judged(judge_step, "", kind, probe.name, finding, reference)
    for zeroed, nonlinearity in _variants(probe):
        right = reference.decoder(probe.name, 0, given, zeroed=zeroed, nonlinearity=nonlinearity)
        reference.decoder(probe.name, 1, right.states, zeroed=zeroed, nonlinearity=nonlinearity)


def _findings(probe: Probe, label: str, tensors: list[Array]) -> list[Finding]:
    """Wrong values from layers without some biases, and from recurrences by hand."""
    arrays = {f"{label}{k}": tensor for k, tensor in enumerate(tensors)}
    found = [
        Finding("", {"missing": list(zeroed), "recurrent": [{"nonlinearity": nonlinearity}]}, arrays)
        for zeroed, nonlinearity in _variants(probe)
    ]
    for zeroed in dict.fromkeys(zeroed for zeroed, _ in _variants(probe)):
        for biases in (0, 1):
            by_hand = {f"way0.{name}": tensor for name, tensor in arrays.items()} | {"way0.biases": np.array([biases])}
            found.append(Finding("", {"missing": ["rnn.weight_ih_l0", *zeroed]}, {**arrays, **by_hand}))
    return found


def _variants(probe: Probe) -> list[tuple[tuple[str, ...], str]]:
    """Which biases a student's layers may do without, all or one of each two, and which nonlinearity they may have."""
    part = probe.measurement
    biases = [name.removeprefix(f"{part}.") for name in probe.arrays if name.startswith(f"{part}.") and "bias" in name]
    groups: list[tuple[str, ...]] = [tuple(one for one in biases if word in one) for word in ("bias_ih", "bias_hh", "out_proj")]
    groups = [group for group in groups if group]
    chosen = [sum(some, ()) for size in range(len(groups) + 1) for some in itertools.combinations(groups, size)]
    kinds = ("tanh", "relu") if probe.settings["kind"] == "RNN" else ("tanh",)
    return [(zeroed, nonlinearity) for zeroed in chosen for nonlinearity in kinds]


def _noise(*shape: int) -> Array:
    return np.random.default_rng(SEED).standard_normal(shape).astype(np.float32)


def _judged(judge: Callable[..., object], *arguments: object) -> None:
    with suppress(Verdict):
        judge(*arguments)
