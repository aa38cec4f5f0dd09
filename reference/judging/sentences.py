"""What translation data sets hold: which way round their sentences stand, and which language's tokenizer cut them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.model.execution import Finding
from reference.probes import SOURCE_SENTENCES, TARGET_SENTENCES

SPLITS = ("train", "val", "test2016")
ROLES = ("train", "valid", "test")
SENTENCES = {"source": SOURCE_SENTENCES, "target": TARGET_SENTENCES}
LANGUAGE = {"source": "de", "target": "en"}


class Order(Enum):
    FORWARD = "in order"
    REVERSED = "reversed"
    OTHER = "otherwise"  # the right words in no order that was asked for, for instance reversed letter by letter
    UNKNOWN = "unknown"  # no sentence of the data has these letters


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set as a probe found it: the first examples' tokens by side, and how its fields cut given sentences.

    Data sets of one `group` were made with the same source field, as the splits of one call are.
    `held` says whether a name or a loader has it; others were made in a function and are gone.
    `known` is the share of the examples' words that the field's vocabulary has, by side; a side without a vocabulary is left out.
    """

    role: str
    identity: int
    used: bool
    size: int
    examples: tuple[Mapping[str, tuple[str, ...]], ...]
    cut: Mapping[str, tuple[tuple[str, ...], ...]]
    known: Mapping[str, float] = field(default_factory=dict)
    group: int = -1
    held: bool = True


def data_sets(finding: Finding) -> tuple[DataSet, ...]:
    """The data sets of a finding, malformed ones left out; a training set without a telling name is known by its size."""
    listed = finding.facts.get("sets")
    found = [_data_set(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return tuple(one for one in found if one.examples)


def _data_set(fact: Mapping[str, Any]) -> DataSet:
    examples, cut, known = fact.get("examples"), fact.get("cut"), fact.get("known")
    return DataSet(
        role=str(fact.get("role", "")),
        identity=_whole(fact.get("identity")),
        used=fact.get("used") is True,
        size=_whole(fact.get("size")),
        examples=tuple(
            {side: _texts(example.get(side)) for side in SENTENCES}
            for example in (examples if isinstance(examples, list) else [])
            if isinstance(example, dict)
        ),
        cut={
            side: tuple(map(_texts, cut[side])) if isinstance(cut, dict) and isinstance(cut.get(side), list) else () for side in SENTENCES
        },
        known={
            side: float(share)
            for side, share in (known.items() if isinstance(known, dict) else ())
            if side in SENTENCES and isinstance(share, (int, float)) and share >= 0
        },
        group=_whole(fact.get("group")),
        held=bool(fact.get("names")) or fact.get("used") is True,
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else -1


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, list) else ()


def order_of(tokens: Sequence[str], lines: Mapping[str, Sequence[str]]) -> Order:
    """Whether the tokens, put together, are a line of the data, forwards or backwards. Capitals and spaces do not matter."""
    joined = squeezed("".join(tokens))
    originals = lines.get(letters(joined), ())
    if not originals:
        return Order.UNKNOWN
    if joined in originals:
        return Order.FORWARD
    return Order.REVERSED if squeezed("".join(reversed(tokens))) in originals else Order.OTHER


def orders(examples: Iterable[Mapping[str, tuple[str, ...]]], side: str, folder: Path) -> Counter[Order]:
    """How many examples stand which way round; those that read the same both ways are left out."""
    lines = raw_lines(folder, LANGUAGE[side])
    told = (example[side] for example in examples if tuple(reversed(example[side])) != example[side])
    return Counter(order_of(tokens, lines) for tokens in told)


@lru_cache(maxsize=8)
def raw_lines(folder: Path, language: str) -> Mapping[str, tuple[str, ...]]:
    """All lines of the staged data in one language, squeezed, by their letters."""
    found: dict[str, tuple[str, ...]] = {}
    for split in SPLITS:
        for line in (folder / "multi30k" / f"{split}.{language}").read_text(encoding="utf-8").splitlines():
            text = squeezed(line)
            found[letters(text)] = (*found.get(letters(text), ()), text)
    return found


def words_lost(examples: Iterable[Mapping[str, tuple[str, ...]]], side: str, folder: Path) -> float:
    """The share of the examples that are no line of the data, where their partner's translation has all of their letters, and more."""
    other = next(name for name in LANGUAGE if name != side)
    own, partners = raw_lines(folder, LANGUAGE[side]), _translations(folder, LANGUAGE[other], LANGUAGE[side])
    told = []
    for example in examples:
        joined = squeezed("".join(example[side]))
        lines = partners.get(letters(squeezed("".join(example[other]))), ())
        told.append(letters(joined) not in own and any(Counter(joined) < Counter(line) for line in lines))
    return sum(told) / len(told) if told else 0.0


@lru_cache(maxsize=8)
def _translations(folder: Path, known: str, wanted: str) -> Mapping[str, tuple[str, ...]]:
    """The lines in one language, squeezed, by the letters of their translations in the other."""
    found: dict[str, tuple[str, ...]] = {}
    for split in SPLITS:
        both = ((folder / "multi30k" / f"{split}.{language}").read_text(encoding="utf-8").splitlines() for language in (known, wanted))
        for line, translation in zip(*both, strict=True):
            key = letters(squeezed(line))
            found[key] = (*found.get(key, ()), squeezed(translation))
    return found


def are_characters(examples: Iterable[Mapping[str, tuple[str, ...]]], side: str) -> bool:
    """Whether the sentences were cut into single characters."""
    return all(len(token) < 2 for example in examples for token in example[side])


def squeezed(text: str) -> str:
    return "".join(text.lower().split())


def letters(text: str) -> str:
    """The same for every order of the same letters."""
    return "".join(sorted(text))


def cut_as(data_set: DataSet, side: str) -> str:
    """Whose tokenizer, "de" or "en", cuts the probe's sentences as this data set's field does, in either order; "" when unclear."""
    cuts = data_set.cut.get(side, ())
    alike = {
        language: sum(
            [token.lower() for token in one] in (tokens, tokens[::-1])
            for one, tokens in zip(cuts, tokenized(language, SENTENCES[side]), strict=False)
        )
        for language in ("de", "en")
    }
    if alike["de"] == alike["en"]:
        return ""
    return "de" if alike["de"] > alike["en"] else "en"


@lru_cache(maxsize=8)
def tokenized(language: str, sentences: tuple[str, ...]) -> tuple[list[str], ...]:
    """The tokens of each sentence in small letters, as the language's tokenizer cuts it."""
    import spacy  # seconds, which a process that leads has no use for

    tokenizer = spacy.blank(language).tokenizer
    return tuple([token.text.lower() for token in tokenizer(sentence)] for sentence in sentences)
