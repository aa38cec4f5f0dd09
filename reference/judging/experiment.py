"""2.2: the training runs of the experiment, what carried over from one to the next, and which data was only looked at."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.model.observations import DataPass, Network, NetworkCall, Observations, Step
from reference.judging.readings import Read, readings

LENGTHS = (5, 10, 30)
HIDDEN, LAYERS, CLASSES, TOKENS = 128, 2, 19, 11
KINDS = ("RNN", "LSTM")


@dataclass(frozen=True, slots=True)
class Run:
    """Steps of one network, one after the other, on sequences of one length."""

    network: Network
    length: int
    steps: tuple[Step, ...]

    @property
    def kind(self) -> str:
        return self.network.recurrent[0].kind

    @property
    def optimizers(self) -> frozenset[int]:
        return frozenset(step.optimizer for step in self.steps)

    @property
    def parameters_given(self) -> int:
        """How many parameters its optimizers have in all."""
        return sum({step.optimizer: step.optimizer_parameter_count for step in self.steps}.values())

    @property
    def moves_all_recurrent_weights(self) -> bool:
        return self.parameters_given >= sum(layer.parameter_count for layer in self.network.recurrent)

    @property
    def before(self) -> str:
        """The fingerprint of the weights that the run began with, "" when unknown."""
        return self.steps[0].before

    @property
    def after(self) -> str:
        """The fingerprint of the weights that the run ended with, "" when unknown."""
        return next((step.after for step in reversed(self.steps) if step.after), "")


def training_runs(observed: Observations) -> tuple[Run, ...]:
    """The runs of all networks with recurrent layers, in the order in which they began."""
    networks = {network.id: network for network in observed.networks if network.recurrent}
    open_runs: dict[int, list[Step]] = {}
    found: list[tuple[int, Run]] = []

    def close(identity: int) -> None:
        steps = open_runs.pop(identity, [])
        if steps:
            found.append((steps[0].order, Run(networks[identity], steps[0].length, tuple(steps))))

    for step in observed.steps:
        for identity in step.networks:
            if identity not in networks:
                continue
            earlier = open_runs.get(identity)
            if earlier and (earlier[-1].length != step.length or _starts_afresh(earlier[-1], step)):
                close(identity)
            open_runs.setdefault(identity, []).append(step)
    for identity in list(open_runs):
        close(identity)
    return tuple(run for _, run in sorted(found, key=lambda pair: pair[0]))


def runs_without_steps(observed: Observations) -> tuple[Run, ...]:
    """What would have been training runs, had an optimizer moved the network: called for a loss on sequences of a length asked for."""
    if not any(loss.with_gradient for loss in observed.losses):
        return ()
    networks = {network.id: network for network in observed.networks if network.recurrent}
    found: dict[tuple[int, int], Run] = {}
    for call in observed.calls:
        asked_for = call.length in LENGTHS or call.batch in LENGTHS
        if call.network in networks and call.with_gradient and asked_for and (call.network, call.length) not in found:
            found[call.network, call.length] = Run(networks[call.network], call.length, (_no_step(call),))
    return tuple(found.values())


def runs_of_idle_networks(observed: Observations) -> tuple[Run, ...]:
    """Those of the kind of network that a loss was traced back to, but that no optimizer moved."""
    moved = {run.kind for run in training_runs(observed)}
    taught = {(read.network, read.length) for read in readings(observed) if read.learned.any()}
    idle = (run for run in runs_without_steps(observed) if (run.network.id, run.length) in taught)
    return tuple(run for run in idle if run.kind in KINDS and run.kind not in moved)


def _no_step(call: NetworkCall) -> Step:
    return Step(
        call.order,
        call.cell,
        call.question,
        optimizer=0,
        optimizer_class="",
        optimizer_parameter_count=0,
        networks=(call.network,),
        loss=math.nan,
        length=call.length,
        batch=call.batch,
        before="",
        after="",
        steps_before=0,
        clipped_to=None,
        fast_forwarded=False,
    )


def _starts_afresh(earlier: Step, later: Step) -> bool:
    return bool(earlier.after and later.before) and earlier.after != later.before and later.steps_before <= earlier.steps_before


def mixed_up(run: Run) -> bool:
    """Whether the layer took the examples of a batch for time steps."""
    return run.length not in LENGTHS and run.steps[0].batch in LENGTHS


def tokens(run: Run) -> int:
    """The length of the sequences, also where the layer took the batch for it."""
    return run.steps[0].batch if mixed_up(run) else run.length


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What a run on one length took over from a run on another. `what` is network or optimizer."""

    what: str
    earlier: Run
    later: Run


