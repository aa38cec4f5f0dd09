"""Reads from syntax trees what lines their prints can make, without running them.

Receives trees; returns templates, to be held against the shapes of lines (`autograder.reported.shapes`). Every text that the code builds is
taken for one that may be printed: f-strings, `%` and `.format`, sums and joins of texts, and plain texts. What is filled in with a number
format matches numbers only, anything else matches anything; but a text without words, such as `print(epoch, loss)`, makes no sentences.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.parsing import nodes_of
from autograder.reported.shapes import MACHINE, NUMBER, precise_shape, shape

_HOLE = "\ue000"
_SEPARATOR = "\ue001"  # between two values: where both are numbers, a shape has none
_REST = "\ue002"  # any number of further parts
_NUMERIC = re.compile(r"[deEfFgGnbxX%]$")
_FIXED = re.compile(r"\.(\d{1,2})([fF%])$")
_PERCENT = re.compile(r"%(?:\(\w*\))?[-+ #0]*(?:\*|\d+)?((?:\.(?:\*|\d+))?)[hlL]?([diouxXeEfFgGcrsa%])")
_WORD = re.compile(r"[^\W\d_]{2}")
_ANY, _NO_LETTER = ".", "[^A-Za-z]"  # characters of what fills a hole
_ONE_VALUE = rf"(?:(?:{NUMBER}\d*|{MACHINE}|[^\W\d]+(?![^\W\d]))[,:;]?)"
_HOLES = re.compile(f"[{_HOLE}{_SEPARATOR}{_REST}]*[{_HOLE}{_REST}][{_HOLE}{_SEPARATOR}{_REST}]*")
_BETWEEN = re.compile(rf"(?<=[{_HOLE}{NUMBER}])[,:;](?=[{_HOLE}{NUMBER}])")
_LOGGERS = ("info", "warning", "debug", "error", "log")
_PRINTERS = {"print", "write", "echo", "display", *_LOGGERS}
_LONGEST_PREFIX = 120  # of a logger


@dataclass(frozen=True, slots=True)
class Line:
    """Patterns of one line that the code can make: of its shape, and of its precise shape."""

    shape: re.Pattern[str]
    precise: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Templates:
    """What lines a piece of code can make, with holes.

    `words` are those of all prints where a line may come from several of them, else none; `prefixed` when a logger writes before a line.
    """

    whole: tuple[str, ...]
    words: frozenset[str] = frozenset()
    prefixed: bool = False

    def lines(self, printed: Iterable[str]) -> tuple[Line, ...]:
        """The patterns, given lines that the code has printed: where those had only numbers, others have only numbers too."""
        shapes = tuple(dict.fromkeys(map(shape, printed)))
        found = [Line(_learned(_shape_of(one), shapes), _pattern(precise_shape(one))) for one in self.whole]
        if self.words:
            known = self.words.union(*map(_words, shapes))
            several = re.compile("(?:[^A-Za-z]|(?<![A-Za-z])(?:" + "|".join(sorted(map(re.escape, known))) + ")(?![A-Za-z]))*", re.DOTALL)
            found.append(Line(several, several))
        if self.prefixed:
            found += [
                Line(*(re.compile(f".{{1,120}}?(?:{one.pattern})", re.DOTALL) for one in (line.shape, line.precise))) for line in found
            ]
        return tuple(found)


@lru_cache(maxsize=128)
def templates(trees: tuple[ast.AST, ...]) -> Templates:
    """The templates of all texts in these trees."""
    parts = [_built(tree) for tree in trees]
    texts = dict.fromkeys([*(text for part in parts for text in part.printed), *(text for part in parts for text in part.others)])
    words = frozenset().union(*map(_words, map(shape, texts))) if any(part.is_open_ended for part in parts) else frozenset()
    return Templates(_lines(texts), words, any(part.logs for part in parts))


@dataclass(frozen=True, slots=True)
class _Built:
    """The texts that one tree prints and those that it builds elsewhere; whether its prints may go on in a line, and whether it logs."""

    printed: tuple[str, ...]
    others: tuple[str, ...]
    is_open_ended: bool
    logs: bool


@lru_cache(maxsize=1024)
def _built(tree: ast.AST) -> _Built:
    inside = list(nodes_of(tree))
    calls = [node for node in inside if isinstance(node, ast.Call)]
    return _Built(
        printed=tuple(_printed(call) for call in calls if _name(call.func) in _PRINTERS),
        others=tuple(_texts(inside)),
        is_open_ended=any(_name(call.func) == "write" or any(map(_ends_open, call.keywords)) for call in calls),
        logs=any(_name(call.func) in _LOGGERS for call in calls),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall("[A-Za-z]+", text))


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts for line in re.split(r"[\r\n]", text) if line.strip()))


def _shape_of(template: str) -> str:
    return _BETWEEN.sub(_SEPARATOR, shape(template))


@lru_cache(maxsize=4096)
def _pattern(template_shape: str, fillings: tuple[str, ...] = ()) -> re.Pattern[str]:
    """The pattern of a template's shape; `fillings` are the characters that each row of holes may have, any where they are not given.

    A row of holes ends where what follows it comes first, so that no line can be tried in many ways.
    """
    literals = _HOLES.split(template_shape)
    rows = _HOLES.findall(template_shape)
    wordy = _WORD.search(template_shape) is not None
    made = [re.escape(literals[0])]
    for number, (row, following) in enumerate(zip(rows, map(re.escape, literals[1:]), strict=True)):
        filling = fillings[number] if number < len(fillings) else _ANY
        if not wordy and _REST not in row:
            made.append(f"{_ONE_VALUE}{{0,{row.count(_HOLE)}}}")
        elif number == len(rows) - 1:
            made.append(f"({filling}*)")
        else:
            made.append(f"((?:(?!{following}){filling})*)")
        made.append(following)
    return re.compile("".join(made), re.DOTALL)


def _learned(template_shape: str, printed: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern with holes for numbers only where nothing else was printed; as it is when it was not seen to print."""
    pattern = _pattern(template_shape)
    matches = [match for match in map(pattern.fullmatch, printed) if match] if pattern.groups else []
    if not matches:
        return pattern
    worded = [any(re.search("[A-Za-z]", match.group(number)) for match in matches) for number in range(1, pattern.groups + 1)]
    return _pattern(template_shape, tuple(_ANY if one else _NO_LETTER for one in worded))


