"""Tokens, vocabularies, batches."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import pytest
import torch

from reference import text
from reference.data.sample.captions import pairs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "multi30k").mkdir()
    everything = list(pairs(340, seed=7))
    parts = {"train": everything[:300], "val": everything[300:320], "test2016": everything[320:]}
    for split, chosen in parts.items():
        for position, language in enumerate(("de", "en")):
            content = "".join(pair[position] + "\n" for pair in chosen)
            (folder / "multi30k" / f"{split}.{language}").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(folder: Path) -> text.Corpus:
    return text.read(folder)


def test_the_vocabulary_is_that_of_torchtext(folder: Path, corpus: text.Corpus) -> None:
    """The same words in the same order as the homework's `Field` builds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchtext 0.6.0 is old
        data = pytest.importorskip("torchtext.data")
    for language, vocabulary in (("de", corpus.source), ("en", corpus.target)):
        lines = (folder / "multi30k" / f"train.{language}").read_text(encoding="utf-8").splitlines()
        tokenize = text.tokenizer(language)
        field = data.Field(tokenize=lambda line, tokenize=tokenize: list(tokenize(line)), init_token="<sos>", eos_token="<eos>", lower=True)
        field.build_vocab([field.preprocess(line) for line in lines], min_freq=2)
        assert tuple(field.vocab.itos) == vocabulary.words


def test_rare_words_are_unknown(corpus: text.Corpus) -> None:
    """A word that the training split does not have twice is encoded as <unk>, between the marks."""
    assert corpus.target.encode(("a", "xylophone")) == (text.START, corpus.target.numbers["a"], text.UNKNOWN, text.END)
    assert corpus.target.decode([text.START, corpus.target.numbers["a"], text.END, 9]) == "a"


def test_batches_hold_every_pair_once(corpus: text.Corpus) -> None:
    """Without their padding, the columns of all batches are the pairs of the split."""
    batches = corpus.training.batches(32, shuffled_by=random.Random(0))
    columns = []
    for x, y in batches:
        assert x.shape[1] == y.shape[1] <= 32
        for source, target in zip(x.T.tolist(), y.T.tolist(), strict=True):
            columns.append((tuple(n for n in source if n != text.PADDING), tuple(n for n in target if n != text.PADDING)))
    assert sorted(columns) == sorted(corpus.training.encoded)


def test_batches_are_shuffled_anew_and_reproducibly(corpus: text.Corpus) -> None:
    """One seed gives one order of epochs, and two epochs differ."""
    order = random.Random(0)
    first, second = corpus.training.batches(32, shuffled_by=order), corpus.training.batches(32, shuffled_by=order)
    again = corpus.training.batches(32, shuffled_by=random.Random(0))
    assert all(torch.equal(a[0], b[0]) for a, b in zip(first, again, strict=True))
    assert any(a[0].shape != b[0].shape or not torch.equal(a[0], b[0]) for a, b in zip(first, second, strict=True))


def test_sentences_of_a_batch_are_of_similar_length(corpus: text.Corpus) -> None:
    """Sorting by length leaves little padding: less than a tenth of the source."""
    batches = corpus.training.batches(32)
    padding = sum(int((x == text.PADDING).sum()) for x, _ in batches)
    assert padding < 0.1 * sum(x.numel() for x, _ in batches)


def test_only_the_source_is_reversed(folder: Path, corpus: text.Corpus) -> None:
    """The German tokens come last first in every split, the marks stay outside, the English is untouched."""
    reversed_corpus = text.read(folder, reverse_source=True)
    assert set(reversed_corpus.source.words) == set(corpus.source.words)
    assert reversed_corpus.target == corpus.target
    for split in ("training", "validation", "test"):
        for (source, target), (reversed_source, same_target) in zip(
            getattr(corpus, split).encoded, getattr(reversed_corpus, split).encoded, strict=True
        ):
            words = [corpus.source.words[number] for number in source]
            assert [reversed_corpus.source.words[number] for number in reversed_source] == [words[0], *words[-2:0:-1], words[-1]]
            assert target == same_target


def test_multi30k_has_the_known_vocabularies() -> None:
    """On the real training split: 7,853 German and 5,893 English types with spaCy 3.8."""
    shared = Path(__file__).parents[1].parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("Multi30k is not on this machine")
    import gzip

    sizes = []
    for language in ("de", "en"):
        with gzip.open(shared / "multi30k" / f"train.{language}.gz", "rt", encoding="utf-8") as lines:
            sizes.append(len(text.build_vocabulary(text.tokenizer(language)(line.strip()) for line in lines)))
    assert sizes == [7853, 5893]
