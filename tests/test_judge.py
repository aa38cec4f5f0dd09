"""The judge, on the tiny assignment: every way a check can end, and a judge that dies or hangs."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from processes import eventually

from autograder.assignment import load
from autograder.checks.evidence import Evidence
from autograder.checks.judge import JudgeEnded, judge, warm
from autograder.checks.plan import plan
from autograder.errors import AssignmentError
from autograder.model.execution import Absent, Answer, CellRun, CellStatus, Ending, Execution, Finding, NotProbed, Raised
from autograder.model.grading import CheckResult, Flag, ManualItem, Outcome
from autograder.model.submission import Cell, CellKind, Notebook, Section, Submission

ROOT = Path(__file__).parents[1]
ASSIGNMENT = Path(__file__).parent / "second_assignment" / "assignment.toml"


@pytest.fixture(autouse=True)
def _assignment_on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ASSIGNMENT.parent))
    yield
    sys.modules.pop("counting_probes", None)


def evidence(answer: Answer, *, words: str = "", runs: tuple[CellRun, ...] = (), size: float | None = 100.0) -> Evidence:
    cells = (
        Cell(0, CellKind.MARKDOWN, "### 1.1"),
        Cell(1, CellKind.CODE, "SIZE = 100"),
        Cell(2, CellKind.MARKDOWN, f"### 1.2 {words}"),
        Cell(3, CellKind.MARKDOWN, "x times x"),
    )
    notebook = Notebook(cells, (Section("1.1", "", cells[:2]), Section("1.2", "", cells[2:])))
    constants = {} if size is None else {"SIZE": (size, 4.0)}
    execution = Execution(Ending.FINISHED, runs, answers={"q1_1.square": answer}, constants=constants)
    submission = Submission("ann", "Ann", "hw.ipynb", "0" * 64, ("hw.ipynb",), notebook, b"{}")
    return Evidence(submission, execution, "replay", "numbers", ASSIGNMENT.parent, 0)


def squares() -> Finding:
    import counting_probes

    values = counting_probes.plan(0, ASSIGNMENT.parent)[0].arrays["values"]
    return Finding("q1_1.square", arrays={"squares": np.asarray(values) ** 2})


def outcomes(given: Evidence) -> dict[str, CheckResult]:
    folder = load(ASSIGNMENT).checks_folder
    return {judged.spec.id: judged for judged in judge(given, folder) if isinstance(judged, CheckResult)}


def test_every_kind_of_result_is_sent() -> None:
    """Checks, an answer, a flag and the end arrive; the exhibit goes with its check."""
    folder = load(ASSIGNMENT).checks_folder
    judged = list(judge(evidence(squares(), words="!!!"), folder))
    results = {one.spec.id: one for one in judged if isinstance(one, CheckResult)}
    assert {name: result.outcome for name, result in results.items()} == {
        "q1_1.squares": Outcome.PASSED,
        "q1_1.size_is_kept": Outcome.PASSED,
        "q1_1.left_open": Outcome.REVIEW,
        "q1_2.of_ours_that_breaks": Outcome.PASSED,
    }
    assert results["q1_1.squares"].exhibits[0].panels[0].caption == "yours"
    assert [(one.spec.id, one.answer_markdown) for one in judged if isinstance(one, ManualItem)] == [("q1_2.explanation", "x times x")]
    assert [one.cell for one in judged if isinstance(one, Flag)] == [2]
    assert isinstance(judged[-1], JudgeEnded)
    assert judged[-1].problems == ""


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (Finding("q1_1.square", arrays={"squares": np.zeros(5)}), Outcome.FAILED, "but it was 0.00"),
        (Absent("q1_1.square", "There is no function `square` yet."), Outcome.FAILED, "There is no function"),
        (Raised("q1_1.square", "square(2.0) raised", "ValueError: no"), Outcome.FAILED, "ValueError: no"),
        (NotProbed("q1_1.square", "the kernel had died"), Outcome.NOT_RUN, "the kernel had died"),
        (Finding("q1_1.square"), Outcome.ERROR, "the grader itself failed"),
    ],
)
def test_what_a_probe_brought_back_decides(answer: Answer, outcome: Outcome, said: str) -> None:
    """Wrong, absent and raising work fails; what was never asked is not run; a bug of ours is an error, never a failure."""
    result = outcomes(evidence(answer))["q1_1.squares"]
    assert result.outcome is outcome
    assert said in result.sentence


@pytest.mark.parametrize(
    ("run", "outcome"),
    [
        (CellRun(1, "1.1", CellStatus.OK, 0.1), Outcome.FAILED),
        (CellRun(1, "1.1", CellStatus.ERROR, 0.1, "TypeError: no"), Outcome.FAILED),
        (CellRun(1, "1.1", CellStatus.ERROR, 0.1, "ModuleNotFoundError: No module named 'seaborn'"), Outcome.REVIEW),
        (CellRun(1, "1.1", CellStatus.TIMEOUT, 5.0, "stopped"), Outcome.REVIEW),
        (CellRun(1, "1.1", CellStatus.KILLED, 0.1, "the kernel died"), Outcome.NOT_RUN),
        (CellRun(1, "1.1", CellStatus.NOT_RUN, 0.0), Outcome.NOT_RUN),
        (CellRun(1, "1.1", CellStatus.ERROR, 0.1, "NameError: name 'sns' is not defined"), Outcome.FAILED),
    ],
)
def test_missing_evidence_is_judged_by_why_it_is_missing(run: CellRun, outcome: Outcome) -> None:
    """Work that is not there fails; work that a limit or our kernel kept from showing does not."""
    assert outcomes(evidence(squares(), runs=(run,), size=None))["q1_1.size_is_kept"].outcome is outcome


@pytest.mark.parametrize("ending", [Ending.NOT_STARTED, Ending.OVER_BUDGET])
def test_what_could_not_be_tried_for_want_of_a_replay_is_left_to_a_person(ending: Ending) -> None:
    """Static mode and a used-up budget cost no points that a probe would have decided."""
    given = evidence(NotProbed("q1_1.square", "the notebook was not executed"))
    given = dataclasses.replace(given, execution=dataclasses.replace(given.execution, ending=ending))
    assert outcomes(given)["q1_1.squares"].outcome is Outcome.REVIEW


def test_a_name_that_a_missing_package_should_have_brought_is_not_the_students_fault() -> None:
    """When a cell fails for what our kernel lacks, a later NameError is left to a person, for checks that look and for those that probe."""
    runs = (
        CellRun(0, "", CellStatus.ERROR, 0.1, "ModuleNotFoundError: No module named 'seaborn'"),
        CellRun(1, "1.1", CellStatus.ERROR, 0.1, "NameError: name 'sns' is not defined"),
    )
    results = outcomes(evidence(Absent("q1_1.square", "There is no function `square` yet.", "1.1"), runs=runs, size=None))
    assert results["q1_1.size_is_kept"].outcome is Outcome.REVIEW
    assert results["q1_1.squares"].outcome is Outcome.REVIEW


def test_a_used_up_budget_is_left_to_a_person() -> None:
    """A cell that the budget ended says nothing about the student's work."""
    given = evidence(squares(), runs=(CellRun(1, "1.1", CellStatus.KILLED, 0.1, "the time was over"),), size=None)
    given = dataclasses.replace(given, execution=dataclasses.replace(given.execution, ending=Ending.OVER_BUDGET))
    assert outcomes(given)["q1_1.size_is_kept"].outcome is Outcome.REVIEW


