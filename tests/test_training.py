"""Training runs read from made-up observations."""

from __future__ import annotations

from dataclasses import replace

from autograder.model.observations import DataPass, NetworkCall, Observations, Step
from autograder.training import runs

STEP = Step(0, 1, "q", 1, "Adam", 10, (1,), 1.0, 5, 4, "", "", 0, None, False)
PASS = DataPass(0, 0, 1, "q", 1, 1, "TensorDataset", 8, 4)
CALL = NetworkCall(0, 1, "q", 1, True, True, (4, 5, 2), (4, 3), 5, 4, "f")


def steps(count: int, start: int = 0, weights: str = "w", **changes: object) -> list[Step]:
    """Consecutive steps, ten orders apart, whose weights are named after their count; `weights` names the line they belong to."""
    made = []
    for number in range(count):
        before, after = f"{weights}{number}", f"{weights}{number + 1}"
        order = 10 * (start + number) + 5
        step = replace(STEP, order=order, loss=1.0 / (1 + number), before=before, after=after, steps_before=number)
        made.append(replace(step, **changes))  # type: ignore[arg-type]
    return made


def observed(*parts: list[Step], passes: tuple[DataPass, ...] = (), calls: tuple[NetworkCall, ...] = ()) -> Observations:
    """Observations of these steps, in the order of time."""
    return Observations(steps=tuple(step for part in parts for step in part), passes=passes, calls=calls)


def test_nothing_seen_is_no_run() -> None:
    """Without steps there are no runs."""
    assert runs(Observations()) == ()


def test_one_loop_is_one_run() -> None:
    """Steps that go on from one another are one run, with its losses and its first and last weights."""
    (run,) = runs(observed(steps(3)))
    assert (run.network, run.optimizer, run.length, run.before, run.after) == (1, 1, 5, "w0", "w3")
    assert run.losses == (1.0, 0.5, 1 / 3)
    assert not run.carried_from_earlier


def test_six_trainings_are_six_runs() -> None:
    """Networks and optimizers made anew for each length are runs of their own that carry nothing over."""
    parts = [steps(4, 10 * k, f"n{k}.", networks=(k,), optimizer=k, length=length) for k, length in enumerate((5, 5, 10, 10, 30, 30))]
    found = runs(observed(*parts))
    assert [(run.network, run.length, len(run.steps)) for run in found] == [
        (0, 5, 4),
        (1, 5, 4),
        (2, 10, 4),
        (3, 10, 4),
        (4, 30, 4),
        (5, 30, 4),
    ]
    assert not any(run.carried_from_earlier for run in found)


