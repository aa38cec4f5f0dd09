"""Which processor is chosen, who has which GPU, and what a kernel sees of it: as far as a machine without a GPU can tell.

What torch would answer on a machine with GPUs is fabricated here; nothing of this was tried on one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from test_pipeline import course

from autograder import devices
from autograder.checks.evidence import Evidence, Student
from autograder.checks.verdicts import CheckFailed, Undecided
from autograder.devices import CPU, CUDA, Devices, Gpu, choose, gpus_of
from autograder.errors import AssignmentError
from autograder.kernel.isolation import bubblewrap, sandbox
from autograder.kernel.isolation.choice import offer
from autograder.kernel.isolation.sandbox import Limits, clean_environment, gpu_nodes
from autograder.kernel.start import empty_run_folder
from autograder.model.beside import ReferenceRun
from autograder.model.execution import CellRun, CellStatus, Ending, Execution, Raised
from autograder.model.submission import Cell, CellKind, Notebook, Section, Submission

ROOT = Path(__file__).resolve().parents[1]
ONE, TWO = Gpu("0", "uuid-a", "Fabricated", 16_000.0), Gpu("3", "uuid-b", "Fabricated", 16_000.0)


def found(environment: Mapping[str, str]) -> tuple[Gpu, ...]:
    return (ONE, TWO)


def none(environment: Mapping[str, str]) -> tuple[Gpu, ...]:
    return ()


def test_auto_takes_a_gpu_where_there_is_one() -> None:
    """cpu never asks, auto takes what is there, cuda insists."""
    assert choose("cpu", {}, lambda environment: pytest.fail("nothing was to be asked")).kind == CPU
    assert choose("auto", {}, none) == Devices()
    assert choose("auto", {}, found).gpus == (ONE, TWO)
    assert choose("cuda", {}, found).kind == CUDA
    with pytest.raises(AssignmentError, match="CUDA_VISIBLE_DEVICES is '7'"):
        choose("cuda", {"CUDA_VISIBLE_DEVICES": "7"}, none)


def test_torch_is_asked_in_a_process_of_its_own() -> None:
    """The question is asked of the real torch, which finds no GPU where none is visible; the asking process imports nothing of it."""
    assert gpus_of({"CUDA_VISIBLE_DEVICES": ""}) == ()
    code = (
        "import sys; from autograder.devices import choose; choose('auto', {'CUDA_VISIBLE_DEVICES': ''}); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_answer_of_torch_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The places are those of CUDA_VISIBLE_DEVICES, so that they mean the same to the kernel; the unique names are the card's own."""
    (tmp_path / "torch.py").write_text(
        "class _About:\n    uuid = 'abc'\n    name = 'Fabricated'\n    total_memory = 2**34\n"
        "class cuda:\n    is_available = staticmethod(lambda: True)\n    device_count = staticmethod(lambda: 2)\n"
        "    get_device_properties = staticmethod(lambda number: _About)\n    mem_get_info = staticmethod(lambda: (2**30, 2**34))\n"
    )
    environment = {"PYTHONPATH": str(tmp_path), "CUDA_VISIBLE_DEVICES": "GPU-x, 5"}
    assert gpus_of(environment) == (Gpu("GPU-x", "abc", "Fabricated", 16384.0), Gpu("5", "abc", "Fabricated", 16384.0))
    assert [gpu.place for gpu in gpus_of({"PYTHONPATH": str(tmp_path)})] == ["0", "1"]
    assert Devices(CUDA, (ONE,), environment).free_mb(ONE) == 1024.0


