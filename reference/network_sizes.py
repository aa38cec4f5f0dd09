"""4.2: a fully-connected network grows with the length of its input, a recurrent one does not.

Network A sees all characters at once, one-hot and flattened, and has two linear layers. Network B sees one character a step; as in the
course's `RNNCell`, two linear maps read the concatenation of input and hidden state, one for the next hidden state and one for the output.
Linear layers may or may not have a bias: both conventions are counted.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

ALPHABET = 26
LANGUAGES = 18
HIDDEN = 256


class FullyConnected(nn.Module):
    """Network A: W2 (W1 x)."""

    def __init__(self, characters: int, *, bias: bool) -> None:
        super().__init__()
        self.hidden = nn.Linear(characters * ALPHABET, HIDDEN, bias=bias)
        self.output = nn.Linear(HIDDEN, LANGUAGES, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(1)  # (B, T, 26) -> (B, T·26)
        return torch.as_tensor(self.output(torch.relu(self.hidden(flat))))  # -> (B, 18)


class RecurrentCell(nn.Module):
    """Network B: one step from [x, h] to the scores and the next h."""

    def __init__(self, *, bias: bool) -> None:
        super().__init__()
        self.to_hidden = nn.Linear(ALPHABET + HIDDEN, HIDDEN, bias=bias)
        self.to_output = nn.Linear(ALPHABET + HIDDEN, LANGUAGES, bias=bias)

    def forward(self, x: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        both = torch.cat([x, hidden], dim=1)  # (B, 26) and (B, 256) -> (B, 282)
        return self.to_output(both), self.to_hidden(both)  # -> (B, 18) and (B, 256)


def fully_connected_size(characters: int, *, bias: bool) -> int:
    """Each linear layer has inputs times outputs weights, and with biases one more input."""
    extra = int(bias)
    return (characters * ALPHABET + extra) * HIDDEN + (HIDDEN + extra) * LANGUAGES


def recurrent_size(*, bias: bool) -> int:
    """The number of characters does not occur in it."""
    return (ALPHABET + HIDDEN + int(bias)) * (HIDDEN + LANGUAGES)


def parameter_count(model: nn.Module) -> int:
    """All numbers that are learned, counted one by one."""
    return sum(parameter.numel() for parameter in model.parameters())


def main() -> None:
    """Print the table, and draw how the sizes grow."""
    from reference.showing import draw_curves

    for characters in (10, 20):
        for bias in (True, False):
            convention = "with biases" if bias else "without"
            a, b = fully_connected_size(characters, bias=bias), recurrent_size(bias=bias)
            print(f"{characters} characters, {convention:11}: A {a:7,}, B {b:7,}")
    lengths = range(1, 31)
    curves = {
        "A, fully connected": [fully_connected_size(length, bias=True) for length in lengths],
        "B, recurrent": [recurrent_size(bias=True) for _ in lengths],
    }
    draw_curves("network_sizes", curves, x_label="characters", y_label="parameters")


if __name__ == "__main__":
    main()
