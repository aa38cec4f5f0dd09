"""Reads the losses that a section's stored outputs print, in whatever format.

Receives a `Section`; returns `PrintedLoss`es in the order in which they were printed. Read are values with a label ("Val. Loss:
3.894", "train_loss=0.3, val_loss=0.4", progress bars, dictionaries, tables with a header) and, only where no value of the section
has a label, bare ones: lists of floats, "30 0.0146", "Epoch 30: 0.0146", "train 0.3 val 0.4", a float a line. Accuracy,
perplexity, time and learning rate are no losses. `nan` and `inf` are kept. Lines are cut before they are searched.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from autograder.model.submission import Cell, Output, Section
from autograder.reported.labels import names_loss, topic_of
from autograder.reported.rows import number_or_none, row_of

_LINE_LIMIT = 4_000
_LOSS_LIMIT = 50_000


class LossKind(str, Enum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrintedLoss:
    """A loss in a stored output of cell `cell`. `epoch` is the one printed with it or above it, if any."""

    kind: LossKind
    epoch: int | None
    value: float
    cell: int
    line: str

    @property
    def finite(self) -> bool:
        return math.isfinite(self.value)


_NUMBER = re.compile(
    r"(?:(?<![A-Za-z0-9_.])|(?<=epoch)|(?<=epoch_)|(?<=loss))"
    r"(?P<number>[-+]?(?:nan|inf(?:inity)?)|[-+]?(?:\d{1,3}(?:,\d{3}){1,3}\.\d{1,20}|\d{1,15}(?:[.,]\d{1,20})?|\.\d{1,20})(?:e[-+]?\d{1,4})?)(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"(?P<train>train|(?<![a-z])trn|(?<![a-z])tr(?![a-z])|entrena|entra[iî]n|apprentissage|训练|обуч)"
    r"|(?P<validation>val(?![uo])|(?<![a-z])dev(?![a-z])|eval(?!u)|验证|(?<![a-z])cv(?![a-z]))"
    r"|(?P<test>test|(?<![a-z])tst|测试|prueba)",
    re.IGNORECASE,
)
_KIND_AT_END = re.compile(rf"(?:{_KINDS.pattern})\w{{0,8}}\W{{0,4}}$", re.IGNORECASE)
_COUNTED = re.compile(r"\s*(?:/\s*\d|\]|%|epoch|step|iter|batch|example|sample|sec|ms|s\b|th\b)", re.IGNORECASE)
_BARE_PAIR = re.compile(
    r"\s*[(\[]?\s*(?P<word>epoch|epoche|[eé]poque|[eé]poca)?\s*[:#=]?\s*[\[(]?(?P<epoch>\d{1,7})(?:\s*/\s*\d{1,7})?[\])]?\s*(?:[:,;|>=\t-]\s*|->\s*|\s)\s*"
    r"(?:tensor\()?(?P<value>[-+]?(?:\d{0,15}\.\d{1,20}(?:[eE][-+]?\d{1,4})?|\d{1,15}[eE][-+]?\d{1,4}|nan|inf))"
    r"(?:, ?(?:grad_fn|device|dtype)=[^()]{1,60})?\)?\s*[)\]]?\s*",
    re.IGNORECASE,
)
_BARE_FLOAT = re.compile(
    r"\s*(?:tensor\()?(?P<value>[-+]?(?:\d{0,15}\.\d{1,20}(?:[eE][-+]?\d{1,4})?|nan|inf))"
    r"(?:, ?(?:grad_fn|device|dtype)=[^()]{1,60})?\)?\s*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_WRAPPED = re.compile(r"(?:tensor|np\.float(?:32|64)|float)\(([^(),]*)\)")
_IS = re.compile(r"\W*(?:is|was|equals|beträgt)?\W*", re.IGNORECASE)
_LOGGED = re.compile(r"^(?!.*warn).*loss\D{0,12}\d", re.IGNORECASE)
_PROGRESS = re.compile(r"\d%\||it/s|s/it|\d/\d+ \[")


@lru_cache(maxsize=128)
def losses(section: Section) -> tuple[PrintedLoss, ...]:
    """Every loss that the section's stored outputs print."""
    labelled: list[PrintedLoss] = []
    bare: list[PrintedLoss] = []
    for cell in section.code:
        text = _printed(cell)
        labelled += _labelled(text, cell.index)
        if not labelled:
            bare += _bare(text, cell.index)
    return tuple((labelled or bare)[-_LOSS_LIMIT:])


def last(found: Collection[PrintedLoss], kinds: Collection[LossKind | str] = tuple(LossKind)) -> PrintedLoss | None:
    """The last loss of one of `kinds`, or None."""
    return next((loss for loss in reversed(tuple(found)) if loss.kind in kinds), None)


