"""Reads the bytes of a notebook file into cells.

Receives any bytes; returns `Cell`s in document order. Raises `SubmissionError`, with a sentence for the student, for what is no
notebook: an empty file, no JSON, JSON of something else. Everything that can be read is read, however odd: formats 1 to 4, missing
or wrong metadata, ids and execution counts, sources as text or as lists. Texts and pictures are capped; both ends of a long text
are kept, since the last figures printed count most.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from autograder.errors import SubmissionError
from autograder.intake import pictures
from autograder.intake.sections import cut
from autograder.model.grading import Question
from autograder.model.submission import Cell, CellKind, Notebook, Output

NOTEBOOK_BYTES = 50_000_000
VALUES = 2_000_000  # lists, texts and numbers in a notebook: each takes up to 20 times its own length in memory
CELL_LIMIT = 5_000
OUTPUTS_PER_CELL = 5_000
TEXT_PER_CELL = 400_000  # characters
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
_TAG = re.compile(r"<[^<>]*>")
_STRING = re.compile(r'"[^"]*"?')
# Formats before 4 have cells for headings and for HTML.
_KINDS = {"code": CellKind.CODE, "markdown": CellKind.MARKDOWN, "heading": CellKind.MARKDOWN, "html": CellKind.MARKDOWN}
_SMALLER = "Clear large outputs and hand it in again."
_HAND_IN = "Save the notebook again in Jupyter or Colab and hand in that .ipynb file."

_Fields: TypeAlias = "Mapping[str, object]"


def notebook(content: bytes, questions: Sequence[Question], companions: Mapping[str, Path], *, name: str) -> Notebook:
    """The notebook's cells and sections. `name` is used in messages."""
    read = cells(content, companions, name=name)
    return Notebook(read, cut(read, questions))


def cells(content: bytes, companions: Mapping[str, Path], *, name: str) -> tuple[Cell, ...]:
    """Every cell of the notebook, whatever its format's version."""
    stored = _stored_cells(_parsed(content, name), name)
    if len(stored) > CELL_LIMIT:
        raise SubmissionError(f"{name} has {len(stored):,} cells, and at most {CELL_LIMIT:,} are read. Delete what was not asked for.")
    beside = pictures.Beside(companions)
    return tuple(_cell(index, _fields(fields), beside) for index, fields in enumerate(stored))


def _parsed(content: bytes, name: str) -> dict[str, object]:
    if len(content) > NOTEBOOK_BYTES:
        raise SubmissionError(f"{name} has more than the {NOTEBOOK_BYTES / 1e6:.0f} MB that are read. {_SMALLER}")
    if not content.strip():
        raise SubmissionError(f"{name} is an empty file. {_HAND_IN}")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding, "replace")
    if len(text) > 2 * VALUES and _values(text) > VALUES:
        raise SubmissionError(f"{name} holds more than the {VALUES:,} values that are read. {_SMALLER}")
    try:
        parsed = json.loads(text)
    except RecursionError:
        raise SubmissionError(f"{name} is nested too deeply to be a notebook. {_HAND_IN}") from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise SubmissionError(f"{name} cannot be read as a notebook, because it is not valid JSON{where}. {_HAND_IN}") from None
    if not isinstance(parsed, dict) or not (isinstance(parsed.get("cells"), list) or isinstance(parsed.get("worksheets"), list)):
        raise SubmissionError(f"{name} is JSON, but not a notebook: it has no list of cells. {_HAND_IN}")
    return parsed


def _values(text: str) -> int:
    """How many values the JSON holds, counted before it takes up memory."""
    bare = _STRING.sub("", text.replace("\\\\", "").replace('\\"', ""))
    return sum(map(bare.count, ",[{"))


def _stored_cells(parsed: dict[str, object], name: str) -> list[object]:
    if isinstance(stored := parsed.get("cells"), list):
        return stored
    stored = [cell for sheet in _items(parsed["worksheets"]) for cell in _items(_fields(sheet).get("cells"))]
    if not stored:
        raise SubmissionError(f"{name} has the old notebook format 3 and holds no cells. {_HAND_IN}")
    return stored


