"""Reads whole numbers as people write them, and the values of the sums and products among them.

Receives text (prose, LaTeX, tables, outputs); returns numbers with their places. Groups of three may be set off by a comma, a
point, an apostrophe, a space (also HTML's) or LaTeX's `{,}`, `\\text{,}` and `\\,`: 71168, 71,168, 71 168, 71.168, 71{,}168 and
$71\\,168$ are the same. A sum or product such as `260·256 + 256·18` counts as written: each factor, and its value. Decimal
fractions are no whole numbers. Digits of other scripts and of full width count as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_TEXT_LIMIT = 400_000
_TOKENS_LIMIT = 60  # of one sum
_VALUE_LIMIT = 10**15
_SEPARATOR = r"(?:,|\.|'|’|\{,\}|\\text\{[, ]\}|\{\\,\}|&(?:nbsp|thinsp|#160|#8239);|\\,|\\;|\\:|\\ |~|_|[ \u00a0\u2009\u202f])"
_TIMES_X = r"(?<=\d)\s{0,3}[xX]\s{0,3}(?=\d)"
_BEFORE = r"(?:(?<![A-Za-z\d.])|(?<=\d[xX]))"  # a number begins here, also behind the x of 260x256
_TOKEN = re.compile(
    rf"(?P<grouped>{_BEFORE}[1-9]\d{{0,2}}(?P<separator>{_SEPARATOR})\d{{3}}(?:(?P=separator)\d{{3}}){{0,4}}(?!\d)(?![.,]\d))"
    r"|(?P<decimal>\d{1,30}[.,]\d{1,30})"
    rf"|(?P<plain>{_BEFORE}\d{{1,15}}(?!\d))"
    r"|(?P<power>(?<=\d)(?:\s?\^\s?(?:2|\{2\})|\*\*2|²)(?![\d*]))"
    rf"|(?P<operator>\\cdot|\\times|\\ast|\\\*|[·×∗⋅∙•⨯✕✖+*−–-]|{_TIMES_X})"
    r"|(?P<open>\\(?:left|[bB]igg?l?)?\s?[(\[]|[(\[])|(?P<close>\\(?:right|[bB]igg?r?)?\s?[)\]]|[)\]])"
    r"|(?P<space>[ \t\u00a0\u2009\u202f]+|\$|\\,|\\;|\\ )"
    r"|(?P<other>\\?[A-Za-z]+|[\s\S])"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number at `text[start:end]`, written out or the value of the sum or product that stands there."""

    value: int
    start: int
    end: int
    computed: bool = False


def numbers(text: str) -> tuple[int, ...]:
    """All whole numbers in the text, in order; the value of a sum or product follows its parts."""
    return tuple(number.value for number in located(text))


def located(text: str) -> tuple[Number, ...]:
    """As `numbers`, with places."""
    return tuple(_located(folded(text[:_TEXT_LIMIT])))


def folded(text: str) -> str:
    """The text, character by character, with ASCII in the place of full-width signs and of other scripts' digits."""
    if text.isascii():
        return text
    return "".join(character if character.isascii() else _folded(character) for character in text)


def _folded(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


@dataclass(frozen=True, slots=True)
class _Token:
    sign: str  # 0 for a number, or + - * ( )
    value: int
    start: int
    end: int


def _located(text: str) -> Iterator[Number]:
    run: list[_Token] = []
    for found in _TOKEN.finditer(text):
        if len(run) > _TOKENS_LIMIT:
            run = []
        match found.lastgroup:
            case "space":
                continue
            case "grouped" | "plain" | "separator" | "decimal":
                value = _value(found)
                if value is None:
                    yield from _computed(run)
                    run = []
                    continue
                if run and run[-1].sign in "0)":
                    yield from _computed(run)
                    run = []
                run.append(_Token("0", value, found.start(), found.end()))
                yield Number(value, found.start(), found.end())
            case "power" if run and run[-1].sign == "0":
                run[-1] = _Token("0", min(run[-1].value ** 2, _VALUE_LIMIT), run[-1].start, found.end())
                run += [_Token("*", 0, found.start(), found.end()), _Token("0", 1, found.start(), found.end())]
            case "operator":
                run.append(_Token(_sign(found.group().strip()), 0, found.start(), found.end()))
            case "open":
                if run and run[-1].sign == "0":
                    yield from _computed(run)
                    run = []
                elif run and run[-1].sign == ")":
                    run.append(_Token("*", 0, found.start(), found.start()))
                run.append(_Token("(", 0, found.start(), found.end()))
            case "close":
                run.append(_Token(")", 0, found.start(), found.end()))
            case _:
                yield from _computed(run)
                run = []
    yield from _computed(run)


def _value(found: re.Match[str]) -> int | None:
    if found["decimal"]:
        whole, fraction = re.split("[.,]", found["decimal"])
        return int(whole) if not fraction.strip("0") and len(fraction) < 3 else None
    return int(re.sub(r"\D", "", found.group()))


def _sign(written: str) -> str:
    if written == "+":
        return "+"
    return "-" if written in "−–-" else "*"


def _computed(run: list[_Token]) -> Iterator[Number]:
    """The value of a run of numbers and signs, if it is a sum or product."""
    while run and run[0].sign in "+-*)":
        run = run[1:]
    while run and run[-1].sign in "+-*(":
        run = run[:-1]
    run = _balanced(run)
    if not 3 <= len(run) <= _TOKENS_LIMIT or not any(token.sign in "+-*" for token in run):
        return
    value, rest = _sum(run)
    if value is not None and not rest and 0 <= value < _VALUE_LIMIT:
        yield Number(value, run[0].start, run[-1].end, computed=True)


def _balanced(run: list[_Token]) -> list[_Token]:
    """The run without brackets at its ends that have no partner in it, as in "(A: 2·3)" after the colon."""
    excess = sum((token.sign == "(") - (token.sign == ")") for token in run)
    while excess > 0 and run and run[0].sign == "(":
        run, excess = run[1:], excess - 1
    while excess < 0 and run and run[-1].sign == ")":
        run, excess = run[:-1], excess + 1
    return run


def _sum(run: list[_Token]) -> tuple[int | None, list[_Token]]:
    total, run = _product(run)
    while total is not None and run and run[0].sign in "+-":
        value, rest = _product(run[1:])
        if value is None:
            return None, run
        total, run = (total + value if run[0].sign == "+" else total - value), rest
    return total, run


def _product(run: list[_Token]) -> tuple[int | None, list[_Token]]:
    result, run = _factor(run)
    while result is not None and run and run[0].sign == "*":
        value, rest = _factor(run[1:])
        if value is None or abs(result * value) > _VALUE_LIMIT:
            return None, run
        result, run = result * value, rest
    return result, run


def _factor(run: list[_Token]) -> tuple[int | None, list[_Token]]:
    if run and run[0].sign == "0":
        return run[0].value, run[1:]
    if run and run[0].sign == "(":
        value, rest = _sum(run[1:])
        if rest and rest[0].sign == ")":
            return value, rest[1:]
    return None, run