def _printed(cell: Cell) -> str:
    pieces = (output for output in cell.outputs if output.kind != "error")
    # A stream may be stored in pieces that end anywhere, in the middle of a number too.
    together = itertools.groupby(pieces, key=lambda output: output.name if output.kind == "stream" else id(output))
    return "\n".join(_shown(tuple(group)) for _, group in together)


def _shown(outputs: Sequence[Output]) -> str:
    text = "".join(output.text for output in outputs)
    if outputs[0].name != "stderr":
        return text
    # Progress bars are drawn on stderr, and logs are written there; warnings are not about losses.
    return "\n".join(
        line for line in re.split(r"[\r\n]", text) if _PROGRESS.search(line[:_LINE_LIMIT]) or _LOGGED.search(line[:_LINE_LIMIT])
    )


def _lines(text: str) -> Iterator[str]:
    for line in re.split(r"[\r\n]", text):
        yield line if len(line) <= _LINE_LIMIT else f"{line[: _LINE_LIMIT // 2]} … {line[-_LINE_LIMIT // 2 :]}"


@lru_cache(maxsize=512)
def _labelled(text: str, cell: int) -> tuple[PrintedLoss, ...]:
    """Those of a cell, which is looked at alone and with its section."""
    return tuple(_read_labelled(text, cell))


def _read_labelled(text: str, cell: int) -> Iterator[PrintedLoss]:
    columns: tuple[str, ...] = ()
    epoch: int | None = None
    for line in _lines(text):
        row = row_of(line)
        if columns and row and len(row) in (len(columns), len(columns) + 1):
            yield from _of_row(columns, row[-len(columns) :], cell, line)
            continue
        columns = _columns(line) or (columns if not line.strip(" |-+=:\t") else ())
        for kind, printed_epoch, value in _of_line(line):
            if value is None:
                epoch = printed_epoch
            else:
                yield PrintedLoss(kind, None if kind is LossKind.TEST and printed_epoch is None else epoch, value, cell, line.strip()[:300])
    yield from _labelled_lists(text, cell)


def _of_line(line: str) -> Iterator[tuple[LossKind, int | None, float | None]]:
    """Losses of one line; an epoch comes alone, before the losses that follow it."""
    end = 0
    awaited: list[LossKind] = []  # named, while the value is still to come: "loss after epoch 30: 0.01"
    line_epoch: int | None = None
    for found in _NUMBER.finditer(line):
        label, written, behind = _label(line[end : found.start()]), found["number"], line[found.end() : found.end() + 12]
        end = found.end()
        topic = topic_of(label)
        whole = written.isdigit()
        counts_epochs = whole and (topic == "epoch" or re.match(r"\s*epoch", behind, re.IGNORECASE) is not None)
        if counts_epochs and not behind.lstrip().startswith("%"):
            line_epoch = int(written)
            yield LossKind.UNKNOWN, line_epoch, None
        if topic != "other" and whole and (counts_epochs or _COUNTED.match(behind)):
            awaited = _kinds(label, line[: found.start()]) if names_loss(label) else awaited
        elif topic == "loss":
            if whole and not re.search(r"[:=]\s*\S{0,8}$", label):
                continue
            first, *awaited = _kinds(label, line[: found.start()])
            yield first, line_epoch, _float(written)
        elif awaited and (topic == "epoch" or _IS.fullmatch(label)):
            if not whole:
                yield awaited.pop(0), line_epoch, _float(written)
        else:
            awaited = []


def _label(before: str) -> str:
    """The words that name a number: what stands before it, back to the last separator that has words behind it."""
    parts = re.split(r"[|;\t,{}]| {3,}", before)
    return next((part for part in reversed(parts) if any(character.isalpha() for character in part)), before)


def _kinds(label: str, before: str) -> list[LossKind]:
    """Whose loss it is: by its label, else by the nearest word before it in the line. "train/val loss" names two."""
    named = [LossKind(str(found.lastgroup)) for found in _KINDS.finditer(label)]
    if len(named) > 1 and re.search(r"[/&+]|and", label):
        return list(dict.fromkeys(named))
    named = named or [LossKind(str(found.lastgroup)) for found in _KINDS.finditer(before)]
    return named[-1:] or [LossKind.UNKNOWN]


def _is_loss(title: str) -> bool:
    return topic_of(title) == "loss"


