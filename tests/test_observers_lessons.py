"""What the observers see of gradients on their way: what a loss asks for, what is clipped, and what a step leaves behind."""

from __future__ import annotations

import numpy as np
import pytest
from observing import Seen, watch

NETWORK = """
class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(7, 5 * 7)
    def forward(self, x, y):
        scores = torch.zeros(*y.shape, 7)
        scores[1:] = self.words(x[0]).reshape(len(x[0]), 5, 7).permute(1, 0, 2)[: len(y) - 1]
        return scores
x = torch.tensor([[2, 3, 4], [1, 1, 1]])
y = torch.tensor([[2, 2, 2], [5, 4, 3], [3, 1, 6], [1, 1, 4]])
model = Translator()
optimizer = optim.Adam(model.parameters())
"""
LOSSES = {
    "module": "nn.CrossEntropyLoss(ignore_index=1)(model(x, y)[1:].flatten(0, 1), y[1:].flatten())",
    "permuted": "F.cross_entropy(model(x, y)[1:].permute(1, 2, 0), y[1:].T, ignore_index=1, reduction='sum')",
    "logarithms": "F.nll_loss(model(x, y)[1:].log_softmax(-1).reshape(-1, 7), y[1:].reshape(-1), ignore_index=1)",
    "by_hand": "-(model(x, y)[1:].log_softmax(-1).gather(-1, y[1:, :, None]).squeeze(-1) * (y[1:] != 1)).sum() / 6",
    "everything": "F.cross_entropy(model(x, y).flatten(0, 1), y.flatten())",
    "shifted": "F.cross_entropy(model(x, y)[1:].flatten(0, 1), y[:-1].flatten())",
    "raw": "F.nll_loss(model(x, y)[1:].reshape(-1, 7), y[1:].reshape(-1), ignore_index=1)",
    "squares": "((model(x, y)[1:] - F.one_hot(y[1:], 7)) ** 2).mean()",
}
Y = np.array([[2, 2, 2], [5, 4, 3], [3, 1, 6], [1, 1, 4]])
STEPS = {
    "clipped": "loss().backward()\nnn.utils.clip_grad_norm_(model.parameters(), 1)\noptimizer.step()",
    "clipped_early": "nn.utils.clip_grad_norm_(model.parameters(), 1)\nloss().backward()\noptimizer.step()",
    "clipped_late": "loss().backward()\noptimizer.step()\nnn.utils.clip_grad_norm_(model.parameters(), 1)",
    "clipped_in_part": "loss().backward()\nnn.utils.clip_grad_norm_([model.more], 1)\noptimizer.step()",
    "not_zeroed": "for _ in range(2):\n    loss().backward()\n    optimizer.step()",
    "zeroed_after": "for _ in range(2):\n    loss().backward()\n    optimizer.step()\n    model.zero_grad()",
    "accumulated": "for _ in range(2):\n    optimizer.zero_grad()\n    loss().backward()\n    loss().backward()\n    optimizer.step()",
    "beside_another": "other = nn.Linear(2, 2)\nfor _ in range(2):\n    model.zero_grad()\n    loss().backward()\n    optimizer.step()\n"
    "    other(torch.ones(1, 2)).sum().backward()",
}

