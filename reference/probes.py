"""What is asked of a student's kernel: the probes of Homework 4, with inputs and weights drawn from the grader's seed.

Asked when the section ends (question in the name), answered with (→):

- `q1_1.apply_mask.one`, `.few`, `.many`: `images` (B, 1, 28, 28), strictly positive → `masked`, and the argument `after` the call;
  where the function also works on other layouts, `masked_planes`/`after_planes` (from (B, 28, 28)) and `masked_rows`/`after_rows` (from
  (B, 784)); fact `layout` names the first that worked. `q1_1.apply_mask.digits`: the same for digits, as a training sees them.
- `q1_1.trained_autoencoder`: `images` (64, 784), fresh digits with the left half zero, and `whole`, the same
  unmasked → `reconstructed` and `reconstructed_whole` (64, 784).
- `q1_2.autoencoder`, `q1_3.autoencoder`: `images` as above and `whole`, the same digits unmasked → `reconstructed` and
  `reconstructed_whole`; fact `same_as_trained`; `trained_<name>` (N, 784), what the trained network makes of the kept input of that name.
- `q2_2.networks`: `tokens` (8, 6), and the same with one token of the first sequence changed, the `last` or an `early` one → the answers of
  every network trained there, `<n>.<layout>.tokens` and so on, layout `batch_first` or `time_first`, and `<n>.<layout>.changed<k>` to
  `tokens` with other weights in its k-th recurrent layer; fact `networks`: `class` and `kind`.
- `q3_1.data`, `q3_4.data`: → fact `sets`, a list of data sets with `names`, `role` (train, valid, test or none), `identity`, `used`
  (iterated over in that question), `size`, `vocabulary` and `padding` by side, `cut` (the fields' tokens of given sentences) and `examples`
  (the first 64, tokens by side); sides are `source` and `target`.
- `q3_2.encoder.<case>` (RNN) and `q3_3.encoder.<case>` (LSTM): `tokens` (T, B) and weights `encoder.*` → `returned0`, `returned1`, …;
  `turned0`, … for (B, T), and for a recurrence by hand `way<k>.returned0`, …, with its weights placed in one way or another.
- `q3_2.decoder.<case>`, `q3_3.decoder.<case>`: `tokens` (2, B), `hidden` (L, B, H), LSTM also `cell`, weights `decoder.*` → `first0`
  (scores), `first1`, … of the first step and `second0`, … of the next one from the state returned.
- `q3_2.translator.<case>`, `q3_3.translator.<case>`: `x` (T, B), `y` (T', B), all weights → `forced`, `greedy`, `drawn` (8 times at one
  half), and `unrolled_forced`, `unrolled_greedy`; fact `stand_in`.

B is drawn where it is not told: a mask that is right at the sizes tried must not be right at these only.
Cases are `one_layer`, `two_layers`, `three_layers`. No two sizes within a case are equal, so that no axis can pass for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.model.execution import Json, Probe

SIDE = 28
BATCHES = {"one": (1, 1), "few": (3, 7), "many": (40, 90)}  # how many images at least and at most
DIGITS_PROBE = "q1_1.apply_mask.digits"
DIGITS = 64
SEEN_IN_REPLAY = 64  # test images that the replay may show to the student's code come first
KINDS = {"3.2": "RNN", "3.3": "LSTM"}
FIRST_EXAMPLES = 64
SEQUENCES, SEQUENCE_LENGTH = 8, 6  # unequal, so that time cannot pass for the batch
FIRST_WORD, START, END = 4, 2, 3  # of a vocabulary: <unk>, <pad>, <sos> and <eos> come before the first word
NEVER = -20.0  # the score of <eos>: a translator that stops when all sentences have ended does not stop early

# Sentences that English and German tokenizers cut differently, without numbers or rare words.
SOURCE_SENTENCES = ("Ein Mann geht's ruhig an, z.B. im Park.", "Zwei Kinder spielen am 3. Tag im Schnee.")
TARGET_SENTENCES = ("The boy's dog doesn't like the girls' T-shirts.", "They're sure that it's a man who can't swim.")


@dataclass(frozen=True, slots=True)
class Case:
    """The sizes of one translation probe."""

    name: str
    source: int
    target: int
    source_embedding: int
    target_embedding: int
    hidden: int
    layers: int
    source_steps: int
    target_steps: int
    batch: int


CASES = (
    Case(
        "one_layer",
        source=19,
        target=11,
        source_embedding=6,
        target_embedding=10,
        hidden=8,
        layers=1,
        source_steps=7,
        target_steps=9,
        batch=4,
    ),
    Case(
        "two_layers",
        source=23,
        target=13,
        source_embedding=5,
        target_embedding=12,
        hidden=7,
        layers=2,
        source_steps=6,
        target_steps=10,
        batch=3,
    ),
    Case(
        "three_layers",
        source=17,
        target=14,
        source_embedding=10,
        target_embedding=8,
        hidden=6,
        layers=3,
        source_steps=5,
        target_steps=11,
        batch=4,
    ),
)


def plan(seed: int, data_folder: Path) -> tuple[Probe, ...]:
    """All probes, in the order of the questions; the same ones for the same seed and data."""
    random = np.random.default_rng(seed)
    masks = mask_probes(random)
    digits = fresh_digits(seed, data_folder)
    some_digits = digits[: random.integers(DIGITS // 2, DIGITS)].reshape(-1, 1, SIDE, SIDE)
    masks = (*masks, Probe(DIGITS_PROBE, "1.1", "apply_mask", {}, {"images": some_digits}))
    masked = left_half_masked(digits)
    trained = Probe("q1_1.trained_autoencoder", "1.1", "autoencoder", {"trained_in": "1.1"}, {"images": masked, "whole": digits})
    some = {"images": masked[:16], "whole": digits[:16]}
    shown = tuple(
        Probe(f"q{question.replace('.', '_')}.autoencoder", question, "autoencoder", {"trained_in": "1.1", "called_in": question}, some)
        for question in ("1.2", "1.3")
    )
    translations = tuple(
        probe for question, kind in KINDS.items() for case in CASES for probe in translation_probes(random, question, kind, case)
    )
    return (*masks, trained, *shown, _sequence_probe(random), _data_probe("3.1"), *translations, _data_probe("3.4"))


def fresh_digits(seed: int, data_folder: Path) -> np.ndarray:
    """Test images (64, 784) from 0 to 1, drawn from those that the replay does not use where there are enough."""
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as file:
        images = file["test_images"]
    unseen = images[SEEN_IN_REPLAY:] if len(images) >= SEEN_IN_REPLAY + DIGITS else images
    chosen = np.random.default_rng([seed, 1]).choice(len(unseen), size=DIGITS, replace=len(unseen) < DIGITS)
    return np.asarray(unseen[chosen].reshape(DIGITS, SIDE * SIDE) / 255.0, np.float32)


def left_half_masked(images: np.ndarray) -> np.ndarray:
    """A copy of `images`, (…, 28, 28) or (…, 784), whose columns 0 to 13 are zero."""
    masked = np.array(images).reshape(-1, SIDE, SIDE)
    masked[:, :, : SIDE // 2] = 0
    return masked.reshape(images.shape)


def mask_probes(random: np.random.Generator) -> tuple[Probe, ...]:
    """One for each of `BATCHES`."""
    drawn = {name: int(random.integers(least, most, endpoint=True)) for name, (least, most) in BATCHES.items()}
    return tuple(_mask_probe(random, name, size) for name, size in drawn.items())


def _mask_probe(random: np.random.Generator, name: str, size: int) -> Probe:
    images = random.uniform(0.1, 1.0, (size, 1, SIDE, SIDE)).astype(np.float32)
    return Probe(f"q1_1.apply_mask.{name}", "1.1", "apply_mask", {}, {"images": images})


def _sequence_probe(random: np.random.Generator) -> Probe:
    tokens = random.integers(0, 10, (SEQUENCES, SEQUENCE_LENGTH))
    last, early = tokens.copy(), tokens.copy()
    last[0, -1] = (last[0, -1] + 5) % 10
    early[0, 0] = (early[0, 0] + 5) % 10
    return Probe("q2_2.networks", "2.2", "sequences", {"trained_in": "2.2"}, {"tokens": tokens, "last": last, "early": early})


def _data_probe(question: str) -> Probe:
    settings: dict[str, Json] = {
        "question": question,
        "limit": FIRST_EXAMPLES,
        "source": [*SOURCE_SENTENCES],
        "target": [*TARGET_SENTENCES],
    }
    return Probe(f"q{question.replace('.', '_')}.data", question, "data", settings)


def translation_probes(random: np.random.Generator, question: str, kind: str, case: Case) -> tuple[Probe, ...]:
    settings: dict[str, Json] = {
        "kind": kind,
        "source": case.source,
        "target": case.target,
        "source_embedding": case.source_embedding,
        "target_embedding": case.target_embedding,
        "hidden": case.hidden,
        "layers": case.layers,
    }
    reading = {f"encoder.{name}": values for name, values in _weights(random, kind, case.source, case.source_embedding, case).items()}
    writing = {f"decoder.{name}": values for name, values in _weights(random, kind, case.target, case.target_embedding, case).items()}
    writing |= {"decoder.out_proj.weight": _normal(random, case.target, case.hidden), "decoder.out_proj.bias": _normal(random, case.target)}
    state_names = ("hidden",) if kind == "RNN" else ("hidden", "cell")
    states = {name: _normal(random, case.layers, case.batch, case.hidden) for name in state_names}
    writing["decoder.out_proj.bias"][END] = NEVER
    # Words only, and <sos> first in y: an encoder may pass over padding, and a translator may know its first word by itself.
    x = random.integers(FIRST_WORD, case.source, (case.source_steps, case.batch))
    y = random.integers(FIRST_WORD, case.target, (case.target_steps, case.batch))
    y[0] = START
    prefix = f"q{question.replace('.', '_')}"
    return (
        Probe(f"{prefix}.encoder.{case.name}", question, "encoder", settings, {"tokens": x, **reading}),
        Probe(f"{prefix}.decoder.{case.name}", question, "decoder", settings, {"tokens": y[1:3], **states, **writing}),
        Probe(f"{prefix}.translator.{case.name}", question, "translator", settings, {"x": x, "y": y, **reading, **writing}),
    )


def _weights(random: np.random.Generator, kind: str, vocabulary: int, embedding: int, case: Case) -> dict[str, np.ndarray]:
    """Of the embedding and the recurrent layers; of middling size, so that no state is saturated and every input matters."""
    gates = 4 if kind == "LSTM" else 1
    weights = {"embedding.weight": _normal(random, vocabulary, embedding)}
    for layer in range(case.layers):
        read = embedding if layer == 0 else case.hidden
        weights[f"rnn.weight_ih_l{layer}"] = _normal(random, gates * case.hidden, read, scale=0.4)
        weights[f"rnn.weight_hh_l{layer}"] = _normal(random, gates * case.hidden, case.hidden, scale=0.4)
        weights[f"rnn.bias_ih_l{layer}"] = _normal(random, gates * case.hidden, scale=0.3)
        weights[f"rnn.bias_hh_l{layer}"] = _normal(random, gates * case.hidden, scale=0.3)
    return weights


def _normal(random: np.random.Generator, *shape: int, scale: float = 1.0) -> np.ndarray:
    return (scale * random.standard_normal(shape)).astype(np.float32)
