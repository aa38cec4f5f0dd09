"""4.2: whether a text says that a network's size stays the same for longer names."""

from __future__ import annotations

import re

from reference.judging.counts import SENTENCE
from reference.judging.networks import BOTH, LABELS, LENGTHS, networks

SAME = re.compile(
    r"(?<!almost the )(?<!nearly the )(?<!about the )(?<!roughly the )(?<!the very )"
    r"\bsame\b(?!\s+(?:way|reason|time|idea|formula|calculation|computation|method|steps?|logic|argument|approach|reasoning|manner|thing))"
    r"|\bidentical\b|\bunaffected\b|\bunchanged\b|\bunaltered\b|\bconstant\b|\bindependent\b|\binvariant\b|\bfixed\b|\bequal\b|"
    r"(?:n['’]t|not|never|no|neither)\s+(?:\w+\s+){0,3}?(?:chang|need|requir|affect|impact|depend|grow|increas|matter|influenc|differ|effect|scale|vary|alter|get|rise|expand|go(?:es)?\s+up)\w*|"
    r"\b(?:stays?|remains?|staying|remaining)\b(?!\s+(?:large|big|small))|\bstill\b(?!\s+(?:grow|increas|larg|bigg|more|need))"
    r"|regardless of|irrespective of|no matter"
    r"|keeps?\b|gleich|unverändert|"
    r"unabhängig|ändert sich (?:\w+\s+){0,3}?(?:nicht|nichts)\b|不变|相同|一样|保持|无关"
    r"|mismo|misma|même|no cambia|sin cambios|ne change pas|nie zmienia|não muda|non cambia"
    r"|resta uguale|rimane|не (?:меня|измен|завис)|변하지|그대로|変わら|同じ"
    r"|\bneither\s+(?:\w+\s+){0,3}?(?:chang|grow|increas|depend|need)\w*|"
    r"\bnothing\s+(?:\w+\s+)?chang|\b(?:no|none)\s+(?:change|difference|growth|such|more|additional|extra)|"
    r"\b(?:does|do|is|are|will|would)\s*(?:n['’]t|\s*not)\s*(?=$|[.,;])"
    r"|\b(?:as|see|like)\s+(?:before|above|in the (?:first|previous))\b|\bditto\b"
    r"|\bas\s+(?:it|they)\s+(?:is|was|are|were)\b|\bleft\s+as\s+is\b|\bnothing\s+happens\b|n['’]t\s+care\b|(?<!\d)\+\s?0(?![.,]?\d)"
    r"|(?<!twice )(?<!times )(?<!half )(?<!double )\bas\s+many\s+(?:\w+\s+)?as\b"
    r"|\b(?:no|any)\s+(?:role|influence|impact|effect|bearing|matter)\b|\bcare\s+about\b"
    r"|\b(?P<number>\d[\d.,]{3,})\s*(?:→|-{1,2}>|=>|to)\s*(?P=number)(?!\d)"
    r"|\(\s*20\s*\)\s*&?=\s*[^=\d]{1,15}\(\s*10\s*\)",
    re.I,
)
_NOT_SAME = re.compile(r"(?:\b(?:not|never|no longer|nicht)|n['’]t)\s+(?:\w+\s+){0,2}$", re.I)
FOR = re.compile(r"\s+(?:(?:number|size|amount|count)\s+)?(?:of\s+parameters\s+)?(?:for|in|with)\s+(?:the\s+)?", re.I)
NEAR = 60  # characters before a word in which a negation can stand
ONLY_A = re.compile(
    r"\b(?:only|just|nur|lediglich|solo)\s+(?:the\s+)?(?:size\s+of\s+)?(?:the\s+)?(?:(?:network|net|model|netz|netzwerk)\s+)?(?:(?-i:A)\b|fully|mlp|dense|feed)",
    re.I,
)

GROWS = re.compile(r"\b(?:grow|increas|doubl|larg|bigg|twice|more|proportional|scal|rise|also|too|as well|wächst|verdoppel|crece)\w*", re.I)


def speaks_of(text: str, network: str) -> bool:
    """Whether a sentence speaks of this network alone and does not say that it grows: its words may mean that it stays the same."""
    return any(
        {name.name for name in networks(sentence)} == {network} and GROWS.search(sentence) is None for sentence in SENTENCE.split(text)
    )


def says_same(text: str, network: str) -> bool | None:
    """Whether a sentence says that this network's size stays the same. None when one does without naming a network."""
    if network == "B" and ONLY_A.search(text):
        return True
    unclear = False
    carried: list[str] = []
    for sentence in SENTENCE.split(text):
        named = networks(sentence)
        both = BOTH.search(sentence) is not None
        for found in SAME.finditer(sentence):
            if _NOT_SAME.search(sentence[max(0, found.start() - NEAR) : found.start()]) and found.group().lower() not in ("still",):
                continue
            before = [name.name for name in named if name.start <= found.start()]
            after = [name.name for name in named if name.start > found.start()]
            named_behind = [name.name for name in named if FOR.fullmatch(sentence[found.end() : max(found.end(), name.start)])]
            subject = named_behind or before[-1:] or after[:1] or carried
            if both or subject == [network]:
                return True
            if not subject:
                unclear = True
        if named:
            carried = [named[-1].name]
    return None if unclear else False


def at_twenty(text: str) -> str:
    """The part of a text from where it speaks of 20 characters; nothing where it does not."""
    found = next((match for match in LENGTHS.finditer(text) if match["twenty"]), None)
    if found is None:
        return ""
    begin = text.rfind("\n", 0, found.start()) + 1
    line = text[begin:].partition("\n")[0]
    if "|" in line:
        return text[begin:]
    # A network named shortly before the length is the subject of what follows.
    sentence = begin + max((match.end() for match in SENTENCE.finditer(text[begin : found.start()])), default=0)
    return text[sentence:] if LABELS.search(text[sentence : found.start()]) else text[found.start() :]
