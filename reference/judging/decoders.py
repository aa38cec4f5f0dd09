"""Judges a student's decoder by two steps from the grader's states with the grader's weights, and says how wrong ones differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Finding
from reference.judging.agreed import agreed_scores, found_or_agreed
from reference.judging.expected import Array, Expected, close, log_softmax
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


def judge_decoder(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    """Requires the scores and the next state of two steps for each case."""
    with pointing_at(f"{KINDS[question]}Decoder", evidence, question):
        _judge_cases(question, evidence, student, reference)


def _judge_cases(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    kind = KINDS[question]
    undecided = ""
    for case in CASES:
        name = f"{prefix(question)}.decoder.{case.name}"
        finding = found_or_agreed(student, evidence, question, name, f"{kind}Decoder", reference)
        require_kind(finding, f"{kind}Decoder", kind)
        finding = agreed_scores(finding, f"{kind}Decoder", question, student, reference)
        require_embedding(f"{kind}Decoder", finding, case.target, case.target_embedding)
        undecided = judge_step(f"{kind}Decoder", kind, name, finding, reference) or undecided
    if undecided:
        review(undecided)


def judge_step(name: str, kind: str, probe: str, finding: Finding, reference: Expected) -> str:
    """What stays undecided about one case, "" when it is right."""
    asked = reference.probe(probe)
    given = [asked.arrays[state] for state in ("hidden", "cell") if state in asked.arrays]
    shape, scores_shape = given[0].shape, (given[0].shape[1], int(str(asked.settings["target"])))
    first = returned(finding, "first")
    what = "the scores, the hidden and the cell state" if kind == "LSTM" else "the scores and the hidden state"
    require(len(first) == 1 + len(given), f"{name} returned {len(first)} tensor{'s' if len(first) != 1 else ''}; expected were {what}.")
    scores, *states = first
    if scores.shape != scores_shape:
        require(
            False,
            f"{name} returned scores of shape {scores.shape} instead of {scores_shape}, (batch, words)."
            + _score_shape_hint(scores.shape, scores_shape, shape),
        )
    for state in states:
        require(
            state.shape == shape,
            f"{name} returned a state of shape {state.shape} instead of {shape}, (layers, batch, hidden size)."
            + shape_hint(state.shape, shape, 1 if shape[0] > 1 else -1, finding),
        )
    biases = zeroed(finding)
    require_repeatable(name, finding)
    if biases is None:
        return _judge_by_hand(name, probe, finding, reference, given)
    options: dict[str, Any] = {"zeroed": biases, "nonlinearity": nonlinearity(finding)}
    expected = reference.decoder(probe, 0, given, **options)
    right_scores = close(log_softmax(scores), log_softmax(expected.scores))
    right_states = all(close(one, other) for one, other in zip(states, expected.states, strict=True))
    if right_scores and right_states:
        _require_use(name, finding)
        return _judge_second(name, probe, finding, reference, expected.states, options)
    hint = _step_hint(scores, states, probe, given, reference, options, right_scores)
    if not hint and names(finding, "leftover"):
        more = ", ".join(names(finding, "leftover")[:3])
        return f"{name} has parameters beyond an embedding, an nn.{kind} and a linear layer ({more}), so a person looks at it."
    wrong = "new state after" if right_scores else "result for"
    require(False, f"{name}'s {wrong} one word and a given state has the right shape but other values than expected.{hint}")
    return ""


def _judge_by_hand(name: str, probe: str, finding: Finding, reference: Expected, given: Sequence[Array]) -> str:
    """As with torch's own layers, where weights in some places give the right values, or those of a known mistake."""
    hints = []
    for (scores, *states), biases in ways(finding, "first"):
        options: dict[str, Any] = {"zeroed": [] if biases else [one for one in names(finding, "missing") if "bias" in one]}
        expected = reference.decoder(probe, 0, given, **options)
        right_scores = close(log_softmax(scores), log_softmax(expected.scores))
        if right_scores and all(close(one, other) for one, other in zip(states, expected.states, strict=True)):
            _require_use(name, finding)
            return ""
        hints.append(_step_hint(scores, states, probe, given, reference, options, right_scores))
    hint = next((one for one in hints if one), "")
    require(not hint, f"{name}'s result for one word and a given state has the right shape but other values than expected.{hint}")
    return behaves(name, finding)


def _require_use(name: str, finding: Finding) -> None:
    """Right values are of use when they let the encoder and the decoder learn, and come in evaluation too."""
    require(
        not finding.facts.get("cut_off"),
        f"{name}'s values are right, but no gradient goes back from all of them to the state that it is given "
        "(as after detach or under no_grad), so what came before cannot learn from them.",
    )
    require_learning(name, finding)
    require_evaluation(name, finding)


