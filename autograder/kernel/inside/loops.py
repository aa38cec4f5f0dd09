"""Tells how far the running training loop is: read from the frames of the notebook's own code, a few times a minute, for who waits for it.

Nothing is called that the notebook defines: the numbers of rounds are constants, variables, lengths and sums of such, or unknown.
"""

from __future__ import annotations

import ast
import linecache
import operator
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from types import FrameType
from typing import Any

from . import wire
from .store import guarded

EVERY_SECONDS = 2.0
MOST_FRAMES, MOST_LOOPS = 60, 4
_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv}
_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class _Watch:
    def __init__(self) -> None:
        self.on = False
        self.latest = 0.0
        self.steps_in_pass = 0
        self.since: dict[tuple[str, int], float] = {}  # by file and line of a loop, when it was seen first in this cell


_watch = _Watch()


def install(wanted: bool) -> None:
    """Tell of loops from now on, or never."""
    _watch.on = wanted


def begin_cell() -> None:
    """Loops of the cell before are over."""
    _watch.since.clear()
    _watch.steps_in_pass = 0


def pass_begun() -> None:
    """A pass over a data set begins."""
    _watch.steps_in_pass = 0


@guarded("loops")
def stepped() -> None:
    """An optimizer has taken a step."""
    _watch.steps_in_pass += 1
    now = time.monotonic()
    if not _watch.on or now - _watch.latest < EVERY_SECONDS:
        return
    _watch.latest = now
    found = list(_loops(now))[:MOST_LOOPS]
    if found:
        _tell({"loops": [place for place, _ in found], "seconds": now - min(since for _, since in found)})


def _loops(now: float) -> Iterator[tuple[list[Any], float]]:
    """The loops around this step from the outermost to the innermost: [name, round from 1, rounds or 0], and since when."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(frames) < MOST_FRAMES:
        if frame.f_globals.get("__name__") == "__main__":
            frames.append(frame)
        frame = frame.f_back
    for place in reversed(frames):
        name = place.f_code.co_filename
        for loop in _around(name, place.f_lineno):
            known = _round(loop, place)
            if known is not None:
                yield known, _watch.since.setdefault((name, loop.lineno), now)


def _around(name: str, line: int) -> list[ast.For]:
    """The `for` loops of the running function that a line lies in, the outermost first."""
    found: list[ast.For] = []
    waiting: list[ast.AST] = [_tree(name)]
    while waiting:
        node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if getattr(child, "lineno", line) <= line <= (getattr(child, "end_lineno", None) or line):
                if isinstance(child, _Function):
                    found.clear()
                if isinstance(child, ast.For) and line >= child.body[0].lineno:
                    found.append(child)
                waiting.append(child)
    return found


@lru_cache(maxsize=64)
def _tree(name: str) -> ast.AST:
    try:
        return ast.parse("".join(linecache.getlines(name)))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _round(loop: ast.For, frame: FrameType) -> list[Any] | None:
    """What is known of a loop's round; None where nothing is."""
    counted = next((node for node in ast.walk(loop.iter) if isinstance(node, ast.Call) and _name(node.func) in ("range", "trange")), None)
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else loop.target
    if counted is None:
        return _batch(loop, target, frame)
    bounds = [bound for node in counted.args if (bound := _value(node, frame)) is not None]
    at = _value(target, frame)
    if at is None or not bounds or len(bounds) < len(counted.args):
        return None
    rounds = range(*bounds)
    return [_name(target), rounds.index(at) + 1, len(rounds)] if at in rounds else None


def _batch(loop: ast.For, target: ast.expr, frame: FrameType) -> list[Any] | None:
    """A round of a loop over something that has a length, such as a loader."""
    for node in ast.walk(loop.iter):
        if isinstance(node, (ast.Name, ast.Attribute)):
            size = _length(_thing(node, frame))
            if size:
                numbered = any(isinstance(part, ast.Call) and _name(part.func) == "enumerate" for part in ast.walk(loop.iter))
                at = _value(target, frame) if numbered else None
                return ["batch", min(size, at + 1 if at is not None else _watch.steps_in_pass), size]
    return None


def _value(node: ast.expr, frame: FrameType) -> int | None:
    if isinstance(node, ast.Constant):
        value = node.value
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left, frame), _value(node.right, frame)
        if left is None or right is None or (isinstance(node.op, ast.FloorDiv) and right == 0):
            return None
        value = _OPERATIONS[type(node.op)](left, right)
    elif isinstance(node, ast.Call) and _name(node.func) == "len" and len(node.args) == 1:
        value = _length(_thing(node.args[0], frame))
    else:
        value = _thing(node, frame)
    return value if type(value) is int else None


def _thing(node: ast.expr, frame: FrameType) -> Any:
    """The value of a name, or of an attribute that an object holds itself; None where that is not so."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        return getattr(_thing(node.value, frame), "__dict__", {}).get(node.attr)
    return None


def _length(thing: Any) -> int | None:
    """Of a built-in collection, or of what PyTorch and torchtext define."""
    if isinstance(thing, (list, tuple, range)) or type(thing).__module__.split(".")[0] in ("torch", "torchtext"):
        return len(thing) if hasattr(type(thing), "__len__") else None
    return None


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _tell(content: dict[str, Any]) -> None:
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    kernel = shell.kernel
    message = {"data": {wire.LOOPS: content}, "metadata": {}, "transient": {}}
    kernel.session.send(kernel.iopub_socket, "display_data", message, parent=kernel.get_parent())
