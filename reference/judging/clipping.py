"""Judges to what a training clipped its gradients, with torch's function or with code of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.checks import require, review
from autograder.model.observations import Step

CLIP = 1.0
NEARLY = 0.01  # of the limit; many add a small number to the norm before they divide by it
NO_LIMIT = 100.0  # a norm that no clipping leaves behind, in gradients that were made large to see what becomes of them


def judge_clipping(steps: Sequence[Step], where: str) -> None:
    """Requires the norm of all gradients to be limited to 1 between the backward pass and each step."""
    clipped = Counter(step.clipped_to for step in steps if not step.fast_forwarded) or Counter(step.clipped_to for step in steps)
    if None in clipped:
        limits = [step.limited_to for step in steps if step.limited_to is not None]
        if not limits:
            review(f"The gradients in {where} are not clipped by torch's function, and whether they are otherwise could not be seen.")
        require(
            max(limits) < NO_LIMIT,
            f"All gradients are to be clipped at {CLIP:g} after the backward pass and before each step; "
            f"for {clipped[None]} of {clipped.total()} steps in {where}, not all of them were.",
        )
        clipped[_nearly(max(limits))] += clipped.pop(None)
    others = [value for value in clipped if value is not None and value != CLIP]
    require(
        not others,
        f"The norm of all gradients is to be clipped at {CLIP:g}; in {where} it was at {', '.join(f'{value:.3g}' for value in others)}.",
    )


def _nearly(limit: float) -> float:
    return CLIP if abs(limit - CLIP) <= NEARLY * CLIP else limit