def test_a_bug_in_one_check_leaves_the_others_alone() -> None:
    """The check that raises is ours, with the traceback for staff only."""
    results = outcomes(evidence(squares(), words="break the grader"))
    broken = results.pop("q1_2.of_ours_that_breaks")
    assert broken.outcome is Outcome.ERROR
    assert "ZeroDivisionError" in broken.detail
    assert "ZeroDivisionError" not in broken.sentence
    assert Outcome.ERROR not in {result.outcome for result in results.values()}


FIRST = '''
from autograder.checks import check

@check(question="1.1", points=1)
def check_first():
    """Is quick."""

@check(question="1.1", points=1)
def check_second():
    """Is the last."""
    {body}
'''


@pytest.mark.parametrize("body", ["import os; os._exit(1)", "import time; time.sleep(60)"], ids=["dies", "hangs"])
def test_a_judge_that_dies_or_hangs_keeps_what_was_done(tmp_path: Path, body: str) -> None:
    """The stream ends early; the results before it are kept."""
    (tmp_path / "q1_1.py").write_text(FIRST.format(body=body), encoding="utf-8")
    outcomes(evidence(squares()))  # what judges are forked from has made its imports when this is over
    judged = list(judge(evidence(squares()), tmp_path, silence_seconds=20.0))
    assert [one.spec.id for one in judged if isinstance(one, CheckResult)] == ["q1_1.first"]
    assert not [one for one in judged if isinstance(one, JudgeEnded)]


HELD = """
import weakref
import numpy as np
from autograder.checks import check, require

held = []

@check(question="1.1", points=1)
def check_first():
    '''Fails beside a large array.'''
    array = np.zeros(1000)
    held.append(weakref.ref(array))
    require(False, "It fails.")

@check(question="1.1", points=1)
def check_second():
    '''The array is gone.'''
    require(held[0]() is None, "It is still there.")
"""


def test_what_a_failed_check_held_is_let_go_before_the_next(tmp_path: Path) -> None:
    """Each may hold arrays of a hundred megabytes, and garbage is looked for seldom."""
    (tmp_path / "q1_1.py").write_text(HELD, encoding="utf-8")
    judged = [one for one in judge(evidence(squares()), tmp_path) if isinstance(one, CheckResult)]
    assert [one.outcome for one in judged] == [Outcome.FAILED, Outcome.PASSED]


