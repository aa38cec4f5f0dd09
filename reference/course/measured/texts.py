"""3.1 and 3.4: looks at what the translation data sets hold: vocabularies, first sentence pairs, how the fields cut given sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from .outcomes import NotThere
from .vocabularies import vocabularies

MOST_SETS = 9
MOST_INNER = 20  # attributes of an object that is looked into
MOST_TOKENS = 60  # of one sentence; the longest in Multi30k has 46
ROLES = (("train", "train"), ("val", "valid"), ("dev", "valid"), ("test", "test"), ("tst", "test"))


def data(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every torchtext data set that the notebook holds, the latest defined last, and which of them were gone through in `question`."""
    from harness_inside import objects

    named: dict[int, tuple[Any, list[str]]] = {}
    for name, value in list(namespace.items()):
        for one, role in _data_sets(value, str(name)):
            named.setdefault(id(one), (one, []))[1].append(role)
    for one in objects.latest_data_sets():  # those too that only a function's own names hold
        if _is_data_set(one):
            named.setdefault(id(one), (one, []))
    own = [value for name, value in namespace.items() if not name.startswith("_") and name not in ("In", "Out")]
    words = vocabularies([*own, *objects.latest_data_sets()])
    if not named and not words:
        raise NotThere("No torchtext data set is there at the end of this question.")
    used = objects.data_sets_gone_through(str(settings["question"]))
    sentences = {side: list(settings.get(side, [])) for side in ("source", "target")}
    groups: dict[int, int] = {}
    sets = [
        {
            "names": names[:4],
            "role": _role(names),
            "identity": (number := objects.data_set_number(one)),
            "group": groups.setdefault(id(next(iter(one.fields.values()))), len(groups)),
            "used": number in used,
            **_contents(one, int(settings["limit"]), sentences),
        }
        for one, names in list(named.values())[-MOST_SETS:]
    ]
    return {"sets": sets, "vocabularies": words}, {}


def _is_data_set(value: Any) -> bool:
    return (
        isinstance(getattr(value, "examples", None), list) and isinstance(getattr(value, "fields", None), dict) and len(value.fields) >= 2
    )


def _data_sets(value: Any, name: str, depth: int = 1) -> list[tuple[Any, str]]:
    """The data sets that a variable holds: itself, an iterator's, those in a tuple of them, or in a dictionary or an object."""
    if _is_data_set(value):
        return [(value, name)]
    if not isinstance(value, type) and _is_data_set(getattr(value, "dataset", None)):
        return [(value.dataset, name)]
    if isinstance(value, (tuple, list)) and 1 < len(value) <= 3 and all(_is_data_set(part) for part in value):
        return [(part, f"{name} {role}") for part, role in zip(value, ("train", "valid", "test"), strict=False)]
    inner = value if isinstance(value, dict) else getattr(value, "__dict__", None)
    if depth and isinstance(inner, dict) and len(inner) <= MOST_INNER and not isinstance(value, (type, ModuleType)):
        return [one for key, part in inner.items() for one in _data_sets(part, f"{name} {key}", depth - 1)]
    return []


def _role(names: Sequence[str]) -> str:
    for name in names:
        for word, role in ROLES:
            if word in name.lower():
                return role
    return ""


def _contents(data_set: Any, limit: int, sentences: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    names = list(data_set.fields)[:2]
    fields = [data_set.fields[name] for name in names]
    examples = [
        {side: _tokens(getattr(example, name, None)) for side, name in zip(("source", "target"), names, strict=True)}
        for example in data_set.examples[:limit]
    ]
    return {
        "size": len(data_set.examples),
        "vocabulary": {side: _size(field) for side, field in zip(("source", "target"), fields, strict=True)},
        "padding": {side: _padding(field) for side, field in zip(("source", "target"), fields, strict=True)},
        "known": {
            side: _known(field, [example[side] for example in examples]) for side, field in zip(("source", "target"), fields, strict=True)
        },
        "cut": {
            side: [_cut(field, sentence) for sentence in sentences[side]] for side, field in zip(("source", "target"), fields, strict=True)
        },
        "examples": examples,
    }


def _tokens(value: Any) -> list[str]:
    return [str(token)[:80] for token in value[:MOST_TOKENS]] if isinstance(value, (list, tuple)) else []


def _size(field: Any) -> int:
    vocabulary = getattr(field, "vocab", None)
    return len(vocabulary) if vocabulary is not None else 0


def _padding(field: Any) -> int:
    """The number of the padding token, -1 without a vocabulary."""
    vocabulary = getattr(field, "vocab", None)
    number = vocabulary.stoi.get(field.pad_token) if vocabulary is not None and hasattr(vocabulary, "stoi") else None
    return -1 if number is None else int(number)


def _known(field: Any, sentences: Sequence[Sequence[str]]) -> float:
    """The share of words that the field's vocabulary has, -1 without a vocabulary or words."""
    known = getattr(getattr(field, "vocab", None), "stoi", None)
    words = [word for sentence in sentences for word in sentence]
    if not isinstance(known, Mapping) or not words:
        return -1.0
    unknown = (None, known.get(getattr(field, "unk_token", None)))  # torchtext notes each unknown word that it meets
    return sum(known.get(word) not in unknown for word in words) / len(words)


def _cut(field: Any, sentence: str) -> list[str]:
    """The field's tokens of a sentence; empty when the student's tokenizer fails on it."""
    try:
        return _tokens(list(field.preprocess(sentence)))
    except Exception:  # noqa: BLE001 - the student's tokenizer may raise anything; the examples still show what it did
        return []
