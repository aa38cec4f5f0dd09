"""The fast training against the readable one: the same losses, step by step."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch
from torch import nn

from reference import text, translation
from reference.data.sources import SAMPLE_NAME, Source
from reference.data.staging import stage
from reference.training import stretches

STEPS = 50
Epoch = Callable[..., float]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> text.Corpus:
    sizes = {"images": 1, "test_images": 1, "pairs": 400, "validation_pairs": 1, "test_pairs": 1}
    return text.read(stage(Source(SAMPLE_NAME), sizes, tmp_path_factory.mktemp("staged")))


def losses(train_epoch: Epoch, corpus: text.Corpus, kind: str, *, num_layers: int, dropout: float, fused: bool) -> list[float]:
    """Of so many steps, one by one."""
    random.seed(3)
    torch.manual_seed(3)
    model = translation.build(kind, corpus, embedding_size=32, hidden_size=48, num_layers=num_layers, dropout=dropout)
    optimizer = torch.optim.Adam(model.parameters(), fused=fused)
    order, made = random.Random(0), []
    while len(made) < STEPS:
        made += [train_epoch(model, [batch], optimizer, clip=1.0) for batch in corpus.training.batches(32, shuffled_by=order)]
    return made[:STEPS]


@pytest.mark.parametrize(("num_layers", "dropout"), [(1, 0.5), (2, 0.5), (2, 0.0), (3, 0.3)])
@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_the_fast_training_has_the_readable_ones_losses(kind: str, num_layers: int, dropout: float, corpus: text.Corpus) -> None:
    """Fifty steps with half the words taught, dropout and clipping: each loss within 1e-5, while they fall by much more."""
    readable = losses(translation.train_epoch, corpus, kind, num_layers=num_layers, dropout=dropout, fused=False)
    fast = losses(stretches.train_epoch, corpus, kind, num_layers=num_layers, dropout=dropout, fused=True)
    assert readable[0] - readable[-1] > 0.3
    torch.testing.assert_close(fast, readable, rtol=0, atol=1e-5)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_gradients_are_equal_at_every_ratio(kind: str, ratio: float, corpus: text.Corpus) -> None:
    """Never, sometimes and always taught: the loss and the gradient of every parameter, in double precision."""
    x, y = corpus.training.batches(16)[-1]
    torch.manual_seed(0)
    model = translation.build(kind, corpus, embedding_size=8, hidden_size=12).double()
    gradients = []
    for loss_of in (lambda: translation.cross_entropy(model(x, y, ratio), y), lambda: stretches.loss_of(model, x, y, ratio)):
        random.seed(1)
        model.eval()  # dropout's draws are of one precision
        model.zero_grad()
        loss_of().backward()
        gradients.append(nn.utils.parameters_to_vector([parameter.grad for parameter in model.parameters()]))
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-12)
    assert gradients[0].abs().max() > 1e-3
