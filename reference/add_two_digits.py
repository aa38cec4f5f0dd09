"""2.2: remember the digit after the mark, add the last digit: easy for the last, hard for the first when the sequence is long.

A classification in the spirit of the adding problem of Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997), section 5.4. A sequence
holds digits and one mark (-1); its label is the digit after the mark plus the last digit, so 0 to 18. At least one digit stands between the
mark and the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reference.showing import draw_curves

TOKENS = 11  # ten digits and the mark
CLASSES = 19  # 0 + 0 to 9 + 9
MARK = -1
LEARNING_RATE = 2e-3


@dataclass(frozen=True, slots=True)
class Sequences:
    """`tokens` (N, T) with -1 for the mark, and `labels` (N,)."""

    tokens: Tensor
    labels: Tensor

    @property
    def one_hot(self) -> Tensor:
        """The network's input: the mark is the last of the eleven places."""
        return nn.functional.one_hot(self.tokens % TOKENS, TOKENS).float()  # (N, T) -> (N, T, 11)


def draw(count: int, length: int, *, seed: int) -> Sequences:
    """`count` sequences of `length` tokens, at least three."""
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(10, (count, length), generator=generator)  # (N, T)
    places = torch.randint(length - 2, (count, 1), generator=generator)  # (N, 1)
    tokens.scatter_(1, places, MARK)
    labels = tokens.gather(1, places + 1).squeeze(1) + tokens[:, -1]  # (N,)
    return Sequences(tokens, labels)


class SequenceClassifier(nn.Module):
    """A recurrent network whose last output is mapped to class scores; `kind` is "RNN" or "LSTM", all else is the same for both."""

    def __init__(
        self, kind: str, *, input_size: int = TOKENS, hidden_size: int = 128, num_layers: int = 2, output_size: int = CLASSES
    ) -> None:
        super().__init__()
        layer = {"RNN": nn.RNN, "LSTM": nn.LSTM}[kind]
        self.rnn = layer(input_size, hidden_size, num_layers, batch_first=True)
        self.out_proj = nn.Linear(hidden_size, output_size)

    def forward(self, x: Tensor) -> Tensor:
        output, _ = self.rnn(x)  # (B, T, 11) -> (B, T, H)
        return torch.as_tensor(self.out_proj(output[:, -1]))  # (B, H) -> (B, 19)


def parameter_count(kind: str, *, input_size: int = TOKENS, hidden_size: int = 128, num_layers: int = 2, output_size: int = CLASSES) -> int:
    """How many numbers the classifier learns: an LSTM has four of the plain network's maps, one a gate."""
    maps = {"RNN": 1, "LSTM": 4}[kind]
    first = hidden_size * (input_size + hidden_size) + 2 * hidden_size  # torch keeps two bias vectors a layer
    further = (num_layers - 1) * (hidden_size * 2 * hidden_size + 2 * hidden_size)
    return maps * (first + further) + output_size * (hidden_size + 1)


@dataclass(frozen=True, slots=True)
class Curves:
    """One value every `every` training steps. Accuracies are shares between 0 and 1; always answering 9 is right in a tenth."""

    every: int
    training_loss: tuple[float, ...]
    training_accuracy: tuple[float, ...]
    validation_accuracy: tuple[float, ...]


Example = tuple[Tensor, Tensor]  # one-hot tokens (B, T, 11) and labels (B,)


def batches(sequences: Sequences, size: int, count: int, generator: torch.Generator) -> Iterator[Example]:
    """So many mini-batches, each drawn from all sequences."""
    inputs = sequences.one_hot  # (N, T, 11)
    for _ in range(count):
        chosen = torch.randint(len(inputs), (size,), generator=generator).to(inputs.device)  # (B,)
        yield inputs[chosen], sequences.labels[chosen]


def train_steps(model: SequenceClassifier, examples: Iterable[Example], optimizer: torch.optim.Optimizer) -> float:
    """One step for each mini-batch; returns the mean of their losses."""
    model.train()
    losses: list[Tensor] = []
    for inputs, labels in examples:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).double().mean().item()


def train(
    model: SequenceClassifier,
    training: Sequences,
    validation: Sequences,
    *,
    steps: int,
    batch_size: int = 128,
    learning_rate: float = LEARNING_RATE,
    every: int = 50,
    seed: int = 0,
) -> Curves:
    """Train on mini-batches for so many steps; accuracies are measured on the first 1,000 sequences of each set."""
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    generator = torch.Generator().manual_seed(seed)
    losses, training_accuracies, validation_accuracies = [], [], []
    for _ in range(steps // every):
        losses.append(train_steps(model, batches(training, batch_size, every, generator), optimizer))
        training_accuracies.append(accuracy(model, training))
        validation_accuracies.append(accuracy(model, validation))
    return Curves(every, tuple(losses), tuple(training_accuracies), tuple(validation_accuracies))


@torch.no_grad()
def accuracy(model: SequenceClassifier, sequences: Sequences, *, at_most: int = 1000) -> float:
    """The share of right answers."""
    model.eval()
    few = Sequences(sequences.tokens[:at_most], sequences.labels[:at_most])
    return float((model(few.one_hot).argmax(1) == few.labels).float().mean())


def compare(length: int, *, examples: int = 20_000, steps: int = 600, seed: int = 0) -> dict[str, Curves]:
    """Train a fresh RNN and a fresh LSTM on the same sequences of one length."""
    training, validation = draw(examples, length, seed=seed), draw(1000, length, seed=seed + 1)
    curves = {}
    for kind in ("RNN", "LSTM"):
        torch.manual_seed(seed)
        curves[kind] = train(SequenceClassifier(kind), training, validation, steps=steps, seed=seed)
    return curves


def main(lengths: Sequence[int] = (5, 10, 30), *, steps: int = 600) -> None:
    """Compare both networks at three lengths."""
    for length in lengths:
        curves = compare(length, steps=steps)
        for kind, curve in curves.items():
            print(
                f"length {length:2}, {kind:4}: loss {curve.training_loss[0]:.3f} -> {curve.training_loss[-1]:.3f}, accuracy "
                f"{curve.training_accuracy[-1]:.0%} training, {curve.validation_accuracy[-1]:.0%} validation"
            )
        shown = {
            f"{kind}, {name}": values
            for kind, curve in curves.items()
            for name, values in (("training", curve.training_accuracy), ("validation", curve.validation_accuracy))
        }
        draw_curves(f"add_two_digits_{length}", shown, x_label=f"training steps, in {curves['RNN'].every}s", y_label="accuracy")


if __name__ == "__main__":
    main()
