"""Scenarios in a process with the observers installed; each is one or more cells of a made-up notebook."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from observing import Seen, watch

from autograder.kernel.inside.values import examples

LOOP = """
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.rand(20, 6), torch.rand(20, 2))
loader = DataLoader(data, batch_size=8, shuffle=True)
model = nn.Sequential(nn.Linear(6, 5), nn.Dropout(0.2), nn.Linear(5, 2))
optimizer, criterion = optim.Adam(model.parameters(), lr=0.01), nn.MSELoss()
said["losses"] = []
for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        said["losses"].append(loss.item())
model.eval()
with torch.no_grad():
    said["output"] = model(torch.ones(1, 6)).tolist()
said["random"] = torch.rand(1).item()
"""

CLASSES = """
class Tagger(nn.Module):
    def __init__(self, layer, head=3):
        super().__init__()
        self.layer, self.head = layer, nn.Linear(layer.hidden_size, head)
    def forward(self, x):
        output = self.layer(x)[0]
        return self.head(output.data if hasattr(output, "batch_sizes") else output)
"""

SCENARIOS: dict[str, str | list[str]] = {
    "loop": LOOP,
    "raising": """
class Fussy(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = nn.Linear(2, 2)
    def forward(self, x):
        if x.sum() > 5:
            raise ValueError("too much")
        return self.part(x)
model = Fussy()
for value in (9.0, 1.0):
    try:
        model(torch.full((1, 2), value))
    except ValueError:
        said["raised"] = True
""",
    "direct": CLASSES
    + """
model = Tagger(nn.RNN(4, 5, batch_first=True))
optimizer = optim.SGD(model.parameters(), lr=0.1)
model.forward(torch.rand(2, 7, 4)).sum().backward()
optimizer.step()
""",
    "uncalled": """
class Methods(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
    def compute(self, x):
        return (x * self.weight).sum()
model = Methods()
optimizer = optim.SGD(model.parameters(), lr=0.1)
model.compute(torch.rand(3)).backward()
optimizer.step()
""",
    "nested": """
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.GRU(3, 4, 2, bidirectional=True), nn.Linear(8, 2)
    def forward(self, x):
        return self.two(self.one(x)[0])
model = Pair()
model.one(torch.rand(5, 2, 3))
optimizer = optim.Adam(model.parameters())
model(x=torch.rand(6, 2, 3)).sum().backward()
optimizer.step()
""",
    "lengths": CLASSES
    + """
from torch.nn.utils.rnn import pack_padded_sequence
Tagger(nn.LSTM(4, 5, batch_first=True))(torch.rand(2, 7, 4))
Tagger(nn.LSTM(4, 5))(torch.rand(8, 3, 4))
Tagger(nn.RNN(4, 5))(torch.rand(9, 4))
Tagger(nn.GRU(4, 5, batch_first=True))(pack_padded_sequence(torch.rand(3, 6, 4), [6, 5, 2], batch_first=True))
class Looping(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.layer = nn.LSTMCell(4, 5), nn.RNN(4, 5, batch_first=True)
    def forward(self, x, by_cell):
        state = None
        for position in range(x.shape[1]):
            if by_cell:
                state = self.cell(x[:, position], state)
            else:
                out, state = self.layer(x[:, position : position + 1], state)
        return state[0]
Looping()(torch.rand(2, 11, 4), True)
Looping()(torch.rand(2, 12, 4), False)
nn.LSTM(4, 5)(torch.rand(13, 2, 4))
""",
    "losses": """
x, y = torch.rand(4, 3, requires_grad=True), torch.rand(4, 3)
nn.L1Loss()(x, y)
F.binary_cross_entropy(torch.sigmoid(x), y)
nn.CrossEntropyLoss(ignore_index=1)(x, torch.tensor([0, 1, 2, 0]))
F.nll_loss(input=F.log_softmax(x, -1), target=torch.tensor([0, 1, 2, 0]))
with torch.no_grad():
    F.smooth_l1_loss(x, y)
""",
    "by_hand": """
model, target = nn.Linear(3, 2), torch.arange(8.0).reshape(4, 2)
optimizer = optim.SGD(model.parameters(), lr=0.01)
for sign in (1, -1):
    optimizer.zero_grad()
    output = model(torch.rand(4, 3))
    (((output - target) if sign > 0 else (target - output)) ** 2).mean().backward()
    optimizer.step()
output = model(torch.rand(4, 3))
(output - target).abs().mean().backward()
optimizer.step()
""",
    "clipping": """
model = nn.Linear(3, 1)
optimizer = optim.RMSprop(model.parameters())
for step in range(3):
    model(torch.rand(2, 3)).sum().backward()
    if step == 1:
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5)
    if step == 2:
        nn.utils.clip_grad_value_(model.parameters(), 2)
    optimizer.step()
""",
    "closure": """
model, x, y = nn.Linear(3, 1), torch.rand(6, 3), torch.rand(6, 1)
optimizer = optim.LBFGS(model.parameters(), max_iter=3)
def closure():
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    return loss
for _ in range(2):
    optimizer.step(closure)
""",
    "accumulation": """
model = nn.Linear(3, 1)
optimizer = optim.SGD(model.parameters(), lr=0.1)
for count in range(6):
    loss = model(torch.full((2, 3), float(count))).sum()
    loss.backward()
    if count % 3 == 2:
        said.setdefault("losses", []).append(loss.item())
        optimizer.step()
        optimizer.zero_grad()
""",
    "shared": """
one, two = nn.Linear(2, 2), nn.Linear(2, 2)
optimizer = optim.SGD([*one.parameters(), *two.parameters()], lr=0.1)
for model in (one, one, two):
    model(torch.rand(1, 2)).sum().backward()
    optimizer.step()
""",
    "in_place": """
class Overwriting(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
    def forward(self, x):
        x[:, 0] = 9
        return x * self.scale
Overwriting()(torch.ones(3, 2))
""",
    "broken_off": """
from torch.utils.data import DataLoader
loader = DataLoader(list(range(10)), batch_size=2)
for batch in loader:
    break
next(iter(loader))
list(loader)
model = nn.Linear(1, 1)
model(torch.ones(1, 1))
""",
    "figures": """
import matplotlib.pyplot as plt
import numpy as np
plt.plot([3, 2, 1], label="train"); plt.plot([4, 3, 2.5], label="validation"); plt.legend(); plt.title("Loss"); plt.xlabel("epoch")
plt.ylabel("loss")
plt.savefig("first.png")
plt.plot([9, 9])
plt.close()
figure, axes = plt.subplots(1, 3)
figure.suptitle("Images")
axes[0].imshow(np.arange(6).reshape(2, 3)); axes[1].imshow(np.zeros((1000, 10, 3))); axes[2].scatter([1, 2], [3, 4])
plt.figure()
plt.plot(np.arange(5000))
""",
    "redrawn": """
import matplotlib.pyplot as plt
figure = plt.figure()
for length in (5, 10):
    for points in (2, 3):
        plt.clf()
        plt.plot(range(points)); plt.title(f"length {length}")
        figure.savefig("redrawn.png")
plt.close(figure)
plt.figure(); plt.close()
""",
    "bars": """
import matplotlib.pyplot as plt
plt.figure(); plt.bar(range(1, 13), [12.5 - n for n in range(12)], label="loss")
plt.figure(); plt.bar(["RNN", "LSTM"], [0.5, 0.9])
plt.figure(); plt.hist([0.1, 0.2, 0.2, 0.3], bins=12)
""",
    "scalars": """
import sys, types
from torch.utils.tensorboard import SummaryWriter
writer = SummaryWriter()
writer.add_scalar("loss", torch.tensor(0.5), 3)
writer.add_scalar("loss", 0.25)
""",
    "unwatched": ["model = nn.Linear(2, 2)\nmodel(torch.rand(1, 2))", "# between cells\nmodel(torch.rand(1, 2))"],
    "forgotten": [
        """
import gc, weakref
model = nn.Linear(2, 2)
optimizer = optim.SGD(model.parameters(), lr=0.1)
outputs = []
for _ in range(20):
    output = model(torch.rand(1, 2))
    outputs.append(weakref.ref(output))
    output.sum().backward()
    optimizer.step()
del output
said["outputs"] = sum(reference() is not None for reference in outputs)
alive = weakref.ref(nn.Linear(3, 3))
called = nn.Linear(4, 4)
called(torch.rand(1, 4))
reference = weakref.ref(called)
del called
gc.collect()
said["called"] = reference() is not None
"""
    ],
    "full": """
from harness_inside import store
store.LIMITS["losses"] = len(store.store.records["losses"]) + 2
for _ in range(4):
    F.mse_loss(torch.ones(2), torch.zeros(2))
store.LIMITS["losses"] = 20_000
""",
    "odd": """
class Strange(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
    def forward(self, *args):
        return {"text": "nothing here"}
Strange()("no tensor at all", None)
torch.func.vmap(nn.Linear(2, 2))(torch.rand(3, 2))
with torch.inference_mode():
    nn.GRU(2, 2)(torch.rand(3, 1, 2))
nn.Linear(2, 2)(torch.rand(0, 2))
""",
}
BEFORE = """
import sys, types
module = types.ModuleType("torch.utils.tensorboard")
class SummaryWriter:
    def add_scalar(self, tag, scalar_value, global_step=None):
        return None
module.SummaryWriter = SummaryWriter
torch.utils.tensorboard = sys.modules["torch.utils.tensorboard"] = module
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """All scenarios, run once."""
    return watch(tmp_path_factory.mktemp("watched"), SCENARIOS, bare={"loop_bare": LOOP, "before": BEFORE})


def test_watching_changes_no_result(seen: Seen) -> None:
    """A training gives the same losses, outputs and random numbers with and without the observers."""
    assert seen.said["loop"] == seen.said["loop_bare"]


def test_a_training_loop_is_seen_whole(seen: Seen) -> None:
    """Every call, loss, step and pass of a plain training loop is recorded with its sizes and values."""
    observed, losses = seen.of("loop"), seen.said["loop"]["losses"]
    network = observed.network(observed.steps[0].networks[0])
    assert network is not None
    assert (network.class_name, network.parameter_count) == ("Sequential", 47)
    assert network.leaves == (("Linear", ((5, 6), (5,))), ("Dropout", ()), ("Linear", ((2, 5), (2,))))
    assert [step.loss for step in observed.steps] == pytest.approx(losses)
    assert [step.steps_before for step in observed.steps] == list(range(9))
    assert [step.batch for step in observed.steps] == [8, 8, 4] * 3
    assert {step.optimizer_class for step in observed.steps} == {"Adam"}
    assert {step.optimizer_parameter_count for step in observed.steps} == {47}
    assert [loss.value for loss in observed.losses] == pytest.approx(losses)
    assert {loss.kind for loss in observed.losses} == {"mse_loss"}
    assert [(one.dataset_class, one.dataset_size, one.batch_size) for one in observed.passes] == [("TensorDataset", 20, 8)] * 3
    inside = [sum(one.order < step.order < one.end_order for step in observed.steps) for one in observed.passes]
    assert inside == [3, 3, 3]
    assert [call.training for call in observed.calls] == [True] * 9 + [False]
    assert [call.with_gradient for call in observed.calls] == [True] * 9 + [False]


def test_steps_are_chained_by_fingerprints(seen: Seen) -> None:
    """A step begins with the weights that the step before it left, and changes them."""
    steps = seen.of("loop").steps
    assert all(later.before == earlier.after for earlier, later in itertools.pairwise(steps))
    assert all(step.before != step.after for step in steps)


def test_first_and_last_calls_are_kept(seen: Seen) -> None:
    """The inputs and outputs of six first and of the last training calls are kept, eight examples of each at most."""
    observed = seen.of("loop")
    kept = [bool(call.input and call.output) for call in observed.calls]
    assert all(kept)
    assert observed.arrays[observed.calls[0].input].shape == (8, 6)
    assert observed.arrays[observed.calls[0].output].shape == (8, 2)
    loss = observed.losses[0]
    np.testing.assert_array_equal(observed.arrays[loss.first], observed.arrays[observed.calls[0].output])
    assert loss.first_shape == (8, 2)


def test_equal_inputs_have_equal_fingerprints(seen: Seen) -> None:
    """The same values give the same fingerprint, other values another."""
    losses = seen.of("losses").losses
    assert losses[0].first_fingerprint == losses[4].first_fingerprint
    assert losses[0].second_fingerprint == losses[1].second_fingerprint
    assert losses[0].first_fingerprint != losses[0].second_fingerprint


def test_an_error_within_a_network_is_survived(seen: Seen) -> None:
    """After a forward pass that raised, the next call is still seen as a top-level call."""
    observed = seen.of("raising")
    assert seen.said["raising"]["raised"]
    assert len(observed.calls) == 1


def test_forward_may_be_called_directly(seen: Seen) -> None:
    """A network whose forward method is called by name is recorded like one that is called."""
    observed = seen.of("direct")
    assert [(call.length, call.batch) for call in observed.calls] == [(7, 2)]
    assert observed.steps[0].networks == (observed.calls[0].network,)
    network = observed.network(observed.calls[0].network)
    assert network is not None
    assert network.class_name == "Tagger"


def test_a_network_that_is_never_called_is_found_by_its_parameters(seen: Seen) -> None:
    """A module that is only used through methods of its own still belongs to the steps of its optimizer."""
    observed = seen.of("uncalled")
    network = observed.network(observed.steps[0].networks[0])
    assert network is not None
    assert (network.class_name, network.parameter_count) == ("Methods", 3)


def test_parts_belong_to_the_whole(seen: Seen) -> None:
    """Calls within a network are not recorded, and a step names the whole network even when a part was called alone before."""
    observed = seen.of("nested")
    classes = [observed.network(call.network).class_name for call in observed.calls]  # type: ignore[union-attr]
    assert classes == ["GRU", "Pair"]
    assert observed.steps[0].networks == (observed.calls[1].network,)
    whole = observed.network(observed.calls[1].network)
    assert whole is not None
    assert [(layer.kind, layer.num_layers, layer.bidirectional, layer.batch_first) for layer in whole.recurrent] == [
        ("GRU", 2, True, False)
    ]


def test_lengths_and_batches_are_those_of_the_first_recurrent_layer(seen: Seen) -> None:
    """Time steps and batch sizes are read in every layout that torch accepts."""
    observed = seen.of("lengths")
    assert [(call.length, call.batch) for call in observed.calls] == [(7, 2), (8, 3), (9, 1), (6, 3), (11, 2), (12, 2), (13, 2)]


def test_losses_are_told_apart(seen: Seen) -> None:
    """Each loss function is recorded under its name, with the index it ignores and whether it has a gradient."""
    observed = seen.of("losses")
    assert [(loss.kind, loss.ignore_index, loss.with_gradient) for loss in observed.losses] == [
        ("l1_loss", None, True),
        ("binary_cross_entropy", None, True),
        ("cross_entropy", 1, True),
        ("nll_loss", -100, True),
        ("smooth_l1_loss", None, False),
    ]


def test_a_difference_squared_by_hand_tells_the_target(seen: Seen) -> None:
    """Losses written without a loss function are recorded with the network's output and the target, whichever is subtracted."""
    observed = seen.of("by_hand")
    assert [loss.kind for loss in observed.losses] == ["squared_difference", "squared_difference", "absolute_difference"]
    for loss in observed.losses[:2]:
        np.testing.assert_allclose(observed.arrays[loss.second], np.arange(8.0).reshape(4, 2), atol=1e-5)


def test_clipping_belongs_to_the_next_step(seen: Seen) -> None:
    """A step says to what norm gradients were clipped since the step before; clipping each value limits no norm."""
    assert [step.clipped_to for step in seen.of("clipping").steps] == [None, 0.5, None]


def test_steps_with_closures_are_seen(seen: Seen) -> None:
    """An optimizer that calls a closure makes one step, which knows the network and its loss."""
    steps = seen.of("closure").steps
    assert [step.steps_before for step in steps] == [0, 1]
    assert all(step.networks and step.batch == 6 for step in steps)


def test_accumulated_gradients_make_one_step(seen: Seen) -> None:
    """With several backward passes before a step, the step has the loss of the last."""
    steps = seen.of("accumulation").steps
    assert [step.loss for step in steps] == pytest.approx(seen.said["accumulation"]["losses"])


def test_a_shared_optimizer_moves_what_was_trained(seen: Seen) -> None:
    """Of an optimizer's networks a step names those that were called with gradient since its last step."""
    observed = seen.of("shared")
    one, two = observed.calls[0].network, observed.calls[2].network
    assert [step.networks for step in observed.steps] == [(one,), (one,), (two,)]


def test_inputs_are_kept_as_they_were_given(seen: Seen) -> None:
    """A network that writes into its input does not change what is kept of it."""
    observed = seen.of("in_place")
    np.testing.assert_array_equal(observed.arrays[observed.calls[0].input], np.ones((3, 2)))


def test_passes_end_when_they_are_broken_off(seen: Seen) -> None:
    """A pass that a loop leaves early ends there, also over a data set that is a list."""
    observed = seen.of("broken_off")
    assert [one.dataset_size for one in observed.passes] == [10, 10, 10]
    assert len({one.dataset for one in observed.passes}) == 1
    assert all(one.order < one.end_order < observed.calls[0].order for one in observed.passes)


def test_figures_are_read(seen: Seen) -> None:
    """Lines, labels, images and points are recorded once a figure, in their latest state; long lines and large images are thinned."""
    observed = seen.of("figures")
    assert len(observed.figures) == 3
    (loss,) = observed.figures[0].axes
    assert (loss.title, loss.x_label, loss.y_label, loss.legend) == ("Loss", "epoch", "loss", ("train", "validation"))
    assert [(line.label, line.y) for line in loss.lines] == [
        ("train", (3.0, 2.0, 1.0)),
        ("validation", (4.0, 3.0, 2.5)),
        ("", (9.0, 9.0)),
    ]
    small, large, points = observed.figures[1].axes
    assert small.title == "Images"
    np.testing.assert_array_equal(observed.arrays[small.images[0]], np.arange(6.0).reshape(2, 3))
    assert large.image_shapes == ((1000, 10, 3),)
    assert max(observed.arrays[large.images[0]].shape) <= 400
    assert [(line.x, line.y) for line in points.lines] == [((1.0, 2.0), (3.0, 4.0))]
    (long,) = observed.figures[2].axes
    assert len(long.lines[0].y) == 2000
    assert long.lines[0].y[-1] == 4999


def test_a_figure_used_again_is_another_figure(seen: Seen) -> None:
    """A figure that grows is one record, a figure that is emptied for another plot is two, an empty figure none."""
    observed = seen.of("redrawn")
    assert [(figure.axes[0].title, len(figure.axes[0].lines[0].y)) for figure in observed.figures] == [("length 5", 3), ("length 10", 3)]


def test_many_bars_are_a_line(seen: Seen) -> None:
    """Bars for each epoch are recorded as a line; a few bars that compare values and the whole numbers of a histogram are none."""
    (figure,) = seen.of("bars").figures
    (line,) = figure.axes[0].lines
    assert (line.x[0], line.y, len(line.y)) == (1.0, tuple(12.5 - n for n in range(12)), 12)


def test_logged_scalars_are_read(seen: Seen) -> None:
    """Values logged to TensorBoard are recorded with their tags and steps."""
    assert [(one.tag, one.value, one.step) for one in seen.of("scalars").scalars] == [("loss", 0.5, 3), ("loss", 0.25, -1)]


def test_nothing_is_watched_between_cells(seen: Seen) -> None:
    """What the harness does after a cell leaves no record."""
    assert len(seen.of("unwatched").calls) == 1


def test_nothing_is_kept_alive(seen: Seen) -> None:
    """Outputs and networks that were only called go when the notebook lets them go."""
    seen.of("forgotten")
    assert seen.said["forgotten"] == {"outputs": 0, "called": False}


def test_limits_are_told(seen: Seen) -> None:
    """Records over the limit of their kind are left out, and the kind is named."""
    assert len(seen.of("full").losses) == 2
    assert "losses" in seen.all.truncated


def test_odd_calls_do_no_harm(seen: Seen) -> None:
    """Networks without tensors, under vmap, in inference mode and with empty batches run as ever."""
    assert [call.input_shape for call in seen.of("odd").calls if call.input_shape[:1] != (3,)][:1] == [()]


def test_torchtext_iterators_are_passes(tmp_path: Path) -> None:
    """A torchtext iterator that is imported within the cell that uses it is watched."""
    pytest.importorskip("torchtext.data.iterator")
    source = """
from torchtext.data import BucketIterator, Dataset, Example, Field
field = Field(tokenize=str.split)
examples = [Example.fromlist(["a b c"], [("text", field)]) for _ in range(10)]
data = Dataset(examples, [("text", field)])
field.build_vocab(data)
for batch in BucketIterator(data, batch_size=4, sort_key=lambda one: len(one.text)):
    said["batches"] = said.get("batches", 0) + 1
"""
    seen = watch(tmp_path, {"text": source})
    (one,) = seen.of("text").passes
    assert (one.dataset_class, one.dataset_size, one.batch_size, seen.said["text"]["batches"]) == ("Dataset", 10, 4, 3)
    assert one.end_order > one.order


def test_random_affine_transforms_are_read(tmp_path: Path) -> None:
    """Both generations of torchvision's RandomAffine tell their ranges and what they were applied to."""
    source = """
library = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from torchvision import transforms
from torchvision.transforms import v2
image = torch.rand(1, 28, 28)
transforms.Compose([transforms.RandomAffine(degrees=(-10, 10), translate=(0.2, 0.2), shear=(-5, 5))])(image)
v2.RandomAffine(10, shear=5)(image)
transforms.RandomAffine(0)(image)
"""
    observed = watch(tmp_path, {"affine": source}).of("affine")
    assert [(one.kind, one.degrees, one.translate, one.scale, one.shear) for one in observed.transforms] == [
        ("RandomAffine", (-10.0, 10.0), (0.2, 0.2), None, (-5.0, 5.0)),
        ("v2.RandomAffine", (-10.0, 10.0), None, None, (-5.0, 5.0)),
        ("RandomAffine", (0.0, 0.0), None, None, None),
    ]
    assert [one.transform for one in observed.transform_calls] == [one.id for one in observed.transforms]
    first, _, still = observed.transform_calls
    assert first.input_fingerprint != first.output_fingerprint
    assert observed.arrays[first.input].shape == (1, 1, 28, 28)
    assert still.input_fingerprint == still.output_fingerprint


class _Turned(torch.Tensor):
    """Answers with zeros for whatever part of it is asked for."""

    @classmethod
    def __torch_function__(cls, function: Any, types: Any, arguments: Any = (), keywords: Any = None) -> Any:
        if getattr(function, "__name__", "") in ("narrow", "detach", "cpu", "numpy"):
            return torch.zeros(arguments[0].shape)
        return super().__torch_function__(function, types, arguments, keywords or {})


@pytest.mark.parametrize("batch", [4, 20])
def test_examples_of_a_subclass_are_what_it_holds(batch: int) -> None:
    """It cannot answer for itself, neither as a whole nor where the first and the last of a batch are taken."""
    found = examples(torch.ones(batch, 3).as_subclass(_Turned))
    assert found.shape == (min(batch, 8), 3)
    assert (found == 1).all()