def test_a_gpu_is_one_submissions_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two submissions get two GPUs, a third waits for one; who waits is asked whether to go on, and may give up."""
    monkeypatch.setattr(devices, "_ask", lambda code, environment: 15_000.0)
    monkeypatch.setattr(devices, "_LOOK_SECONDS", 0.01)
    shared = Devices(CUDA, (ONE, TWO), {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "SECRET": "x"})
    waited = threading.Event()
    third: list[str] = []

    def wait_for_one() -> None:
        with shared.lend(waited.set, tmp_path) as lent:
            third.append(shared.seen_by_kernels(lent)["CUDA_VISIBLE_DEVICES"])

    with shared.lend(folder=tmp_path) as first:
        with shared.lend(folder=tmp_path) as second:
            assert {first.gpu, second.gpu} == {ONE, TWO}
            thread = threading.Thread(target=wait_for_one)
            thread.start()
            assert waited.wait(60)
            assert third == []

            def give_up() -> None:
                raise TimeoutError

            with pytest.raises(TimeoutError), shared.lend(give_up, tmp_path):
                pytest.fail("there was no GPU to be had")
        thread.join(60)
        assert third == ["3"]
        assert "15000 MB were free before, 15000 MB after" in second.notes[0]
        seen = shared.seen_by_kernels(first)
        assert seen == {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": "0", "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}


def test_another_process_has_its_gpu_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The lock holds between graders, and ends with the one that was killed."""
    code = (
        "import sys, time; from pathlib import Path; from autograder import devices; devices._ask = lambda code, environment: 1.0\n"
        "gpu = devices.Gpu('9', 'uuid-a', 'the same card under another name', 1.0)\n"
        "with devices.Devices('cuda', (gpu,), {}).lend(folder=Path(sys.argv[1])):\n    print('has it', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "has it\n"
        monkeypatch.setattr(devices, "_ask", lambda code, environment: 1.0)
        monkeypatch.setattr(devices, "_LOOK_SECONDS", 0.01)
        with Devices(CUDA, (ONE, TWO)).lend(folder=tmp_path) as lent:
            assert lent.gpu == TWO
        other.kill()
        other.wait()
        with Devices(CUDA, (ONE,)).lend(folder=tmp_path) as lent:
            assert lent.gpu == ONE
    finally:
        other.kill()
        other.communicate()


def test_memory_that_does_not_come_free_is_waited_for_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before the next submission gets the GPU, what the one before had is back; where it does not come back, the log says how much."""
    answers = iter([15_000.0, 9_000.0, 14_900.0])
    monkeypatch.setattr(devices, "_ask", lambda code, environment: next(answers))
    monkeypatch.setattr(devices, "_LOOK_SECONDS", 0.01)
    with Devices(CUDA, (ONE,)).lend(folder=tmp_path) as lent:
        assert lent.free_mb == 15_000.0
    assert lent.notes == ["Fabricated (0): 15000 MB were free before, 14900 MB after."]
    monkeypatch.setattr(devices, "_FREED_SECONDS", 0.05)
    levels = iter([15_000.0])
    monkeypatch.setattr(devices, "_ask", lambda code, environment: next(levels, 11_000.0))
    with Devices(CUDA, (ONE,)).lend(folder=tmp_path) as lent:
        pass
    assert lent.notes[1] == "4000 MB of its memory did not come free after this submission."


def test_kernels_see_their_gpu_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a GPU of its own a kernel finds none, whatever the machine has; with one, environment and nodes are there."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    assert clean_environment(tmp_path, Limits())["CUDA_VISIBLE_DEVICES"] == ""
    assert gpu_nodes(Limits()) == ()
    limits = Limits(gpu={"CUDA_VISIBLE_DEVICES": "3"})
    assert clean_environment(tmp_path, limits)["CUDA_VISIBLE_DEVICES"] == "3"
    (tmp_path / "nvidia-caps").mkdir()
    for name in ("nvidia0", "nvidiactl", "nvidia-caps/nvidia-cap1"):
        (tmp_path / name).symlink_to("/dev/null")
    (tmp_path / "nvidia-notes.txt").write_text("no device")
    monkeypatch.setattr(sandbox, "DEVICES", tmp_path)
    assert gpu_nodes(limits) == tuple(str(tmp_path / name) for name in ("nvidia-caps/nvidia-cap1", "nvidia0", "nvidiactl"))


@pytest.mark.skipif(not offer("bubblewrap").available, reason="needs bubblewrap")
def test_device_nodes_are_behind_the_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that is bound can be opened there as the device that it is, though /dev is read-only and the user has no privileges."""
    node = next(path for path in ("/dev/kmsg", "/dev/fuse", "/dev/loop-control", "/dev/zero") if Path(path).is_char_device())
    monkeypatch.setattr(bubblewrap, "gpu_nodes", lambda limits: (node,))
    with empty_run_folder() as folder:
        walls = bubblewrap.put_up(folder, Limits())
        try:
            inside = Path(f"/proc/{walls.first}/root{node}")
            assert inside.stat().st_rdev == os.stat(node).st_rdev
        finally:
            walls.demolish()


def test_kernels_for_a_gpu_are_never_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CUDA does not survive a fork, so such kernels start cold; nothing but full mode computes on a GPU."""
    asked: list[bool] = []
    monkeypatch.setattr("autograder.course.kernels", lambda *given, warm: asked.append(warm))
    shared = course(tmp_path / "out", isolation="none")
    shared.kernels(warm=True)
    object.__setattr__(shared, "devices", Devices(CUDA, (ONE,)))
    shared.kernels(warm=True)
    assert asked == [True, False]
    with pytest.raises(AssignmentError, match="--device cuda: replay computes on the processor"):
        course(tmp_path / "out", isolation="none", device="cuda")


def stopped_with(error: str, *, free_mb: float = 0.0, beside: tuple[ReferenceRun, ...] = ()) -> Evidence:
    heading = Cell(0, CellKind.MARKDOWN, "# 1.1")
    section = Section("1.1", "", (heading, Cell(1, CellKind.CODE, "train()")))
    submission = Submission("one", "", "one.ipynb", "", (), Notebook(section.cells, (section,)), b"")
    runs = (CellRun(1, "1.1", CellStatus.ERROR, 1.0, error),)
    execution = Execution(Ending.FINISHED, runs, answers={"q": Raised("q", "It failed", error)}, gpu_free_mb=free_mb)
    return Evidence(submission, execution, "full", "sample", Path("nowhere"), 0, beside=beside)


@pytest.mark.parametrize(
    "error",
    [
        "OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB.",
        "RuntimeError: CUDA out of memory. Tried to allocate 20.00 GiB",
        "RuntimeError: CUDA error: out of memory",
        "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ],
)
def test_a_gpu_that_is_too_small_is_the_students_only_if_the_reference_fits(error: str) -> None:
    """A person decides unless the reference of the same question was trained on a GPU within the memory that was free."""
    fits = ReferenceRun("net", "1.1", (1,), (0.5,), peak_memory_mb=3_000, device="cuda")
    undecided = {
        "no reference": stopped_with(error, free_mb=8_000),
        "one of another question": stopped_with(error, free_mb=8_000, beside=(replace(fits, question="1.2"),)),
        "one on the processor": stopped_with(error, free_mb=8_000, beside=(replace(fits, device="cpu", peak_memory_mb=0.0),)),
        "one that would not fit": stopped_with(error, free_mb=2_000, beside=(fits,)),
        "one of two that would not fit": stopped_with(error, free_mb=8_000, beside=(fits, replace(fits, peak_memory_mb=9_000))),
    }
    for name, evidence in undecided.items():
        with pytest.raises(Undecided, match="Cell 1 needs something that is not there"):
            evidence.missing("1.1", f"{name}: nothing was trained.")
    with pytest.raises(CheckFailed, match=r"Nothing was trained\. Cell 1 stopped with"):
        stopped_with(error, free_mb=8_000, beside=(fits,)).missing("1.1", "Nothing was trained.")
    with pytest.raises(Undecided, match="no memory left"):
        Student(stopped_with(error, free_mb=8_000, beside=(fits,))).finding("q")


def test_memory_of_the_machine_and_other_errors_are_judged_as_ever() -> None:
    """An error that only speaks of memory is the student's own."""
    with pytest.raises(CheckFailed):
        stopped_with("RuntimeError: out of memory, said the student").missing("1.1", "Nothing was trained.")
