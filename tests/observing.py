"""Runs code as cells of a notebook in a process of its own with the observers installed, and reads what they saw."""

from __future__ import annotations

import base64
import dataclasses
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.kernel import wire
from autograder.kernel.observe import parse
from autograder.model.observations import Observations

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ("calls", "lessons", "readings", "losses", "steps", "passes", "transforms", "transform_calls", "figures", "scalars")

_DRIVER = """
import base64, contextlib, importlib, json, sys, types, warnings
sys.path.insert(0, sys.argv[1])
order = json.loads(sys.stdin.read())
import torch
torch.set_num_threads(1)
out, sys.stdout = sys.stdout, sys.stderr
said, errors, heard = {}, {}, {}

def play(name, cells):
    space = {"torch": torch, "nn": torch.nn, "optim": torch.optim, "F": torch.nn.functional, "said": {}}
    torch.manual_seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for index, source in enumerate(cells):
            if recorder is not None and not source.startswith("# between"):
                recorder.begin_cell(index, name)
            try:
                exec(compile(source, f"<{name}>", "exec"), space)
            except BaseException as error:
                errors[name] = f"{type(error).__name__}: {error}"
            if recorder is not None:
                recorder.end_cell()
    said[name] = space["said"]
    heard[name] = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]

recorder = None
for name, cells in order["bare"].items():
    play(name, cells)
recorder = importlib.import_module("harness_inside.recorder")
recorder.install(order["settings"])
for name, cells in order["watched"].items():
    recorder.begin_section(name)
    play(name, cells)
from harness_inside import wire
fields, numbers = wire.pack(*recorder.take())
reply = [fields, base64.b64encode(numbers).decode()]
print(json.dumps({"said": said, "errors": errors, "heard": heard, "reply": reply}), file=out)
"""


@dataclass(frozen=True)
class Seen:
    """What was observed, what each scenario left in `said`, its error if it ended in one, and the warnings it heard."""

    all: Observations
    said: Mapping[str, Any]
    errors: Mapping[str, str]
    heard: Mapping[str, list[str]]

    def of(self, name: str) -> Observations:
        """What was observed in one scenario, which must have ended well."""
        assert name not in self.errors, self.errors[name]
        return self.whatever_of(name)

    def whatever_of(self, name: str) -> Observations:
        """What was observed in one scenario, however it ended."""
        kept = {kind: tuple(record for record in getattr(self.all, kind) if record.question == name) for kind in RECORDS}
        return dataclasses.replace(self.all, **kept)


def watch(
    folder: Path,
    watched: Mapping[str, str | list[str]],
    *,
    bare: Mapping[str, str | list[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Seen:
    """Run scenarios, each one cell or a list of cells, those in `bare` before the observers are installed."""
    inside = folder / "inside"
    inside.mkdir()
    (inside / "harness_inside").symlink_to(ROOT / "autograder" / "kernel" / "inside")

    def cells(scenarios: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
        return {name: [source] if isinstance(source, str) else source for name, source in scenarios.items()}

    order = {"watched": cells(watched), "bare": cells(bare or {}), "settings": dict(settings or {})}
    environment = {
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER, str(inside)],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=folder,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    fields, numbers = told["reply"]
    body, arrays = wire.unpacked(fields, base64.b64decode(numbers))
    return Seen(parse(body, arrays), told["said"], told["errors"], told["heard"])
