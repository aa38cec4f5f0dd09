"""Replays small notebooks in real kernels: what goes on, what is skipped, what is scaled, what comes back."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import psutil
import pytest

from autograder.kernel import conversation, reading
from autograder.kernel.isolation.sandbox import MARKER
from autograder.kernel.replay import ReplaySettings, not_replayed, replay
from autograder.model.execution import Absent, CellStatus, Ending, Execution, Finding, NotProbed, Probe, Raised
from autograder.model.submission import Cell, CellKind, Notebook, Section, Submission

ENVIRONMENT = """
def prepare(data_folder, settings, namespace):
    namespace["usual"] = "a usual name"
"""
MEASUREMENTS = """
import os
import numpy as np

class NotThere(Exception):
    sentence = "There is nothing here yet."

class StudentError(Exception):
    sentence = "Something failed."

def call(namespace, settings, arrays):
    function = namespace.get(settings["name"])
    if function is None:
        raise NotThere
    return {"name": settings["name"]}, {"result": np.asarray(function(arrays["values"]))}
"""


def submission(*cells: str, content: bytes = b"{}") -> Submission:
    """A submission of code cells; a cell that starts with # is the heading of a section."""
    made = tuple(
        Cell(index, CellKind.MARKDOWN if source.startswith("# ") else CellKind.CODE, textwrap.dedent(source).strip())
        for index, source in enumerate(cells)
    )
    sections: list[Section] = []
    for cell in made:
        if cell.kind is CellKind.MARKDOWN:
            sections.append(Section(cell.source.split()[1], "", ()))
        if sections:
            sections[-1] = Section(sections[-1].question, "", (*sections[-1].cells, cell))
    return Submission("one", "One", "one.ipynb", "", ("one.ipynb",), Notebook(made, tuple(sections)), content)


def asked(name: str, question: str) -> Probe:
    return Probe(f"{question}.{name}", question, "call", {"name": name}, {"values": np.asarray([1.0, 2.0])})


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "__init__.py").write_text("")
    (folder / "environment.py").write_text(ENVIRONMENT)
    (folder / "measurements.py").write_text(MEASUREMENTS)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "numbers.txt").write_text("1 2 3")
    return folder


def played(one: Submission, course: Path, data: Path, probes: Sequence[Probe] = (), *, budget: float = 600, **limits: object) -> Execution:
    scale = {"constants": {"WIDTH": 8.0, "DEPTH": 2.0}, "arguments": {"Numbers": {"count": 10}}}
    settings = ReplaySettings(course, **{**scale, **limits})  # type: ignore[arg-type]
    return replay(one, settings=settings, probes=probes, data_folder=data, seed=3, budget_seconds=budget)


def printed(execution: Execution, index: int) -> str:
    run = execution.cell(index)
    assert run is not None
    return "".join(output.text for output in run.outputs if output.kind == "stream")


