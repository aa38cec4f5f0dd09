"""Reads the letters of a PDF without a library for it: enough to tell which document it is a print of.

Receives a file's bytes; returns its text without layout. Read are streams that are plain or packed with zlib, and fonts by their own tables
to Unicode (as browsers and LaTeX write them). What cannot be read is left out: scanned pages give nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(?<!\d)(\d{1,9}) \d{1,5} obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"(?s)^(.*?)\bstream\r?\n(.*?)\r?\n?endstream")
_UNICODE = re.compile(rb"/ToUnicode\s+(\d+)\s+\d+\s+R")
_FONTS = re.compile(rb"/(\w+)\s+(\d+)\s+\d+\s+R")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f\s]{2,64})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,8})>\s*(?:<([0-9A-Fa-f]{2,64})>|\[(.*?)\])", re.DOTALL)
_SHOWN = re.compile(rb"/([\w.+-]+)\s+[-\d.]+\s+Tf|<([0-9A-Fa-f\s]*)>|\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)", re.DOTALL)
_LARGEST_STREAM = 30_000_000
_MOST_CHARACTERS = 3_000_000

Table = Mapping[int, str]


def text(content: bytes) -> str:
    """The text of all pages, in the order in which it stands in the file."""
    objects = dict(_objects(content))
    tables = {
        number: _table(objects.get(int(found[1]), b"")) for number, body in objects.items() if (found := _UNICODE.search(body[:4000]))
    }
    fonts: dict[bytes, Table] = {}
    for body in objects.values():
        for name, number in _FONTS.findall(body[:200_000]):
            if int(number) in tables:
                fonts.setdefault(name, tables[int(number)])
    pieces: list[str] = []
    length = 0
    for body in objects.values():
        if b"BT" in body and (b"Tj" in body or b"TJ" in body):
            piece = "".join(_shown(body, fonts))
            pieces.append(piece)
            length += len(piece)
            if length > _MOST_CHARACTERS:
                break
    return "\n".join(pieces)


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every object by number: what stands before its stream, and the stream unpacked."""
    for found in _OBJECT.finditer(content):
        number, body = int(found[1]), found[2]
        stream = _STREAM.search(body)
        if stream is None:
            yield number, body
            continue
        head, data = stream.groups()
        if b"/Subtype/Image" in head.replace(b" ", b"") or b"/FontFile" in head or b"/Length1" in head:
            continue
        unpacked = _unpacked(data) if b"FlateDecode" in head else data
        if b"/ObjStm" in head:
            yield from _inner(head, unpacked)
        yield number, head + b"\n" + unpacked


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _LARGEST_STREAM)
    except zlib.error:
        return b""


def _inner(head: bytes, unpacked: bytes) -> Iterator[tuple[int, bytes]]:
    first = re.search(rb"/First\s+(\d+)", head)
    if first is None:
        return
    begin = int(first[1])
    numbers = [int(one) for one in unpacked[:begin].split() if one.isdigit()]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    for (number, place), (_, end) in zip(places, [*places[1:], (0, len(unpacked))], strict=False):
        yield number, unpacked[begin + place : begin + end]


def _table(cmap: bytes) -> Table:
    """The characters of a font's codes."""
    known: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        known.update({int(code, 16): _characters(value) for code, value in _PAIR.findall(block)})
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, start, listed in _RANGE.findall(block):
            codes = range(int(low, 16), min(int(high, 16), int(low, 16) + 65535) + 1)
            if listed:
                known.update(
                    {code: _characters(value) for code, value in zip(codes, re.findall(rb"<([0-9A-Fa-f]+)>", listed), strict=False)}
                )
            elif text_of_first := _characters(start):
                last = ord(text_of_first[-1])
                known.update({code: text_of_first[:-1] + chr(min(last + code - codes[0], 0x10FFFF)) for code in codes})
    return known


def _characters(digits: bytes) -> str:
    return bytes.fromhex(_even(digits)).decode("utf-16-be", "ignore")


def _shown(body: bytes, fonts: Mapping[bytes, Table]) -> Iterator[str]:
    table: Table = {}
    is_wide = False  # whether a code may be two bytes; looked at once a font, for a page shows thousands of short texts
    for font, digits, plain in _SHOWN.findall(body):
        if font:
            table = fonts.get(font, {})
            is_wide = any(code > 255 for code in table)
            continue
        codes = bytes.fromhex(_even(digits)) if digits else _literal(plain)
        yield _decoded(codes, table, is_wide)


def _even(digits: bytes) -> str:
    kept = re.sub(rb"\s", b"", digits).decode()
    return kept + "0" * (len(kept) % 2)


def _literal(plain: bytes) -> bytes:
    def escaped(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if code.isdigit() else {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(code, code)

    return re.sub(rb"\\([0-7]{1,3}|.)", escaped, plain, flags=re.DOTALL)


def _decoded(codes: bytes, table: Table, is_wide: bool) -> str:
    if not table:
        return codes.decode("latin-1")
    if is_wide or (len(codes) % 2 == 0 and codes[:1] == b"\0"):
        return "".join(table.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes) - 1, 2))
    return "".join(table.get(code, "") for code in codes)
