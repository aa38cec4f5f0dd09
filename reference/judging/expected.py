"""Expected values, computed by the reference from the same inputs and weights that the student's kernel was sent.

Runs in the process that judges, on the grader's side. torch is imported when the first value is asked for.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks import Evidence
from autograder.model.execution import Json, Probe
from reference import probes

Array = np.ndarray
TOLERANCE = 1e-4  # of values around 1: float32 sums in another order differ by some 1e-6, wrong variants by 1e-2 and more
THIN_MARGIN = 1e-4  # a greedy choice closer than this may fall either way


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a decoder: scores (B, V), and the next states (L, B, H), hidden first."""

    scores: Array
    states: tuple[Array, ...]
    output: Array  # (1, B, H), of the last layer, before the projection


@dataclass(frozen=True, slots=True, eq=False)
class Translation:
    """Scores (T, B, V) with the truth as input, with the own guesses as input, and the smallest lead of a guess over the next best."""

    forced: Array
    greedy: Array
    margin: float


class Expected:
    """The `reference` that checks are given."""

    def __init__(self, evidence: Evidence) -> None:
        self._seed = evidence.seed
        self._folder = evidence.data_folder

    def probe(self, name: str) -> Probe:
        """The probe as it was asked: its settings and arrays."""
        return _probes(self._seed, self._folder)[name]

    def fresh_digits(self) -> Array:
        """The unmasked digits (64, 784) of `q1_1.trained_autoencoder`; those of `q1_2.autoencoder` are the first 16."""
        return probes.fresh_digits(self._seed, self._folder)

    def mask_left_half(self, images: Array) -> Array:
        """`images`, (…, 28, 28) or (…, 784), with columns 0 to 13 zero."""
        return probes.left_half_masked(images)

    def reconstruct(self, image: Array) -> Array:
        """What the reference makes of an image (28, 28) when it was trained on the images of the replay, for 30 epochs: (28, 28)."""
        import torch

        from reference import masked_autoencoder

        given = torch.as_tensor(image, dtype=torch.float32).reshape(1, 1, probes.SIDE, probes.SIDE)
        made: Array = np.asarray(masked_autoencoder.reconstruct(_trained_autoencoder(self._folder), given))
        return np.asarray(made[0, 0])

    def parameter_count(
        self, kind: str, *, source: int, target: int, source_embedding: int, target_embedding: int, hidden: int, layers: int
    ) -> int:
        """What a translator of these sizes has to learn, both bias vectors of torch's layers counted."""
        gates = {"RNN": 1, "LSTM": 4}[kind]
        recurrent = sum(
            gates * hidden * ((embedding if layer == 0 else hidden) + hidden + 2)
            for embedding in (source_embedding, target_embedding)
            for layer in range(layers)
        )
        return source * source_embedding + target * target_embedding + recurrent + target * (hidden + 1)

    def encoder(
        self, name: str, *, zeroed: Sequence[str] = (), nonlinearity: str = "tanh", tokens: Array | None = None
    ) -> tuple[Array, ...]:
        """The states (L, B, H), hidden first, after `tokens` (those of the probe unless given); `zeroed` weights are taken as zero."""
        import torch

        probe = self.probe(name)
        module = _module(probe.settings, "Encoder", _part(probe.arrays, "encoder", zeroed), nonlinearity)
        with torch.no_grad():
            returned = module(torch.as_tensor(probe.arrays["tokens"] if tokens is None else np.ascontiguousarray(tokens)))
        return tuple(part.numpy() for part in (returned if isinstance(returned, tuple) else (returned,)))

    def encoder_outputs(self, name: str) -> Array:
        """The last layer's output at every time step (T, B, H)."""
        tokens = self.probe(name).arrays["tokens"]
        return np.stack([self.encoder(name, tokens=tokens[: t + 1])[0][-1] for t in range(len(tokens))])

    def decoder(self, name: str, word: int, states: Sequence[Array], *, zeroed: Sequence[str] = (), nonlinearity: str = "tanh") -> Step:
        """One step from `states`, with row `word` of the probe's tokens as input."""
        import torch

        probe = self.probe(name)
        module = _module(probe.settings, "Decoder", _part(probe.arrays, "decoder", zeroed), nonlinearity)
        with torch.no_grad():
            scores, *after = module(torch.as_tensor(probe.arrays["tokens"][word]), *(torch.as_tensor(state) for state in states))
        return Step(scores.numpy(), tuple(part.numpy() for part in after), after[0][-1:].numpy())

    def projected(self, name: str, hidden: Array) -> Array:
        """The decoder's scores of a state (…, H)."""
        weights = _part(self.probe(name).arrays, "decoder", ())
        return np.asarray(hidden @ weights["out_proj.weight"].T + weights["out_proj.bias"])

    def translator(self, name: str, *, carried: Sequence[bool] = (True, True)) -> Translation:
        """The translation of the probe's x; `carried` False keeps that part of the state (hidden, cell) as the encoder left it."""
        import torch

        probe = self.probe(name)
        x, y = (torch.as_tensor(probe.arrays[part]) for part in ("x", "y"))
        reading = _module(probe.settings, "Encoder", _part(probe.arrays, "encoder", ()))
        writing = _module(probe.settings, "Decoder", _part(probe.arrays, "decoder", ()))
        results, margin = [], np.inf
        with torch.no_grad():
            encoded = reading(x)
            start = encoded if isinstance(encoded, tuple) else (encoded,)
            for forced in (True, False):
                word, states, rows = y[0], start, []
                for t in range(1, len(y)):
                    scores, *after = writing(word, *states)
                    states = tuple(new if kept else old for new, old, kept in zip(after, states, carried, strict=False))
                    rows.append(scores)
                    word = y[t] if forced else scores.argmax(1)
                    if not forced:
                        best = scores.topk(2, dim=1).values
                        margin = min(margin, float((best[:, 0] - best[:, 1]).min()))
                results.append(torch.stack([torch.zeros_like(rows[0]), *rows]).numpy())
        return Translation(results[0], results[1], margin)


