"""The process in which the assignment's reference is trained: run as a program it trains what a request names, one network after the other.

It writes a line for each stage and each result to standard output, keeps results in the cache, and ends when its standard input does, so
that a killed grader leaves none behind. An assignment's module for it has `key(figure, *, seed, data, device, epochs)`, a text that changes
with all that a result depends on, and `train(figure, *, seed, data, device, epochs, checkpoint, progress)`, which returns a `ReferenceRun`;
`progress(said, share)` hears how far it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib
import json
import os
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autograder.model.beside import ReferenceRun

STAGE, RESULT = "stage", "result"


@dataclass(frozen=True, slots=True)
class Request:
    """What to train: `figures` of `module`, found below `root`. `known_only` asks for what is in the cache."""

    root: str
    module: str
    figures: tuple[str, ...]
    seed: int
    data: str
    device: str
    epochs: int | None
    threads: int
    cache: str
    known_only: bool = False

    def only_known(self) -> Request:
        return replace(self, known_only=True)

    def as_text(self) -> str:
        return json.dumps(asdict(self))


def as_run(values: dict[str, Any]) -> ReferenceRun:
    """A result that was written as JSON."""
    run = ReferenceRun(**values)
    return replace(run, epochs=tuple(run.epochs), training=tuple(run.training), validation=tuple(run.validation))


def main(text: str) -> None:
    """Train what the request asks for."""
    values = json.loads(text)
    request = Request(**{**values, "figures": tuple(values["figures"])})
    threading.Thread(target=_end_with_input, daemon=True).start()
    sys.path.insert(0, request.root)
    module = importlib.import_module(request.module)
    for number, figure in enumerate(request.figures):
        run = _result(module, figure, request, number)
        if run is not None:
            _say(RESULT, asdict(run))


def _result(module: Any, figure: str, request: Request, number: int) -> ReferenceRun | None:
    given = {"seed": request.seed, "data": Path(request.data), "device": request.device, "epochs": request.epochs}
    key = hashlib.sha256(module.key(figure, **given).encode()).hexdigest()[:20]
    kept = Path(request.cache) / f"{figure}-{key}.json"
    if kept.exists():
        return as_run(json.loads(kept.read_text("utf-8")))
    if request.known_only:
        return None
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".lock").open("w") as lock:
        _say(STAGE, [f"{figure}: waiting for another grader that trains it", number / len(request.figures)])
        fcntl.flock(lock, fcntl.LOCK_EX)  # which will have trained it then
        if kept.exists():
            return as_run(json.loads(kept.read_text("utf-8")))
        run: ReferenceRun = module.train(
            figure,
            **given,
            checkpoint=kept.with_suffix(".checkpoint"),
            progress=lambda said, share: _say(STAGE, [f"{figure}: {said}", (number + share) / len(request.figures)]),
        )
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(asdict(run)), encoding="utf-8")
        os.replace(unfinished, kept)
        kept.with_suffix(".checkpoint").unlink(missing_ok=True)
        return run


def _say(kind: str, content: Any) -> None:
    sys.stdout.write(f"{kind} {json.dumps(content)}\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
