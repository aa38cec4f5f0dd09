"""Finds the text that a student wrote as an answer.

Receives a `Section` and the word in its marker ("EXPLANATION" for "(YOUR EXPLANATION HERE)"); returns markdown without HTML, empty
when the marker was left alone. The answer to a marker stands in its cell or in the cells up to the next marker. Prompts are no
answers: text before the first marker of the section's first cell, cells wholly in bold before a marker, and every paragraph of the
assignment's own section where that is given as `template`. Where no such marker is left, the section's other text is the answer:
better too much than a lost answer.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.model.submission import Cell, CellKind, Section
from autograder.parsing import tree_of
from autograder.reported.wording import all_bold, likeness, paragraphs, readable

_MARKER = re.compile(r"[(\[]\s*your\s([^()\[\]\n]{1,80}?)\shere\s*[)\]]|(?-i:\bYOUR\s([A-Z][A-Z ]{1,60}?)\sHERE\b)", re.IGNORECASE)
_MARKER_LIMIT = 200  # of one section
_SOURCE_LIMIT = 100_000
_WRITTEN = re.compile(r"\s*%%(?:markdown|html|latex)\b[^\n]*\n")  # magics that show the cell's text
_PRINTING = ("print", "display", "Markdown", "pprint")
_KNOWN_SHARE = 0.5  # of the template's paragraphs: below, the notebook was made from another handout


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, a marker (`marker` is its word in capitals) or a code cell of the section. `prompt`: asked, not answered."""

    cell: int
    text: str = ""
    marker: str = ""
    prompt: bool = False
    code: Cell | None = None
    copied: bool = False  # the template's paragraph once more, as the student quotes it

    def is_of(self, known: frozenset[str]) -> bool:
        """Whether the assignment put this paragraph here."""
        return not self.copied and likeness(self.text) in known


def answer(section: Section, prompt: str = "", *, ordinal: int = 1, template: Section | None = None) -> str:
    """The text at the `ordinal`-th marker whose words hold `prompt`; with no `prompt`, all answers of the section."""
    if not prompt:
        return "\n\n".join(text for text in answers(section, "", template=template) if text)
    found = answers(section, prompt, template=template)
    if ordinal <= len(found):
        return found[ordinal - 1]
    known = _known(section, template)
    return _whole(_apart(_pieces(section), template, known), known)


def answers(section: Section, keyword: str, *, template: Section | None = None) -> tuple[str, ...]:
    """The text at each marker whose words hold `keyword`, in order; one text for the whole section when it has no such marker."""
    known = _known(section, template)
    pieces = _apart(_pieces(section), template, known)
    here = [at for at, piece in enumerate(pieces) if piece.marker and keyword.upper() in piece.marker][:_MARKER_LIMIT]
    if template is not None and known:
        asked = _pieces(template)
        there = [at for at, piece in enumerate(asked) if piece.marker and keyword.upper() in piece.marker]
        if len(there) > len(here):
            return tuple(_between(asked, at, pieces, known) for at in there)
    if not here:
        whole = _whole(pieces, known)
        return (whole,) if whole else ()
    return tuple(_at_marker(pieces, at, known) for at in here)


def code_at(section: Section, keyword: str, ordinal: int) -> tuple[Cell, ...]:
    """The code cells at the `ordinal`-th marker whose words hold `keyword`: those behind it, and at the first those before it too."""
    found: list[Cell] = []
    markers = 0
    for piece in _pieces(section):
        if piece.marker and keyword.upper() in piece.marker:
            markers += 1
        if piece.code and max(1, markers) == ordinal:
            found.append(piece.code)
    return tuple(found)


def place(section: Section, keyword: str, ordinal: int) -> int | None:
    """The cell of the `ordinal`-th marker whose words hold `keyword`; None where it is gone."""
    found = [piece.cell for piece in _pieces(section) if piece.marker and keyword.upper() in piece.marker]
    return found[ordinal - 1] if ordinal <= len(found) else None


def printed(cells: Sequence[Cell]) -> str:
    """What code cells printed and returned, stderr left out."""
    outputs = (output for cell in cells for output in cell.outputs if output.kind != "error" and output.name != "stderr")
    return "\n".join(output.text for output in outputs if output.text)


def _pieces(section: Section) -> tuple[_Piece, ...]:
    """The section taken apart, in order."""
    pieces: list[_Piece] = []
    markdown = [cell for cell in section.cells if cell.kind is not CellKind.CODE]
    place = -1
    for cell in section.cells:
        if cell.kind is CellKind.CODE:
            pieces.append(_Piece(cell.index, code=cell))
            continue
        text = readable(cell.source)
        place += 1
        before_marker = place + 1 < len(markdown) and _MARKER.search(readable(markdown[place + 1].source)) is not None
        marked = _MARKER.search(text) is not None
        opening = place == 0 and cell is section.cells[0]
        asks = not marked and before_marker and all_bold(text) and (opening or "?" in text or len(text) > 80)
        prompt = opening or asks
        at = 0
        for found in _MARKER.finditer(text):
            pieces += [_Piece(cell.index, part, prompt=prompt) for part in paragraphs(text[at : found.start()].rstrip(" \t*_#>-"))]
            pieces.append(_Piece(cell.index, marker=" ".join((found.group(1) or found.group(2)).upper().split())))
            at, prompt = found.end(), False
        pieces += [_Piece(cell.index, part, prompt=prompt) for part in paragraphs(text[at:].lstrip(" \t*_") if at else text)]
    return tuple(pieces)


