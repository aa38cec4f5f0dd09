"""Question 4: its whole corpus, judged from the stored notebooks, as its checks need no replay."""

from __future__ import annotations

import pytest
from fabricated import checks, evidence, outcome
from submissions.case import QUESTIONS, Case
from submissions.corpus import cases

from autograder.intake import read

CHECKS = {
    f"{file}.{name.removeprefix('check_')}": getattr(module, name)
    for file in ("q4_1", "q4_2")
    for module in (checks(file),)
    for name in dir(module)
    if name.startswith("check_")
}
CASES = [case for case in cases() if case.question == 4]
CONSTANTS = ("71,442", "71,168", "77,542", "77,268", "138,002", "137,728")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gets_the_verdict_that_it_must_get(case: Case) -> None:
    """Each answer passes, fails or is left to a person as it must, and no sentence names a right number."""
    notebook = read.notebook(case.content(), QUESTIONS, {}, name="hw4.ipynb")
    given = evidence({section.question: section.cells for section in notebook.sections})
    ended = {check: outcome(judge, given) for check, judge in CHECKS.items()}
    assert {check: result.value for check, (result, _) in ended.items()} == {check: case.expected(check) for check in CHECKS}
    told = [constant for _, sentence in ended.values() for constant in CONSTANTS if constant in sentence]
    assert not told
