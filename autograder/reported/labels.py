"""Tells from the words before a printed number what it is."""

from __future__ import annotations

import re
from functools import lru_cache

# What a label is about. The last word of these in a label decides.
_TOPICS = re.compile(
    r"(?P<loss>loss(?:es)?(?!less|backward)|verlust|perte|p[eé]rdida|perda|perdita|fehlerquadrat|损失|損失|손실|потер"
    r"|mse|bce|nll|cross[ _-]?entropy|crossentropy|criterion|objective"
    r"|(?<![a-z])error(?![a-z]|[ _]rate)|(?<![a-z])fehler(?![a-z])|recon(?:struction)?(?=\W*$))"
    r"|(?P<epoch>epoch|epoche|[ée]poque|[ée]poca|эпох|(?<![a-z])ep(?![a-z])|轮)"
    r"|(?P<other>acc|genauigkeit|pr[eé]cision|exactitud|准确|ppl|perplex|time|zeit|second|elapsed|(?<![a-z])eta(?![a-z])|(?<![a-z])lr(?![a-z])"
    r"|learning[ _]rate|bleu|param|step|iter|batch|number of|count|size|grad|norm|score|f1)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"number of|how many|(?<![a-z])len\(|anzahl", re.IGNORECASE)
_OF_A_PART = re.compile(
    r"\b(?:of|per|over|in|for|on)\s+(?:(?:the|each|every|all|this|last|final)\s+){0,3}(?:mini-?)?(?:batch(?:es)?|steps?|iterations?)\b",
    re.IGNORECASE,
)


def names_loss(label: str) -> bool:
    """Whether a loss is among what the words name."""
    return any(found.lastgroup == "loss" for found in _TOPICS.finditer(label))


@lru_cache(maxsize=4096)
def topic_of(label: str) -> str:
    """What the number behind the words is: "loss", "epoch", "other", or "" where they say nothing."""
    if _AMOUNT.search(label):
        return "other"
    found = [topic.lastgroup or "" for topic in _TOPICS.finditer(_OF_A_PART.sub(" ", label))]
    return found[-1] if found else ""
