"""What a student's encoder and decoder do otherwise than asked, so that the checks of their training do not charge it once more."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.checks import Student
from autograder.model.execution import Finding
from reference.judging.found import names, prefix, recurrent_layers
from reference.probes import CASES, KINDS


@dataclass(frozen=True, slots=True)
class Mistaken:
    """What the encoder or the decoder does otherwise than asked, which is charged to their own checks only."""

    kinds: frozenset[str]
    hidden: bool
    layers: bool
    embedding: bool
    vocabulary: bool


def mistaken(question: str, student: Student) -> Mistaken:
    """Kinds of layers that were not asked for, and whether sizes that are passed in are not used."""
    kinds: set[str] = set()
    hidden = layers = embedding = vocabulary = False
    for part, side in (("encoder", "source"), ("decoder", "target")):
        for case in CASES:
            answer = student.answer(f"{prefix(question)}.{part}.{case.name}")
            if isinstance(answer, Finding) and (seen := recurrent_layers(answer)):
                kinds |= {str(layer.get("kind")) for layer in seen}
                hidden |= any(layer.get("hidden_size") != case.hidden for layer in seen)
                layers |= sum(int(layer.get("num_layers", 0)) for layer in seen) != case.layers
                embedding |= getattr(case, f"{side}_embedding") not in [layer.get("input_size") for layer in seen]
                rows = [one.split(" x ")[0] for one in names(answer, "embeddings")]
                vocabulary |= len(rows) == 1 and rows != [str(getattr(case, side))]
    return Mistaken(frozenset(kinds - {KINDS[question]}), hidden, layers, embedding, vocabulary)
