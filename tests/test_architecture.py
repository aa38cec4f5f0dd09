"""The layout is the architecture: these tests hold it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "autograder"
STAGES = ("intake", "kernel", "checks", "score", "reports", "store", "similarity", "late")
STUDENT = "student"  # leads through the stages on a student's machine, and is a command line there
BUILDERS = "packaging"  # shows what is there, as the command line does
# The pipeline leads one submission through the stages and assembles its report, the batch leads many and knows what need not be done again;
# the others show what is there and what comes out.
LEADERS = {
    "pipeline.py",
    "executing.py",
    "on_gradescope.py",
    "assembly.py",
    "batch.py",
    "resume.py",
    "course.py",
    "handback.py",
    "marking.py",
    "cli.py",
    "progress.py",
    "doctor.py",
}
HOMEWORK_WORDS = re.compile(
    r"apply_mask|multi30k|add2digits|hid_dim|autoencoder|translat(or|ion)|\bmnist\b|german|\b[1-4]\.[1-4]\b question", re.I
)


def modules() -> list[Path]:
    return sorted(path for path in ENGINE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def stage_of(path: Path) -> str:
    return path.relative_to(ENGINE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_stages_never_import_one_another(path: Path) -> None:
    """A stage imports the model and the errors, never another stage; the pipeline alone knows them all."""
    own = stage_of(path)
    if (path.name in LEADERS and path.parent == ENGINE) or own in (STUDENT, BUILDERS):
        return
    foreign = {name for name in imported(path) for stage in STAGES if stage != own and f"{name}.".startswith(f"autograder.{stage}.")}
    assert not foreign


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_knows_nothing_of_the_homework(path: Path) -> None:
    """No module of the engine imports the assignment or speaks its words in code."""
    assert not [name for name in imported(path) if name.split(".")[0] in {"reference", "tests", "student_template"}]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert not [name for name in names if HOMEWORK_WORDS.search(name)]


def test_only_named_places_catch_everything() -> None:
    """`except Exception` stands around a check and a task, in the command line, and where student code is called inside its own kernel."""
    allowed = {"checks/plugin.py", "workers.py", "cli.py", "student/definitions.py"}
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {"BaseException"}
                if caught & {"Exception", "BaseException"}:
                    found.add(str(path.relative_to(ENGINE)))
    assert {name for name in found if not name.startswith("kernel/inside/")} <= allowed


def test_only_the_command_line_prints_or_reads_the_environment() -> None:
    """Everything but the command line returns data; what runs inside the kernel and the judge's own process is apart."""
    for path in modules():
        name = str(path.relative_to(ENGINE))
        if name in {"cli.py", "handback.py", "progress.py", "checks/judge.py", "one_thread.py", "beside_process.py"} or name.startswith(
            ("kernel/inside/", "student/")
        ):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not calls & {"print", "exit", "quit", "input"}, name
        attributes = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not attributes & {"os.environ", "sys.exit", "sys.argv"}, name


def test_the_grading_process_never_imports_torch() -> None:
    """The process that leads stays light: torch is imported only by the kernel and by the judge."""
    code = "import sys, autograder.cli; sys.exit('torch' in sys.modules or 'spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_modules_stay_small() -> None:
    """No module of the engine or the reference has outgrown a room: 300 lines."""
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (ENGINE, ROOT / "reference")
        for path in folder.rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 300
    }
    assert not long
