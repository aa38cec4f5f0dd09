"""Makes the example submissions: `python -m reference.examples.make`, with names of folders to make only those."""

from __future__ import annotations

import argparse
import ast
import json
import tempfile
from pathlib import Path
from typing import Any

from reference import data
from reference.data.sources import SAMPLE_NAME
from reference.solution import ANSWERS, answered, execute
from student_template.build import Cell, notebook, written

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
LEFT_OUT = ("q3-3", "q3-4")  # questions that the broken submission does not have
NAMES = ("correct", "typical_mistakes", "broken")


def submission(name: str) -> tuple[Cell, ...]:
    """Return the cells of an example, as handed in, without outputs."""
    if name == "correct":
        return answered(ANSWERS)
    if name == "typical_mistakes":
        return answered(ANSWERS, HERE / "typical_mistakes.md")
    return tuple(cell for cell in answered(HERE / "broken.md") if not cell.name.startswith(LEFT_OUT))


def remembered(text: str, path: Path) -> str | None:
    """Return the notebook with the outputs of the one at `path`, if the code there is the same but for comments; texts may differ."""
    if not path.exists():
        return None
    new, old = json.loads(text), json.loads(path.read_text("utf-8"))
    outputs = {cell["id"]: cell for cell in old["cells"] if cell["cell_type"] == "code"}
    code = [cell for cell in new["cells"] if cell["cell_type"] == "code"]
    if [(cell["id"], meaning(cell)) for cell in code] != [(cell["id"], meaning(cell)) for cell in outputs.values()]:
        return None
    for cell in code:
        cell |= {"outputs": outputs[cell["id"]]["outputs"], "execution_count": outputs[cell["id"]]["execution_count"]}
    return written(new)


def meaning(cell: dict[str, Any]) -> str:
    """Return what a code cell does, apart from comments and layout."""
    source = "".join(f"# {line}" if line.startswith("%") else line for line in cell["source"])
    return ast.dump(ast.parse(source))


def run(text: str) -> str:
    """Run the notebook on the embedded sample."""
    with tempfile.TemporaryDirectory() as cache:
        return execute(text, data.stage(data.Source(SAMPLE_NAME), None, Path(cache)))


def main() -> None:
    """Write the notebooks that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m reference.examples.make", description="Make the example submissions again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all when none is named")
    parser.add_argument("--run", action="store_true", help="run the notebooks even where their code has not changed since they were run")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no such example: {', '.join(sorted(unknown))}. There are {', '.join(NAMES)}.")
    for name in arguments.names or NAMES:
        path = EXAMPLES / name / "hw4.ipynb"
        text = notebook(submission(name))
        if name != "broken":
            text = (not arguments.run and remembered(text, path)) or run(text)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"{path}: {len(text) // 1000} kB")


if __name__ == "__main__":
    main()
