"""2.2: whether the steps of a training run teach the network: all of its weights, by the gradients of their own batches."""

from __future__ import annotations

from autograder.checks import require
from reference.judging.experiment import Run


def require_learning(run: Run, unheard: int) -> None:
    """Requires that each step moves all of the network, by the gradient of its own batch; `unheard` layers cannot have one."""
    taken = [step for step in run.steps if not step.fast_forwarded]
    where = f"of the {run.kind} at length {run.length}"
    require(
        run.moves_all_recurrent_weights,
        f"Training should change all weights of the network, but the optimizer {where} was given {run.parameters_given:,} parameters, "
        f"fewer than the recurrent layers alone have.",
    )
    require(
        not taken or any(step.before != step.after or not step.before for step in taken),
        f"The steps of the optimizer {where} change no weight, so nothing is learned: there is no gradient when they are taken.",
    )
    require(
        not taken or min(step.unreached for step in taken) <= unheard,
        f"Training should change all weights of the network, but no gradient comes back to the recurrent layers {where}.",
    )
    kept = sum(step.carried_over for step in taken)
    require(
        kept <= len(taken) / 2,
        f"Each step should follow the gradient of its own batch, but at {kept} of {len(taken)} steps {where} those of the batches before "
        f"were still there and were added to it.",
    )
