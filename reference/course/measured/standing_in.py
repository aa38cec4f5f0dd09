"""An encoder and a decoder with the handout's interface that learn nothing, for translators whose own parts do not work.

They mix word numbers with sines; a translator that passes state and words on as it should gives one certain result with them. What else a
translator asks of its parts, sizes under other names for instance, they have from the student's own part where that could be made.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

OTHER_NAMES = (("hid", "hidden_size"), ("layer", "num_layers"), ("", "output_size"))


class _StandIn(nn.Module):
    """Sizes, under whatever names they are asked for."""

    def __init__(self, kind: str, hidden_size: int, num_layers: int, like: nn.Module | None) -> None:
        super().__init__()
        self.kind, self.hidden_size, self.num_layers = kind, hidden_size, num_layers
        self.__dict__["_like"] = like  # no part of this module: it has no parameters

    def __getattr__(self, name: str) -> Any:
        like = self.__dict__.get("_like")
        if name.startswith("__") or (like is not None and not hasattr(like, name)):
            return super().__getattr__(name)
        if like is not None:
            return getattr(like, name)
        return next(getattr(self, known) for part, known in OTHER_NAMES if part in name.lower())


class StandInEncoder(_StandIn):
    """(T, B) word numbers to a state of one tensor (RNN) or two (LSTM), each (L, B, H)."""

    def __init__(self, kind: str, hidden_size: int, num_layers: int, *, like: nn.Module | None = None) -> None:
        super().__init__(kind, hidden_size, num_layers, like)
        self.output_size = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        steps = torch.arange(1, len(x) + 1, device=x.device).unsqueeze(1)  # (T, 1)
        read = (x * steps).sum(0).reshape(1, -1, 1)  # (1, B, 1)
        layer = torch.arange(1, self.num_layers + 1, device=x.device).reshape(-1, 1, 1)
        unit = torch.arange(1, self.hidden_size + 1, device=x.device).reshape(1, 1, -1)
        hidden = torch.sin(0.37 * read * layer + 1.3 * unit)  # (L, B, H)
        return hidden if self.kind == "RNN" else (hidden, torch.cos(0.53 * read + layer * unit))


class StandInDecoder(_StandIn):
    """One word (B,) and a state to scores (B, V) and the next state."""

    def __init__(self, kind: str, output_size: int, hidden_size: int, num_layers: int, *, like: nn.Module | None = None) -> None:
        super().__init__(kind, hidden_size, num_layers, like)
        self.output_size = output_size

    def forward(self, x: torch.Tensor, hidden: Any, cell: torch.Tensor | None = None) -> tuple[Any, ...]:
        if isinstance(hidden, (tuple, list)):  # the state as one pair, taken and given back
            scores, *state = self(x, *hidden)
            return scores, tuple(state)
        hidden = torch.sin(hidden + 0.71 * x.reshape(1, -1, 1) + (0.0 if cell is None else 0.5 * cell))  # (L, B, H)
        word = torch.arange(self.output_size, device=x.device).reshape(1, -1)  # (1, V)
        scores = torch.sin(hidden.sum((0, 2)).unsqueeze(1) * (1.0 + word) + word)  # (B, V)
        return (scores, hidden) if cell is None else (scores, hidden, torch.cos(cell + hidden))
