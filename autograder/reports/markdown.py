"""The little of markdown that a student's answer needs: paragraphs, headings, lists, code, bold, italics; formulas as written.

Everything is escaped first; no tag, link or picture of the student's reaches the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from autograder.reports.cleaning import clean, one_line

SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]#|~$"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})
FENCE = re.compile(r"^\s*(?:```|~~~|\$\$\s*$)")
BULLET = re.compile(r"^\s*[-*+]\s+(?P<text>.*)")
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})[.)]\s+(?P<text>.*)")
HEADING = re.compile(r"^\s*#{1,6}\s+(?P<text>.*)")
PICTURE = re.compile(r"!\[(?P<alt>[^\]\n]{0,200})\]\([^)\n]{0,2000}\)")
LINK = re.compile(r"\[(?P<text>[^\]\n]{1,200})\]\((?P<target>[^)\s]{1,500})\)")
LITERAL = re.compile(r"(?P<ticks>`+)(?P<code>[^`\n]+)(?P=ticks)|(?P<math>(?P<dollars>\$\$?)[^$\n]+(?P=dollars))")
BOLD = re.compile(r"(\*\*|__)(?=\S)(?P<text>[^\n]{0,1000}?\S)\1(?!\*)")
ITALICS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(?P<text>[^\n*_]{1,1000}?(?<!\s))\1(?![\w*])")


def escaped(text: str, *, longest: int = 300) -> str:
    """One line of text as markdown that shows it as it is, for files that others render."""
    return one_line(text, longest=longest).translate(SIGNS)


def render(text: str) -> Markup:
    """The answer as HTML that holds nothing but text in a few tags."""
    return Markup("\n").join(_blocks(clean(text).split("\n")))


def _blocks(lines: Iterable[str]) -> Iterator[Markup]:
    paragraph: list[str] = []
    items: list[str] = []
    kind = first = ""
    code: list[str] | None = None

    def ended() -> Iterator[Markup]:
        if paragraph:
            yield Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in paragraph))
        if items:
            entries = Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
            opening = Markup('<ol start="{}">').format(first) if kind == "ol" else Markup("<ul>")
            yield opening + entries + Markup(f"</{kind}>")
        paragraph.clear()
        items.clear()

    for line in lines:
        if FENCE.match(line):
            if code is None:
                yield from ended()
                code = []
            else:
                yield _code_block(code)
                code = None
        elif code is not None:
            code.append(line)
        elif not line.strip():
            yield from ended()
        elif heading := HEADING.match(line):
            yield from ended()
            yield Markup('<p class="heading">{}</p>').format(_inline(heading["text"]))
        elif entry := BULLET.match(line) or NUMBERED.match(line):
            new = "ul" if entry.re is BULLET else "ol"
            if paragraph or new != kind:
                yield from ended()
            if not items:
                first = entry["number"] if new == "ol" else ""
            kind = new
            items.append(entry["text"])
        elif items:
            items[-1] += f" {line.strip()}"
        else:
            paragraph.append(line)
    yield from ended()
    if code is not None:
        yield _code_block(code)


def _code_block(lines: Iterable[str]) -> Markup:
    return Markup("<pre><code>{}</code></pre>").format("\n".join(lines))


def _inline(line: str) -> Markup:
    """One line with its bold and italics; code and formulas in it stay as they were written."""
    line = PICTURE.sub(lambda match: f"(picture: {match['alt'] or 'without a caption'})", line)
    line = LINK.sub(lambda match: f"{match['text']} ({match['target']})", line)
    shown = Markup("")
    position = 0
    for span in LITERAL.finditer(line):
        literal = (
            Markup('<span class="math">{}</span>').format(span["math"]) if span["math"] else Markup("<code>{}</code>").format(span["code"])
        )
        shown += _styled(line[position : span.start()]) + literal
        position = span.end()
    return shown + _styled(line[position:])


def _styled(text: str) -> Markup:
    """Bold, and italics inside and outside of it: cut up before anything is escaped, so that tags cannot overlap."""
    shown = Markup("")
    position = 0
    for span in BOLD.finditer(text):
        shown += _italics(text[position : span.start()]) + Markup("<strong>{}</strong>").format(_italics(span["text"]))
        position = span.end()
    return shown + _italics(text[position:])


def _italics(text: str) -> Markup:
    shown = Markup("")
    position = 0
    for span in ITALICS.finditer(text):
        shown += Markup("{}<em>{}</em>").format(text[position : span.start()], span["text"])
        position = span.end()
    return shown + text[position:]
