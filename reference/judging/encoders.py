"""Judges a student's encoder by the states that it returned for the grader's weights, and says how wrong ones differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Finding
from reference.judging.agreed import agreed_states, found_or_agreed
from reference.judging.expected import Array, Expected, close
from reference.judging.found import (
    behaves,
    names,
    nonlinearity,
    pointing_at,
    prefix,
    require_embedding,
    require_evaluation,
    require_kind,
    require_learning,
    require_repeatable,
    returned,
    shape_hint,
    ways,
    zeroed,
)
from reference.probes import CASES, KINDS


def judge_encoder(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    """Requires the final states of all layers for each case."""
    with pointing_at(f"{KINDS[question]}Encoder", evidence, question):
        _judge_cases(question, evidence, student, reference)


def _judge_cases(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    kind = KINDS[question]
    undecided = ""
    for case in CASES:
        name = f"{prefix(question)}.encoder.{case.name}"
        finding = found_or_agreed(student, evidence, question, name, f"{kind}Encoder", reference)
        require_kind(finding, f"{kind}Encoder", kind)
        shape = (case.layers, case.batch, case.hidden)
        finding = agreed_states(finding, shape, 2 if kind == "LSTM" else 1, question, student, reference)
        require_embedding(f"{kind}Encoder", finding, case.source, case.source_embedding)
        undecided = judge_states(f"{kind}Encoder", kind, name, shape, finding, reference) or undecided
    if undecided:
        review(undecided)


def judge_states(name: str, kind: str, probe: str, shape: tuple[int, int, int], finding: Finding, reference: Expected) -> str:
    """What stays undecided about one case, "" when it is right."""
    states = returned(finding, "returned")
    count = 2 if kind == "LSTM" else 1
    what = "the hidden and the cell state" if count == 2 else "the hidden state"
    biases = zeroed(finding)
    if len(states) != count:
        shapes = ", ".join(str(one.shape) for one in states)
        hint = " This looks like the outputs of every time step are returned too." if len(states) > count else ""
        require(
            False,
            f"{name} returned {len(states)} tensor{'s' if len(states) != 1 else ''} of shape {shapes}; "
            f"expected was {what}, {'each ' if count > 1 else ''}{shape}.{hint}",
        )
    if any(one.shape != shape for one in states):
        wrong = next(one for one in states if one.shape != shape)
        hint = shape_hint(wrong.shape, shape, reference.probe(probe).arrays["tokens"].shape[0], finding)
        require(False, f"{name} returned a state of shape {wrong.shape} instead of {shape}, (layers, batch, hidden size).{hint}")
    require_repeatable(name, finding)
    if biases is None:
        return _judge_by_hand(name, probe, finding, reference)
    expected = reference.encoder(probe, zeroed=biases, nonlinearity=nonlinearity(finding))
    if _same(states, expected):
        _require_use(name, finding)
        return ""
    hint = _state_hint(states, expected, probe, reference)
    if not hint and names(finding, "leftover"):
        more = ", ".join(names(finding, "leftover")[:3])
        return f"{name} has parameters beyond an embedding and an nn.{kind} ({more}), so a person looks at it."
    distance = max(float(np.abs(one - other).max()) for one, other in zip(states, expected, strict=True))
    require(
        False,
        f"{name}'s state has the right shape {shape} but other values than {what} after the last word (up to {distance:.2f} apart).{hint}",
    )
    return ""


def _judge_by_hand(name: str, probe: str, finding: Finding, reference: Expected) -> str:
    """As with torch's own layers, where weights in some places give the right values, or those of a known mistake."""
    hints = []
    for states, biases in ways(finding, "returned"):
        zeroed_biases = [] if biases else [one for one in names(finding, "missing") if "bias" in one]
        expected = reference.encoder(probe, zeroed=zeroed_biases)
        if _same(states, expected):
            _require_use(name, finding)
            return ""
        hints.append(_state_hint(states, expected, probe, reference) if len(states) == len(expected) else "")
    hint = next((one for one in hints if one), "")
    require(not hint, f"{name}'s state has the right shape but other values than the state after the last word.{hint}")
    return behaves(name, finding)


def _same(states: Sequence[Array], expected: Sequence[Array]) -> bool:
    return len(states) == len(expected) and all(close(one, other) for one, other in zip(states, expected, strict=True))


def _require_use(name: str, finding: Finding) -> None:
    """Right values are of use when the encoder can learn, and gives them in evaluation too."""
    require(
        not finding.facts.get("cut_off"),
        f"{name}'s state has the right values, but no gradient goes back from it (as after detach or under no_grad), "
        "so the encoder cannot learn from the translations.",
    )
    require_learning(name, finding)
    require_evaluation(name, finding)


def _state_hint(states: Sequence[Array], expected: Sequence[Array], probe: str, reference: Expected) -> str:
    """Which well-known mistake gives these values, "" for none."""
    tokens = reference.probe(probe).arrays["tokens"]
    if not any(state.any() for state in states):
        return " It is all zero."
    if len(states) == 2:
        hidden, cell = expected
        if close(states[0], cell) and close(states[1], hidden):
            return " The two states come in the other order: hidden first, then cell."
        if close(states[0], hidden) and close(states[1], hidden):
            return " The hidden state is returned twice; the cell state is missing."
        if close(states[0], hidden) and not states[1].any():
            return " The cell state is all zero."
    if len(expected[0]) > 1 and close(states[0], np.repeat(expected[0][-1:], len(expected[0]), axis=0)):
        return " Every layer's state is a copy of the last layer's."
    if len(expected[0]) > 1 and all(close(one, other[::-1]) for one, other in zip(states, expected, strict=True)):
        return " The layers come in the wrong order: the first layer's state stands first."
    outputs = reference.encoder_outputs(probe)
    if outputs.shape[0] >= len(states[0]) and any(
        close(states[0], outputs[start : start + len(states[0])]) for start in (0, len(outputs) - len(states[0]))
    ):
        return " These are the last layer's outputs at some time steps, not each layer's final state."
    variants = {
        " It depends on the last word only: the state is not carried from word to word.": tokens[-1:],
        " It depends on the first word only.": tokens[:1],
        " It misses the last word.": tokens[:-1],
        " The words are read backwards.": tokens[::-1],
        " Batch and time are mixed up: the input is (time, batch), and reshaping it is not transposing it.": tokens.reshape(
            tokens.shape[::-1]
        ).T,
    }
    for hint, other in variants.items():
        if close(states[0], reference.encoder(probe, tokens=other)[0]):
            return hint
    if len(states) == 2 and close(states[0], expected[0]):
        return " The hidden state is right, the cell state is not."
    if len(states) == 2 and close(states[1], expected[1]):
        return " The cell state is right, the hidden state is not."
    return ""
