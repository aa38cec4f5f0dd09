"""Makes the example submissions: `python -m examples.make`, with names of folders to make only those."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from reference import data
from reference.data.sources import SAMPLE_NAME
from reference.solution import ANSWERS, answered, execute
from student_template.build import Cell, notebook

HERE = Path(__file__).parent
LEFT_OUT = ("q3-3", "q3-4")  # questions that the broken submission does not have
NAMES = ("correct", "typical_mistakes", "broken")


def submission(name: str) -> tuple[Cell, ...]:
    """Return the cells of an example, as handed in, without outputs."""
    if name == "correct":
        return answered(ANSWERS)
    if name == "typical_mistakes":
        return answered(ANSWERS, HERE / "typical_mistakes.md")
    return tuple(cell for cell in answered(HERE / "broken.md") if not cell.name.startswith(LEFT_OUT))


def main() -> None:
    """Write the notebooks that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m examples.make", description="Make the example submissions again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all when none is named")
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such example: {', '.join(sorted(unknown))}. There are {', '.join(NAMES)}.")
    for name in names:
        text = notebook(submission(name))
        if name != "broken":
            with tempfile.TemporaryDirectory() as cache:
                text = execute(text, data.stage(data.Source(SAMPLE_NAME), None, Path(cache)))
        (HERE / name).mkdir(exist_ok=True)
        (HERE / name / "hw4.ipynb").write_text(text, "utf-8")
        print(f"{HERE / name / 'hw4.ipynb'}: {len(text) // 1000} kB")


if __name__ == "__main__":
    main()