def _columns(line: str, is_wanted: Callable[[str], bool] = _is_loss) -> tuple[str, ...]:
    """The titles of a table's columns, if the line is its header and one of them is wanted."""
    if any(character.isdigit() for character in line):
        return ()
    parts = [part.strip() for part in re.split(r"[|,;\t]| {2,}", line[:_LINE_LIMIT]) if part.strip()]
    if len(parts) == 1:
        parts = line.split()
    return tuple(parts) if 2 <= len(parts) <= 20 and any(map(is_wanted, parts)) else ()


def _of_row(
    columns: tuple[str, ...], row: tuple[float, ...], cell: int, line: str, is_wanted: Callable[[str], bool] = _is_loss
) -> Iterator[PrintedLoss]:
    pairs = list(zip(columns, row, strict=True))
    epoch = next((int(value) for title, value in pairs if topic_of(title) == "epoch" and value == value and abs(value) < 1e9), None)
    for title, value in pairs:
        if is_wanted(title):
            yield PrintedLoss(_kinds(title, "")[-1], epoch, value, cell, line.strip()[:300])


def _labelled_lists(text: str, cell: int) -> Iterator[PrintedLoss]:
    """Lists of floats with a label in the same line: "train losses: [0.06, 0.05]"."""
    for label, values in _lists(text):
        if topic_of(label) == "loss":
            kind = _kinds(label, "")[-1]
            # The first was read with the other labelled values of its line.
            yield from (PrintedLoss(kind, number, value, cell, _shown_value(value)) for number, value in enumerate(values, 1) if number > 1)


def _bare(text: str, cell: int) -> Iterator[PrintedLoss]:
    for label, values in _lists(text):
        if topic_of(label) in ("", "loss"):
            yield from (PrintedLoss(LossKind.UNKNOWN, number, value, cell, _shown_value(value)) for number, value in enumerate(values, 1))
    alone: list[PrintedLoss] = []
    for line in _lines(text):
        short = " ".join(line[:200].split())  # single spaces, so that the patterns have nothing to try again
        if pair := _BARE_PAIR.fullmatch(short):
            yield PrintedLoss(LossKind.UNKNOWN, int(pair["epoch"]), _float(pair["value"]), cell, line.strip())
        elif single := _BARE_FLOAT.fullmatch(short):
            alone.append(PrintedLoss(LossKind.UNKNOWN, None, _float(single["value"]), cell, line.strip()))
    yield from alone or (*_tables_of_kinds(text, cell), *_kinds_only(text, cell))


def _tables_of_kinds(text: str, cell: int) -> Iterator[PrintedLoss]:
    """Rows of tables whose titles say whose the values are, but not that they are losses: "train | valid"; none beside accuracies."""
    columns: tuple[str, ...] = ()
    if "acc" in text.lower():
        return
    for line in _lines(text):
        row = row_of(line)
        if columns and row and len(row) in (len(columns), len(columns) + 1):
            yield from _of_row(columns, row[-len(columns) :], cell, line, _is_kind)
        else:
            columns = _columns(line, _is_kind) or (columns if not line.strip(" |-+=:\t") else ())


def _is_kind(title: str) -> bool:
    return not topic_of(title) and _KIND_AT_END.search(title[-40:]) is not None


def _kinds_only(text: str, cell: int) -> Iterator[PrintedLoss]:
    """Numbers that say whose they are, but not that they are losses: "[3/10] train 4.21 val 4.30"."""
    for line in _lines(text):
        end = 0
        for found in _NUMBER.finditer(line):
            label = _label(line[end : found.start()])
            end = found.end()
            if not found["number"].isdigit() and not topic_of(label) and _KIND_AT_END.search(label[-40:]):
                yield PrintedLoss(_kinds(label, "")[-1], None, _float(found["number"]), cell, line.strip()[:300])


def _lists(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Every list of two or more floats that is no row of a larger one, with the words before it in its line."""
    for found in _BRACKETED.finditer(_WRAPPED.sub(r"\1", text)):
        around = found.string
        before, after = around[max(0, found.start() - 200) : found.start()], around[found.end() : found.end() + 20]
        if (
            before.rstrip().endswith("[")
            or after.lstrip().startswith("]")
            or (before.rstrip().endswith(",") and after.lstrip().startswith(","))
        ):
            continue
        parts = [part for part in re.split(r"[\s,]+", found.group(1)) if part]
        values = [number_or_none(part) for part in parts]
        if len(parts) < 2 or None in values or not any("." in part or "e" in part.lower() for part in parts):
            continue
        kept = tuple(value for value in values if value is not None)
        if not all(value.is_integer() for value in kept if math.isfinite(value)) or not any(map(math.isfinite, kept)):
            yield _label(before.rpartition("\n")[2]), kept


def _float(text: str) -> float:
    return float(text.replace(",", "") if "." in text else text.replace(",", "."))


def _shown_value(value: float) -> str:
    return f"{value:g}"
