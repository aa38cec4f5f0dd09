"""Long training loops in a process with the observers installed, with and without fast-forwarding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from observing import Seen, watch

from autograder.model.observations import Step

START = """
class Tagger(nn.Module):
    def __init__(self, kind, size=8):
        super().__init__()
        self.layer, self.head = kind(4, size, 2, batch_first=True), nn.Linear(size, 3)
    def forward(self, x):
        return self.head(self.layer(x)[0][:, -1])
criterion, rounds = nn.CrossEntropyLoss(), []
def drawn(count, length):
    return torch.rand(count, length, 4), torch.randint(0, 3, (count,))
"""

EXPERIMENT = (
    START
    + """
said["losses"], said["accuracies"] = {}, []
for length in (3, 6):
    (x, y), (v, w) = drawn(10, length), drawn(10, length)
    for kind in (nn.RNN, nn.LSTM):
        model = Tagger(kind)
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        losses = said["losses"][f"{kind.__name__} {length}"] = []
        for step in range(60):
            model.train()
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            said["norm"] = float(sum(parameter.grad.norm() for parameter in model.parameters()))
            nn.utils.clip_grad_norm_(model.parameters(), 1)
            optimizer.step()
            losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                said["accuracies"].append([(model(a).argmax(-1) == b).float().mean().item() for a, b in ((x, y), (v, w))])
"""
)

SCENARIOS: dict[str, str | list[str]] = {
    "experiment": EXPERIMENT,
    "minibatches": START
    + """
