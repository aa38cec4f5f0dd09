"""3.2 and 3.3: runs the student's translator, with and without teacher forcing, beside its own parts called word by word."""

from __future__ import annotations

import inspect
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy import stack  # as it is before a notebook's code runs
from torch import nn

from .building import build, calm, device_of, differs, find_class, seed_torch
from .outcomes import NotThere, StudentError, as_array, structure, tensors, trying
from .standing_in import StandInDecoder, StandInEncoder
from .stepping import unrolled
from .translation import Arrays, Facts, part_of, sizes_of

DRAWS = 8  # translations with teacher forcing at one half
SAME_GRADIENT = 1e-3  # of the largest; sums in another order differ by some 1e-6, a state cut off somewhere by a tenth and more


def translator(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The student's translator with its own encoder and decoder.

    Returns `forced`, `greedy` and `drawn` (teacher forcing 1, 0 and, several times, one half), and `unrolled_forced` and `unrolled_greedy`,
    the same computed step by step from the student's encoder and decoder, so their mistakes are not the translator's. Where those two do
    not work together, plain stand-ins with the handout's interface take their place (`stand_in`).
    """
    kind, name = str(settings["kind"]), f"{settings['kind']}Translator"
    made_by = find_class(namespace, name, kind)
    device = device_of(namespace)
    x, y = (torch.as_tensor(arrays[part]).to(device) for part in ("x", "y"))
    with calm():
        parts: dict[str, nn.Module] = {}
        try:
            for part, side in (("Encoder", "source"), ("Decoder", "target")):
                parts[part], _ = build(namespace, f"{kind}{part}", kind, sizes_of(settings, side), part_of(arrays, part.lower()))
            _require_repeatable(parts["Encoder"], parts["Decoder"], x, y, settings)
            trial = _Trial(made_by, name, parts["Encoder"], parts["Decoder"], x, y, settings)
            facts, measured = trial.run(device)
            return {**facts, "stand_in": False}, measured
        except (NotThere, StudentError) as problem:
            own = problem.sentence
        sizes = int(settings["target"]), int(settings["hidden"]), int(settings["layers"])
        reading = StandInEncoder(kind, *sizes[1:], like=parts.get("Encoder"))
        writing = StandInDecoder(kind, *sizes, like=parts.get("Decoder"))
        facts, measured = _Trial(made_by, name, reading, writing, x, y, settings).run(device)
    return {**facts, "stand_in": True, "own": own}, measured


@dataclass(frozen=True)
class _Trial:
    """A translator made of an encoder and a decoder, and what it is to translate."""

    made_by: Any
    name: str
    reading: nn.Module
    writing: nn.Module
    x: torch.Tensor
    y: torch.Tensor
    settings: Mapping[str, Any]

    def run(self, device: torch.device) -> tuple[Facts, Arrays]:
        with trying(f"{self.name} could not be constructed from an encoder, a decoder and a device"):
            parts = (self.reading, self.writing)
            model = self.made_by(*parts, device) if _takes_device(self.made_by) else self.made_by(*parts)
            model.to(device)
            model.eval()
        measured: Arrays = {"greedy": self._translated(model, 0.0)}
        model.training = True  # some translators force in training only; whatever drops values in its parts stays out
        measured["forced"] = self._translated(model, 1.0)
        drawn = []
        for seed in range(DRAWS):
            random.seed(seed)
            np.random.seed(seed)
            seed_torch(seed)
            drawn.append(self._translated(model, 0.5))
        measured["drawn"] = stack(drawn) if len({one.shape for one in drawn}) == 1 else np.zeros((0,), np.float32)
        for label, forced in (("unrolled_greedy", False), ("unrolled_forced", True)):
            # Parts that agree on an interface of their own can be used by their translator only.
            with suppress(StudentError), trying("The encoder and the decoder do not work together"), torch.no_grad():
                rows = unrolled(self.reading, self.writing, self.x, self.y, forced, self.settings)
                measured[label] = stack([np.zeros_like(as_array(rows[0]))] + [as_array(row) for row in rows])
        return {"class": self.name, "returned": f"tensor {measured['forced'].shape}", **self._lost_gradients(model)}, measured

    def _translated(self, model: nn.Module, ratio: float) -> np.ndarray:
        shapes = f"{tuple(self.x.shape)} source words into {tuple(self.y.shape)} target words"
        with trying(f"{self.name} could not translate {shapes}"), torch.no_grad():
            returned = model(self.x.clone(), self.y.clone(), ratio)
        results = tensors(returned)
        if not results:
            raise StudentError(f"{self.name} returned {structure(returned)} instead of the scores")
        scores = as_array(results[0], f"What {self.name} returned")
        if not np.isfinite(scores).all():
            raise StudentError(f"{self.name} returned scores that are not finite numbers (NaN or infinity)")
        return scores

    def _lost_gradients(self, model: nn.Module) -> Facts:
        """The parts that a loss of the translator trains not at all (`cut_off`) or otherwise (`partly_cut_off`) than their own steps do."""
        with torch.enable_grad(), suppress(Exception):
            apart = self._gradients(model, unrolled(self.reading, self.writing, self.x, self.y, True, self.settings))
            together = self._gradients(model, tensors(model(self.x.clone(), self.y.clone(), 1.0))[0][1:])
            largest = max(float(gradient.abs().max()) for gradient in apart.values())
            found: dict[str, list[str]] = {"cut_off": [], "partly_cut_off": []}
            for part, module in (("encoder", self.reading), ("decoder", self.writing)):
                own = [id(one) for one in module.parameters() if id(one) in apart and bool(apart[id(one)].any())]
                if any(one not in together or not together[one].any() for one in own):
                    found["cut_off"].append(part)
                elif any(float((together[one] - apart[one]).abs().max()) > SAME_GRADIENT * largest for one in own):
                    found["partly_cut_off"].append(part)
            return dict(found)
        return {"cut_off": [], "partly_cut_off": []}

    def _gradients(self, model: nn.Module, rows: Sequence[torch.Tensor] | torch.Tensor) -> dict[int, torch.Tensor]:
        """Of a loss of all words' probabilities, by the parameter's id."""
        model.zero_grad()
        scores = torch.log_softmax(torch.stack(list(rows)), dim=-1)
        if not scores.requires_grad:
            return {}
        weight = torch.linspace(0.5, 1.5, scores.numel(), device=scores.device).reshape(scores.shape)
        (scores * weight).sum().backward()
        return {id(one): one.grad.clone() for one in model.parameters() if one.grad is not None}


def _require_repeatable(reading: nn.Module, writing: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Mapping[str, Any]) -> None:
    """Parts that draw random numbers or keep a state from call to call are no measure for the translator."""
    runs: list[Any] = []
    with suppress(Exception), torch.no_grad():  # student code, which may want to be called otherwise
        runs = [unrolled(reading, writing, x, y[:3], True, settings) for _ in range(2)]
    if len(runs) == 2 and differs(*runs):
        raise StudentError("The encoder or the decoder returns something else each time")


def _takes_device(made_by: Any) -> bool:
    """The handout's translator has the device as third argument; one that finds it out by itself may do without."""
    try:
        inspect.signature(made_by).bind(None, None, None)
    except TypeError:
        return False
    return True