HONEST = submission(
    "print(usual)",  # 0
    "# 1.1",  # 1
    "late = defined_later + 1",  # 2
    "print(late)",  # 3
    "!pip install something\nfiles = !ls\n%cd elsewhere\nprint(files)",  # 4
    "%%bash\ntouch made_by_bash",  # 5
    "%%capture\nkept = 1\nprint('unseen')",  # 6
    "%%time\nkept += 1",  # 7
    "%%timeit -n 1000\nprint('once')",  # 8
    "%%surely_unknown\nkept += 1",  # 9
    "print(input('who? '), kept)",  # 10
    "%reset -f",  # 11
    "print(usual, 'kept' in globals())",  # 12
    "WIDTH = 512\nDEPTH: int = 1\nprint(WIDTH, DEPTH)",  # 13
    """
    class Numbers:
        def __init__(self, count=3):
            self.values = list(range(count))
        def __len__(self):
            return len(self.values)
        def __getitem__(self, index):
            return self.values[index]
    numbers = Numbers(1000)
    print(len(numbers))
    """,  # 14
    """
    import torch
    first, second = torch.utils.data.random_split(numbers, [900, 100])
    third = torch.utils.data.Subset(numbers, range(900))
    fourth = torch.utils.data.Subset(numbers, range(900, 1000))
    print(len(first), len(second), len(third), len(fourth), set(third) & set(fourth))
    from torch.utils.data import DataLoader
    loaders = DataLoader(numbers, 4), DataLoader(numbers, batch_size=100, shuffle=True), DataLoader(numbers, 7), DataLoader(first, 300)
    print([[len(batch) for batch in loader] for loader in loaders])
    """,  # 15
    "import random, numpy\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())",  # 16
    "# 1.2",  # 17
    "defined_later = 4\nraise ValueError('on purpose')",  # 18
    "print(random.random(), numpy.random.rand(), torch.rand(1).item())",  # 19
    "twice = lambda values: values * 2\ndef fails(values): return 1 / 0",  # 20
    """
    import os, sys, importlib.util, pathlib
    for name in ("autograder", "reference", "tests"):
        print(name, importlib.util.find_spec(name))
    print(sorted(os.environ))
    print(pathlib.Path("../data/numbers.txt").read_text(), os.listdir("."))
    """,  # 21
    """
    import matplotlib.pyplot as plt
    plt.plot([1, 2, 3])
    """,  # 22
    """
    import subprocess
    code = "import time; time.sleep(300)"
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True, env={**os.environ, "SURVIVOR": "yes"})
    """.replace("yes", f"of {os.getpid()}"),  # 23
    "# 1.3",  # 24
)


@pytest.fixture(scope="module")
def honest(course: Path, data: Path) -> Execution:
    probes = [asked("twice", "1.1"), asked("twice", "1.2"), asked("fails", "1.2"), asked("absent", "1.3"), asked("twice", "9.9")]
    return played(HONEST, course, data, probes)


def test_cells_run_in_document_order_with_the_usual_names(honest: Execution) -> None:
    """Every code cell has a run, in order, and finds the course's usual names."""
    assert honest.ending is Ending.FINISHED
    assert [run.index for run in honest.cells] == [cell.index for cell in HONEST.notebook.cells if cell.kind is CellKind.CODE]
    assert printed(honest, 0) == "a usual name\n"


def test_a_failed_cell_stops_nothing(honest: Execution) -> None:
    """A cell that raises is an error with its message, and the next one runs."""
    run = honest.cell(18)
    assert run is not None
    assert (run.status, run.error) == (CellStatus.ERROR, "ValueError: on purpose")
    assert "\x1b" not in run.traceback
    assert "raise ValueError" in run.traceback
    assert honest.cell(20).status is CellStatus.OK  # type: ignore[union-attr]


def test_a_name_that_comes_later_is_waited_for(honest: Execution) -> None:
    """A cell that needs a later cell's name is tried again, and so is one that needed the first one's."""
    assert [honest.cell(index).attempts for index in (2, 3)] == [2, 2]  # type: ignore[union-attr]
    assert printed(honest, 3) == "5\n"


def test_commands_are_recorded_and_not_run(honest: Execution) -> None:
    """Shell escapes, installs and unknown magics fail nothing and are listed."""
    assert honest.skipped == ("!pip install something", "!ls", "%cd elsewhere", "%%bash", "%%surely_unknown")
    assert printed(honest, 4) == "[]\n"
    assert "made_by_bash" not in printed(honest, 21)


def test_magics_that_wrap_code_run_it_once(honest: Execution) -> None:
    """`%%capture`, `%%time`, `%%timeit` and an unknown magic run their cell; `input()` returns at once."""
    assert printed(honest, 6) == ""
    assert printed(honest, 8) == "once\n"
    assert printed(honest, 10) == "who? \n 3\n"


def test_a_reset_harms_nothing(honest: Execution) -> None:
    """`%reset -f` takes the student's names, neither the usual ones nor the harness."""
    assert printed(honest, 12) == "a usual name False\n"


def test_constants_are_only_made_smaller(honest: Execution) -> None:
    """A top-level constant is capped, a smaller one stays, and both values are recorded."""
    assert printed(honest, 13) == "8 1\n"
    assert honest.constants == {"WIDTH": (512.0, 8.0), "DEPTH": (1.0, 1.0)}
    assert any("WIDTH was set to 8 instead of 512" in change for change in honest.changes)