def test_a_judge_is_given_up_soon_after_its_submission_is(tmp_path: Path) -> None:
    """A check that takes its time does not keep a batch from ending."""
    (tmp_path / "q1_1.py").write_text(FIRST.format(body="import time; time.sleep(60)"), encoding="utf-8")
    cancelled = threading.Event()
    stream = judge(evidence(squares()), tmp_path, silence_seconds=50.0, cancelled=cancelled)
    assert isinstance(next(stream), CheckResult)
    cancelled.set()
    began = time.monotonic()
    assert list(stream) == []
    assert time.monotonic() - began < 40


def test_a_file_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    """The plan refuses it by name; a judge that meets it all the same says so at its end."""
    (tmp_path / "q1_1.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match=r"q1_1\.py.*nowhere_at_all"):
        plan(tmp_path, ("1.1",))
    ended = list(judge(evidence(squares()), tmp_path))[-1]
    assert isinstance(ended, JudgeEnded)
    assert "nowhere_at_all" in ended.problems


def test_the_plan_is_read_without_running_anything() -> None:
    """Ids, points and titles come from the decorators and docstrings."""
    planned = plan(load(ASSIGNMENT).checks_folder, ("1.1", "1.2"))
    assert [(spec.id, spec.points) for spec in planned.checks] == [
        ("q1_1.squares", 50),
        ("q1_1.size_is_kept", 30),
        ("q1_1.left_open", 20),
        ("q1_2.of_ours_that_breaks", 10),
    ]
    assert [(spec.id, spec.title) for spec in planned.manual] == [("q1_2.explanation", "Says what a square is.")]
    with pytest.raises(AssignmentError, match=r"question '1\.2'"):
        plan(load(ASSIGNMENT).checks_folder, ("1.1",))


def test_a_judge_starts_with_one_thread_and_without_torch_in_the_leading_process() -> None:
    """What judges are forked from imports ahead of time; the leading process does not, and no judge starts beside a thread."""
    warm(["torch"])
    (ended,) = (one for one in judge(evidence(squares()), load(ASSIGNMENT).checks_folder, preload=["torch"]) if isinstance(one, JudgeEnded))
    assert ended.problems == ""
    code = "import autograder.checks.judge, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
def test_what_judges_are_forked_from_has_one_thread_and_all_that_is_slow() -> None:
    """Each module that the homework names is there to import, and none starts a thread; the tokenizers are ready before any judge."""
    preload = load(ROOT / "reference" / "assignment.toml").judge.preload
    names = ", ".join(("autograder.one_thread", "autograder.checks.plugin", *preload, "autograder.little_garbage"))
    told = "len(os.listdir('/proc/self/task')), 'spacy.lang.de' in sys.modules, gc.get_freeze_count() > 100_000"
    said = subprocess.run(
        [sys.executable, "-c", f"import {names}, gc, sys, os; print({told})"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert said.split() == ["1", "True", "True"]


LOUD = """
    import logging, warnings
    warnings.warn("of a library")
    logging.getLogger("library").warning("heard by the root")
    alone = logging.getLogger("library.alone")
    alone.propagate = False
    alone.warning("heard by none")
"""


def test_what_libraries_say_while_a_check_runs_is_not_for_the_graders_terminal(tmp_path: Path) -> None:
    """Warnings and logs of a check leave no word on it, and do not fail the check."""
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "q1_1.py").write_text(FIRST.format(body=LOUD), encoding="utf-8")
    (tmp_path / "run.py").write_text(JUDGE, encoding="utf-8")
    places = f"{Path(__file__).parents[1]}{os.pathsep}{Path(__file__).parent}"
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "checks")]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": places}, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("passed passed\n", "")


ENDLESS = """
import os
from pathlib import Path
from autograder.checks import check

@check(question="1.1", points=10)
def check_never_ends(evidence):
    \"\"\"Never ends.\"\"\"
    Path(os.environ["SAID"]).write_text(str(os.getpid()))
    while True:
        pass
"""
JUDGE = """
import sys
from pathlib import Path
from test_judge import evidence
from autograder.checks.judge import judge
from autograder.model.execution import NotProbed
from autograder.model.grading import CheckResult

if __name__ == "__main__":
    judged = judge(evidence(NotProbed("x", "")), Path(sys.argv[1]), silence_seconds=300)
    print(*[one.outcome.value for one in judged if isinstance(one, CheckResult)])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="uses signals of Linux")
def test_a_judge_ends_when_the_grader_is_killed_within_an_endless_check(tmp_path: Path) -> None:
    """kill -9 of the grader leaves no process behind that keeps a core busy for ever."""
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "q1_1.py").write_text(ENDLESS, encoding="utf-8")
    (tmp_path / "run.py").write_text(JUDGE, encoding="utf-8")
    said = tmp_path / "said"
    places = f"{Path(__file__).parents[1]}{os.pathsep}{Path(__file__).parent}"
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "checks")]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": places, "SAID": str(said)}) as grader:
        try:
            assert eventually(lambda: said.exists() and said.read_text())
            judging = psutil.Process(int(said.read_text()))
        finally:
            grader.kill()
    gone, alive = psutil.wait_procs([judging], timeout=60)
    for process in alive:
        process.kill()
    assert gone
