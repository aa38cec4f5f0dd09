"""What was seen of PyTorch and matplotlib while the notebook ran; every number is a claim of the student's kernel.

All records carry `order` (one counter over all kinds, so that events can be put in sequence), `cell` (the notebook index of the
running cell) and `question`. Arrays are kept apart, in `Observations.arrays`, and named in the records; "" means none was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class RecurrentLayer:
    """A torch.nn recurrent layer. `kind` is RNN, LSTM or GRU."""

    kind: str
    input_size: int
    hidden_size: int
    num_layers: int
    batch_first: bool
    bidirectional: bool
    parameter_count: int


@dataclass(frozen=True, slots=True)
class Network:
    """A top-level module that was called. `leaves` are (class name, parameter shapes) of its leaf modules in order."""

    id: int
    class_name: str
    parameter_count: int
    recurrent: tuple[RecurrentLayer, ...]
    leaves: tuple[tuple[str, tuple[tuple[int, ...], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkCall:
    """One call of a top-level module.

    `length` is the number of time steps that its first recurrent layer was given in this call (0 when it has none), `batch` the
    batch size seen by that layer (or the first dimension of the input). `fingerprint` identifies the input tensor's values:
    equal fingerprints, equal data. `input` and `output` name kept arrays (the first examples of the first calls of each kind),
    `numbers` the tensors of whole numbers that it was given, in order (of the first calls with and without gradient).
    A `fast_forwarded` call was answered with what the network's recurrent layers had computed earlier.
    """

    order: int
    cell: int
    question: str
    network: int
    training: bool
    with_gradient: bool
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    length: int
    batch: int
    fingerprint: str
    input: str = ""
    output: str = ""
    fast_forwarded: bool = False
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a training call's output was taught, read from the gradient that came back to it, however the loss was written.

    `taught` names an array of the output's shape without its last dimension: the class that the loss asks for at each place, -1 where
    the loss does not depend on the output. `rule` is cross_entropy where the gradient is that of a cross entropy, else other; "" and no
    array when no gradient came back. `scores` says what the output's rows are: scores, probabilities or log_probabilities. `call` is the
    call's order.
    """

    order: int
    cell: int
    question: str
    network: int
    call: int
    rule: str = ""
    scores: str = ""
    taught: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Which sequences of one length a recurrent network read in a section, where they are whole numbers or one-hot codes of such.

    `sequences` names the different ones (N, length); `uses` (2, N) says which of them it learned from, and which it was given without.
    `entries` (4, M) goes through its calls, sequence by sequence: the place among `sequences`, the class with the largest score, the class
    that the loss asked for, and whether it was learned from; -1 where it is not known. Long runs are cut there, not in the others; these
    are not `complete` when there were other values or too many sequences.
    """

    order: int
    cell: int
    question: str
    network: int
    length: int
    complete: bool
    sequences: str = ""
    uses: str = ""
    entries: str = ""


@dataclass(frozen=True, slots=True)
class LossCall:
    """One call of a torch loss. `kind` is the function's name (mse_loss, l1_loss, binary_cross_entropy, cross_entropy, nll_loss, …).

    A difference that was squared or taken the absolute value of by hand before a backward pass is told as squared_difference or
    absolute_difference, with the network's output first and the target, whose fingerprint is unknown (""), second.
    """

    order: int
    cell: int
    question: str
    kind: str
    first_shape: tuple[int, ...]
    second_shape: tuple[int, ...]
    first_fingerprint: str
    second_fingerprint: str
    ignore_index: int | None
    with_gradient: bool
    value: float
    first: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One optimizer step.

    `networks` are the ids of the top-level modules whose parameters it moves; `loss` the value at the last `Tensor.backward` before
    it; `length` and `batch` those of the last training call of one of these networks. `before` and `after` fingerprint the
    parameters, so that a later step can be told to go on from here or to start afresh. `steps_before` counts this optimizer's
    earlier steps. `clipped_to` is the max_norm to which torch clipped all gradients of the step after the last backward pass; None where
    it did not. At an early one of such steps the gradients are made very large to see to which norm the loop's own code brings them, which
    is `limited_to`, before they are made small again. `carried_over` says that gradients of the step before were still there when the first
    backward pass began, `unreached` how many of the recurrent layers that were called had no gradient other than zero. A `fast_forwarded`
    step was counted, not taken.
    """

    order: int
    cell: int
    question: str
    optimizer: int
    optimizer_class: str
    optimizer_parameter_count: int
    networks: tuple[int, ...]
    loss: float
    length: int
    batch: int
    before: str
    after: str
    steps_before: int
    clipped_to: float | None
    fast_forwarded: bool
    carried_over: bool = False
    limited_to: float | None = None
    unreached: int = 0


@dataclass(frozen=True, slots=True)
class DataPass:
    """One pass over a data set was begun: a DataLoader's or a torchtext iterator's `__iter__`. `end_order` is when it ended."""

    order: int
    end_order: int
    cell: int
    question: str
    loader: int
    dataset: int
    dataset_class: str
    dataset_size: int
    batch_size: int


@dataclass(frozen=True, slots=True)
class Transform:
    """A random affine transform was built. Angles in degrees; None where the argument was left out."""

    order: int
    cell: int
    question: str
    id: int
    kind: str
    degrees: tuple[float, ...] | None
    translate: tuple[float, ...] | None
    scale: tuple[float, ...] | None
    shear: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class TransformCall:
    """A random affine transform was applied. `input` and `output` name kept arrays."""

    order: int
    cell: int
    question: str
    transform: int
    input_fingerprint: str
    output_fingerprint: str
    input: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plot, its data points as given to matplotlib (at most 2,000 kept)."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Axes:
    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    images: tuple[str, ...]  # names of kept arrays, (rows, columns) or (rows, columns, channels)
    image_shapes: tuple[tuple[int, ...], ...]
    legend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A matplotlib figure as it stood when it was shown, saved, closed, or when its cell ended."""

    order: int
    cell: int
    question: str
    axes: tuple[Axes, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value logged to TensorBoard."""

    order: int
    cell: int
    question: str
    tag: str
    value: float
    step: int


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Everything observed in one submission. `truncated` names the kinds of record that were cut at their limit."""

    networks: tuple[Network, ...] = ()
    calls: tuple[NetworkCall, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    readings: tuple[Reading, ...] = ()
    losses: tuple[LossCall, ...] = ()
    steps: tuple[Step, ...] = ()
    passes: tuple[DataPass, ...] = ()
    transforms: tuple[Transform, ...] = ()
    transform_calls: tuple[TransformCall, ...] = ()
    figures: tuple[DrawnFigure, ...] = ()
    scalars: tuple[Scalar, ...] = ()
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)
    truncated: tuple[str, ...] = ()

    def network(self, identity: int) -> Network | None:
        return next((network for network in self.networks if network.id == identity), None)