def _judge_second(name: str, probe: str, finding: Finding, reference: Expected, states: Sequence[Array], options: Mapping[str, Any]) -> str:
    second = returned(finding, "second")
    expected = reference.decoder(probe, 1, states, **options)
    right = len(second) == 1 + len(states) and close(log_softmax(second[0]), log_softmax(expected.scores))
    right = right and all(close(one, other) for one, other in zip(second[1:], expected.states, strict=True))
    require(right, f"{name} is right for one word, but wrong when it is given the next word and the state that it returned itself.")
    return ""


def _score_shape_hint(seen: Sequence[int], expected: Sequence[int], state: Sequence[int]) -> str:
    seen = tuple(seen)
    if seen == (1, *expected):
        return " The first dimension, of the single time step, is still there."
    if seen[-1] == state[-1]:
        return " The linear layer from the hidden size to the vocabulary seems not to be applied."
    if seen[-1] == expected[0] or seen == (expected[1], expected[0]):
        return " Batch and words are exchanged."
    return ""


def _step_hint(
    scores: Array,
    states: Sequence[Array],
    probe: str,
    given: Sequence[Array],
    reference: Expected,
    options: Mapping[str, Any],
    right_scores: bool,
) -> str:
    """Which well-known mistake gives these values, "" for none."""
    expected = reference.decoder(probe, 0, given, **options)
    if right_scores:
        return _next_state_hint(states, given, expected.states, expected.output)
    zero = [np.zeros_like(state) for state in given]
    starts: dict[str, Sequence[Array]] = {" The state that is passed in is ignored: it starts from zero.": zero}
    if len(given) == 2:
        hidden, cell = given
        starts |= {
            " The cell state that is passed in is ignored: it is taken as zero.": (hidden, zero[1]),
            " The hidden state that is passed in is ignored: it is taken as zero.": (zero[0], cell),
            " Hidden and cell state are exchanged when they are passed to the LSTM.": (cell, hidden),
            " The hidden state is used in place of the cell state.": (hidden, hidden),
        }
    if len(given[0]) > 1:
        starts[" Every layer starts from the last layer's state."] = [np.repeat(state[-1:], len(state), axis=0) for state in given]
    for hint, start in starts.items():
        if close(log_softmax(scores), log_softmax(reference.decoder(probe, 0, start, **options).scores)):
            return hint
    plain = expected.scores
    activated = {
        " A softmax is applied to the scores; the cross entropy applies one itself.": np.exp(log_softmax(plain)),
        " A ReLU is applied after the last linear layer.": np.maximum(plain, 0),
        " A tanh is applied after the last linear layer.": np.tanh(plain),
        " A sigmoid is applied after the last linear layer.": 1 / (1 + np.exp(-plain)),
        " A softmax is applied along the batch instead of the words.": np.exp(log_softmax(plain.T).T),
        " A log softmax is applied along the batch instead of the words.": log_softmax(plain.T).T,
        " A ReLU is applied before the linear layer, which was not asked for.": reference.projected(
            probe, np.maximum(expected.output[0], 0)
        ),
        " The scores are computed from the first layer's state, not the last's.": reference.projected(probe, expected.states[0][0]),
        " The scores are computed from the cell state, not from the output.": reference.projected(probe, expected.states[-1][-1]),
        " The scores are computed from the state that was passed in, not from the new output.": reference.projected(probe, given[0][-1]),
    }
    for hint, other in activated.items():
        if close(log_softmax(scores), log_softmax(other)):
            return hint
    return ""


def _next_state_hint(states: Sequence[Array], given: Sequence[Array], after: Sequence[Array], output: Array) -> str:
    if all(close(one, other) for one, other in zip(states, given, strict=True)):
        return " It is the state that was passed in, not the new one."
    if len(states) == 2:
        if close(states[0], after[1]) and close(states[1], after[0]):
            return " The two states come in the other order: hidden first, then cell."
        if close(states[0], after[0]) and close(states[1], after[0]):
            return " The hidden state is returned twice; the cell state is lost."
        if close(states[0], after[0]) and not states[1].any():
            return " The cell state is all zero."
        if close(states[0], after[0]) and close(states[1], given[1]):
            return " The cell state is the one that was passed in, not the new one."
    if close(states[0], np.repeat(output, len(states[0]), axis=0)):
        return " It is the output, the last layer's state, for every layer."
    return ""
