"""What a student's classes agree on among themselves: encoder and decoder may have an interface of their own if the translator uses it."""

from __future__ import annotations

import dataclasses

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import CellStatus, Finding, Raised
from reference.judging.expected import THIN_MARGIN, Array, Expected, close, log_softmax
from reference.judging.found import found, prefix, returned
from reference.probes import CASES


def works_with_own_parts(question: str, student: Student, reference: Expected) -> bool:
    """Whether the translator, with the student's own encoder and decoder, computes what the reference does."""
    for case in CASES:
        probe = f"{prefix(question)}.translator.{case.name}"
        answer = student.answer(probe)
        if not isinstance(answer, Finding) or answer.facts.get("stand_in") or not is_complete(answer):
            return False
        expected = reference.translator(probe)
        if not (
            same_scores(answer.arrays["forced"], expected.forced)
            and (expected.margin < THIN_MARGIN or same_scores(answer.arrays["greedy"], expected.greedy))
        ):
            return False
    return True


def is_complete(finding: Finding) -> bool:
    """Whether a translator's scores with and without teacher forcing were measured."""
    return all(label in finding.arrays for label in ("forced", "greedy", "drawn"))


def same_scores(one: Array, other: Array) -> bool:
    """The same probabilities of every word from the second row on."""
    return one.shape == other.shape and len(one) > 1 and close(log_softmax(one[1:]), log_softmax(other[1:]))


def found_or_agreed(student: Student, evidence: Evidence, question: str, probe: str, name: str, reference: Expected) -> Finding:
    """What was measured of an encoder or a decoder; undecided when only the student's own code can use it, and does so rightly."""
    answer = student.answer(probe)
    if isinstance(answer, Raised):
        if works_with_own_parts(question, student, reference):
            review(f"{name} is used otherwise than the homework says, and the translator works with it. A person looks at it.")
        runs = evidence.runs(question)
        ran = bool(runs) and all(run.status is CellStatus.OK for run in runs) and bool(evidence.observed(question).steps)
        ran = ran or evidence.is_live  # whether the training works with it only shows when the notebook is replayed
        if "cannot be constructed" in answer.sentence and answer.error.startswith("TypeError") and ran:
            review(f"{name} takes other arguments than the homework says, so it could not be tried ({answer.error}). A person looks at it.")
    return found(student, evidence, question, probe)


def agreed_states(finding: Finding, shape: tuple[int, ...], count: int, question: str, student: Student, reference: Expected) -> Finding:
    """An encoder's finding, as the student's own translator uses it where that works: with its sentences as rows, its state last."""
    states = returned(finding, "returned")
    if len(states) == count and all(state.shape == shape for state in states):
        return finding
    turned = returned(finding, "turned")[-count:]
    refused = str(finding.facts.get("refused", ""))
    if len(states) < count or states[-1].shape != shape:
        if len(turned) == count and turned[-1].shape == shape and works_with_own_parts(question, student, reference):
            return dataclasses.replace(finding, arrays={f"returned{k}": state for k, state in enumerate(turned)})
        require(not refused, refused)
    elif works_with_own_parts(question, student, reference):
        return dataclasses.replace(finding, arrays={f"returned{k}": state for k, state in enumerate(states[-count:])})
    return finding


def agreed_scores(finding: Finding, name: str, question: str, student: Student, reference: Expected) -> Finding:
    """A decoder's finding, as the student's own translator uses it where that works: words or scores with a dimension more."""
    scores = returned(finding, "first")
    words = str(finding.facts.get("words", ""))
    surplus = bool(scores) and scores[0].ndim == 3 and 1 in scores[0].shape[:2]
    if not (words or surplus):
        return finding
    if not works_with_own_parts(question, student, reference):
        require(not words, f"{name} takes {words} only; what it has to take is one word of each sentence, of shape (batch,).")
        return finding
    batch = scores[-1].shape[1] if scores[-1].ndim > 1 else 1
    made = {label: finding.arrays[label].reshape(batch, -1) for label in ("first0", "second0") if label in finding.arrays}
    return dataclasses.replace(finding, arrays={**finding.arrays, **made})