def carried_over(runs: tuple[Run, ...]) -> Iterator[CarryOver]:
    """Every network or optimizer that went from one length to another."""
    for index, later in enumerate(runs):
        for earlier in runs[:index]:
            if tokens(earlier) == tokens(later):
                continue
            same_network = earlier.network.id == later.network.id and not (earlier.after and later.before)
            same_weights = bool(later.before) and any(later.before == step.after for step in earlier.steps if step.after)
            if same_network or same_weights:
                yield CarryOver("network", earlier, later)
            elif earlier.optimizers & later.optimizers and later.steps[0].steps_before > 0:
                yield CarryOver("optimizer", earlier, later)


def head(network: Network) -> tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]:
    """The layers with weights other than the recurrent ones, as (class, shapes)."""
    return tuple((name, shapes) for name, shapes in network.leaves if shapes and name.removesuffix("Cell") not in ("RNN", "LSTM", "GRU"))


def embeds_tokens(network: Network) -> bool:
    """Whether an embedding of the tokens stands before the recurrent layers: a table, or a linear layer on the one-hot token."""
    size = network.recurrent[0].input_size
    return any(
        (name == "Embedding" and shapes and shapes[0][0] >= TOKENS - 1 and shapes[0][1] == size)
        or (name == "Linear" and shapes and shapes[0] == (size, TOKENS))
        for name, shapes in network.leaves
    )


def classes(network: Network) -> int:
    """The outputs of the linear layer with as many as there should be, else of the last one; 0 without any."""
    outputs = [shapes[0][0] for name, shapes in network.leaves if name == "Linear" and shapes]
    return CLASSES if CLASSES in outputs else next(reversed(outputs), 0)


def validates_on_training_data(observed: Observations, runs: tuple[Run, ...]) -> bool:
    """Whether networks were evaluated, and only on what they were trained on: equal fingerprints or first rows are equal data."""
    if "calls" in observed.truncated or "arrays" in observed.truncated:
        return False
    known = {(read.network, read.length): read for read in readings(observed)}
    judged = [_tried_on_nothing_new(observed, run, known.get((run.network.id, run.length))) for run in runs if not mixed_up(run)]
    verdicts = [verdict for verdict in judged if verdict is not None]
    return bool(verdicts) and all(verdicts)


def _tried_on_nothing_new(observed: Observations, run: Run, read: Read | None) -> bool | None:
    """By all that was read, where that is known; the same data set is the same, even when some of its sequences were never drawn."""
    by_sequence = read.tried_on_nothing_new if read is not None else None
    by_call = _only_training_data(observed, run)
    return by_call if by_call or by_sequence is None else by_sequence


def evaluates_one_set_only(observed: Observations, runs: tuple[Run, ...]) -> bool:
    """Whether every network was evaluated more than once, and always on the same data."""
    if "calls" in observed.truncated:
        return False
    evaluated = [{call.fingerprint for call in _calls(observed, run)[1]} for run in runs]
    return bool(evaluated) and all(len(fingerprints) == 1 for fingerprints in evaluated)


def _only_training_data(observed: Observations, run: Run) -> bool | None:
    """None when the network was never evaluated, or on data of which nothing was kept."""
    trained, evaluated = _calls(observed, run)
    if not trained or not evaluated:
        return None
    fingerprints = {call.fingerprint for call in trained}
    rows = {row for call in trained for row in _rows(observed, call)}
    orders = [step.order for step in run.steps]
    datasets = {one.dataset for one in observed.passes if _steps_within(orders, one)}
    unknown = False
    for call in evaluated:
        if call.fingerprint in fingerprints or _looked_through(observed, run, call) & datasets:
            continue
        own = _rows(observed, call)
        if not own:
            unknown = True
        elif len(own) < 2 or not own <= rows:
            return False
    return None if unknown else True


def _looked_through(observed: Observations, run: Run, call: NetworkCall) -> set[int]:
    """The data set whose batches were only looked at when the call was made, if it was one."""
    around = [one for one in observed.passes if one.order < call.order < one.end_order]
    orders = [step.order for step in run.steps]
    return {one.dataset for one in around[-1:] if not _steps_within(orders, one)}


def _steps_within(orders: list[int], one: DataPass) -> bool:
    """Whether a step was taken while a data set was gone through; `orders` rise."""
    return bisect.bisect_right(orders, one.order) < bisect.bisect_left(orders, one.end_order)


def _calls(observed: Observations, run: Run) -> tuple[list[NetworkCall], list[NetworkCall]]:
    """A run's calls: those that a step follows at once, and the others."""
    calls = [call for call in observed.calls if call.network == run.network.id and call.length == run.length]
    trained: list[NetworkCall] = []
    evaluated: list[NetworkCall] = []
    orders = [step.order for step in run.steps]
    for call, following in itertools.zip_longest(calls, calls[1:]):
        place = bisect.bisect_right(orders, call.order)
        stepped = place < len(orders) and (following is None or orders[place] < following.order)
        (trained if call.with_gradient and stepped else evaluated).append(call)
    return trained, evaluated


def _rows(observed: Observations, call: NetworkCall) -> set[bytes]:
    values = observed.arrays.get(call.input)
    return set() if values is None or values.ndim < 2 else {row.tobytes() for row in values}