def _ends_open(keyword: ast.keyword) -> bool:
    return keyword.arg == "end" and not (isinstance(keyword.value, ast.Constant) and "\n" in str(keyword.value.value))


def _texts(inside: Sequence[ast.AST]) -> Iterator[str]:
    documented = {id(node.value) for node in inside if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    parts = {id(part) for node in inside if isinstance(node, ast.JoinedStr) for part in node.values}
    formats = {
        id(part) for node in inside if isinstance(node, ast.FormattedValue) and node.format_spec for part in ast.walk(node.format_spec)
    }
    no_lines = documented | parts | formats
    for node in inside:
        if isinstance(node, ast.expr) and id(node) not in no_lines:
            text = _text(node)
            if text is not None and not (isinstance(node, ast.Constant) and not _WORD.search(text)):
                yield text
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _as_format(node.value)


def _printed(call: ast.Call) -> str:
    separators = [keyword.value.value for keyword in call.keywords if keyword.arg == "sep" and isinstance(keyword.value, ast.Constant)]
    separator = separators[0] if separators and isinstance(separators[0], str) else " "
    return separator.join(_filled(part) for part in call.args)


def _filled(node: ast.AST) -> str:
    """The text of an argument, or a hole for it."""
    text = _text(node)
    if text is not None:
        return text
    if isinstance(node, ast.Constant):
        return str(node.value)
    return _HOLE


def _text(node: ast.AST) -> str | None:
    """The text that an expression builds, with holes; None where it is not known to build one."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_filled(value) for value in values)
        case ast.FormattedValue(value=value, format_spec=spec, conversion=conversion):
            inner = _text(value) if conversion == -1 else None
            return _number(_spec(spec)) or (inner if inner is not None else _HOLE)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = _text(left), _text(right)
            return None if parts == (None, None) else "".join(_HOLE if part is None else part for part in parts)
        case (
            ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mult())
            | ast.BinOp(right=ast.Constant(value=str() as text), op=ast.Mult())
        ):
            return text * 2
        case ast.BinOp(left=left, op=ast.Mod()):
            form = _text(left)
            return None if form is None else _percent(form)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            form = _text(value)
            return None if form is None else _braces(form)
        case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[ast.List(elts=parts) | ast.Tuple(elts=parts)]):
            return _filled(value).join(map(_filled, parts))
        case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[ast.GeneratorExp(elt=part) | ast.ListComp(elt=part)]):
            return _filled(part) + _REST
        case ast.Call(func=ast.Name(id="format"), args=[_, ast.Constant(value=str() as spec)]):
            return _number(spec) or _HOLE
        case _:
            return None


def _spec(spec: ast.AST | None) -> str:
    last = spec.values[-1] if isinstance(spec, ast.JoinedStr) and spec.values else None
    return last.value if isinstance(last, ast.Constant) and isinstance(last.value, str) else ""


def _number(spec: str) -> str:
    """A number as a format would write it, with holes where it may have any decimals; "" when the format is not one of numbers."""
    if fixed := _FIXED.search(spec):
        return f"0.{'0' * int(fixed[1])}".rstrip(".") + fixed[2].strip("fF")
    if spec.endswith("d"):
        return "0"
    return _HOLE if _NUMERIC.search(spec) else ""


def _as_format(text: str) -> Iterator[str]:
    """What a text makes that is filled in elsewhere."""
    if "{" in text and (filled := _braces(text)) != text:
        yield filled
    if "%" in text and (filled := _percent(text)) != text:
        yield filled


def _percent(text: str) -> str:
    def filled(found: re.Match[str]) -> str:
        precision, kind = found.groups()
        return "%" if kind == "%" else _number((precision or ".6" if kind in "fF" else "") + kind) or _HOLE

    return _PERCENT.sub(filled, text)


def _braces(text: str) -> str:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return text
    return "".join(literal + ("" if field is None else _number(spec or "") or _HOLE) for literal, field, spec, _ in parts)


def _name(function: ast.AST) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
