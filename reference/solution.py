"""Writes the homework as a finished notebook: `python -m reference.solution -o hw4.ipynb --execute`.

The template's cells are taken as they are; `solution_cells.md` says by cell name what is filled in. With `--execute` the notebook is
run from top to bottom on the given data or the embedded sample, and its outputs are those of that run.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from textwrap import indent

from student_template.build import Cell, cells, notebook, written

HERE = Path(__file__).parent
TEMPLATE = HERE.parent / "student_template" / "hw4.md"
ANSWERS = HERE / "solution_cells.md"
BLANK = re.compile(r'^( +)raise NotImplementedError\(".*"\)\n(?= +# YOUR CODE ENDS HERE \((\d)/5\))', re.MULTILINE)
FROM_REFERENCE = re.compile(r"^# source: (reference\.[a-z_.]+)\.([A-Za-z_]+)\n", re.MULTILINE)


def answered(*files: Path) -> tuple[Cell, ...]:
    """Return the template's cells with the answers of these files filled in; a later file's answer to a cell counts."""
    answers = {cell.name: cell for file in files for cell in cells(file.read_text("utf-8"))}
    template = cells(TEMPLATE.read_text("utf-8"))
    unknown = set(answers) - {cell.name for cell in template}
    if unknown:
        raise ValueError(f"answers to cells that the template does not have: {sorted(unknown)}")
    return tuple(filled(cell, answers[cell.name]) if cell.name in answers else cell for cell in template)


def filled(cell: Cell, answer: Cell) -> Cell:
    """Fill the blanks of a code cell, replace one without blanks, or put an answer below a marker; an empty answer leaves it as it is."""
    if not answer.source:
        return cell
    if cell.kind != answer.kind:
        raise ValueError(f"{cell.name} is a {cell.kind} cell, its answer a {answer.kind} cell")
    if cell.kind == "markdown":
        return replace(cell, source=f"{cell.source}\n\n{answer.source}")
    if not BLANK.search(cell.source):
        return replace(cell, source=FROM_REFERENCE.sub(lambda named: reference_source(named[1], named[2]), answer.source))
    _, *parts = re.split(r"^# \((\d)/5\)\n", answer.source, flags=re.MULTILINE)
    blanks = dict(zip(parts[::2], parts[1::2], strict=True))
    return replace(cell, source=BLANK.sub(lambda blank: indent(blanks[blank[2]].strip(), blank[1]) + "\n", cell.source))


def reference_source(module: str, name: str) -> str:
    """Return the source of a function or class of the reference."""
    return inspect.getsource(getattr(importlib.import_module(module), name))


def execute(text: str, data_folder: Path) -> str:
    """Run the notebook with the staged data of that folder and return it with its outputs; a cell that raises ends the run."""
    import nbformat
    from nbclient import NotebookClient

    prepare = (
        f"import sys; sys.path.append({str(HERE)!r})",
        "import pathlib, course.environment",
        f"course.environment.prepare(pathlib.Path({str(data_folder)!r}), {{}}, {{}})",
        # everything is installed: the notebook's own installation has nothing to do
        "get_ipython().register_magic_function(lambda line: None, magic_name='pip')",
    )
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            nbformat.reads(text, as_version=4),  # type: ignore[no-untyped-call]
            timeout=None,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            extra_arguments=[f"--IPKernelApp.exec_lines={line}" for line in prepare],
        )
        executed = client.execute()
    for cell in executed.cells:
        cell.metadata = {}
    executed.metadata = json.loads(text)["metadata"]
    return written(json.loads(nbformat.writes(executed)))  # type: ignore[no-untyped-call]  # splits texts into lines


def main() -> None:
    """Write the notebook, run or not."""
    parser = argparse.ArgumentParser(prog="python -m reference.solution", description="Write the homework as a finished notebook.")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the notebook to write")
    parser.add_argument("--execute", action="store_true", help="run it and store its outputs; takes about 20 minutes on one core")
    parser.add_argument("--data", type=Path, help="a folder with MNIST and Multi30k; without it, the embedded sample")
    arguments = parser.parse_args()
    text = notebook(answered(ANSWERS))
    if arguments.execute:
        from reference import data
        from reference.data.sources import SAMPLE_NAME

        source = data.find(arguments.data, os.environ) if arguments.data else data.Source(SAMPLE_NAME)
        with tempfile.TemporaryDirectory() as cache:
            text = execute(text, data.stage(source, None, Path(cache)))
    arguments.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