BY_HAND = """norm = sum(p.grad.pow(2).sum() for p in model.parameters()) ** 0.5
    for p in model.parameters():
        p.grad *= min(1.0, {limit} / float(norm))
    said["norms"].append(float(norm))
"""
LIMITS = {
    "limited": BY_HAND.format(limit=2),
    "not_limited": 'said["norms"].append(0.0)\n',
    "limited_each": "for p in model.parameters():\n        p.grad /= max(1.0, float(p.grad.norm()))\n",
    "limited_values": "nn.utils.clip_grad_value_(model.parameters(), 1)\n",
}
SLOWLY = """said["norms"] = []
for _ in range(4):
    optimizer.zero_grad()
    (0.001 * loss()).backward()
    {limit}
    optimizer.step()
said["weights"] = [p.sum().item() for p in model.parameters()]
"""
ACCUMULATED = """for _ in range(4):
    optimizer.zero_grad()
    loss().backward()
    loss().backward()
    optimizer.step()
said["weights"] = [p.sum().item() for p in model.parameters()]
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """All scenarios, run once."""
    lessons = {name: f"{NETWORK}({loss}).backward()\noptimizer.step()" for name, loss in LOSSES.items()}
    network = f"{NETWORK}model.more = nn.Parameter(torch.ones(1))\noptimizer = optim.Adam(model.parameters())\n"
    once = "def loss():\n    return (model(x, y) * model.more).logsumexp(-1).sum()\n"
    steps = {name: f"{network}{once}{source}" for name, source in STEPS.items()}
    limits = {name: f"{network}{once}{SLOWLY.format(limit=source)}" for name, source in LIMITS.items()}
    limits["accumulated_slowly"] = f"{network}{once}{ACCUMULATED}"
    bare = {f"{name}_bare": source for name, source in limits.items()}
    return watch(tmp_path_factory.mktemp("watched"), {**lessons, **steps, **limits}, bare=bare)


@pytest.mark.parametrize("name", ["module", "permuted", "logarithms", "by_hand"])
def test_a_cross_entropy_is_seen_however_it_is_written(name: str, seen: Seen) -> None:
    """Every word of the target but the start and the padding is asked for."""
    observed = seen.of(name)
    (lesson,) = observed.lessons
    assert (lesson.rule, lesson.scores) == ("cross_entropy", "scores")
    wanted = np.where(Y == 1, -1, Y)
    wanted[0] = -1
    assert np.array_equal(observed.arrays[lesson.taught], wanted)


def test_other_targets_show(seen: Seen) -> None:
    """The start and the padding are asked for when they count, and the words one place off when these are."""
    observed = seen.of("everything")
    assert np.array_equal(observed.arrays[observed.lessons[0].taught], Y)
    observed = seen.of("shifted")
    assert np.array_equal(observed.arrays[observed.lessons[0].taught][1:], Y[:-1])


@pytest.mark.parametrize("name", ["raw", "squares"])
def test_other_losses_show(name: str, seen: Seen) -> None:
    """A likelihood of scores that are no logarithms, and a squared difference."""
    assert [lesson.rule for lesson in seen.of(name).lessons] == ["other"]


def test_whole_numbers_are_kept_as_they_were_given(seen: Seen) -> None:
    """Both sentences of a translator's call."""
    observed = seen.of("module")
    source, target = (observed.arrays[name] for name in observed.calls[0].numbers)
    assert source.tolist() == [[2, 3, 4], [1, 1, 1]]
    assert np.array_equal(target, Y)


@pytest.mark.parametrize(
    ("name", "limits"), [("clipped", [1.0]), ("clipped_early", [None]), ("clipped_late", [None]), ("clipped_in_part", [None])]
)
def test_clipping_counts_between_backward_and_step_for_all_parameters(name: str, limits: list[float | None], seen: Seen) -> None:
    """Anywhere else, or of a part of them, it does not keep the step small."""
    assert [step.clipped_to for step in seen.of(name).steps] == limits


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("not_zeroed", [False, True]),
        ("zeroed_after", [False, False]),
        ("accumulated", [False, False]),
        ("beside_another", [False, False]),
    ],
)
def test_gradients_that_a_step_leaves_behind_show(name: str, carried: list[bool], seen: Seen) -> None:
    """Several backward passes before one step are no mistake, and neither is another network's between two steps."""
    assert [step.carried_over for step in seen.of(name).steps] == carried


@pytest.mark.parametrize(("name", "lowest", "highest"), [("limited", 2, 2), ("limited_each", 1.1, 1.5), ("limited_values", 4, 4000)])
def test_a_limit_shows_although_no_gradient_reaches_it(name: str, lowest: float, highest: float, seen: Seen) -> None:
    """The gradients of one step are made large to see what the loop makes of them."""
    steps = seen.of(name).steps
    assert [step.limited_to is None for step in steps] == [True, False, True, True]
    assert lowest - 1e-3 <= (steps[1].limited_to or 0) <= highest + 1e-3


def test_large_gradients_that_nothing_limits_stay_large(seen: Seen) -> None:
    """Nothing happens to them before the step."""
    assert seen.of("not_limited").steps[1].limited_to == pytest.approx(4096)


@pytest.mark.parametrize("name", [*LIMITS, "accumulated_slowly"])
def test_looking_for_a_limit_changes_no_training(name: str, seen: Seen) -> None:
    """The weights in the end are those without observers, and so they are where several gradients are added up."""
    assert seen.said[name]["weights"] == seen.said[f"{name}_bare"]["weights"]
    assert not any(step.limited_to for step in seen.of("accumulated_slowly").steps)