def _apart(pieces: Sequence[_Piece], template: Section | None, known: frozenset[str]) -> tuple[_Piece, ...]:
    """The pieces, with the assignment's paragraphs marked that stand there more often than it has them."""
    if template is None or not known:
        return tuple(pieces)
    left = Counter(likeness(piece.text) for piece in _pieces(template) if piece.text)
    kept: list[_Piece] = []
    for piece in pieces:
        text = likeness(piece.text)
        kept.append(replace(piece, copied=True) if text in known and left[text] <= 0 else piece)
        left[text] -= 1
    return tuple(kept)


def _known(section: Section, template: Section | None) -> frozenset[str]:
    """The template's paragraphs; none where the section was evidently made from another text."""
    if template is None:
        return frozenset()
    asked = {likeness(piece.text) for piece in _pieces(template) if piece.text} - {""}
    kept = {likeness(piece.text) for piece in _pieces(section) if piece.text}
    return frozenset(asked) if asked and len(asked & kept) >= _KNOWN_SHARE * len(asked) else frozenset()


def _at_marker(pieces: Sequence[_Piece], at: int, known: frozenset[str]) -> str:
    rest = pieces[at + 1 :]
    following = rest[: next((place for place, piece in enumerate(rest) if piece.marker), len(rest))]
    asked = next((place for place, piece in enumerate(following) if piece.is_of(known)), None)
    own = following[:asked] if asked is not None and len(following) < len(rest) else following
    if text := _joined(own, known):
        return text
    # Above the marker in its own cell, or in the prompt's cell where the template tells both apart.
    before = pieces[:at]
    same = [piece for piece in before[_after_last_marker(before) :] if piece.cell == pieces[at].cell]
    text = _joined(same, known) or (_joined(same, known, prompts=True) if known else "")
    if not text and known:
        since = before[_after_last_marker(before) :]
        asks = next((place for place, piece in enumerate(since) if piece.is_of(known)), 0)
        text = _joined([piece for piece in since if piece.prompt], known, prompts=True) or _joined(since[asks:], known, prompts=True)
    text = text or _in_code([piece.code for piece in following if piece.code])
    # What stands below the next prompt answers that one, if there is anything else for this marker.
    return text or _joined(following, known)


def _between(asked: Sequence[_Piece], at: int, pieces: Sequence[_Piece], known: frozenset[str]) -> str:
    """The student's text between the template's text before a marker and that after it, for markers that were deleted."""
    above = [likeness(piece.text) for piece in asked[:at] if piece.text]
    below = [likeness(piece.text) for piece in asked[at + 1 :] if piece.text]
    texts = [likeness(piece.text) for piece in pieces]
    begin = max((place + 1 for place, text in enumerate(texts) if text and text == (above[-1] if above else "")), default=0)
    end = next((place for place, text in enumerate(texts) if place >= begin and text and text in below[:1]), len(texts))
    return _joined(pieces[begin:end], known, prompts=True)


def _whole(pieces: Sequence[_Piece], known: frozenset[str]) -> str:
    """All text of a section without a marker for it: what stands in cells of its own, else what the first cell adds to the prompt."""
    if text := _joined(pieces, known):
        return text
    if known:
        return _joined(pieces, known, prompts=True) or _in_code([piece.code for piece in pieces if piece.code])
    opening = [piece for piece in pieces if piece.prompt and piece.cell == pieces[0].cell]
    asked = max((place + 1 for place, piece in enumerate(opening) if all_bold(piece.text) or place == 0), default=0)
    return "\n\n".join(piece.text for piece in opening[asked:]) or _in_code([piece.code for piece in pieces if piece.code])


def _joined(pieces: Sequence[_Piece], known: frozenset[str], *, prompts: bool = False) -> str:
    """The paragraphs that the student wrote."""
    kept = (piece.text for piece in pieces if piece.text and (prompts or not piece.prompt) and not piece.is_of(known))
    return "\n\n".join(text for text in kept if likeness(text) or not text.isascii()).strip()


def _after_last_marker(pieces: Sequence[_Piece]) -> int:
    return max((place + 1 for place, piece in enumerate(pieces) if piece.marker), default=0)


def _in_code(cells: Sequence[Cell]) -> str:
    """Prose in code cells that hold nothing but comments and texts, printed or not."""
    texts = (text for cell in cells if (text := _prose(cell.source[:_SOURCE_LIMIT])))
    return "\n\n".join(texts)


def _prose(source: str) -> str:
    if written := _WRITTEN.match(source):
        return readable(source[written.end() :]).strip()
    tree = tree_of(source)
    if tree is None:
        return ""
    strings = [text for statement in tree.body for text in _texts(statement)]
    if not all(any(True for _ in _texts(statement)) for statement in tree.body):
        return ""
    text = "\n".join([*strings, *_comments(source)]).strip()
    return "" if _MARKER.search(text) or not likeness(text) else text


def _texts(statement: ast.stmt) -> Iterator[str]:
    """The text of a statement that only states, keeps or prints it."""
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _PRINTING:
        for argument in value.args:
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            elif isinstance(argument, ast.Name):
                yield ""
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


def _comments(source: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string.lstrip("#").strip()
    except (tokenize.TokenError, SyntaxError):
        return
