"""Executions are kept as plain data, and what was tampered with or cut off is as good as not there."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from autograder.model.execution import Absent, CellRun, CellStatus, Ending, Execution, Finding, NotProbed, Raised
from autograder.model.observations import Axes, DrawnFigure, Line, Network, Observations, RecurrentLayer, Step, Transform
from autograder.model.submission import Figure, FigureOrigin, Output
from autograder.store.evidence import EvidenceFolder

NOT_A_NUMBER = float("nan")


def execution() -> Execution:
    """One with something of every type."""
    output = Output("stream", "stdout", "half a pair \ud800", (Figure(3, FigureOrigin.OUTPUT, "image/png", b"\x89PNG"),))
    layer = RecurrentLayer("LSTM", 2, 3, 1, True, False, 99)
    step = Step(4, 3, "1.1", 1, "Adam", 99, (1,), NOT_A_NUMBER, 5, 6, "a", "b", 0, None, False, limited_to=2.5)
    axes = Axes("title", "x", "y", (Line("loss", (0.0, 1.0), (float("inf"), 2.0)),), ("image.1",), ((2, 2),))
    return Execution(
        Ending.DIED,
        cells=(CellRun(3, "1.1", CellStatus.ERROR, 0.5, "NameError: x", "traceback", (output,), 2),),
        observations=Observations(
            networks=(Network(1, "Net", 99, (layer,), (("LSTM", ((2, 3), ())),)),),
            steps=(step,),
            transforms=(Transform(5, 3, "1.1", 1, "RandomAffine", (0, 45.0), None, None, None),),
            figures=(DrawnFigure(6, 3, "1.1", (axes,)),),
            arrays={"image.1": np.eye(2, dtype=np.float32), "flags": np.array([True, False]), "one": np.array(7)},
            truncated=("calls",),
        ),
        answers={
            "found": Finding("found", {"n": 1, "nested": {"list": [1, 2.5, None, "x", True]}}, {"masked": np.arange(6).reshape(2, 3)}),
            "absent": Absent("absent", "There is none.", "1.1"),
            "raised": Raised("raised", "It raised.", "ValueError", "lines"),
            "not probed": NotProbed("not probed", "the kernel was dead"),
        },
        constants={"HID_DIM": (512.0, 48)},
        skipped=("!pip install x",),
        changes=("cut",),
        notebook=b"{}",
        seconds={"start": 0.1},
        peak_memory_mb=12.5,
        log=("line",),
    )


def alike(first: object, second: object) -> bool:
    """Equal in type and value down to the last array, where what is no number equals itself."""
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return first.dtype == second.dtype and first.shape == second.shape and bool((first == second).all())
    if type(first) is not type(second):
        return False
    if dataclasses.is_dataclass(first):
        return all(alike(getattr(first, part.name), getattr(second, part.name)) for part in dataclasses.fields(first))
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(alike(first[name], second[name]) for name in first)
    if isinstance(first, (tuple, list)) and isinstance(second, (tuple, list)):
        return len(first) == len(second) and all(map(alike, first, second))
    return repr(first) == repr(second)


def test_an_execution_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every record, array, answer and byte."""
    folder = EvidenceFolder(tmp_path)
    folder.keep("ann", execution(), "1")
    back = folder.read("ann", "1")
    assert back is not None
    assert alike(back, execution())
    assert not alike(back, dataclasses.replace(execution(), log=("another",)))


def test_another_version_or_none_counts_as_not_kept(tmp_path: Path) -> None:
    """Evidence of other circumstances is no evidence; the newest replaces what was there."""
    folder = EvidenceFolder(tmp_path)
    assert folder.read("ann", "1") is None
    folder.keep("ann", execution(), "1")
    assert folder.read("ann", "2") is None
    folder.keep("ann", execution(), "2")
    assert folder.read("ann", "1") is None
    assert folder.read("ann", "2") is not None
    assert [path.name for path in (tmp_path / ".evidence").iterdir()] == ["ann.zip"]


def test_a_file_cut_at_any_place_counts_as_not_kept(tmp_path: Path) -> None:
    """A damaged file never ends a run."""
    folder = EvidenceFolder(tmp_path)
    folder.keep("ann", execution(), "1")
    path = tmp_path / ".evidence" / "ann.zip"
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert folder.read("ann", "1") is None
    for place in range(0, len(whole), 61):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        folder.read("ann", "1")


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.update(execution=["Execution"]),
        lambda kept: kept.update(execution=["Submission", *kept["execution"][1:]]),
        lambda kept: kept["execution"].__setitem__(1, "bored"),
        lambda kept: kept["execution"].__setitem__(2, [["CellRun", "three", "1.1", "ok", 0.1, "", "", [], 1]]),
        lambda kept: kept["execution"][4].update(found=["Path", "/etc/passwd"]),
        lambda kept: kept["execution"].__setitem__(8, "99"),
        lambda kept: kept.pop("version"),
    ],
    ids=[
        "no fields",
        "another type",
        "no such ending",
        "text for a number",
        "a type that is no answer",
        "a file that is not there",
        "no version",
    ],
)
def test_what_does_not_fit_the_types_counts_as_not_kept(tmp_path: Path, change: object) -> None:
    """The reader makes nothing but the model's types, from values of the right types."""
    assert callable(change)
    folder = EvidenceFolder(tmp_path)
    folder.keep("ann", execution(), "1")
    path = tmp_path / ".evidence" / "ann.zip"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    kept = json.loads(members["execution.json"])
    change(kept)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, json.dumps(kept) if name == "execution.json" else content)
    assert folder.read("ann", "1") is None


def test_a_pickle_in_an_array_is_not_read(tmp_path: Path) -> None:
    """An array of objects would be unpickled to be read: it is refused both ways."""
    folder = EvidenceFolder(tmp_path)
    pickled = dataclasses.replace(execution(), observations=Observations(arrays={"x": np.array([{}], dtype=object)}))
    with pytest.raises(ValueError, match="allow_pickle"):
        folder.keep("ann", pickled, "1")
    assert list((tmp_path / ".evidence").iterdir()) == []


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a submission is replayed again where another would be judged again."""
    monkeypatch.setattr("autograder.store.evidence.LARGEST_MB", 0)
    folder = EvidenceFolder(tmp_path)
    folder.keep("ann", execution(), "1")
    assert folder.read("ann", "1") is None