def test_arguments_of_named_classes_are_capped_and_splits_follow(honest: Execution) -> None:
    """A data set is built small; lengths and indices written for the whole one are fitted, parts stay disjoint, and batches full."""
    assert printed(honest, 14) == "10\n"
    assert printed(honest, 15) == "9 1 9 1 set()\n[[4, 4], [100], [7, 3], [300]]\n"


def test_each_section_starts_from_the_same_seed(honest: Execution) -> None:
    """What a section draws does not depend on the sections before it, so two first draws are equal."""
    draws = printed(honest, 19).split()
    assert len(draws) == 3
    assert draws[:2] == printed(honest, 16).split()[:2]


def test_the_kernel_sees_its_run_folder_and_no_more(honest: Execution) -> None:
    """The project cannot be imported, the environment has only what a kernel needs, the data lies beside the work folder."""
    said = printed(honest, 21)
    assert re.findall(r"^\w+ None$", said, re.M) == ["autograder None", "reference None", "tests None"]
    names = eval(next(line for line in said.splitlines() if line.startswith("['")))
    assert "JPY_PARENT_PID" not in names
    assert not [name for name in names if re.search("TOKEN|SECRET|KEY|PASSWORD", name)]
    assert {"HOME", "TMPDIR", "OMP_NUM_THREADS", MARKER} <= set(names)
    assert "1 2 3 []" in said


def test_figures_are_kept_as_pictures(honest: Execution) -> None:
    """A figure that is open when its cell ends is an output with its PNG."""
    figures = [figure for output in honest.cell(22).outputs for figure in output.figures]  # type: ignore[union-attr]
    assert [figure.data[:4] for figure in figures] == [b"\x89PNG"]


def test_probes_are_asked_when_their_section_ends(honest: Execution) -> None:
    """A function is asked for when its section ends; again, if it was not there, only after a second attempt; a missing section's last."""
    answers = honest.answers
    assert isinstance(answers["1.2.twice"], Finding)
    assert answers["1.2.twice"].arrays["result"].tolist() == [2.0, 4.0]
    assert isinstance(answers["1.1.twice"], Finding)  # section 1.1 was tried again after 1.2 had defined it
    assert isinstance(answers["1.2.fails"], Raised)
    assert "ZeroDivisionError" in answers["1.2.fails"].error
    assert isinstance(answers["1.3.absent"], Absent)
    assert isinstance(answers["9.9.twice"], Finding)


def test_no_process_outlives_the_replay(honest: Execution) -> None:
    """A process that left its session is killed with the rest."""
    left = [process.pid for process in psutil.process_iter() if _environment(process).get("SURVIVOR") == f"of {os.getpid()}"]
    assert not left


def test_the_replayed_notebook_is_valid(honest: Execution) -> None:
    """The file holds the student's cells and the outputs of this run, in the format's own terms."""
    notebook = nbformat.reads(honest.notebook.decode(), as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in HONEST.notebook.cells]
    assert notebook.cells[0].outputs[0].text == "a usual name\n"


def test_time_and_memory_are_measured(honest: Execution) -> None:
    """The seconds are split in three, and the peak is that of the kernel's processes."""
    assert set(honest.seconds) == {"start", "replay", "probes"}
    assert honest.seconds["start"] > 0.2
    assert 50 < honest.peak_memory_mb < 2000


def test_a_cell_that_fails_for_our_scaling_is_run_as_written(course: Path, data: Path) -> None:
    """An index that exists only in the whole data set accuses our cut, so both cells run again with the written size."""
    one = submission(
        "# 1.1",
        "class Numbers:\n    def __init__(self, count): self.values = list(range(count))\nnumbers = Numbers(500)",
        "print(numbers.values[499])",
        "print(len(Numbers(500).values))",
    )
    execution = played(one, course, data)
    assert [(run.status, run.attempts) for run in execution.cells] == [(CellStatus.OK, 2), (CellStatus.OK, 2), (CellStatus.OK, 1)]
    assert [printed(execution, index) for index in (2, 3)] == ["499\n", "10\n"]


