"""The corpus: a sample of its cases, graded by the whole pipeline. `make accuracy` grades them all."""

from __future__ import annotations

import os

import pytest
from submissions.case import Case
from submissions.corpus import Outcomes, cases, differences, graded

EVERY = 15  # one case in so many: some forty, a few minutes on two cores
CHOSEN = cases()[::EVERY]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcomes]:
    """The outcomes of all chosen cases, graded in one run."""
    jobs = os.cpu_count() or 1
    return {case.name: outcomes for case, outcomes in graded(CHOSEN, tmp_path_factory.mktemp("corpus"), jobs=jobs)}


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: case.name)
def test_a_case_gets_the_verdict_that_it_must_get(case: Case, seen: dict[str, Outcomes]) -> None:
    """No correct variant loses a point, no mutant slips through, and one mistake costs once."""
    assert not differences(case, seen[case.name]), case.about


def test_the_corpus_holds_correct_variants_and_mutants_of_every_question() -> None:
    """Both kinds are there for each question, and each mutant names what it must fail."""
    kinds = {(case.question, case.is_correct) for case in cases()}
    assert kinds == {(question, correct) for question in (1, 2, 3, 4) for correct in (True, False)}