def _cell(index: int, fields: _Fields, beside: pictures.Beside) -> Cell:
    kind = _KINDS.get(_word(fields.get("cell_type")), CellKind.RAW)
    source = _text(fields.get("source", fields.get("input", "")))
    if fields.get("cell_type") == "heading":
        level = fields.get("level")
        source = f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {' '.join(source.split())}"
    if kind is not CellKind.CODE:
        attachments = {name: _fields(bundle) for name, bundle in _fields(fields.get("attachments")).items()}
        shown = tuple(pictures.of_markdown(index, source, attachments, beside)) if kind is CellKind.MARKDOWN else ()
        return Cell(index, kind, source, figures=shown)
    count = fields.get("execution_count", fields.get("prompt_number"))
    outputs = tuple(_capped(_outputs(index, fields.get("outputs"))))
    figures = tuple(figure for output in outputs for figure in output.figures)
    valid = isinstance(count, int) and not isinstance(count, bool) and 0 < count < 10**9
    return Cell(index, kind, source, outputs, count if valid and isinstance(count, int) else None, figures)


def _outputs(cell: int, stored: object) -> Iterator[Output]:
    for item in _items(stored)[:OUTPUTS_PER_CELL]:
        fields = _fields(item)
        stored_kind = _word(fields.get("output_type"))
        kind = {"pyout": "execute_result", "pyerr": "error"}.get(stored_kind, stored_kind)
        if kind == "stream":
            name = _word(fields.get("name", fields.get("stream")))
            yield Output(kind, "stderr" if name == "stderr" else "stdout", _plain(_text(fields.get("text"))))
        elif kind == "error":
            traceback = "\n".join(_text(line) for line in _items(fields.get("traceback")) if isinstance(line, str))
            name = _text(fields.get("ename"))
            yield Output(kind, name[:200], _plain(traceback or f"{name}: {_text(fields.get('evalue'))}"))
        elif kind in ("display_data", "execute_result", "update_display_data"):
            data = _fields(fields.get("data")) or _old_data(fields)
            yield Output(kind, "", _plain(_readable(data)), tuple(pictures.of_output(cell, data)))


def _old_data(fields: _Fields) -> dict[str, object]:
    """Format 3 keeps an output's data beside its type, under short names."""
    names = {
        "text": "text/plain",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "svg": "image/svg+xml",
        "html": "text/html",
        "latex": "text/latex",
    }
    return {media_type: fields[name] for name, media_type in names.items() if name in fields}


def _readable(data: _Fields) -> str:
    for media_type in ("text/plain", "text/markdown", "text/latex"):
        if text := _text(data.get(media_type)):
            return text
    return html.unescape(_TAG.sub(" ", _text(data.get("text/html"))[:TEXT_PER_CELL]))


def _capped(outputs: Iterator[Output]) -> Iterator[Output]:
    """Keep a cell's first and last text within the cap, and only so many of its pictures."""
    kept = list(outputs)
    excess = sum(len(output.text) for output in kept) - TEXT_PER_CELL
    shown = 0
    before = 0
    for output in kept:
        text, figures = output.text, output.figures[: max(0, pictures.PICTURES_PER_CELL - shown)]
        shown += len(figures)
        if excess > 0:
            # Left out is the cell's text from half the cap on, until only half the cap remains.
            first, last = TEXT_PER_CELL // 2 - before, TEXT_PER_CELL // 2 + excess - before
            before += len(text)
            if last > 0 and first < len(text):
                note = f"\n[{excess:,} characters left out]\n" if first >= 0 else ""
                text = text[: max(first, 0)] + note + text[max(last, 0) :]
        yield Output(output.kind, output.name, text, figures)


def _plain(text: str) -> str:
    return _ANSI.sub("", text)


def _text(value: object) -> str:
    joined = "".join(part for part in _items(value) if isinstance(part, str)) if isinstance(value, list) else value
    if not isinstance(joined, str):
        return ""
    # JSON can hold half a character (a lone surrogate), which no file can be written with.
    return joined if joined.isascii() else joined.encode("utf-8", "replace").decode("utf-8")


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _fields(value: object) -> _Fields:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