ENDLESS = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(0.1)"
HOSTILE = submission(
    "# 1.1",  # 0
    "import os\nimport signal\nbefore = 7\ndef twice(values): return values * before",  # 1
    "while True: pass",  # 2
    "while True: print('x' * 1000)",  # 3
    "import sys\nsys.exit(0)",  # 4
    ENDLESS,  # 5
    "# 1.2",  # 6
    "for _ in range(3): before += 1\nos._exit(1)",  # 7
    "print(before, twice(2))",  # 8
    "def deadly(values): os.kill(os.getpid(), signal.SIGKILL)",  # 9
    "# 1.3",  # 10
    "print('never')",  # 11
)


def test_what_ends_a_kernel_ends_neither_the_replay_nor_the_other_questions(
    course: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Endless cells are interrupted or killed, output is capped, and twice another kernel goes on with the definitions made so far."""
    probes = [asked("twice", "1.1"), asked("deadly", "1.2"), asked("twice", "1.3")]
    # Whatever can be interrupted has more time for it than any machine needs, and so has what ends by itself.
    monkeypatch.setitem(conversation.Conversation.execute.__kwdefaults__, "grace_seconds", 12.0)
    monkeypatch.setattr(conversation, "_CALMING_SECONDS", 20.0)
    execution = played(HOSTILE, course, data, probes, cell_seconds=8, output_kb=64)
    status = {run.index: run.status for run in execution.cells}
    assert execution.ending is Ending.DIED
    assert status == {
        1: CellStatus.OK,
        2: CellStatus.TIMEOUT,
        3: CellStatus.TIMEOUT,
        4: CellStatus.ERROR,
        5: CellStatus.KILLED,
        7: CellStatus.KILLED,
        8: CellStatus.OK,
        9: CellStatus.OK,
        11: CellStatus.NOT_RUN,
    }
    assert printed(execution, 8) == "7 14\n"
    assert sum(len(output.text) for output in execution.cell(3).outputs) < 80_000  # type: ignore[union-attr]
    assert "cut the rest" in printed(execution, 3)
    assert isinstance(execution.answers["1.1.twice"], Finding)
    assert isinstance(execution.answers["1.2.deadly"], Raised)
    assert isinstance(execution.answers["1.3.twice"], NotProbed)


def test_only_the_first_kernel_is_asked_what_it_is_like(course: Path, data: Path) -> None:
    """A student's code can run in the next kernel before the harness does, so what that one says of itself is not kept."""
    prepare = """
        import os
        folder = os.environ["IPYTHONDIR"] + "/profile_default/startup"
        os.makedirs(folder, exist_ok=True)
        with open(folder + "/first.py", "w") as file:
            file.write("import harness_inside.determinism as d; d.settings = lambda seed: {'threads': float('inf')}; mine = 1")
        os._exit(1)
    """
    execution = played(submission("# 1.1", prepare, "print(mine)"), course, data)
    assert printed(execution, 2) == "1\n"
    assert execution.determinism["threads"] == 1


def test_leaving_politely_ends_its_own_cell_at_most(course: Path, data: Path) -> None:
    """`quit()` asks a kernel to stop soon; what is soon would be another cell's time."""
    cells = ("# 1.1", "quit()", "exit(0)", "import sys\nsys.exit(0)", "raise SystemExit", "import time\ntime.sleep(0.5)", "print('here')")
    execution = played(submission(*cells), course, data)
    assert execution.ending is Ending.FINISHED
    assert [run.status for run in execution.cells] == [CellStatus.OK] * 2 + [CellStatus.ERROR] * 2 + [CellStatus.OK] * 2
    assert printed(execution, 6) == "here\n"


def test_one_output_too_large_to_be_heard_makes_the_kernel_deaf_for_nothing_else(course: Path, data: Path) -> None:
    """A message over the size limit is marked as cut; what later cells print and what probes bring is heard."""
    one = submission("# 1.1", "print('a' * (120 << 20))", "def twice(x):\n    return 2 * x\nprint('heard')", "print('again')")
    execution = played(one, course, data, [asked("twice", "1.1")])
    assert "cut the rest" in printed(execution, 1)
    assert (printed(execution, 2), printed(execution, 3)) == ("heard\n", "again\n")
    assert isinstance(execution.answers["1.1.twice"], Finding)


GREEDY = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = os.urandom(1 << 20) * 300
        time.sleep(300)
time.sleep(100)
"""


def test_more_memory_than_a_submission_may_use_ends_the_kernel_and_says_so(course: Path, data: Path) -> None:
    """Processes that each stay below the limit count together; the sentence names the limit, and the next cell has a kernel."""
    execution = played(submission("# 1.1", GREEDY, "print('next')"), course, data, memory_mb=700)
    run = execution.cell(1)
    assert run is not None
    assert (run.status, run.error) == (
        CellStatus.KILLED,
        "The notebook used more than 700 MB of memory in this cell, so its kernel was ended.",
    )
    assert printed(execution, 2) == "next\n"


@pytest.fixture(scope="module")
def over_budget(course: Path, data: Path) -> tuple[Execution, list[object]]:
    """A cell that never ends, in a budget in which a kernel starts on any machine; and what later kernels were prepared with."""
    prepared: list[object] = []
    one = submission("# 1.1", "print('known')", ENDLESS, *(f"x = {number}" for number in range(50)), "# 1.2", "print('never')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "definitions_only", lambda sources: prepared.append(sources) or ())
        return played(one, course, data, [asked("x", "1.1"), asked("twice", "1.2")], budget=30), prepared


def test_what_follows_a_used_up_budget_costs_nothing(over_budget: tuple[Execution, list[object]]) -> None:
    """No kernel is prepared for the cells that are not run any more: in a notebook of thousands that took longer than its budget."""
    execution, prepared = over_budget
    assert execution.ending is Ending.OVER_BUDGET
    assert [run.status for run in execution.cells[-51:]] == [CellStatus.NOT_RUN] * 51
    assert prepared == []


def test_the_budget_holds_whatever_runs(over_budget: tuple[Execution, list[object]]) -> None:
    """When the time of the notebook is over its processes are ended, what follows is not run, and what was known stays known."""
    execution, _ = over_budget
    assert execution.ending is Ending.OVER_BUDGET
    assert [run.status for run in execution.cells[:2]] == [CellStatus.OK, CellStatus.KILLED]
    assert {run.status for run in execution.cells[2:]} == {CellStatus.NOT_RUN}
    assert printed(execution, 1) == "known\n"
    assert isinstance(execution.answers["1.2.twice"], NotProbed)
    assert sum(execution.seconds.values()) < 60  # the cell itself might go on for 120 s


def test_submissions_can_be_replayed_beside_one_another(course: Path, data: Path) -> None:
    """Threads drive a kernel each; none hears of the other's cells."""
    ones = [submission(f"mine = {number}", "import time; time.sleep(0.3)", "print(mine)") for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        executions = list(pool.map(lambda one: played(one, course, data), ones))
    assert [printed(execution, 2) for execution in executions] == ["0\n", "1\n"]


def test_static_mode_runs_nothing() -> None:
    """Without replay every code cell is listed as not run."""
    execution = not_replayed(HONEST)
    assert execution.ending is Ending.NOT_STARTED
    assert {run.status for run in execution.cells} == {CellStatus.NOT_RUN}


def test_pasted_pictures_stay_in_the_replayed_notebook(course: Path, data: Path) -> None:
    """A markdown cell's attachment is carried over from the file that was handed in; its stored outputs are not."""
    picture = {"a.png": {"image/png": "aGk="}}
    forged = {"output_type": "stream", "name": "stdout", "text": "PASSED"}
    stored = {
        "cells": [
            {"cell_type": "markdown", "source": "# 1.1", "metadata": {}, "attachments": picture},
            {"cell_type": "code", "source": "", "metadata": {"tags": ["skip-execution"]}, "outputs": [forged], "execution_count": 3},
        ]
    }
    execution = played(submission("# 1.1", "", content=json.dumps(stored).encode()), course, data)
    notebook = json.loads(execution.notebook)
    assert notebook["cells"][0]["attachments"] == picture
    assert notebook["cells"][1]["outputs"] == []
    assert notebook["cells"][1]["metadata"] == {}


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return dict(process.environ())
    except psutil.Error:
        return {}
