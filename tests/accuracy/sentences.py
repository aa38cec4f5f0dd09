"""One page with all sentences that the corpus makes the checks say, for people to read: are they clear, do they help?"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "li{margin:.4rem 0}small{opacity:.7}h2{margin-top:2rem}"
)
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'


@dataclass(frozen=True)
class Said:
    """What a check, or a flag, said about a case."""

    check: str
    outcome: str
    sentence: str
    case: str
    about: str


def page(said: Iterable[Said]) -> str:
    """An HTML page: a section for each check and outcome, each sentence once, with the first case that brought it about."""
    first: dict[tuple[str, str, str], Said] = {}
    more: dict[tuple[str, str, str], int] = {}
    for one in said:
        key = (one.check, one.outcome, one.sentence)
        first.setdefault(key, one)
        more[key] = more.get(key, 0) + 1
    parts = [f"{HEAD}<title>What the checks say</title><style>{STYLE}</style><h1>What the checks say</h1>"]
    heading = ("", "")
    for key in sorted(first):
        one = first[key]
        if heading != key[:2]:
            parts.append(("" if heading == ("", "") else "</ul>") + f"<h2>{html.escape(one.check)}: {html.escape(one.outcome)}</h2><ul>")
            heading = key[:2]
        times = f", and {more[key] - 1} more" if more[key] > 1 else ""
        parts.append(f"<li>{html.escape(one.sentence)}<br><small>{html.escape(one.case)}{times}: {html.escape(one.about)}</small></li>")
    parts.append("</ul></html>")
    return "\n".join(parts)
