"""4.2: numbers of parameters in a free answer, and which of the two networks each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.reported.numbers import located

LETTERS, LANGUAGES, HIDDEN = 26, 18, 256
SMALLEST = 1000  # smaller numbers are layer sizes


def fully_connected(characters: int) -> tuple[int, int]:
    """Parameters of network A, with biases and without."""
    weights = characters * LETTERS * HIDDEN + HIDDEN * LANGUAGES
    return weights + HIDDEN + LANGUAGES, weights


def recurrent() -> tuple[int, int]:
    """Parameters of network B, two linear layers on letter and hidden state, with biases and without."""
    weights = (LETTERS + HIDDEN) * (HIDDEN + LANGUAGES)
    return weights + HIDDEN + LANGUAGES, weights


GROWTH = 10 * LETTERS * HIDDEN  # of network A from 10 to 20 characters
# Parts of the right sums, which are not themselves answers.
PARTS = frozenset(
    product + bias
    for product, biases in (
        (10 * LETTERS * HIDDEN, (0, HIDDEN)),
        (20 * LETTERS * HIDDEN, (0, HIDDEN)),
        (HIDDEN * LANGUAGES, (0, LANGUAGES)),
        ((LETTERS + HIDDEN) * HIDDEN, (0, HIDDEN)),
        ((LETTERS + HIDDEN) * LANGUAGES, (0, LANGUAGES)),
        (LETTERS * HIDDEN, (0, HIDDEN)),
        (HIDDEN * HIDDEN, (0, HIDDEN)),
        (LETTERS * LANGUAGES, (0, LANGUAGES)),
    )
    for bias in biases
)

_NETWORK = r"(?:network|networks|net|model|architecture|netz|netzwerk|网络|模型|red|réseau)"
# Two letters and words are labels wherever they stand; "A" at the start of a sentence may be the article.
_VERBS = (
    r"has|had|have|now|is|will|would|should|still|stays|remains|grows|needs|gets|goes|increases|becomes|rises|contains|requires|uses|then|at|with(?=\s+\d)"
    r"|hat|hätte|wird|bleibt|wächst|braucht|nun|dann"
)
LABELS = re.compile(
    rf"(?P<b>(?i:(?<![a-z]){_NETWORK}\s*[-:_]?\s*\(?b(?![a-z])|\brecurrent|(?<![a-z.])rnn|cell\b)|(?<![A-Za-z0-9])B(?![A-Za-z0-9])|^\W*b\s*[).:=])"
    rf"|(?P<a>(?i:(?<![a-z]){_NETWORK}\s*[-:_]?\s*\(?a(?![a-z])(?!\s+(?:fully|recurrent|rnn))|fully[\s-]?connected|feed[\s-]?forward|\bmlp|\bfc\b|\bdense\b|\bffn?n?\b)"
    r"|(?<![.!?]\s)(?<!^)(?<!\n)(?<![A-Za-z0-9])A(?![A-Za-z0-9])(?!\s+(?:fully|recurrent|linear|layer|simple|hidden|name))"
    rf"|(?<![A-Za-z0-9])A(?![A-Za-z0-9])(?=\s*(?:[:=(\-–|&\[{{}}]|(?:{_VERBS})\b|→|\d|$))"
    r"|^\W*a\s*[).:=]|(?i:\bthe net\b|\bnet\d?\b(?=\s*(?:has|:|=))))",
    re.MULTILINE,
)
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=[。；！？])|\\\\")
SAME = re.compile(
    r"\bsame\b|\bidentical\b|\bunaffected\b|\bunchanged\b|\bunaltered\b|\bconstant\b|\bindependent\b|\binvariant\b|\bfixed\b|\bequal\b|"
    r"(?:n['’]t|not|never|no)\s+(?:\w+\s+){0,3}?(?:chang|need|requir|affect|impact|depend|grow|increas|matter|influenc|differ|effect|scale|vary|alter)\w*|"
    r"\b(?:stays?|remains?|staying|remaining)\b(?!\s+(?:large|big|small))|\bstill\b|regardless of|irrespective of|no "
    r"matter|keeps?\b|gleich|unverändert|"
    r"unabhängig|ändert sich nicht|不变|相同|一样|保持|无关|mismo|même|"
    r"\bnothing\s+(?:\w+\s+)?chang|\b(?:no|none)\s+(?:change|difference|growth|such|more|additional|extra)|"
    r"\b(?:does|do|is|are|will|would)\s*(?:n['’]t|\s*not)\s*(?=$|[.,;])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of 1,000 and more. `network` is "A", "B" or "" when no network is named; `certain` when it is named in the same sentence."""

    value: int
    network: str
    certain: bool


