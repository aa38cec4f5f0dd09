"""What is in the zip for Gradescope: the grader, the assignment, pinned packages, the two scripts that the platform runs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.assignment import Assignment
from autograder.gradescope.settings import FILE, GradescopeSettings, render

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCRIPTS = frozenset({"setup.sh", "run_autograder"})
_HERE = Path(__file__).parent
_NOT_TO_GRADE = ("otter-grader",)  # for students only


def gradescope_files(
    program: Path, assignment_file: Path, assignment: Assignment, settings: GradescopeSettings, planned: str, data: Path | None
) -> dict[str, bytes]:
    """Every file of the zip by its name. `program` is the folder that holds `autograder/`; `planned` is the first results.json."""
    files = {script: (_HERE / script).read_bytes() for script in SCRIPTS}
    files[FILE] = render(settings).encode()
    files["planned.json"] = planned.encode()
    files["requirements.lock"] = (program / "requirements.lock").read_bytes()
    files["requirements.txt"] = _requirements(program / "pyproject.toml").encode()
    root = assignment.root
    module = assignment.data.partition(".")[0]
    for folder, base in ((program / "autograder", program), (root / module, root), (assignment.checks_folder, root)):
        files |= {str(path.relative_to(base)): path.read_bytes() for path in _files(folder)}
    files[str(assignment.template_path.relative_to(root))] = assignment.template_path.read_bytes()
    files[str(assignment_file.resolve().relative_to(root))] = assignment_file.read_bytes()
    if data is not None:
        files |= {f"data/{path.relative_to(data)}": path.read_bytes() for path in _files(data)}
    return files


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(where) / name for name in sorted(names))


def _requirements(project: Path) -> str:
    """The packages that grading needs by name; requirements.lock, given to pip as constraints, pins them and all that they need."""
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return "".join(f"{line}\n" for line in wanted if re.split(r"[<>=!~;\[ ]", line)[0] not in _NOT_TO_GRADE)
