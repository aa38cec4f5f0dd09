"""`python -m autograder check NOTEBOOK` and `export NOTEBOOK`, as students have them."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.intake import read
from autograder.model.grading import CheckResult, Outcome
from autograder.student.checklist import checklist
from autograder.student.definitions import left_out, namespace
from autograder.student.handing_in import export
from autograder.student.live import homework, results
from autograder.student.words import line, told


def main(arguments: list[str] | None = None) -> None:
    """Run a command; exit with 1 when something is not right yet, with 2 when there is no notebook to look at."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description="Checks the homework before it is handed in.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="make the public checks on a notebook and look at the rules of handing in, in seconds")
    check.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    check.set_defaults(run=lambda options: checked(options.notebook))
    handing_in = commands.add_parser("export", help="make the PDF, and the zip to hand in")
    handing_in.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    handing_in.set_defaults(run=lambda options: exported(options.notebook))
    options = parser.parse_args(arguments)
    try:
        sys.exit(0 if options.run(options) else 1)
    except (OSError, SubmissionError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        sys.exit(2)


def checked(path: Path) -> bool:
    """Print what each public check says, and the rules; whether all is as it should be, as far as that can be told here."""
    made = list(verdicts(path.read_bytes(), path.name))
    for result in made:
        print(line(result))
    failed = sum(result.outcome is Outcome.FAILED for result in made)
    print(f"{sum(result.outcome is Outcome.PASSED for result in made)} of {len(made)} public checks pass, {failed} do not.\n")
    return _rules_kept(path) and not failed


def exported(path: Path) -> bool:
    """Make what is handed in, and print the rules; whether all are kept."""
    made = export(path)
    kept = _rules_kept(path)
    print(f"{made} holds {path.name} and its PDF. Hand in what your course asks for: the zip, or both files.")
    return kept


def _rules_kept(path: Path) -> bool:
    rules = list(checklist(path))
    print(told(rules))
    return not any(rule.broken for rule in rules)


def verdicts(content: bytes, name: str, *, question: str = "") -> Iterator[CheckResult]:
    """Make the public checks on a stored notebook. What needs a value that only running the notebook gives stays open."""
    homework()
    cells = read.cells(content, {}, name=name)
    made = namespace(cells)
    unmade = left_out(cells, made)
    for result in results(made, content, question=question):
        lacking = set(re.findall(r"NameError: name '(\w+)' is not defined", result.sentence)) & unmade
        if result.outcome is Outcome.FAILED and lacking:
            needs = f"This needs {lacking.pop()}, which only running the notebook makes; make this check in the notebook."
            yield replace(result, outcome=Outcome.NOT_RUN, sentence=needs)
        else:
            yield result
