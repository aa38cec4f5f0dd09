"""Calls a student's decoder for one step, in the form that it takes: words and state may be given in more ways than one."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from .outcomes import structure, tensors, trying

ROW, COLUMN = "a row of words", "a column of words"


class Step:
    """Calls a decoder, in the first form that works: the state as separate arguments or as one tuple, the words (B,), (1, B) or (B, 1).

    `form` and `words` say which forms it was; `words` is "" for (B,), the handout's.
    """

    def __init__(self, module: nn.Module, name: str) -> None:
        self.module, self.name = module, name
        self.form, self.words = "", ""
        parameters = [
            one
            for one in inspect.signature(module.forward).parameters.values()
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
        forms = ("one state", "separate states") if len(parameters) == 2 else ("separate states", "one state")
        self._untried = [(words, form) for words in ("", ROW, COLUMN) for form in forms]

    def __call__(self, word: torch.Tensor, states: list[torch.Tensor]) -> Any:
        shapes = ", ".join(str(tuple(part.shape)) for part in states)
        with trying(f"{self.name} could not be called on {len(word)} word numbers and a state of shape {shapes}"):
            if self.form:
                return self._called(word, states)
            first: Exception | None = None
            for words, form in self._untried:
                if form == "one state" and len(states) == 1:
                    continue
                self.words, self.form = words, form
                try:
                    return self._called(word, states)
                except Exception as problem:  # noqa: BLE001 - student code: any error may mean that it takes another form
                    first = first or problem
            self.words, self.form = "", ""
            assert first is not None
            raise first

    def _called(self, word: torch.Tensor, states: list[torch.Tensor]) -> Any:
        given = [part.clone() for part in states]
        words = {"": word, ROW: word.unsqueeze(0), COLUMN: word.unsqueeze(1)}[self.words].clone()
        returned = self.module(words, tuple(given)) if self.form == "one state" else self.module(words, *given)
        if not tensors(returned):
            raise ValueError(f"it returned {structure(returned)}")
        return returned

    def states(self, returned: Any) -> list[torch.Tensor]:
        return tensors(returned)[1:]


def unrolled(
    reading: nn.Module, writing: nn.Module, x: torch.Tensor, y: torch.Tensor, forced: bool, settings: Mapping[str, Any]
) -> list[Any]:
    """The scores (B, V) of every target word from the second on, from encoder and decoder called word by word."""
    parts = 2 if settings["kind"] == "LSTM" else 1
    step = Step(writing, f"{settings['kind']}Decoder")
    states = tensors(reading(x))[-parts:]
    word, rows = y[0], []
    for t in range(1, len(y)):
        returned = step(word, states)
        scores = tensors(returned)[0]
        scores = scores.reshape(len(word), -1)
        states = step.states(returned)[:parts]
        rows.append(scores)
        word = y[t] if forced else scores.argmax(1)
    return rows
