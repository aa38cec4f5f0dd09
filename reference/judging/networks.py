"""4.2: where a text speaks of network A, of network B, of another network, and of names of 10 or 20 characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NETWORK = r"(?:network|networks|net|nets|model|models|architecture|netz|netzwerk|网络|模型|red|réseau|rete|rede|sieć)"
# Two letters and words are labels wherever they stand; "A" at the start of a sentence may be the article.
_VERBS = (
    r"has|had|have|now|is|will|would|should|still|stays|remains|grows|needs|gets|goes|increases|becomes|rises|contains|requires|uses|then|at"
    r"|with(?=\s+\d)|doubles|keeps|does|hat|hätte|wird|bleibt|wächst|braucht|nun|dann|tiene|tendría|a(?=\s+\d)|aura"
)
_A = (
    rf"(?i:(?<![a-z]){_NETWORK}\s*[-:_]?\s*\(?a(?![a-z])(?!\s+(?:fully|recurrent|rnn))|(?:first|1st|former)\s+{_NETWORK}|\bthe former\b"
    r"|fully[\s-]?connected(?!\s+layers?|\s+linear)|feed[\s-]?forward|\bmlp(?![a-z])|(?<![a-z])fc(?:n|nn)?(?![a-z\d])|\bdense(?!\s+layers?)|(?<![a-z])ffn?n?(?![a-z])"
    r"|(?<=_)a(?![a-z\d]))"
    r"|(?<![.!?]\s)(?<!^)(?<!\n)(?<![A-Za-z0-9])A(?![A-Za-z0-9'’])(?!\s+(?:fully|recurrent|linear|layer|simple|hidden|name))"
    rf"|(?<![A-Za-z0-9])A(?![A-Za-z0-9])(?=\s*(?:[:=()\-–|&\[{{}}]|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|(?:{_VERBS})\b|['’]s\b|→|\d|,|and\s+B\b|$))"
    r"|^\W*a\s*[).:=]|(?i:\bthe net\b|(?<!recurrent )(?<!rnn )\bnet\d?\b(?=\s*(?:has|:|=)))"
)
_B = (
    rf"(?i:(?<![a-z]){_NETWORK}\s*[-:_]?\s*\(?b(?![a-z])|(?:second|2nd|latter)\s+{_NETWORK}|\bthe latter\b|\brecurrent"
    r"|(?<![a-z.])rnn|(?<![a-z])(?<!code )(?<!next )(?<!this )(?<!the )cell\b|\bthe cell\b(?=\s*(?:has|:|=))|(?<=_)b(?![a-z\d]))"
    r"|(?<![A-Za-z0-9])B(?![A-Za-z0-9])|^\W*b\s*[).:=]"
)
# Networks that are named to compare with: PyTorch's own layers.
_OTHER = (
    r"(?i:\bnn\s*\.\s*(?:rnn|lstm|gru)|\btorch\.nn\b|\bpytorch['’]?s?\s+(?:own\s+|built-?in\s+)?(?:nn\s*\.\s*)?rnn"
    r"|\blstm\b|\bgru\b|\bbuilt-?in\b)"
)
LABELS = re.compile(rf"(?P<other>{_OTHER})|(?P<b>{_B})|(?P<a>{_A})", re.MULTILINE)
BOTH = re.compile(
    rf"\bboth\s+(?:(?:of\s+)?(?:the\s+)?(?:two\s+)?{_NETWORK}|have|has|had|of\s+them|get|need|stay|remain|keep|are\b|do\b|would|will|a\s+and\s+b)"
    rf"|\b(?:each|either|neither)\s+(?:of\s+(?:the\s+)?(?:two\s+)?)?(?:{_NETWORK}|them)\b|\bbeide\b|\bthey\s+both\b|\bambas?\b|\bneither\b",
    re.I,
)
_LONG = r"(?:letters?|char(?:acter)?s?|long|symbols?|steps?|time\s*steps?|buchstaben|zeichen|letras|caracteres|lettres|字符|个?字母)"


def _length(number: str, word: str) -> str:
    return (
        rf"(?<![\d.,·*×])(?<![*·×]\s){number}(?:\s*[-‑]?\s*(?:max(?:imum)?\s+)?{_LONG}|\s*\)\s*(?=[=:]))"
        rf"|(?:length|len|max\w*|\bL|\bn|\bT|up\s+to|at\s+most|with|for|at|@)\s*(?:of\s+)?(?:[=:≤]|\\leq?)?\s*{number}(?![\d.,]*\d)(?!\s*(?:[*·×x(]|\\))"
        rf"|_\{{?{number}\}}?(?!\d)|\b{word}\b|^\W*{number}\W*$"
    )


LENGTHS = re.compile(
    rf"(?P<twenty>{_length('20', '(?:twenty|zwanzig|veinte)')})|(?P<ten>{_length('10', '(?:ten|zehn|diez)')})", re.I | re.M
)


@dataclass(frozen=True, slots=True)
class Named:
    """A network or a length at a place of a sentence."""

    start: int
    name: str


def networks(sentence: str) -> list[Named]:
    """A, B or other, in order."""
    return [Named(found.start(), {"a": "A", "b": "B"}.get(str(found.lastgroup), "other")) for found in LABELS.finditer(sentence)]


def lengths(sentence: str) -> list[Named]:
    """10 or 20 characters, in order."""
    return [Named(found.start(), "20" if found["twenty"] else "10") for found in LENGTHS.finditer(sentence)]
