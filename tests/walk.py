"""`make walk`: what a student does with the package, from an empty folder and a fresh environment to what is handed in.

The environment is made by pip from the package's own requirements.txt. Not done: the trainings, which take hours and download data; the
notebook that is handed in is the finished one of `examples/`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
FINISHED = ROOT / "examples" / "correct" / "hw4.ipynb"
TOLD = ("torch", "torchvision", "torchtext", "matplotlib", "otter-grader")  # packages of which the version is printed
CHECK_ALL = (
    "from homework import grader\nresults = grader.check_all()\nprint([result.passed_all for result in results.results.values()], results)"
)


@dataclass(frozen=True)
class Walked:
    """What cells printed: all checks on the untouched notebook and with the solution's classes, an export too early, one in time."""

    before: str
    after: str
    refused: str
    exported: str
    zip: Path


def walk(folder: Path, python: str = sys.executable) -> Walked:
    """Run a student's cells in the unpacked package, by this Python."""
    finished = nbformat.read(FINISHED, 4)
    sources = [cell.source for cell in finished.cells if cell.cell_type == "code"]
    imports = next(source for source in sources if "import torch.nn as nn" in source).replace("import torchvision\n", "")  # not needed here
    solved = [source for source in sources if "def apply_mask" in source or "Translator(nn.Module)" in source]
    manager = AsyncKernelManager(kernel_name="student", kernel_spec_manager=_OnePython(python))
    notebook = nbformat.v4.new_notebook()
    client = NotebookClient(notebook, km=manager, timeout=300, resources={"metadata": {"path": str(folder)}})

    def printed(source: str) -> str:
        cell = nbformat.v4.new_code_cell(source)
        notebook.cells.append(cell)
        client.execute_cell(cell, len(notebook.cells) - 1)
        return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")

    with client.setup_kernel(cleanup_kc=True, env={**_environment(), "JUPYTER_PLATFORM_DIRS": "1"}):
        printed(imports)
        before = printed(CHECK_ALL)
        for source in solved:
            printed(source)
        after = printed(CHECK_ALL)
        refused = printed("grader.export()")
        shutil.copy(FINISHED, folder / "hw4.ipynb")
        exported = printed("grader.export()")
    return Walked(_ending(before), _ending(after), refused, exported, folder / "hw4_to_hand_in.zip")


def _environment() -> dict[str, str]:
    """In which the package is found, and not this checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _ending(text: str) -> str:
    """The verdicts first."""
    at = text.rindex("\n[") + 1 if "\n[" in text else 0
    return text[at:] + text[:at]


class _OnePython(KernelSpecManager):
    """Knows one kernel: ipykernel in a given Python."""

    def __init__(self, python: str) -> None:
        super().__init__()
        self._python = python

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        arguments = [self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=arguments, display_name="Python 3", language="python")


def main() -> int:
    """Walk; 1 where something is not as the README of the package says."""
    with tempfile.TemporaryDirectory(prefix="student-") as name:
        folder, package = Path(name) / "homework", Path(name) / "homework.zip"
        subprocess.run([sys.executable, "-m", "autograder", "package", "student", "-o", str(package)], cwd=ROOT, check=True)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        subprocess.run([sys.executable, "-m", "venv", f"{name}/venv"], check=True)
        python = f"{name}/venv/bin/python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", "requirements.txt"], cwd=folder, check=True)
        listed = subprocess.run([python, "-m", "pip", "list", "--format", "json"], check=True, capture_output=True).stdout
        print(
            {
                one["name"]: one["version"]
                for one in json.loads(listed)
                if one["name"] in ("torch", "matplotlib", "otter-grader", "ipykernel")
            }
        )
        walked = walk(folder, python)
        command = [python, "-m", "autograder", "check", "hw4.ipynb"]
        told = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
        with zipfile.ZipFile(walked.zip) as made:
            held = made.namelist()
        right = {
            "nothing passes before anything is written": walked.before.startswith("[False, False, False]"),
            "all passes with the solution's classes": walked.after.startswith("[True, True, True]"),
            "nothing is exported of an older file": "Nothing was exported" in walked.refused,
            "the rules are kept": walked.exported.count("\nok  ") == 9 and "NO" not in walked.exported,
            "the zip holds notebook and PDF": held == ["hw4.ipynb", "hw4.pdf"],
            "the terminal says the same": told.returncode == 0,
        }
    for sentence, holds in right.items():
        print(f"{'ok' if holds else 'NO'}  {sentence}")
    if not all(right.values()):
        print(walked, told.stdout, told.stderr)
    return 0 if all(right.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
