"""3.1: sentences become tokens, tokens numbers, and sentences of similar length a padded batch.

The same steps as torchtext's `Field` and `BucketIterator`, without torchtext: lower-cased spaCy tokens, words of the training split seen at
least twice, the four marks <unk>, <pad>, <sos>, <eos> first.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

MARKS = ("<unk>", "<pad>", "<sos>", "<eos>")
UNKNOWN, PADDING, START, END = range(4)
SPLITS = ("train", "val", "test2016")
BATCHES_IN_A_POOL = 100  # sentences are sorted by length within pools of this many batches, so that little padding is needed

Tokens = tuple[str, ...]
Numbers = tuple[int, ...]
Batch = tuple[Tensor, Tensor]  # source (T, B), target (T, B)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by number and numbers by word; the most frequent first, equal ones in alphabetical order."""

    words: Tokens
    numbers: dict[str, int]

    def encode(self, tokens: Tokens) -> Numbers:
        return (START, *(self.numbers.get(token, UNKNOWN) for token in tokens), END)

    def decode(self, numbers: Iterable[int]) -> str:
        """The words up to the first <eos>."""
        words: list[str] = []
        for number in numbers:
            if number == END:
                break
            if number != START:
                words.append(self.words[number])
        return " ".join(words)

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Pairs:
    """One split: each pair is the numbers of a German and of an English sentence, marks included."""

    encoded: tuple[tuple[Numbers, Numbers], ...]

    def batches(self, size: int, *, shuffled_by: random.Random | None = None) -> list[Batch]:
        """Padded batches of pairs of similar length: source (T, B) and target (T, B)."""
        pairs = list(self.encoded)
        if shuffled_by is not None:
            shuffled_by.shuffle(pairs)
        pool_size = size * BATCHES_IN_A_POOL
        batches: list[Batch] = []
        for start in range(0, len(pairs), pool_size):
            pool = sorted(pairs[start : start + pool_size], key=lambda pair: (len(pair[0]), len(pair[1])))
            chunks = [pool[first : first + size] for first in range(0, len(pool), size)]
            batches += [(pad([source for source, _ in chunk]), pad([target for _, target in chunk])) for chunk in chunks]
        if shuffled_by is not None:
            shuffled_by.shuffle(batches)
        return batches

    def __len__(self) -> int:
        return len(self.encoded)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The three splits and both vocabularies."""

    source: Vocabulary
    target: Vocabulary
    training: Pairs
    validation: Pairs
    test: Pairs


@lru_cache
def tokenizer(language: str) -> Callable[[str], Tokens]:
    """spaCy's rule-based tokenizer for "de" or "en", lower-casing as it goes."""
    import spacy  # takes a second to import, and most of this package does without

    tokenize = spacy.blank(language).tokenizer
    return lambda sentence: tuple(token.text.lower() for token in tokenize(sentence))


def build_vocabulary(sentences: Iterable[Tokens], *, at_least: int = 2) -> Vocabulary:
    """Number the words that occur at least so often."""
    counts = Counter(token for sentence in sentences for token in sentence)
    frequent = sorted((word for word, count in counts.items() if count >= at_least), key=lambda word: (-counts[word], word))
    words = (*MARKS, *(word for word in frequent if word not in MARKS))
    return Vocabulary(words, {word: number for number, word in enumerate(words)})


def pad(sentences: Sequence[Numbers]) -> Tensor:
    """Sentences as the columns of one tensor, filled up with <pad>."""
    longest = max(map(len, sentences))
    rows = [sentence + (PADDING,) * (longest - len(sentence)) for sentence in sentences]
    return torch.tensor(rows).T.contiguous()  # (B, T) -> (T, B)


def read(folder: Path, *, reverse_source: bool = False) -> Corpus:
    """Read `folder`/multi30k/{train,val,test2016}.{de,en}. With `reverse_source` the German tokens come last first."""
    step = -1 if reverse_source else 1
    german = {split: [tokens[::step] for tokens in _sentences(folder, split, "de")] for split in SPLITS}
    english = {split: _sentences(folder, split, "en") for split in SPLITS}
    source, target = build_vocabulary(german["train"]), build_vocabulary(english["train"])
    training, validation, test = (
        Pairs(tuple((source.encode(de), target.encode(en)) for de, en in zip(german[split], english[split], strict=True)))
        for split in SPLITS
    )
    return Corpus(source, target, training, validation, test)


def _sentences(folder: Path, split: str, language: str) -> list[Tokens]:
    lines = (folder / "multi30k" / f"{split}.{language}").read_text(encoding="utf-8").splitlines()
    return [tokenizer(language)(line.strip()) for line in lines]