@lru_cache(maxsize=4)
def _probes(seed: int, folder: Path) -> dict[str, Probe]:
    return {probe.name: probe for probe in probes.plan(seed, folder)}


@lru_cache(maxsize=1)
def _trained_autoencoder(folder: Path) -> Any:
    """30 epochs of few images. They take a second, so the weights are kept for other judges, beside the data, where no kernel sees them."""
    import torch

    from reference import masked_autoencoder

    torch.manual_seed(0)
    model = masked_autoencoder.MaskedAutoencoder()
    kept = folder.with_name(f"{folder.name}-{_digest(masked_autoencoder.__file__)}.npz")
    if kept.exists():
        with np.load(kept, allow_pickle=False) as weights:
            model.load_state_dict({name: torch.as_tensor(weights[name]) for name in weights})
        return model
    masked_autoencoder.train(model, masked_autoencoder.read_images(folder))
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=folder.parent, suffix=".npz", delete=False) as unfinished:
        np.savez(unfinished, **{name: values.numpy() for name, values in model.state_dict().items()})
        Path(unfinished.name).replace(kept)
    return model


def _digest(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:12]


def _part(arrays: Mapping[str, Array], part: str, zeroed: Sequence[str]) -> dict[str, Array]:
    """The weights of the encoder or the decoder by role."""
    named = {name.removeprefix(f"{part}."): values for name, values in arrays.items() if name.startswith(f"{part}.")}
    return {name: np.zeros_like(values) if name in zeroed else values for name, values in named.items()}


def _module(settings: Mapping[str, Json], part: str, weights: Mapping[str, Array], nonlinearity: str = "tanh") -> Any:
    """The reference's encoder or decoder with these weights, in evaluation mode."""
    import torch

    from reference import translation

    side = "source" if part == "Encoder" else "target"
    sizes = (int(str(settings[name])) for name in (side, f"{side}_embedding", "hidden", "layers"))
    module = getattr(translation, f"{settings['kind']}{part}")(*sizes)
    module.load_state_dict({name: torch.as_tensor(values) for name, values in weights.items()})
    if nonlinearity == "relu":
        module.rnn.nonlinearity, module.rnn.mode = "relu", "RNN_RELU"
    return module.eval()


def log_softmax(scores: Array) -> Array:
    """Along the last axis; scores and log-probabilities give the same."""
    shifted = np.asarray(scores, np.float64) - np.max(scores, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def close(one: Array, other: Array) -> bool:
    """The same shape and, within rounding, the same values."""
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE))
