"""`python -m autograder check NOTEBOOK`, as students have it."""

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
from autograder.student.definitions import left_out, namespace
from autograder.student.live import homework, results

MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "NO", Outcome.REVIEW: "??", Outcome.NOT_RUN: "??", Outcome.ERROR: "??"}


def main(arguments: list[str] | None = None) -> None:
    """Run a command; exit with 1 when something is not right yet, with 2 when there is no notebook to look at."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description="Checks the homework before it is handed in.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="make the public checks on a notebook, in seconds and without training anything")
    check.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    check.set_defaults(run=lambda options: checked(options.notebook))
    options = parser.parse_args(arguments)
    try:
        sys.exit(0 if options.run(options) else 1)
    except (OSError, SubmissionError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        sys.exit(2)


def checked(path: Path) -> bool:
    """Print what each public check says; whether none failed."""
    made = list(verdicts(path.read_bytes(), path.name))
    for result in made:
        print(line(result))
    failed = sum(result.outcome is Outcome.FAILED for result in made)
    print(f"{sum(result.outcome is Outcome.PASSED for result in made)} of {len(made)} public checks pass, {failed} do not.")
    return not failed


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


def line(result: CheckResult) -> str:
    return f"{MARKS[result.outcome]}  {result.spec.question}  {result.sentence}"