def test_a_network_that_goes_on_is_cut_by_length() -> None:
    """One network on three lengths, one after the other, is three runs, of which the later ones carry over."""
    whole = steps(12)
    lengths = [replace(step, length=(5, 10, 30)[place // 4]) for place, step in enumerate(whole)]
    assert [(run.length, run.carried_from_earlier) for run in runs(observed(lengths))] == [(5, False), (10, True), (30, True)]


def test_copied_weights_carry_over() -> None:
    """Another network that begins with what an earlier one had learned on another length carries over."""
    first, second = steps(3), steps(3, 3, "v", networks=(2,), optimizer=2, length=10)
    second[0] = replace(second[0], before="w3")
    assert [run.carried_from_earlier for run in runs(observed(first, second))] == [False, True]


def test_an_optimizer_kept_for_another_network_carries_over() -> None:
    """An optimizer with steps on another length carries its state over."""
    first = steps(3)
    second = [replace(step, steps_before=step.steps_before + 3) for step in steps(3, 3, "v", networks=(2,), length=10)]
    assert [run.carried_from_earlier for run in runs(observed(first, second))] == [False, True]


def test_varying_lengths_are_one_run() -> None:
    """Sentences whose lengths change from batch to batch are one run without a length."""
    whole = [replace(step, length=(7, 9, 7, 12, 9, 9)[place % 6]) for place, step in enumerate(steps(18))]
    (run,) = runs(observed(whole))
    assert (run.length, len(run.steps)) == (0, 18)


def test_buckets_in_every_epoch_are_one_run() -> None:
    """Two batches of different lengths in each of several epochs are one run."""
    whole = [replace(step, length=(21, 34)[place % 2]) for place, step in enumerate(steps(20))]
    passes = tuple(replace(PASS, order=20 * epoch + 1, end_order=20 * epoch + 18) for epoch in range(10))
    (run,) = runs(observed(whole, passes=passes))
    assert (run.length, run.epochs) == (0, 10)


def test_lengths_taken_in_turn_by_whole_passes_are_runs() -> None:
    """When whole passes over one length alternate with whole passes over another, each stretch is a run."""
    whole = [replace(step, length=(5, 10)[place // 2 % 2]) for place, step in enumerate(steps(8))]
    passes = tuple(replace(PASS, order=20 * k + 1, end_order=20 * k + 18, dataset=1 + k % 2) for k in range(4))
    assert [(run.length, len(run.steps)) for run in runs(observed(whole, passes=passes))] == [(5, 2), (10, 2), (5, 2), (10, 2)]


def test_an_optimizer_made_anew_does_not_end_a_run() -> None:
    """Weights that go on within a cell are one run, whichever optimizer moves them; in another cell they are another."""
    whole = [replace(step, optimizer=1 + place // 3, steps_before=place % 3) for place, step in enumerate(steps(9))]
    assert [len(run.steps) for run in runs(observed(whole))] == [9]
    later = [replace(step, cell=2) if step.optimizer == 3 else step for step in whole]
    assert [len(run.steps) for run in runs(observed(later))] == [6, 3]


def test_training_afresh_is_another_run() -> None:
    """Weights set back and a new optimizer begin another run of the same network on the same length."""
    found = runs(observed(steps(3), steps(3, 3, optimizer=2)))
    assert [(run.optimizer, run.before, run.carried_from_earlier) for run in found] == [(1, "w0", False), (2, "w0", False)]


def test_interleaved_networks_are_told_apart() -> None:
    """Two networks trained in one loop are two runs, also when one step moves both."""
    both = [replace(step, networks=(1, 2)) for step in steps(3)]
    assert [(run.network, len(run.steps)) for run in runs(observed(both))] == [(1, 3), (2, 3)]


def test_epochs_are_the_most_that_is_seen() -> None:
    """Passes with steps, examples over the data set's size, and inputs that return each tell of epochs; other passes do not count."""
    whole = steps(6)
    passes = tuple(replace(PASS, order=20 * epoch + 1, end_order=20 * epoch + 18) for epoch in range(3))
    idle = replace(PASS, order=100, end_order=110, dataset=2)
    assert [run.epochs for run in runs(observed(whole, passes=(*passes, idle)))] == [3]
    endless = replace(PASS, order=0, end_order=1000, dataset_size=4)
    assert [run.epochs for run in runs(observed(whole, passes=(endless,)))] == [6]
    calls = tuple(replace(CALL, order=10 * place + 1, fingerprint="ab"[place % 2]) for place in range(6))
    assert [run.epochs for run in runs(observed(whole, calls=calls))] == [3]
    assert [run.epochs for run in runs(observed(whole))] == [0]


def test_skipped_steps_are_counted_apart() -> None:
    """Steps that were fast-forwarded belong to the run, but their losses do not."""
    whole = [replace(step, fast_forwarded=place >= 2, after=step.after if place < 2 else "w2") for place, step in enumerate(steps(5))]
    whole = [replace(step, before="w2") if step.fast_forwarded else step for step in whole]
    (run,) = runs(observed(whole))
    assert (len(run.steps), run.taken, run.fast_forwarded, run.after) == (5, 2, 3, "w2")
    assert run.losses == (1.0, 0.5)
