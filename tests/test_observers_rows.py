"""Which sequences a recurrent network learned from and which it was only tried on, as a notebook's loops leave it to be seen."""

from __future__ import annotations

import numpy as np
import pytest
from observing import Seen, watch

from autograder.model.observations import Reading

NETWORK = """
class Sums(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.first, self.second, self.head = nn.Linear(11, 4), nn.RNN(4, 6, 2), nn.RNN(6, 6), nn.Linear(6, 19)
    def forward(self, hot):  # (B, L, 11)
        x = self.embed(hot).transpose(0, 1)
        return self.head(self.answer(self.first(x)[0]))
    def answer(self, y):
        return self.second(y)[0][-1]
torch.manual_seed(1)
tokens, labels = torch.randint(0, 11, (60, 5)), torch.arange(60) % 19
hot = F.one_hot(tokens, 11).float()
model = Sums()
optimizer = optim.Adam(model.parameters())
said["tokens"], said["labels"] = tokens.tolist(), labels.tolist()
def learn(rows, scale=1):
    optimizer.zero_grad()
    (scale * F.cross_entropy(model(hot[rows]), labels[rows])).backward()
    optimizer.step()
"""
LOOPS = {
    "tried_without_gradient": "for k in range(2):\n    learn(slice(0, 20))\n    with torch.no_grad():\n        model(hot[30:45])",
    "tried_with_gradient": "for k in range(2):\n    learn(slice(0, 20))\n    model(hot[30:45])",
    "from_memory": "for k in range(6):\n    learn(slice(10 * k, 10 * k + 10))\n    model(hot[:15])",
    "other_values": "model(hot + 0.5)",
    "detached": "model.answer = lambda y: model.second(y.detach())[0][-1]\nlearn(slice(0, 20))",
    "all_detached": "model.answer = lambda y: model.second(y)[0][-1].detach()\nlearn(slice(0, 20))",
    "first_answers": "model.answer = lambda y: (model.second(y), y[-1])[1]\nlearn(slice(0, 20))",
    "nothing_left": "model(hot).sum().backward()\noptimizer.zero_grad()\noptimizer.step()",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """All loops, run once; three steps are enough for the answers to come from memory."""
    return watch(
        tmp_path_factory.mktemp("watched"), {name: NETWORK + loop for name, loop in LOOPS.items()}, settings={"fast_forward_after": 3}
    )


def only(seen: Seen, name: str) -> tuple[Reading, np.ndarray, np.ndarray, np.ndarray]:
    """The reading of a scenario, with its sequences, their uses and its entries."""
    observed = seen.of(name)
    (reading,) = observed.readings
    sequences, uses, entries = (observed.arrays[part] for part in (reading.sequences, reading.uses, reading.entries))
    return reading, sequences, uses, entries


@pytest.mark.parametrize("name", ["tried_without_gradient", "tried_with_gradient"])
def test_what_was_learned_from_and_what_was_only_tried(name: str, seen: Seen) -> None:
    """The sequences come back as tokens, though the network was given one-hot codes and its layers time first."""
    reading, sequences, uses, entries = only(seen, name)
    tokens = np.array(seen.said[name]["tokens"])
    assert (reading.length, reading.complete) == (5, True)
    assert np.array_equal(sequences, tokens[[*range(20), *range(30, 45)]])
    assert np.array_equal(uses, [[1] * 20 + [0] * 15, [0] * 20 + [1] * 15])
    places, _, taught, learned = entries
    assert np.array_equal(learned, ([1] * 20 + [0] * 15) * 2)
    assert np.array_equal(taught[learned == 1], np.array(seen.said[name]["labels"])[places[learned == 1]])
    assert (taught[learned == 0] == -1).all()


def test_what_is_answered_from_memory_is_learned_from_all_the_same(seen: Seen) -> None:
    """A backward pass that is left out tells where it would have gone."""
    _, sequences, uses, _ = only(seen, "from_memory")
    assert any(step.fast_forwarded for step in seen.of("from_memory").steps)
    assert len(sequences) == 60
    assert uses[0].all()
    assert uses[1].sum() == 15


def test_other_values_are_no_sequences(seen: Seen) -> None:
    """What is not a whole number or a one-hot code cannot be told apart, and the reading says so."""
    reading, sequences = seen.of("other_values").readings[0], seen.of("other_values").arrays
    assert not reading.complete
    assert reading.sequences not in sequences


@pytest.mark.parametrize(
    ("name", "count"), [("tried_with_gradient", 0), ("detached", 2), ("all_detached", 3), ("first_answers", 1), ("nothing_left", 3)]
)
def test_recurrent_layers_without_a_gradient_are_counted(name: str, count: int, seen: Seen) -> None:
    """Two are stacked in one module, and the third stands behind them."""
    assert {step.unreached for step in seen.of(name).steps} == {count}
