"""What students get: the notebook, what it needs, and the public checks with nothing beside them.

Of our own code only the definitions that the public checks reach are in there. Expected values come as a table, recorded here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from autograder.assignment import Assignment
from autograder.checks.plan import public
from autograder.errors import AssignmentError
from autograder.model.grading import CheckSpec
from autograder.packaging.closure import Closure
from autograder.student.recorded import Recording

ENGINE = Path(__file__).resolve().parents[1]
BESIDE = ("README.md", "requirements.txt")
HOMEWORK = "autograder/homework"
ENTRIES = ("live", "command", "notebook")  # of autograder/student, taken as they are

_OTTER = '''"""The public checks of question {question}, as otter-grader reads them."""

from otter.test_files import test_case

from autograder.student.live import expect

OK_FORMAT = False
name = "{question}"
points = None
{cases}'''
_CASE = """

@test_case(name={title!r}, points={points})
def {name}(env):
    expect("{id}", env)
"""

_IN_THE_NOTEBOOK = '''"""`from homework import grader`: the checks of this folder's notebook."""

from autograder.student.notebook import Notebook

grader = Notebook("{notebook}")
'''


def student_files(assignment: Assignment) -> dict[str, bytes]:
    """The files of the student package by name."""
    template = assignment.template_path
    checks = public(assignment.checks_folder)
    if not (assignment.public and checks):
        raise AssignmentError(f"{assignment.name}: nothing is public. Mark checks with public=True and name a module under `public`.")
    files = {name: (template.parent / name).read_bytes() for name in (template.name, *BESIDE)}
    files |= {name: text.encode() for name, text in _modules(assignment, checks)}
    files |= {f"tests/{number}.py": text.encode() for number, text in _otter_tests(checks)}
    files[f"{HOMEWORK}/handout.ipynb"] = template.read_bytes()
    files[f"{HOMEWORK}/homework.json"] = _known(assignment).encode()
    files["homework.py"] = _IN_THE_NOTEBOOK.format(notebook=template.name).encode()
    files["autograder/__main__.py"] = b"from autograder.student.command import main\n\nmain()\n"
    return files


def _modules(assignment: Assignment, checks: tuple[CheckSpec, ...]) -> Iterator[tuple[str, str]]:
    folders = {"checks": assignment.checks_folder, "course": assignment.course_folder}
    own = {name.partition(".")[0] for name in (assignment.public, assignment.probes)}
    closure = Closure({"autograder": ENGINE, **{name: assignment.root / name for name in own}, **folders})
    for module in ENTRIES:
        closure.add_whole(f"autograder.student.{module}")
    for spec in checks:
        module, _, name = spec.id.partition(".")
        closure.add(f"checks.{module}", f"check_{name}")
    for name in {probe.measurement for probe in assignment.module(assignment.public).public_probes()} | {"NotThere", "StudentError"}:
        closure.add("course.measurements", name)
    for name, is_package, text in closure.texts():
        path = name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
        yield (path if name.partition(".")[0] == "autograder" else f"{HOMEWORK}/{path}"), text


def _otter_tests(checks: tuple[CheckSpec, ...]) -> Iterator[tuple[str, str]]:
    for question in dict.fromkeys(spec.question for spec in checks):
        cases = [
            _CASE.format(title=spec.title, points=spec.points / 100, name=spec.id.partition(".")[2], id=spec.id)
            for spec in checks
            if spec.question == question
        ]
        yield question, _OTTER.format(question=question, cases="".join(cases))


def _known(assignment: Assignment) -> str:
    module = assignment.module(assignment.public)
    recording = Recording(module.PublicExpected())
    module.ask_everything(recording)
    known = {
        "notebook": assignment.template_path.name,
        "questions": [[question.number, question.title] for question in assignment.questions],
        "probes": [probe.name for probe in module.public_probes()],
        "answers": recording.answers,
        "in_words": module.IN_WORDS,
        "asked": [astuple(answer) for answer in module.ANSWERS],
    }
    return json.dumps(known, sort_keys=True, separators=(",", ":")) + "\n"
