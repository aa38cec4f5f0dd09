"""Turns the messages of one cell into outputs, capped: what a notebook file stores and what the model's `Output` holds.

Receives messages one by one, returns nbformat outputs and `Output`s. Refuses to keep more than its limit: the rest is cut and marked, and
a cell that floods is asked to stop.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from autograder.kernel.conversation import Message
from autograder.model.submission import Figure, FigureOrigin, Output

_FLOOD = 64  # times the limit: a cell that prints this much is stopped
_MUCH = 8  # times the limit: a cell that prints this much until its time is over would have gone on
_CELLS_AT_THE_LIMIT = 4  # so many cells of a notebook may print all that they may
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_KEPT_TYPES = (*_PICTURES, "text/plain", "text/markdown", "text/latex", "image/svg+xml")
_MOST_OUTPUTS = 2000
_ESCAPES = re.compile(r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|\x1b")


def well_formed(text: str) -> str:
    """`text` as it can be written to a file: halves of surrogate pairs become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(text: str) -> str:
    """`text` without terminal escapes, well formed."""
    return _ESCAPES.sub("", well_formed(text))


class Allowance:
    """What is still kept of all cells of a notebook together: characters of `text` and of `pictures`, for a limit on each cell."""

    def __init__(self, limit_kb: int) -> None:
        self.text = _CELLS_AT_THE_LIMIT * limit_kb * 1024
        self.pictures = _CELLS_AT_THE_LIMIT * _pictures_limit(limit_kb)


class Transcript:
    """The outputs of one cell as they arrive. `listen` is False once the cell should be stopped for flooding."""

    def __init__(self, cell: int, limit_kb: int, allowance: Allowance | None = None) -> None:
        self._cell = cell
        self._limit = limit_kb * 1024
        self._pictures_limit = _pictures_limit(limit_kb)
        self._allowance = allowance or Allowance(limit_kb)
        self._kept = self._pictures = self._seen = 0
        self._cut = self._clear = False
        self._entries: list[dict[str, Any]] = []
        self.flooded = False

    def listen(self, message: Message) -> bool:
        """Take one message in."""
        self._seen += message.size
        self.flooded = self._seen > self._limit * _FLOOD
        if message.size > 4 * self._pictures_limit or (self._cut and message.kind == "stream"):
            self._cut = True
            return not self.flooded
        match message.kind:
            case "stream":
                content = message.content()
                self._stream(str(content.get("name", "stdout")), well_formed(str(content.get("text", ""))))
            case "display_data" | "execute_result" | "update_display_data":
                self._display(message.kind, message.content())
            case "error":
                content = message.content()
                lines = content.get("traceback")
                text = plain("\n".join(str(line) for line in lines)) if isinstance(lines, list) else ""
                name, value = plain(str(content.get("ename", "")))[:200], plain(str(content.get("evalue", "")))[:2000]
                self._add({"kind": "error", "name": name, "value": value, "text": self._fit(text)})
            case "clear_output":
                self._clear = True
                if not message.content().get("wait"):
                    self._begin_anew()
        return not self.flooded

    @property
    def is_much(self) -> bool:
        """Whether it has been so much that there would have been no end."""
        return self._seen > self._limit * _MUCH

    def lost(self) -> None:
        """What came after some point was too large to be heard at all."""
        self._cut = True

    def outputs(self) -> tuple[Output, ...]:
        """What the model keeps of the cell."""
        outputs = []
        for entry in self._entries:
            if entry["kind"] == "stream":
                outputs.append(Output("stream", entry["name"], "".join(entry["parts"])))
            elif entry["kind"] == "error":
                outputs.append(Output("error", entry["name"], entry["text"]))
            else:
                outputs.append(Output(entry["kind"], "", str(entry["data"].get("text/plain", "")), self._figures(entry["data"])))
        return (*outputs, *([Output("stream", "stderr", self._mark)] if self._cut else []))

    def nodes(self) -> list[dict[str, Any]]:
        """The cell's outputs as the notebook file stores them."""
        nodes: list[dict[str, Any]] = []
        for entry in self._entries:
            if entry["kind"] == "stream":
                nodes.append({"output_type": "stream", "name": entry["name"], "text": "".join(entry["parts"])})
            elif entry["kind"] == "error":
                said = {"ename": entry["name"], "evalue": entry["value"], "traceback": entry["text"].split("\n")}
                nodes.append({"output_type": "error", **said})
            elif entry["kind"] == "execute_result":
                nodes.append({"output_type": "execute_result", "data": entry["data"], "metadata": {}, "execution_count": None})
            else:
                nodes.append({"output_type": "display_data", "data": entry["data"], "metadata": {}})
        return [*nodes, *([{"output_type": "stream", "name": "stderr", "text": self._mark}] if self._cut else [])]

    @property
    def _mark(self) -> str:
        return f"[The grader kept {self._limit // 1024} kB of this cell's output and cut the rest.]\n"

    def _stream(self, name: str, text: str) -> None:
        name = name if name in ("stdout", "stderr") else "stdout"
        text = self._fit(text)
        if not text:
            return
        last = self._entries[-1] if self._entries and not self._clear else None
        if last is not None and last["kind"] == "stream" and last["name"] == name:
            last["parts"].append(text)
        else:
            self._add({"kind": "stream", "name": name, "parts": [text]})

    def _display(self, kind: str, content: dict[str, Any]) -> None:
        data, transient = content.get("data"), content.get("transient")
        identity = str(transient.get("display_id", "")) if isinstance(transient, dict) else ""
        known = (
            {key: value for key, value in data.items() if key in _KEPT_TYPES and isinstance(value, str)} if isinstance(data, dict) else {}
        )
        kept = {key: well_formed(value) for key, value in known.items() if self._take(key, value)}
        if not kept:
            return
        if kind == "update_display_data":
            for entry in self._entries:
                if identity and entry.get("identity") == identity:
                    entry["data"] = kept
            return
        self._add({"kind": kind, "data": kept, "identity": identity})

    def _take(self, key: str, value: str) -> bool:
        if key in _PICTURES:
            fits = len(value) <= min(self._pictures_limit - self._pictures, self._allowance.pictures)
            self._pictures += len(value)
            self._allowance.pictures -= len(value) if fits else 0
        else:
            fits = len(value) <= min(self._limit - self._kept, self._allowance.text)
            self._kept += len(value)
            self._allowance.text -= len(value) if fits else 0
        self._cut = self._cut or not fits
        return fits

    def _fit(self, text: str) -> str:
        left = max(0, min(self._limit - self._kept, self._allowance.text))
        self._kept += len(text)
        if len(text) > left:
            self._cut = True
        self._allowance.text -= len(text[:left])
        return text[:left]

    def _add(self, entry: dict[str, Any]) -> None:
        if self._clear:
            self._begin_anew()
        if len(self._entries) >= _MOST_OUTPUTS:
            self._cut = True
            return
        self._entries.append(entry)

    def _begin_anew(self) -> None:
        self._entries.clear()
        self._clear = False

    def _figures(self, data: dict[str, str]) -> tuple[Figure, ...]:
        figures = []
        for media_type in _PICTURES:
            if media_type in data:
                try:
                    picture = base64.b64decode("".join(data[media_type].split()), validate=True)
                except (binascii.Error, ValueError):
                    continue
                figures.append(Figure(self._cell, FigureOrigin.OUTPUT, media_type, picture))
        return tuple(figures)


def _pictures_limit(limit_kb: int) -> int:
    return max(limit_kb * 1024, 8 * 2**20)
