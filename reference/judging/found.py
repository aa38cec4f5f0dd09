"""Reads what a probe of 3.2 or 3.3 brought back: how the weights were placed, what was returned, and what its shapes suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.checks import CheckFailed, Evidence, Student, require
from autograder.model.execution import Absent, Finding
from reference.judging.expected import Array


def prefix(question: str) -> str:
    return f"q{question.replace('.', '_')}"


def found(student: Student, evidence: Evidence, question: str, probe: str) -> Finding:
    """The finding, or the end of the check with the outcome that its absence deserves."""
    evidence.section(question)
    answer = student.answer(probe)
    if isinstance(answer, Absent):
        evidence.missing(question, answer.sentence)
    if evidence.mode == "static":
        evidence.missing(question, "The notebook was not executed.")
    return student.finding(probe)


@contextmanager
def pointing_at(name: str, evidence: Evidence, question: str) -> Iterator[None]:
    """Says of a check that fails in here in which cell the class stands."""
    try:
        yield
    except CheckFailed as failed:
        section = evidence.submission.notebook.section(question)
        cells = [cell.index for cell in section.code if re.search(rf"\b{name}\s*[(:=]", cell.source)] if section else []
        place = f" {name} stands in cell {cells[0]}." if cells else ""
        raise CheckFailed(failed.sentence + place, detail=failed.detail) from failed


def returned(finding: Finding, label: str) -> list[Array]:
    """The tensors `<label>0`, `<label>1`, … in order."""
    return [finding.arrays[f"{label}{k}"] for k in range(8) if f"{label}{k}" in finding.arrays]


def recurrent_layers(finding: Finding) -> list[Mapping[str, Any]]:
    layers = finding.facts.get("recurrent")
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def names(finding: Finding, fact: str) -> list[str]:
    listed = finding.facts.get(fact)
    return [str(name) for name in listed] if isinstance(listed, list) else []


def zeroed(finding: Finding) -> list[str] | None:
    """The biases that the student's layers do without; None when more than biases found no place."""
    missing = names(finding, "missing")
    return missing if all("bias" in name for name in missing) else None


def nonlinearity(finding: Finding) -> str:
    return "relu" if any(layer.get("nonlinearity") == "relu" for layer in recurrent_layers(finding)) else "tanh"


def require_kind(finding: Finding, name: str, kind: str) -> None:
    """Only recurrent layers of the kind that the question asks for."""
    others = sorted({str(layer.get("kind")) for layer in recurrent_layers(finding)} - {kind})
    require(not others, f"{name} is built on {' and '.join(f'nn.{other}' for other in others)}, where nn.{kind} was asked for.")


def shape_hint(seen: Sequence[int], shape: Sequence[int], steps: int, finding: Finding) -> str:
    layers, batch, hidden = shape
    seen = tuple(seen)
    if seen in ((steps, batch, hidden), (batch, steps, hidden)):
        return f" This looks like the outputs of all {steps} time steps, not the final state."
    if any(layer.get("bidirectional") for layer in recurrent_layers(finding)):
        return " The layer reads in both directions, which was not asked for."
    if seen == (batch, layers, hidden):
        return " The layer and batch dimensions are exchanged."
    if len(seen) == 3 and seen[1] == steps and steps != batch:
        return " Batch and time are mixed up: the input is (time, batch)."
    if seen in ((1, batch, hidden), (batch, hidden)) and layers > 1:
        return " This looks like the last layer's state only."
    if seen == (batch, hidden):
        return " The dimension of the layers is missing."
    if seen and seen[-1] != hidden:
        return f" The hidden size {hidden} that was passed seems not to be used."
    if len(seen) == 3 and seen[0] != layers:
        return f" The number of layers {layers} that was passed seems not to be used."
    return ""


def require_embedding(name: str, finding: Finding, vocabulary: int, size: int) -> None:
    """An embedding of the sizes that were passed, where the weights of one found no place."""
    embeddings = names(finding, "embeddings")
    if "embedding.weight" not in names(finding, "missing") or len(embeddings) != 1:
        return
    rows, width = (int(one) for one in embeddings[0].split(" x "))
    require(
        rows == vocabulary,
        f"{name}'s embedding is for {rows} words, where the vocabulary that was passed has {vocabulary}. "
        "Source and target language have vocabularies of their own.",
    )
    require(width == size, f"{name}'s embedding makes vectors of size {width}, where the embedding size {size} was passed.")


def require_repeatable(name: str, finding: Finding) -> None:
    """Nothing random in evaluation mode, and nothing kept from call to call."""
    require(
        finding.facts.get("repeats") is not False,
        f"{name} returns something else when it is called once more with the same input: "
        "it draws random numbers in evaluation mode, or a state is left over from the call before.",
    )


def require_evaluation(name: str, finding: Finding) -> None:
    """No dropout in evaluation mode."""
    require(
        not finding.facts.get("dropout_in_evaluation"),
        f"{name} drops values in evaluation mode too, so the same sentence gets another result each time. "
        "Dropout that is called as a function, or made anew in forward, does not notice model.eval() by itself.",
    )


def require_learning(name: str, finding: Finding) -> None:
    """Every weight that has a place in the network gets a gradient."""
    beyond = names(finding, "leftover")
    stuck = [one for one in names(finding, "without_gradient") if one not in beyond]
    require(not stuck, f"{name}'s values are right, but no gradient reaches {', '.join(stuck[:3])}, so it never learns.")


def ways(finding: Finding, label: str) -> list[tuple[list[Array], bool]]:
    """What a recurrence by hand returned with the weights placed in one way or another, and whether it has biases."""
    return [
        (tensors, bool(finding.arrays[f"way{k}.biases"].any()))
        for k in range(8)
        if (tensors := returned(finding, f"way{k}.{label}")) and f"way{k}.biases" in finding.arrays
    ]


def behaves(name: str, finding: Finding) -> str:
    """A recurrence of the student's own making: it has to depend on all its inputs and to train; then a person looks at it."""
    influence = finding.facts.get("influence")
    if isinstance(influence, list):
        without = [str(k + 1) for k, changes in enumerate(influence) if not changes]
        require(
            not without,
            f"What {name} returned does not depend on all of its input: a change of input {', '.join(without)} makes no difference.",
        )
    untrained = names(finding, "without_gradient")
    if untrained:
        stuck = ", ".join(untrained[:3])
        return f"{name} computes its recurrence in its own way, and has parameters that never learn ({stuck}). A person looks at it."
    return (
        f"{name} computes its recurrence in its own way. It depends on every input and can be trained; a person looks whether it is right."
    )
