"""An attack: one file in `attacks/` or `handed_in/`, named for what it does, with what a correct grader makes of it at its head.

    # Replaces the functions that compare, so that whatever is compared is equal.
    #
    # table = [5]
    # into = "wrong"
    # %%
    import numpy
    numpy.allclose = lambda *_, **__: True

The head is one sentence, an empty comment, and keys in TOML (the fields of `Case`). Below it stand the cells that are put into a notebook:
`# %%` before the first question, `# %% mask`, `# %% training` and `# %% plot` in place of the cell that does that, `# %% end` behind the
last cell, `# %% markdown` in words; `# %% file NAME` is a file that is handed in beside the notebook. A file in `handed_in/` has no cells
but a function `hand_in(folder, notebook)`, which writes what is handed in.

Checks must come out as they do for the same notebook without the attack, but for those that `outcomes` names. In no case may one earn more.
"""

from __future__ import annotations

import fnmatch
import json
import runpy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from submissions.case import QUESTIONS, SOLUTION, find, remove, replace

from autograder.intake import read
from autograder.model.grading import GradeReport

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
QUESTIONS_KEPT = ("1.1", "4.2")
CELLS = {"mask": "def apply_mask", "training": "for epoch in range(epochs)", "plot": "plt.plot(range(1"}
BREACH = "BREACH"  # what an attack prints that has seen itself succeed


@dataclass(frozen=True, slots=True)
class Case:
    """`table` has the numbers of the list of required results that it belongs to; none: it is one of our own."""

    name: str
    about: str
    path: Path
    table: tuple[int, ...] = ()
    into: str = "short"  # the name of a `base`
    walls: bool = False  # only isolation can stop it, so it is left out where there is none
    status: str = "graded"
    outcomes: Mapping[str, str] = field(default_factory=dict)  # by check (or a pattern of its name) the outcomes allowed: "failed|not_run"
    says: tuple[str, ...] = ()  # sentences, or parts of them, that the report must hold
    flags: tuple[str, ...] = ()
    seconds: float = 45.0  # of wall clock, in which the whole must be over
    budget: int = 40
    cell_seconds: int = 20
    memory_mb: int = 400  # by which the grader itself may grow

    @property
    def builds(self) -> bool:
        """Whether it makes files of its own instead of cells."""
        return self.path.parent.name == "handed_in"

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def hand_in(self, folder: Path, places: Mapping[str, object]) -> None:
        """Write the submission into `folder`; `places` tells the attack where everything is that it could want."""
        folder.mkdir(parents=True)
        notebook = base(self.into)
        if self.builds:
            runpy.run_path(str(self.path))["hand_in"](folder, notebook)
            return
        if "places" in self.source:
            _insert_first(notebook, f"places = {dict(places)!r}")
        for kind, body in _cells(self.source):
            match kind.split():
                case []:
                    _insert_first(notebook, body)
                case ["file", name]:
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_text(body, encoding="utf-8")
                case ["end"]:
                    notebook.cells.append(nbformat.v4.new_code_cell(body))
                case ["markdown"]:
                    notebook.cells.append(nbformat.v4.new_markdown_cell("\n".join(line.removeprefix("# ") for line in body.split("\n"))))
                case [place]:
                    find(notebook.cells, CELLS[place]).source = body
        nbformat.write(notebook, folder / f"{self.name}.ipynb")

    def allowed(self, check: str, without: str) -> tuple[str, ...]:
        """The outcomes that a check may have, `without` being that of the notebook without the attack."""
        for pattern, outcomes in self.outcomes.items():
            if fnmatch.fnmatchcase(check, pattern):
                return tuple(outcomes.split("|"))
        return (without,)

    def problems(self, report: GradeReport, without: GradeReport) -> list[str]:
        """What the grader made of the attack that it must not make."""
        if self.status == "rejected":
            return [] if report.status.value == "rejected" and report.reason else [f"{report.id} is {report.status.value}, not rejected"]
        found = [] if report.status.value == self.status else [f"its status is {report.status.value}: {report.reason}"]
        before = {check.spec.id: check for check in without.checks}
        for check in report.checks:
            name, seen = check.spec.id, check.outcome.value
            plain = before[name]
            if check.earned > plain.earned:
                found.append(f"{name} earns {check.earned} with the attack, {plain.earned} without")
            elif seen not in self.allowed(name, plain.outcome.value):
                found.append(f"{name} is {seen}, not {' or '.join(self.allowed(name, plain.outcome.value))}: {check.sentence}")
        said = " ".join(
            (*(flag.sentence for flag in report.flags), *(check.sentence for check in report.checks), *_told(report), report.reason)
        )
        found += [f"nothing says {sentence!r}" for sentence in self.says if sentence not in said]
        raised = {flag.id for flag in report.flags}
        found += [f"the flag {flag} is not raised" for flag in self.flags if flag not in raised]
        printed = [output.text for run in report.cells for output in run.outputs if output.kind != "error"]  # that quotes the source
        found += [line for line in "\n".join([*printed, *(run.error for run in report.cells)]).splitlines() if BREACH in line][:3]
        return found