def counts(text: str) -> tuple[Count, ...]:
    """All of them, in order."""
    found: list[Count] = []
    carried = ""
    columns: dict[int, str] = {}
    for sentence in SENTENCE.split(text):
        if sentence.count("|") >= 2:
            row, columns = _table_row(sentence, columns)
            found += row
            continue
        columns = {}
        labels = [(match.start(), "B" if match.group("b") else "A") for match in LABELS.finditer(sentence)]
        numbers = [(number.start, number.value) for number in located(sentence) if number.value >= SMALLEST]
        if paired := _in_turn(labels, numbers):
            found += [Count(value, network, True) for network, value in paired]
            continue
        label_first = bool(labels) and (not numbers or labels[0][0] < min(start for start, _ in numbers))
        for start, value in numbers:
            before = [label for place, label in labels if place < start]
            after = [label for place, label in labels if place > start]
            own = (before[-1:] if label_first else after[:1]) or before[-1:]
            found.append(Count(value, own[0] if own else carried, bool(own)))
        if labels:
            carried = labels[-1][1] if label_first or not numbers else ""
    return tuple(found)


def _in_turn(labels: list[tuple[int, str]], numbers: list[tuple[int, int]]) -> list[tuple[str, int]]:
    """Networks and numbers that are named in turn: "A and B have 71,442 and 77,542 parameters", or the numbers first."""
    if len(labels) != 2 or len(numbers) != 2 or len({network for _, network in labels}) != 2:
        return []
    (first, last), (begin, end) = (labels[0][0], labels[1][0]), (numbers[0][0], numbers[1][0])
    if last < begin or end < first:
        return [(network, value) for (_, network), (_, value) in zip(labels, numbers, strict=True)]
    return []


def _table_row(line: str, columns: dict[int, str]) -> tuple[list[Count], dict[int, str]]:
    """The numbers of one row of a table, each with the network of its column or else of its row, and the columns known from here on."""
    cells = line.split("|")
    networks = {index: _one(cell) for index, cell in enumerate(cells)}
    rows: list[Count] = []
    for index, cell in enumerate(cells):
        for number in located(cell):
            if number.value >= SMALLEST:
                own = columns.get(index) or next((network for network in networks.values() if network), "")
                rows.append(Count(number.value, own, bool(own)))
    named = {index: network for index, network in networks.items() if network}
    return rows, columns if rows or not named else named


def _one(cell: str) -> str:
    found = {"B" if match.group("b") else "A" for match in LABELS.finditer(cell.strip())}
    return found.pop() if len(found) == 1 else ""


ONLY_A = re.compile(
    rf"\b(?:only|just|nur|lediglich|solo)\s+(?:the\s+)?(?:size\s+of\s+)?(?:the\s+)?(?:{_NETWORK}\s+)?(?:(?-i:A)\b|fully|mlp|dense|feed)",
    re.I,
)
# Numbers that are a step on the way to another: "from 77,542 to …", "77,542 → …", "77,542 · 2".
FROM = re.compile(
    r"\b(?:from|von)\s+[\d.,'’ {}\\]+(?:\w+\s+){0,2}(?=(?:up\s+)?(?:to|auf)\b)"
    r"|[\d.,{}]{5,}\s*(?=(?:→|->|=>|\\to\b|\\rightarrow)|(?:[*·×x]|\\cdot|\\times)\s*2\b)",
    re.I,
)
TWENTY = re.compile(r"(?<![\d.,])20(?![\d.,]*\d)(?!\s*[*·×x])|\btwenty\b|\bzwanzig\b", re.I)


def at_twenty(text: str) -> str:
    """The part of a text from where it speaks of 20 characters; nothing where it does not."""
    found = TWENTY.search(text)
    if found is None:
        return ""
    begin = text.rfind("\n", 0, found.start()) + 1
    line = text[begin:].partition("\n")[0]
    return text[begin:] if "|" in line else text[found.start() :]


def says_same(text: str, network: str) -> bool | None:
    """Whether a sentence says that this network's size stays the same. None when one does without naming a network."""
    if network == "B" and ONLY_A.search(text):
        return True
    unclear = False
    carried = ""
    for sentence in SENTENCE.split(text):
        labels = [(match.start(), "B" if match.group("b") else "A") for match in LABELS.finditer(sentence)]
        for found in SAME.finditer(sentence):
            before = [label for place, label in labels if place < found.start()]
            after = [label for place, label in labels if place > found.start()]
            subject = before[-1:] or after[:1] or ([carried] if carried else [])
            if re.search(r"\bboth\b|\beither\b|\bbeide\b", sentence, re.I) or subject == [network]:
                return True
            if not subject:
                unclear = True
        if labels:
            carried = labels[-1][1]
    return None if unclear else False


def of_network(found: tuple[Count, ...], network: str) -> Iterator[Count]:
    """The counts that are stated for a network by name, parts of sums left out."""
    return (count for count in found if count.network == network and count.certain and count.value not in PARTS)
