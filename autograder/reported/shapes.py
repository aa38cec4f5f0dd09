"""Reduces a printed line to its shape: what is left when numbers, spaces and what differs between machines are taken away.

Receives lines of text; returns short strings that are equal for lines which the same print may have made: "Epoch:  3\\tLoss: 0.0281" and
"Epoch: 12\\tLoss: 0.0179" both become "Epoch:#Loss:#".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from autograder.model.submission import Output

NUMBER = "#"
MACHINE = "@"
_LONGEST = 2_000
_BAR = re.compile(r"\d{1,3}%\|[^|]{0,400}\|[^\]\n]{0,200}\]?")  # tqdm
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_WRAPPER = re.compile(r"\bnp\.(?:float|int)\d+\(([^()]{0,60})\)")  # how numpy 2 shows a number in a list
_KEYWORDS = re.compile(r",\s*(?:device|grad_fn|dtype|requires_grad)\s*=\s*(?:'[^']*'|<[^>]*>|[\w.]+)")
_DEVICE = re.compile(r"\b(?:cuda(?::\d+)?|cpu|mps(?::\d+)?)\b")
_NUMBER = re.compile(
    r"(?:(?<![\w)\]])[-+])?(?:\d+(?:[,_]\d{3})*(?:\.(?P<decimals>\d*))?|\.(?P<only>\d+))(?:[eE][-+]?\d+)?"
    r"|(?<![A-Za-z])[-+]?(?:nan|inf)(?![A-Za-z])",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r"\b(?:True|False|None)\b")
_TOGETHER = re.compile(rf"{NUMBER}(?:[\s,:;]*{NUMBER})+")
_REPEATED = re.compile(r"([^\w\s#@\ue000-\ue00f])(?:\s*\1)+")


@lru_cache(maxsize=4096)
def shape(line: str) -> str:
    """The shape of one line: numbers (and lists, times and dates of them) are "#", devices "@", spaces are gone."""
    text = _NUMBER.sub(NUMBER, _alike(line))
    text = _TOGETHER.sub(NUMBER, re.sub(r"\[\s*\]", f"[{NUMBER}]", text))
    return re.sub(r"\s+", "", _REPEATED.sub(r"\1", text))


@lru_cache(maxsize=4096)
def precise_shape(line: str) -> str:
    """As `shape`, but every number is there, followed by how many decimals it is written with: "loss 0.0281" is "loss#4"."""

    def counted(found: re.Match[str]) -> str:
        return f"{NUMBER}{len(found['decimals'] or found['only'] or '')}"

    return re.sub(r"\s+", "", _REPEATED.sub(r"\1", _NUMBER.sub(counted, _alike(line))))


def _alike(line: str) -> str:
    text = _KEYWORDS.sub("", _ADDRESS.sub("0", _BAR.sub("", line[:_LONGEST])))
    return _DEVICE.sub(MACHINE, _CONSTANT.sub("0", _WRAPPER.sub(r"\1", text)))


def lines(outputs: Iterable[Output], *names: str) -> tuple[str, ...]:
    """The lines of these streams, empty ones left out; pieces of a stream that other outputs interrupt are put together."""
    text = "".join(output.text for output in outputs if output.kind == "stream" and output.name in names)
    return tuple(line for line in re.split(r"[\r\n]", text) if line.strip())