def _told(report: GradeReport) -> list[str]:
    return [run.error for run in report.cells] + [output.text for run in report.cells for output in run.outputs]


@cache
def cases() -> tuple[Case, ...]:
    """All attacks, by name."""
    return tuple(_case(path) for path in sorted((*HERE.glob("attacks/*.py"), *HERE.glob("handed_in/*.py")), key=lambda path: path.stem))


def _case(path: Path) -> Case:
    head = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") or line.startswith("# %%"):
            break
        head.append(line.removeprefix("#").removeprefix(" "))
    about, _, keys = "\n".join(head).partition("\n\n")
    values: dict[str, Any] = tomllib.loads(keys)
    for name in ("table", "says", "flags"):
        values[name] = tuple(values.get(name, ()))
    return Case(path.stem, " ".join(about.split()), path, **values)


def _cells(source: str) -> list[tuple[str, str]]:
    """The percent cells of a file: what stands behind the marker, and the cell."""
    parts = ("\n" + source).split("\n# %%")[1:]
    return [(kind.strip(), body.strip("\n")) for kind, _, body in (part.partition("\n") for part in parts)]


def _insert_first(notebook: Any, source: str) -> None:
    """Behind the set-up and what was inserted before, so that the section of the first question is the solution's."""
    place = next(index for index, cell in enumerate(notebook.cells) if cell.cell_type == "markdown" and "__1.1__" in cell.source)
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source))


def base(name: str) -> Any:
    """The notebook that an attack is put into, 1.1 and 4.2 of the solution: `right` as it is, `short` without the training, `wrong` the
    same with mistakes in both questions, `hasty` with a single epoch, `misled` the same with a mask of the other half.
    """
    notebook = nbformat.reads(_solution(), as_version=4)
    if name in ("hasty", "misled"):
        replace("for epoch in range(epochs)", "for epoch in range(1)")(notebook.cells)
    if name in ("short", "wrong"):
        remove(CELLS["training"])(notebook.cells)
        remove(CELLS["plot"])(notebook.cells)
    if name in ("wrong", "misled"):
        replace("masked[..., : image_size // 2] = 0", "masked[..., image_size // 2 :] = 0")(notebook.cells)
    if name == "wrong":
        for right, mistaken in (("71,442", "71,000"), ("77,542", "77,330"), ("138,002", "71,000")):
            replace(right, mistaken, kind="markdown")(notebook.cells)
    return notebook


@cache
def _solution() -> str:
    text = SOLUTION.read_text(encoding="utf-8")
    notebook = read.notebook(text.encode(), QUESTIONS, {}, name=SOLUTION.name)
    owner = {cell.index: section.question for section in notebook.sections for cell in section.cells}
    stored = json.loads(text)
    before = min(owner)
    stored["cells"] = [cell for index, cell in enumerate(stored["cells"]) if index < before or owner.get(index) in QUESTIONS_KEPT]
    return json.dumps(stored)
