"""The digits task and its two networks."""

from __future__ import annotations

import pytest
import torch

from reference.add_two_digits import CLASSES, MARK, SequenceClassifier, accuracy, draw, parameter_count, train


@pytest.mark.parametrize("length", [3, 5, 10, 30])
def test_labels_are_what_reading_the_sequence_gives(length: int) -> None:
    """Each sequence has one mark, and its label is the digit after it plus the last one, read off one by one."""
    sequences = draw(500, length, seed=0)
    for tokens, label in zip(sequences.tokens.tolist(), sequences.labels.tolist(), strict=True):
        assert tokens.count(MARK) == 1
        assert label == tokens[tokens.index(MARK) + 1] + tokens[-1]


def test_the_mark_stands_everywhere_it_may() -> None:
    """From the first place to the third last, so that the two digits are two."""
    places = (draw(2000, 6, seed=1).tokens == MARK).nonzero()[:, 1]
    assert set(places.tolist()) == {0, 1, 2, 3}


def test_one_hot_puts_the_mark_last() -> None:
    """Each token becomes a one among eleven; the mark takes the place after the digits."""
    sequences = draw(50, 7, seed=2)
    one_hot = sequences.one_hot
    assert one_hot.shape == (50, 7, 11)
    assert (one_hot.sum(-1) == 1).all()
    assert torch.equal(one_hot.argmax(-1), torch.where(sequences.tokens == MARK, 10, sequences.tokens))


@pytest.mark.parametrize(("kind", "expected"), [("RNN", 53_523), ("LSTM", 206_739)])
def test_parameter_counts(kind: str, expected: int) -> None:
    """The formula and the module itself have the homework's number of parameters."""
    assert parameter_count(kind) == sum(p.numel() for p in SequenceClassifier(kind).parameters()) == expected


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_the_answer_rests_on_the_last_output(kind: str) -> None:
    """The scores are the head's of the last time step of the last layer."""
    model = SequenceClassifier(kind)
    x = draw(4, 9, seed=3).one_hot
    output, state = model.rnn(x)
    hidden = state[0] if kind == "LSTM" else state
    scores = model(x)
    assert scores.shape == (4, CLASSES)
    torch.testing.assert_close(scores, model.out_proj(hidden[-1]))
    torch.testing.assert_close(output[:, -1], hidden[-1])


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_short_sequences_are_learned(kind: str) -> None:
    """A few hundred steps answer sequences of three tokens far better than always 9 would, also unseen ones."""
    torch.manual_seed(0)
    model = SequenceClassifier(kind)
    fresh = draw(1000, 3, seed=5)
    curves = train(model, draw(4000, 3, seed=4), fresh, steps=200, batch_size=64, learning_rate=3e-3, every=40)
    assert len(curves.training_loss) == len(curves.training_accuracy) == len(curves.validation_accuracy) == 5
    assert curves.training_loss[-1] < curves.training_loss[0] / 2
    assert curves.validation_accuracy[-1] == accuracy(model, fresh) > 0.5
