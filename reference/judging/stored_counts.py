"""Numbers of parameters that a notebook prints, held against the networks that it builds.

The replay scales constants and vocabularies down. The size of a network as written follows from its layers: sizes that were scaled are put
back, and a vocabulary has one of the sizes that 3.1 and the question itself print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.checks import Evidence, Student
from autograder.model.execution import CellRun, CellStatus
from autograder.model.observations import Network, RecurrentLayer
from autograder.model.submission import Cell
from autograder.reported.shapes import lines, shape
from reference.judging.training import printed_vocabularies, replayed_vocabularies

SMALLEST = 1000  # smaller numbers are sizes of layers
LENIENCE = 0.01  # of a vocabulary whose own size is not printed, as for 3.1
_COUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:[,_]\d{3})+(?![\d.])|(?<![\d.,])\d{4,9}(?![\d.]*\d)")
_ABOUT = re.compile(r"param|trainable|weights", re.IGNORECASE)
_GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


@dataclass(frozen=True, slots=True)
class OtherCount:
    """A stored line with a count, and what the code of its cell counts."""

    line: str
    stored: int
    counted: int


def other_counts(evidence: Evidence, student: Student, question: str, cell: Cell) -> Iterator[OtherCount]:
    """The stored numbers of parameters that the cell's own networks do not have."""
    run = evidence.execution.cell(cell.index)
    if run is None or run.status is not CellStatus.OK:
        return
    for line, now in _pairs(cell, run, anything=question.startswith("4")):
        before, after = _counts(line), _counts(now)
        for stored, executed in zip(before, after, strict=True) if len(before) == len(after) else ():
            possible = [(executed, executed)] if stored == executed else _as_written(evidence, student, question, executed)
            if possible and not any(low <= stored <= high for low, high in possible):
                yield OtherCount(line.strip(), stored, sum(possible[0]) // 2)


def _pairs(cell: Cell, run: CellRun, *, anything: bool) -> Iterator[tuple[str, str]]:
    """Stored and executed lines about parameters (or about `anything`), in turn, where both print as many of one shape."""
    before, now = (
        [line for line in lines(one.outputs, "stdout") if (anything or _ABOUT.search(line)) and _counts(line)] for one in (cell, run)
    )
    if [shape(line) for line in before] == [shape(line) for line in now]:
        yield from zip(before, now, strict=True)


def _counts(line: str) -> list[int]:
    return [value for found in _COUNT.findall(line) if (value := int(re.sub(r"\D", "", found))) >= SMALLEST]


def _as_written(evidence: Evidence, student: Student, question: str, executed: int) -> list[tuple[int, int]]:
    """The ranges in one of which the count lies as the student wrote the network; none where that is not known."""
    sizes = {int(used): int(written) for written, used in evidence.execution.constants.values() if written != used}
    if not question.startswith("3"):
        return [] if sizes else [(executed, executed)]
    networks = [one for one in evidence.execution.observations.networks if one.parameter_count == executed]
    vocabularies = replayed_vocabularies(student)
    if not networks or len(vocabularies) != 1:
        return []
    replayed = next(iter(vocabularies))
    lenience = 0.0 if question in ("3.2", "3.3") else LENIENCE
    found = []
    for pair in printed_vocabularies(evidence):
        ends = [
            _size(networks[-1], sizes, dict(zip(replayed, (round(size * factor) for size in pair), strict=True)))
            for factor in (1 - lenience, 1 + lenience)
        ]
        found += [(low, high) for low, high in [ends] if low is not None and high is not None]
    return found


def _size(network: Network, sizes: Mapping[int, int], vocabularies: Mapping[int, int]) -> int | None:
    """How many parameters the network has when its scaled sizes are put back; None when that leaves out or changes a layer unknown."""
    back = {**sizes, **vocabularies}
    if len(back) != len(sizes) + len(vocabularies):
        return None  # two sizes look the same
    total = used = 0
    recurrent = list(network.recurrent)
    for name, shapes in network.leaves:
        if name in _GATES and recurrent:
            layer = recurrent.pop(0)
            total, used = total + _recurrent(layer, back), used + layer.parameter_count
            continue
        for one in shapes:
            whole = part = 1
            for size in one:
                written = back[size] if size in back else _derived(size, sizes)
                if written is None:
                    return None
                whole, part = whole * written, part * size
            total, used = total + whole, used + part
    return total if used == network.parameter_count else None


def _derived(size: int, back: Mapping[int, int]) -> int | None:
    """A dimension with scaled sizes put back: gates of one of them, or two joined; None when it may be several of these."""
    gated = {gates * back[size // gates] for gates in set(_GATES.values()) if size % gates == 0 and size // gates in back}
    joined = {back[one] + back[other] for one in back for other in back if one + other == size}
    found = gated | joined
    return None if len(found) > 1 else next(iter(found), size)


def _recurrent(layer: RecurrentLayer, back: Mapping[int, int]) -> int:
    def size(given: int, hidden: int, biases: int) -> int:
        gates, directions = _GATES[layer.kind], 2 if layer.bidirectional else 1
        first = gates * hidden * (given + hidden + biases)
        later = gates * hidden * (directions * hidden + hidden + biases)
        return directions * (first + (layer.num_layers - 1) * later)

    biases = 2 if size(layer.input_size, layer.hidden_size, 2) == layer.parameter_count else 0
    return size(back.get(layer.input_size, layer.input_size), back.get(layer.hidden_size, layer.hidden_size), biases)
