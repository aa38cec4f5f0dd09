"""1.2 and 1.3: which digits went through which networks, what came out, and whether it was the network trained in 1.1 that made it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autograder.checks import Evidence, Student
from autograder.model.execution import Finding
from autograder.model.observations import NetworkCall, Observations
from reference.judging.expected import Expected
from reference.judging.pictures import PIXELS, correlation, examples, stack

TRAINED_IN = "1.1"
SAME = 1e-3  # grey values of the same network's outputs for the same images
# Share of the trained network's correlation with fresh digits that a network with other weights must reach to count as trained on: in the
# replay the trained one reaches 0.5 to 0.7, one whose weights were drawn anew stays below 0.1.
AS_GOOD = 0.5


def digits_in(observed: Observations, call: NetworkCall) -> np.ndarray:
    """The digits that a network was given, as far as kept: (N, 784)."""
    return examples(observed.arrays.get(call.input)) if _holds_digits(call.input_shape) else stack([])


def digits_out(observed: Observations, call: NetworkCall) -> np.ndarray:
    """The digits that a network returned, as far as kept: (N, 784)."""
    return examples(observed.arrays.get(call.output)) if _holds_digits(call.output_shape) else stack([])


def _holds_digits(shape: tuple[int, ...]) -> bool:
    return math.prod(shape) == PIXELS or (len(shape) > 1 and math.prod(shape[1:]) == PIXELS)


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """One digit (784) that went into a network, or into an encoder, and what came out (784) of it or of the decoder called next.

    `given` is None where only a decoder was seen to return something. `expected` is what the network trained in 1.1 makes of the digit.
    """

    networks: tuple[int, ...]
    given: np.ndarray | None
    returned: np.ndarray
    expected: np.ndarray | None = None

    @property
    def is_expected(self) -> bool | None:
        """Whether this is what the network trained in 1.1 makes of it; None when that is not known."""
        return None if self.expected is None else bool(np.abs(self.returned - self.expected).max() < SAME)


def passes(evidence: Evidence, student: Student, question: str) -> tuple[Pass, ...]:
    """Every digit that came out of a network in a question, in order, as far as kept."""
    observed = evidence.observed(question)
    answer = student.answer(f"q{question.replace('.', '_')}.autoencoder")
    made = answer.arrays if isinstance(answer, Finding) else {}
    found: list[Pass] = []
    encoded: NetworkCall | None = None
    for call in observed.calls:
        given, returned = digits_in(observed, call), digits_out(observed, call)
        if len(given) and len(returned):
            found += _rows((call.network,), given, returned, made.get(f"trained_{call.input}"))
        elif len(given):
            encoded = call
        elif len(returned) and encoded is not None and _goes_on(observed, encoded, call):
            found += _rows((encoded.network, call.network), digits_in(observed, encoded), returned, made.get(f"trained_{encoded.input}"))
        else:
            found += [Pass((call.network,), None, row) for row in returned]
    return tuple(found)


def _rows(networks: tuple[int, ...], given: np.ndarray, returned: np.ndarray, expected: np.ndarray | None) -> list[Pass]:
    wanted = examples(expected)
    return [
        Pass(networks, one, other, wanted[index] if index < len(wanted) else None)
        for index, (one, other) in enumerate(zip(given, returned, strict=False))
    ]


def _goes_on(observed: Observations, encoder: NetworkCall, decoder: NetworkCall) -> bool:
    """Whether the decoder was given what the encoder had returned; where it was drawn from it, the sizes agree only."""
    between, latent = observed.arrays.get(encoder.output), observed.arrays.get(decoder.input)
    if between is None or latent is None or encoder.output_shape != decoder.input_shape:
        return True
    return between.size != latent.size or bool(np.allclose(between.reshape(-1), latent.reshape(-1), atol=SAME))


def trained_networks(evidence: Evidence) -> frozenset[int]:
    """The networks that were stepped in 1.1; those called with gradient where no step was taken, which is counted there."""
    training = evidence.observed(TRAINED_IN)
    stepped = frozenset(network for step in training.steps for network in step.networks)
    return stepped or frozenset(call.network for call in training.calls if call.with_gradient)


def is_from_trained(one: Pass, evidence: Evidence, student: Student, reference: Expected, question: str) -> bool | None:
    """Whether the network trained in 1.1 made this; None when that could not be seen."""
    if one.is_expected:
        return True
    trained = trained_networks(evidence)
    if trained and set(one.networks) <= trained:
        # The same object with other weights: trained on, or another epoch's, or drawn anew.
        return one.is_expected is None or restores_digits(student, reference, question) is not False
    if one.is_expected is None:
        return same_as_trained(student, question)
    return False


def restores_digits(student: Student, reference: Expected, question: str) -> bool | None:
    """Whether the network called last in a question is about as good at digits it has not seen as the one trained in 1.1 was."""
    used, trained = student.answer(f"q{question.replace('.', '_')}.autoencoder"), student.answer("q1_1.trained_autoencoder")
    if not isinstance(used, Finding) or not isinstance(trained, Finding):
        return None
    whole = reference.fresh_digits()
    found = [_likeness(examples(one.arrays.get("reconstructed")), whole) for one in (used, trained)]
    return None if None in found else bool(found[0] >= AS_GOOD * found[1])  # type: ignore[operator]


def _likeness(made: np.ndarray, whole: np.ndarray) -> float | None:
    kept = min(len(made), len(whole))
    return float(np.diagonal(correlation(made[:kept], whole[:kept])).mean()) if kept else None


def same_as_trained(student: Student, question: str) -> bool | None:
    """Whether the network used in a question computes what the one trained in 1.1 computes; None when that could not be measured."""
    used, trained = student.answer(f"q{question.replace('.', '_')}.autoencoder"), student.answer("q1_1.trained_autoencoder")
    if not isinstance(used, Finding):
        return None
    if used.facts.get("same_as_trained") is True:
        return True
    if not isinstance(trained, Finding):
        return None
    one, other = examples(used.arrays.get("reconstructed")), examples(trained.arrays.get("reconstructed"))
    kept = min(len(one), len(other))
    return bool(kept) and bool(np.abs(one[:kept] - other[:kept]).max() < SAME)
