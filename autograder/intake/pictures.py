"""Finds the pictures of a stored cell: in its outputs, its attachments, written into its markdown, or linked and handed in.

Receives the cell's JSON and the files handed in beside the notebook; returns `Figure`s with decoded bytes. What is broken, too
large or in a format that no browser shows is left out.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from autograder.intake.folder import read_bytes, size_of
from autograder.model.submission import Figure, FigureOrigin

PICTURES_PER_CELL = 40
PICTURE_BYTES = 10_000_000
LINKED_BYTES = 100_000_000  # of all files that a notebook links
_LINKS_PER_CELL = 10 * PICTURES_PER_CELL
_DATA_URI = re.compile(r"data:(image/[a-z0-9.+-]{1,20})((?:;[a-z0-9=-]{1,40}){0,4}),", re.IGNORECASE)
_LINK = re.compile(r"!\[[^\[\]\n]*\]\(\s*<?([^\s()<>]+)|<img\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_MEDIA_TYPES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")


class Beside:
    """The files handed in beside a notebook, as its links name them. Each is read once, and all together only up to a limit."""

    def __init__(self, companions: Mapping[str, Path]) -> None:
        self._by_path = {name.lower(): path for name, path in companions.items()}
        names = Counter(name.rpartition("/")[2] for name in self._by_path)
        self._by_name = {name: path for full, path in self._by_path.items() if names[name := full.rpartition("/")[2]] == 1}
        self._read: dict[Path, bytes] = {}
        self._left = LINKED_BYTES

    def content(self, target: str) -> bytes:
        """The file that a link means, by its path, else by its name where only one file has it; nothing where there is none."""
        wanted = str(PurePosixPath(unquote(target.partition("?")[0].partition("#")[0]).replace("\\", "/"))).lower().lstrip("/")
        path = self._by_path.get(wanted) or self._by_name.get(wanted.rpartition("/")[2])
        if path is None:
            return b""
        if path not in self._read:
            affordable = size_of(path) <= min(PICTURE_BYTES, self._left)
            self._read[path] = (read_bytes(path, limit=PICTURE_BYTES) or b"") if affordable else b""
            self._left -= len(self._read[path])
        return self._read[path]


def of_output(cell: int, data: Mapping[str, object]) -> Iterator[Figure]:
    """The pictures of one output, given its data by media type."""
    for media_type in _MEDIA_TYPES:
        if media_type in data:
            content = _decoded(_text(data[media_type]), media_type)
            if figure := _figure(cell, FigureOrigin.OUTPUT, content):
                yield figure
                return  # the other types are the same picture again
    html = _text(data.get("text/html", ""))
    for _, content in _data_uris(html):
        if figure := _figure(cell, FigureOrigin.OUTPUT, content):
            yield figure


def of_markdown(cell: int, source: str, attachments: Mapping[str, Mapping[str, object]], beside: Beside) -> Iterator[Figure]:
    """The pictures of a markdown cell in the order in which it shows them."""
    found: list[tuple[int, Figure]] = []
    for name, bundle in itertools.islice(attachments.items(), PICTURES_PER_CELL):
        place = min(
            (at for form in (name, name.replace(" ", "%20")) if (at := source.find(f"attachment:{form}")) >= 0), default=len(source)
        )
        for media_type in _MEDIA_TYPES:
            if figure := _figure(cell, FigureOrigin.ATTACHMENT, _decoded(_text(bundle.get(media_type, "")), media_type)):
                found.append((place, figure))
                break
    found += [(place, figure) for place, content in _data_uris(source) if (figure := _figure(cell, FigureOrigin.DATA_URI, content))]
    for at, target in links(source):
        if figure := _figure(cell, FigureOrigin.FILE, beside.content(target)):
            found.append((at, figure))
    found.sort(key=lambda item: item[0])
    yield from (figure for _, figure in found[:PICTURES_PER_CELL])


def links(source: str) -> Iterator[tuple[int, str]]:
    """Place and name of each picture file that a markdown text shows; addresses on the web are none."""
    for link in itertools.islice(_LINK.finditer(source), _LINKS_PER_CELL):
        target = link.group(1) or link.group(2)
        if ":" not in target[:12]:
            yield link.start(), target


def media_type_of(content: bytes) -> str:
    """PNG, JPEG, GIF or SVG by the file's first bytes, or nothing."""
    for start, media_type in ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif")):
        if content.startswith(start):
            return media_type
    return "image/svg+xml" if b"<svg" in content[:2000] else ""


def _figure(cell: int, origin: FigureOrigin, content: bytes) -> Figure | None:
    media_type = media_type_of(content)
    if not media_type or len(content) > PICTURE_BYTES:
        return None
    return Figure(cell, origin, media_type, content)


def _decoded(text: str, media_type: str) -> bytes:
    if media_type == "image/svg+xml" and "<svg" in text[:2000]:
        return text.encode("utf-8", "replace")
    return _from_base64(text)


def _from_base64(text: str) -> bytes:
    if len(text) > 2 * PICTURE_BYTES:
        return b""
    kept = "".join(text.split())
    try:
        return base64.b64decode(kept + "=" * (-len(kept) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _data_uris(text: str) -> Iterator[tuple[int, bytes]]:
    """Place and content of each picture written into the text as a data URI."""
    end = 0
    for found in itertools.islice(_DATA_URI.finditer(text), PICTURES_PER_CELL):
        if found.start() < end:
            continue  # inside another one, so that each character is decoded once
        limit = found.end() + 2 * PICTURE_BYTES
        end = min((at for mark in "\"')> \n" if (at := text.find(mark, found.end(), limit)) >= 0), default=min(limit, len(text)))
        body = text[found.end() : end]
        base64_coded = "base64" in found.group(2).lower()
        yield found.start(), _from_base64(unquote(body)) if base64_coded else unquote_to_bytes(body[:PICTURE_BYTES])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else ""