from torch.utils.data import DataLoader, TensorDataset
model = Tagger(nn.LSTM)
loader = DataLoader(TensorDataset(*drawn(50, 5)), batch_size=16, shuffle=True)
optimizer = optim.SGD(model.parameters(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, 5)
for epoch in range(30):
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    scheduler.step()
    said["rounds"] = epoch
""",
    "sentences": START
    + """
model = Tagger(nn.RNN)
optimizer = optim.Adam(model.parameters())
for step in range(150):
    x, y = drawn(4, 3 + step % 5)
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
""",
    "large_sentences": START
    + """
model = Tagger(nn.RNN)
optimizer = optim.Adam(model.parameters())
from harness_inside import fast_forward
fast_forward.WORK = 100
for step in range(30):
    x, y = drawn(4, 3 + step % 5)
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
fast_forward.WORK = 20_000_000_000
""",
    "closures": START
    + """
model, (x, y) = Tagger(nn.GRU), drawn(6, 4)
optimizer = optim.SGD(model.parameters(), lr=0.1)
said["called"], said["returned"] = 0, 0
def closure():
    said["called"] += 1
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    return loss
for step in range(60):
    said["returned"] += optimizer.step(closure) is not None
""",
    "plain": """
model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
optimizer = optim.Adam(model.parameters())
for step in range(100):
    optimizer.zero_grad()
    model(torch.rand(2, 3)).sum().backward()
    optimizer.step()
""",
    "side_by_side": START
    + """
short, long = Tagger(nn.RNN), Tagger(nn.RNN)
first, second = optim.Adam(short.parameters()), optim.Adam(long.parameters())
(x, y), (v, w) = drawn(4, 3), drawn(4, 7)
for step in range(50):
    for model, optimizer, inputs, targets in ((short, first, x, y), (long, second, v, w)):
        if model is long and step < 20:
            continue
        optimizer.zero_grad()
        criterion(model(inputs), targets).backward()
        optimizer.step()
""",
    "lengths": START
    + """
model = Tagger(nn.LSTM)
optimizer = optim.Adam(model.parameters())
for length in (3, 5):
    x, y = drawn(4, length)
    for step in range(50):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
""",
    "cells": [
        START + "model, (x, y) = Tagger(nn.RNN), drawn(4, 3)\noptimizer = optim.Adam(model.parameters())",
        *["for step in range(45):\n    optimizer.zero_grad()\n    criterion(model(x), y).backward()\n    optimizer.step()"] * 2,
    ],
    "afresh": START
    + """
model, (x, y) = Tagger(nn.RNN), drawn(4, 3)
begin = {name: value.clone() for name, value in model.state_dict().items()}
for rate in (0.1, 0.01):
    model.load_state_dict(begin)
    optimizer = optim.SGD(model.parameters(), lr=rate)
    for step in range(50):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
""",
    "looping": """
class Looping(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.LSTMCell(4, 5), nn.Linear(5, 3)
    def forward(self, x):
        state = None
        for position in range(x.shape[1]):
            state = self.cell(x[:, position], state)
        return self.head(state[0])
model, x = Looping(), torch.rand(6, 9, 4)
optimizer = optim.Adam(model.parameters())
for step in range(50):
    optimizer.zero_grad()
    model(x).pow(2).mean().backward()
    optimizer.step()
""",
    "until_learned": START
    + """
from harness_inside import fast_forward, observe_networks
fast_forward.LONGEST, observe_networks.FORWARDED_RECORDED = 100, 20
model, (x, y) = Tagger(nn.RNN), drawn(6, 3)
optimizer = optim.Adam(model.parameters(), lr=0.01)
loss = torch.tensor(9.0)
while loss > 0.1 and said.setdefault("steps", 0) < 1000:
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    said["steps"] += 1
fast_forward.LONGEST, observe_networks.FORWARDED_RECORDED = 10_000, 1_000
""",
    "in_parts": """
layer, head = nn.LSTM(4, 6), nn.Linear(6, 2)
optimizer = optim.Adam([*layer.parameters(), *head.parameters()])
x = torch.rand(7, 5, 4)
for step in range(50):
    optimizer.zero_grad()
    head(layer(x)[0][-1]).pow(2).mean().backward()
    optimizer.step()
""",
    "large": START
    + """
model, (x, y) = Tagger(nn.LSTM, 256), drawn(512, 2)
optimizer = optim.Adam(model.parameters())
from harness_inside import fast_forward
fast_forward.WORK = 3 * 512 * 2 * sum(p.numel() for p in model.layer.parameters()) * 12
for step in range(30):
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
fast_forward.WORK = 20_000_000_000
""",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """All scenarios, run once; the experiment also without observers."""
    return watch(tmp_path_factory.mktemp("fast"), SCENARIOS, bare={"bare": EXPERIMENT})


def taken(steps: tuple[Step, ...]) -> list[int]:
    """How many steps were really taken, then skipped, then taken, and so on."""
    counts: list[int] = []
    forwarded = False
    for step in steps:
        if step.fast_forwarded != forwarded or not counts:
            counts.append(0)
        forwarded = step.fast_forwarded
        counts[-1] += 1
    return counts


def really(steps: Sequence[Step]) -> list[Step]:
    """The steps that were taken, not only counted."""
    return [step for step in steps if not step.fast_forwarded]


def by_network_and_length(steps: Sequence[Step]) -> dict[tuple[int, int], list[Step]]:
    """The steps of each network on sequences of each length, in the order in which they began."""
    found: dict[tuple[int, int], list[Step]] = {}
    for step in steps:
        found.setdefault((step.networks[0], step.length), []).append(step)
    return found


def test_all_runs_stay_visible(seen: Seen) -> None:
    """Each of several runs has all its steps, of which the first forty were taken, with lengths and networks of its own."""
    observed = seen.of("experiment")
    found = by_network_and_length(observed.steps)
    assert [(length, len(steps), len(really(steps))) for (_, length), steps in found.items()] == [
        (3, 60, 40),
        (3, 60, 40),
        (6, 60, 40),
        (6, 60, 40),
    ]
    assert len({network for network, _ in found}) == 4
    assert len(observed.calls) == 4 * 60 * 3


def test_what_was_taken_is_what_would_have_been(seen: Seen) -> None:
    """Until a run is ripe its losses are exactly those without the observers."""
    for name, losses in seen.said["bare"]["losses"].items():
        assert seen.said["experiment"]["losses"][name][:40] == losses[:40]


def test_training_and_validation_keep_answers_of_their_own(seen: Seen) -> None:
    """After a run is ripe, the accuracies of both data sets are those that they had then."""
    accuracies = seen.said["experiment"]["accuracies"]
    for run in range(4):
        later = accuracies[run * 60 + 42 : (run + 1) * 60]
        assert len({tuple(pair) for pair in later}) == 1
        assert later[0] == pytest.approx(seen.said["bare"]["accuracies"][run * 60 + 39], abs=1e-6)


def test_fast_forwarded_calls_are_marked_and_not_kept(seen: Seen) -> None:
    """A call that was answered says so, and none of its arrays is kept."""
    calls = seen.of("experiment").calls
    assert Counter(call.fast_forwarded for call in calls)[True] > 200
    assert not [call for call in calls if call.fast_forwarded and (call.input or call.output)]
    assert all(call.with_gradient == call.training for call in calls)


def test_loops_with_batches_and_schedulers_go_on(seen: Seen) -> None:
    """Shuffled batches, a smaller last batch and a learning-rate scheduler do not disturb, and no warning is heard."""
    observed = seen.of("minibatches")
    assert taken(observed.steps) == [40, 80]
    assert seen.said["minibatches"]["rounds"] == 29
    assert seen.heard["minibatches"] == []


def test_lengths_that_vary_are_never_skipped(seen: Seen) -> None:
    """Sentences of many lengths are trained on to the end, as one run."""
    observed = seen.of("sentences")
    assert taken(observed.steps) == [150]
    assert len({step.length for step in observed.steps}) > 1


def test_lengths_that_vary_are_skipped_when_they_are_much_work(seen: Seen) -> None:
    """Of a network that would take minutes a few steps are taken, although no two sentences after another are of one length."""
    observed = seen.of("large_sentences")
    assert taken(observed.steps) == [4, 26]
    assert [step.length for step in observed.steps] == [3 + step % 5 for step in range(30)]


def test_closures_are_still_called(seen: Seen) -> None:
    """A step that is skipped calls its closure once and returns what it returns."""
    assert taken(seen.of("closures").steps) == [40, 20]
    assert (seen.said["closures"]["called"], seen.said["closures"]["returned"]) == (60, 60)


def test_networks_without_recurrent_layers_are_never_skipped(seen: Seen) -> None:
    """However long its loop, a plain network is trained as written."""
    assert taken(seen.of("plain").steps) == [100]


def test_networks_ripen_on_their_own(seen: Seen) -> None:
    """Of two networks in one loop, the one that began later is trained until it has had enough steps itself."""
    found = by_network_and_length(seen.of("side_by_side").steps)
    assert [len(really(steps)) for steps in found.values()] == [40, 30]


def test_another_length_ends_a_run(seen: Seen) -> None:
    """A network that goes on to another length is really trained again."""
    found = by_network_and_length(seen.of("lengths").steps)
    assert [(length, len(really(steps))) for (_, length), steps in found.items()] == [(3, 40), (5, 40)]


def test_another_cell_ends_a_run(seen: Seen) -> None:
    """The same loop in the next cell is really trained again."""
    assert taken(seen.of("cells").steps) == [40, 5, 40, 5]


def test_new_weights_end_a_run(seen: Seen) -> None:
    """A network that is set back to its first weights is really trained again."""
    steps = seen.of("afresh").steps
    first = next(number for number, step in enumerate(steps) if number and step.before == steps[0].before)
    assert len(really(steps[first:])) >= 39


def test_loops_over_cells_are_fast_forwarded(seen: Seen) -> None:
    """A network that is built on recurrent cells is recognised as well."""
    observed = seen.of("looping")
    assert taken(observed.steps) == [40, 10]
    assert {call.length for call in observed.calls} == {9}


def test_large_networks_ripen_by_their_work(seen: Seen) -> None:
    """After so much work a run is ripe before its fortieth step, at the same step on every machine."""
    assert taken(seen.of("large").steps) == [12, 18]


def test_a_loop_that_waits_for_success_ends(seen: Seen) -> None:
    """A loop that runs until its loss is small is really trained again after very many skipped steps, and not all of those are recorded."""
    observed = seen.of("until_learned")
    assert taken(observed.steps)[:2] == [40, 100]
    assert len(taken(observed.steps)) == 3
    assert seen.said["until_learned"]["steps"] < 1000
    assert sum(call.fast_forwarded for call in observed.calls) == 20


def test_networks_in_parts_are_fast_forwarded(seen: Seen) -> None:
    """A recurrent layer and a head that are called one after the other are one training, whose steps have the layer's length."""
    observed = seen.of("in_parts")
    assert taken(observed.steps) == [40, 10]
    assert {(len(step.networks), step.length, step.batch) for step in observed.steps} == {(2, 7, 5)}


def test_it_can_be_switched_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the setting None every step is taken, and the losses are those without the observers to the end."""
    without = watch(
        tmp_path_factory.mktemp("slow"), {"experiment": EXPERIMENT}, bare={"bare": EXPERIMENT}, settings={"fast_forward_after": None}
    )
    assert not [step for step in without.of("experiment").steps if step.fast_forwarded]
    assert without.said["experiment"] == without.said["bare"]
