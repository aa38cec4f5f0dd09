"""Turns markdown with HTML in it into text that people and patterns can read."""

from __future__ import annotations

import html
import re

TEXT_LIMIT = 200_000
_TAGS = (
    "a|abbr|b|big|blockquote|body|br|caption|center|code|del|details|div|em|figcaption|figure|font|h[1-6]|head|hr|html|i|img|kbd|li|mark|ol|p|pre"
    "|s|section|small|span|strike|strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"<(/?)({_TAGS})((?:\s[^<>]*)?)/?>", re.IGNORECASE)
_BREAKING = {
    "br",
    "p",
    "div",
    "center",
    "li",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "hr",
    "details",
    "summary",
    "pre",
}
_OF_ROWS = {"tr", "td", "th"}  # written as rows of a markdown table
_STRUCK = {"s", "del", "strike"}
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\n]*\)")
_NAMED = re.compile(r"\b(?:alt|src)\s*=\s*[\"']([^\"'<>]{1,200})[\"']", re.IGNORECASE)


def readable(markdown: str) -> str:
    """The markdown without HTML; pictures become "(picture: name)"."""
    text = _without_comments(markdown[:TEXT_LIMIT])
    text = _PICTURE.sub(lambda found: f"(picture: {found.group(1).strip() or 'no name'})", text)
    return html.unescape(_TAG.sub(_plain_tag, text))


def paragraphs(text: str) -> tuple[str, ...]:
    """The parts of a text between blank lines, without the blank ones."""
    return tuple(part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip())


def likeness(paragraph: str) -> str:
    """What two paragraphs have in common that differ in markup, case and spaces only."""
    return re.sub(r"[\W_]+", " ", paragraph).strip().lower()


def all_bold(text: str) -> bool:
    """Whether every line or paragraph of a text is set in bold, list items included."""
    parts = paragraphs(text)
    return bool(parts) and all(map(_bold, parts))


def _bold(paragraph: str) -> bool:
    whole = paragraph.strip()
    for mark in ("**", "__"):
        if whole.startswith(mark) and whole.endswith(mark) and len(whole) > 4:
            return True
    items = [re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", line).strip() for line in paragraph.splitlines()]
    return len(items) > 1 and all(item.startswith(("**", "__")) and item.rstrip(".:;,").endswith(("**", "__")) for item in items)


def _plain_tag(found: re.Match[str]) -> str:
    name = found.group(2).lower()
    if name in _STRUCK:
        return "~~"
    if name in _OF_ROWS:
        closing = bool(found.group(1))
        return ("\n" if closing else "\n|") if name == "tr" else (" |" if closing else " ")
    if name == "img":
        named = _NAMED.search(found.group(3))
        return f"(picture: {'written into the text' if not named or named.group(1)[:5] == 'data:' else named.group(1)})"
    return "\n" if name in _BREAKING else ""


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join(kept) + text[at:]
