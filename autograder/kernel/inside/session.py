"""The harness' entry into a student's kernel: begins sections and cells, replies with what was seen.

The grader calls these functions by module name, so nothing that a notebook does to its own namespace takes them away.
Replies are display messages of an own type; each is a claim that the grader's side checks.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import random
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import determinism, magics, scaling, wire

_settings: dict[str, Any] = {}
_usual: dict[str, Any] = {}
_running: dict[str, Any] = {"cell": -1, "depth": 0, "entered": False, "captured": True}


def begin(settings_text: str) -> None:
    """Make the course environment, install the observers, and start to take note of scaling and of skipped commands."""
    _settings.update(json.loads(settings_text))
    shell = _shell()
    _end_with_parent()
    path = list(sys.path)
    sys.path[:] = [entry for entry in path if entry not in ("", str(Path.cwd()))]
    _hide(_settings.get("hidden", []))
    hidden = list(sys.path)
    try:
        import torch

        if _settings.get("device") == "cuda" and not torch.cuda.is_available():
            raise RuntimeError("the GPU of this submission cannot be seen from its kernel")
        torch.set_num_threads(int(_settings.get("threads", 1)))
        determinism.apply(bool(_settings.get("deterministic")))
        _seed(int(_settings["seed"]))
        recorder = _recorder()
        recorder.install(_settings)
        environment = importlib.import_module("course.environment")
        environment.prepare(Path(_settings["data_folder"]), _settings, _usual)
        if importlib.util.find_spec("course.measurements") is not None:
            importlib.import_module("course.measurements")  # before a notebook's code can replace what it reads tensors with
    finally:
        sys.path[:] = [*([""] if "" in path else []), *hidden]
    _lay_out(Path(_settings["handed_in"]))
    scaling.install(shell, _settings)
    shell.unobserve_all("exit_now")  # quit() would stop the kernel a tenth of a second later, in whichever cell runs by then
    magics.install(shell, on_reset=_give_usual_names)
    _give_usual_names()
    shell.events.register("pre_execute", _entered)
    # Before the inline backend's own callback, which closes the figures.
    shell.events.callbacks["post_execute"].insert(0, _left)
    reply(determinism.settings(int(_settings["seed"])), {})


def begin_section(question: str) -> None:
    """Seed all generators as at the start, so that a section's randomness does not depend on earlier ones."""
    _seed(int(_settings["seed"]))
    _give_usual_names()
    _recorder().begin_section(question)


def begin_cell(index: int, question: str, scaled: bool = True) -> None:
    """Name the cell that runs next; `scaled` False leaves class arguments as written."""
    _running.update(cell=index, entered=False, captured=False)
    scaling.begin_cell(index, scaled)
    _recorder().begin_cell(index, question)


def end_cell() -> None:
    """Close the cell and reply with what was scaled in it."""
    _capture()
    _running["cell"] = -1
    reply(scaling.end_cell(), {})


def observed(after: int) -> None:
    """Reply with what the observers hold; arrays up to number `after` have arrived before."""
    body, arrays = _recorder().take(after)
    reply(body, arrays)


def measure(request_text: str) -> None:
    """Take one measurement of the student's objects and reply with it."""
    from . import measuring

    request, given = wire.unpack(request_text)
    with scaling.paused():
        body, arrays = measuring.measure(request, given, _shell().user_ns)
    reply(body, arrays)


def finish() -> None:
    """Reply with what was scaled and skipped over the whole run."""
    reply({"constants": scaling.constants(), "changes": scaling.changes(), "skipped": magics.skipped()}, {})


def reply(body: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Publish a reply to the request that runs now."""
    kernel = _shell().kernel
    fields, numbers = wire.pack(body, arrays)
    content = {"data": {wire.MIME: fields}, "metadata": {}, "transient": {}}
    sys.stdout.flush()
    kernel.session.send(kernel.iopub_socket, "display_data", content, parent=kernel.get_parent(), buffers=[numbers])


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _recorder() -> Any:
    return importlib.import_module(f"{__package__}.recorder")


def _give_usual_names() -> None:
    namespace = _shell().user_ns
    for name, value in _usual.items():
        namespace.setdefault(name, value)


def _seed(seed: int) -> None:
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def _lay_out(handed_in: Path) -> None:
    """Put what was handed in beside the notebook into the work folder, where a kernel before this one may have left other things."""
    for path in sorted(handed_in.rglob("*")):
        if path.is_file():
            target = Path.cwd() / path.relative_to(handed_in)
            with suppress(OSError):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _hide(folders: list[str]) -> None:
    """Keep the grader's own packages out of reach where an editable installation put them on the path."""
    wanted = {str(Path(folder).resolve()) for folder in folders}
    sys.path[:] = [entry for entry in sys.path if not entry or str(Path(entry).resolve()) not in wanted]
    sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in getattr(finder, "__module__", "")]


def _end_with_parent() -> None:
    """Let Linux kill this kernel when the thread that drives it is gone, so that a killed grader leaves none behind."""
    if sys.platform == "linux":
        import ctypes
        import signal

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)


def _entered() -> None:
    _running["entered"] = _running["entered"] or _running["depth"] == 0
    _running["depth"] += 1


def _left() -> None:
    """Take what a cell leaves open when its outermost execution ends; `%%capture` and `%%time` execute cells within cells."""
    _running["depth"] = max(0, _running["depth"] - 1)
    if _running["depth"] == 0 and _running["entered"]:
        _capture()


def _capture() -> None:
    if _running["cell"] != -1 and not _running["captured"]:
        _running["captured"] = True
        _recorder().end_cell()
