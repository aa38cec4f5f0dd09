"""The command line as people and programs use it: what it prints and how it exits."""

from __future__ import annotations

import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from processes import eventually
from test_pipeline import ASSIGNMENT, RIGHT, notebook

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "HW4_DATA"}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cwd / "cache"), "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_graded_notebook_exits_with_0_and_a_table(tmp_path: Path) -> None:
    """A table at the end, the reports where they were asked for, exit 0 however badly the student did."""
    notebook(tmp_path / "in" / "ann.ipynb", "SIZE = 1")
    done = run("grade", "in/ann.ipynb", "--out", "out", "--assignment", ASSIGNMENT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ann" in done.stdout
    assert "numbers" in done.stdout
    assert (tmp_path / "out" / "grades.csv").exists()


def test_json_prints_one_line_for_each_submission(tmp_path: Path) -> None:
    """With --json standard output holds JSON lines and nothing else."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    (tmp_path / "in" / "bob.ipynb").write_text("", encoding="utf-8")
    no_text = b"/\xff\x1b[2J.ipynb" if sys.platform == "linux" else b"/eve.ipynb"  # other systems refuse such a name
    Path(os.fsdecode(os.fsencode(tmp_path / "in") + no_text)).write_bytes(b"")
    done = run("grade", "in", "--out", "out", "--json", "--assignment", ASSIGNMENT, cwd=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert sorted(line["status"] for line in lines) == ["graded", "rejected", "rejected"]
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "nowhere"], "nowhere"),
        (["grade"], "PATH"),
        (["grade", ".", "--mode", "guess"], "guess"),
        (["grade", ".", "--assignment", "nowhere.toml"], "nowhere.toml"),
        (["grade", ".", "--data", "nowhere"], "nowhere"),
        (["grade", ".", "--only", "nobody", "--assignment", str(ASSIGNMENT)], "nobody"),
        (
            ["grade", ".", "--seed", str(2**63), "--assignment", str(ASSIGNMENT)],
            "--seed 9223372036854775808: a seed is a whole number from 0",
        ),
        (["grade", ".", "--seed=-1", "--assignment", str(ASSIGNMENT)], "--seed -1"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(tmp_path: Path, arguments: list[str], said: str) -> None:
    """One clear message on standard error, no traceback."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_results_that_cannot_be_written_are_wrong_usage(tmp_path: Path) -> None:
    """A file in the place of the results is told before anything is graded."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    (tmp_path / "out").write_text("", encoding="utf-8")
    done = run("grade", "in", "--out", "out", "--assignment", ASSIGNMENT, cwd=tmp_path)
    assert done.returncode == 2
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr


def test_results_are_never_written_into_submissions(tmp_path: Path) -> None:
    """Into what was named, or over folders that no run has made: one sentence, and the student's file is as it was; beside it is right."""
    notebook(tmp_path / "own" / "ann" / "hw.ipynb", RIGHT)
    log = tmp_path / "own" / "ann" / "log.txt"
    log.write_text("my training log", encoding="utf-8")
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    for given in ("own/ann", "in/ann.ipynb"):
        done = run("grade", given, "--out", "own", "--mode", "static", "--assignment", ASSIGNMENT, cwd=tmp_path)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert "--out" in done.stderr
        assert log.read_text(encoding="utf-8") == "my training log"
        assert sorted(path.name for path in (tmp_path / "own").iterdir()) == ["ann"]
    for given, out in (("in", "out"), ("in", "out"), ("in/ann.ipynb", ".")):
        assert run("grade", given, "--out", out, "--mode", "static", "--assignment", ASSIGNMENT, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["results.json"], 0),
        (["results.json", ".results.json.4711.new"], 0),
        ([".feedback.html.4711.new"], 0),
        (["feedback.html", "replayed.ipynb"], 0),
        (["log.txt"], 2),
        (["results.json", "model.pt"], 2),
        (["results.json", "data/train.csv"], 2),
    ],
)
def test_what_an_ended_run_has_left_is_written_over(tmp_path: Path, names: list[str], code: int) -> None:
    """Also when grades.db is gone: names of results alone are ours. What may be somebody's is refused, and stays."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    for name in names:
        (tmp_path / "out" / "ann" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / "ann" / name).write_text("before", encoding="utf-8")
    done = run("grade", "in/ann.ipynb", "--out", "out", "--mode", "static", "--assignment", ASSIGNMENT, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    written = [name for name in names if (tmp_path / "out" / "ann" / name).read_text(encoding="utf-8") != "before"]
    assert written == ([] if code else [name for name in names if not name.startswith(".")])


def test_an_id_that_nobody_has_is_named(tmp_path: Path) -> None:
    """Beside one that is right, too: wrong usage, before anything is graded, with the id that may be meant."""
    notebook(tmp_path / "in" / "jane.ipynb", RIGHT)
    notebook(tmp_path / "in" / "john.ipynb", RIGHT)
    options = ["--out", "out", "--mode", "static", "--assignment", ASSIGNMENT]
    done = run("grade", "in", *options, "--only", "jane", "--only", "jonh", cwd=tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr == "autograder: No submission with the id jonh was found in in, so nothing was graded. Is john meant? Check the ids.\n"
    )
    assert not (tmp_path / "out" / "grades.csv").exists()
    assert run("grade", "in", *options, "--only", "jane", cwd=tmp_path).returncode == 0
    again = run("regrade", "out", "jane", "typo", cwd=tmp_path)
    assert again.returncode == 2
    assert "the id typo" in again.stderr


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system holds no process to some of its cores")
def test_as_many_submissions_at_a_time_as_there_are_cores_to_use() -> None:
    """A process that is held to one core of many has one."""
    code = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); from autograder.options import CORES; print(CORES)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def _begun(runs: str) -> bool:
    """Whether the notebook has written its file: in its run folder, or behind walls, where the folder is in memory."""
    return bool(glob.glob(f"{runs}/ag-*/work/begun") or glob.glob(f"/proc/[0-9]*/root{runs}/ag-*/work/begun"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_is_done_and_leaves_no_kernel(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C ends a cell that would go on for ever: 130, soon, with the rows that were finished."""
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("these tests were started with this signal ignored, as a shell does in the background")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text("", encoding="utf-8")
    notebook(tmp_path / "in" / "bob.ipynb", "open('begun', 'w').close()" + "\n---\nwhile True: pass" * 8)  # each ends after some seconds
    # A short name: where that of a temporary folder is long, kernels run below /tmp.
    with tempfile.TemporaryDirectory(prefix="r") as runs:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": runs}
        command = [sys.executable, "-m", "autograder", "grade", "in", "--out", "out", "--assignment", str(ASSIGNMENT), "--jobs", "2"]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            begun = eventually(lambda: _begun(runs), 90, pause=0.2)
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        assert begun
        assert not list(Path(runs).iterdir())
    assert process.returncode == 130, said
    assert "1 of 2 are done" in said
    assert "Traceback" not in said
    assert [row.split(",")[0] for row in (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()[1:]] == ["ann"]


def test_help_lists_the_commands(tmp_path: Path) -> None:
    """Help is there for a newcomer."""
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "grade" in done.stdout
    assert "data" in done.stdout
