"""Records what recurrent networks read, sequence by sequence: which sequences they learned from, which they were only tried on.

Only for sequences of small whole numbers or their one-hot codes. A sequence was learned from when a gradient came back to the network's
output; the gradient also tells which class the loss asked for, however the loss is written.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from .store import Record, guarded, store
from .values import plain

if TYPE_CHECKING:
    from .observe_networks import Call

MOST_SEQUENCES = 20_000  # different ones, of one network and length
MOST_ENTRIES = 30_000  # sequences in calls, of one network and length
MOST_READINGS = 60  # in one section
MOST_CLASSES = 100
LARGEST_NUMBER = 100
ARRAYS_BYTES = 2**20
SHORTEST = 2  # time steps
KNOWN_INPUTS = 64  # whose sequences are not looked up again


class Entry:
    """A call's place in a reading: where its sequences begin among the entries, -1 where there is no room left."""

    def __init__(self, reading: _Reading, begin: int, places: np.ndarray) -> None:
        self.reading, self.begin, self.places = reading, begin, places
        self.learned = False
        self.node: Any = None  # of the graph that an output from memory began

    def learn(self, taught: np.ndarray | None = None) -> None:
        """Note that these sequences were learned from, and which classes were asked for."""
        self.learned, self.node = True, None
        if self.begin >= 0:
            end = self.begin + len(self.places)
            self.reading.learned[self.begin : end] = array("b", bytes([1]) * len(self.places))
            if taught is not None:
                self.reading.taught[self.begin : end] = array("b", taught.astype(np.int8).tobytes())


class _Reading:
    """What one network read at one length."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.numbers: dict[bytes, int] = {}
        self.along: int | None = None  # the dimension of the examples in what it was given, once that is certain
        self.known: dict[str, np.ndarray] = {}
        self.entries: list[Entry] = []
        self.places = array("i")
        self.answers, self.taught, self.learned = array("b"), array("b"), array("b")

    def look_up(self, fingerprint: str, sequences: np.ndarray) -> np.ndarray | None:
        """The places of sequences among the different ones; None when there is no room for new ones."""
        found = []
        for sequence in sequences:
            key = sequence.tobytes()
            place = self.numbers.setdefault(key, len(self.numbers))
            if place >= MOST_SEQUENCES:
                del self.numbers[key]
                self.record["complete"] = False
                return None
            found.append(place)
        while len(self.known) >= KNOWN_INPUTS:
            del self.known[next(iter(self.known))]
        self.known[fingerprint] = np.array(found, np.int32)
        return self.known[fingerprint]

    def add(self, places: np.ndarray, answers: np.ndarray | None) -> Entry:
        """Note a call."""
        begin = len(self.places)
        if begin + len(places) > MOST_ENTRIES:
            begin = -1
        else:
            self.places.extend(places.tolist())
            nothing = bytes([255]) * len(places)
            self.answers.frombytes(nothing if answers is None else answers.astype(np.int8).tobytes())
            self.taught.frombytes(nothing)
            self.learned.frombytes(bytes(len(places)))
        entry = Entry(self, begin, places)
        if self.entries:
            self.entries[-1].node = None  # only the latest call is asked for; the graph of each keeps all that it computed
        self.entries.append(entry)
        return entry

    def close(self) -> None:
        """Hand everything over to the record."""
        uses = np.zeros((2, len(self.numbers)), np.int8)
        for entry in self.entries:
            uses[0 if entry.learned else 1, entry.places] = 1
        sequences = np.frombuffer(b"".join(self.numbers), np.int8).reshape(len(self.numbers), self.record["length"])
        columns = np.array([self.places, self.answers, self.taught, self.learned], np.int32)
        for name, values in (("sequences", sequences), ("uses", uses), ("entries", columns)):
            self.record[name] = store.keep(values, ARRAYS_BYTES)


_readings: dict[tuple[int, int], _Reading] = {}


def finish() -> None:
    """Close all readings: the section has ended, or what was seen is asked for."""
    for reading in _readings.values():
        _close(reading)
    _readings.clear()


@guarded("readings")
def _close(reading: _Reading) -> None:
    reading.close()


@guarded("readings")
def note(call: Call, output: torch.Tensor | None) -> Entry | None:
    """Note a call of a network that returned `output`."""
    given = call.given
    if call.length < SHORTEST or given is None or output is None:
        return None
    key = (call.network, call.length)
    if key not in _readings:
        record = store.add("readings", network=call.network, length=call.length, complete=True, sequences="", uses="", entries="")
        if record is None or len(_readings) >= MOST_READINGS:
            return None
        _readings[key] = _Reading(record)
    reading = _readings[key]
    places = reading.known.get(call.fingerprint)
    if places is None:
        shape = given.shape[:2]
        if shape in ((call.batch, call.length), (call.length, call.batch)) and call.length != call.batch:
            reading.along = int(shape[0] == call.length)
        sequences = _sequences(given, call.along if reading.along is None else reading.along, call.length)
        places = reading.look_up(call.fingerprint, sequences) if sequences is not None else None
        if places is None:
            reading.record["complete"] = False
            return None
    scores = output.detach() if output.dim() == 2 and len(output) == len(places) and output.shape[1] <= MOST_CLASSES else None
    answers = plain(scores.argmax(1)) if scores is not None else None
    entry = reading.add(places, answers)
    entry.node = output.grad_fn if call.fast_forwarded else None
    if output.requires_grad:
        output.register_hook(lambda gradient: _learn(entry, gradient, scores is not None))
    return entry


@guarded("readings")
def _learn(entry: Entry, gradient: Any, of_classes: bool) -> None:
    if gradient is None or entry.learned:
        return
    if not of_classes:
        entry.learn()
        return
    values = gradient.detach()
    entry.learn(plain(torch.where(values.abs().amax(1) > 0, values.argmin(1), -1)))


def _sequences(given: torch.Tensor, along: int, length: int) -> np.ndarray | None:
    """The numbers (examples, length) in a tensor of numbers or of one-hot codes; None when it holds other values."""
    values = given.detach()
    if values.dim() not in (2, 3) or values.dim() <= along:
        return None
    values = values.movedim(along, 0)
    if values.dim() == 3:
        if values.shape[-1] == 1:
            values = values.squeeze(-1)
        elif bool(((values == 0) | (values == 1)).all()) and bool((values.sum(-1) == 1).all()):
            values = values.argmax(-1)
        else:
            return None
    numbers = plain(values)
    if numbers.shape[1] != length or not numbers.size or np.abs(numbers).max() > LARGEST_NUMBER or not (numbers == np.rint(numbers)).all():
        return None
    return np.ascontiguousarray(numbers, np.int8)
