"""The corpus: an eighth of its cases, graded by the whole pipeline, and what the checks say about them. `make accuracy` grades them all."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from accuracy.confusion import Confusion
from accuracy.sentences import Said, page
from submissions.case import QUESTIONS, ROOT, Case
from submissions.corpus import cases, graded
from submissions.verdicts import Verdicts, differences

from autograder.checks.plan import plan

EVERY = 8
CHOSEN = cases()[::EVERY]
LONGEST_SENTENCE = 700  # characters; more than a student reads at midnight
# Of 4.2, with and without biases, and what the handout's classes have in all.
HIDDEN_NUMBERS = ("71442", "71168", "77542", "77268", "138002", "137728")


def holds_a_hidden_number(sentence: str) -> bool:
    """Whether a hidden number stands in a sentence, grouped or not; a part of a longer number does not count."""
    grouped = re.sub(r"(?<=\d)[\s,.'{}\\]+(?=\d{3}(?!\d))", "", sentence)
    return bool(re.search(rf"(?<!\d)(?:{'|'.join(HIDDEN_NUMBERS)})(?!\d)", grouped))


@pytest.mark.parametrize(
    ("sentence", "given_away"),
    [
        ("B has 77,268 parameters.", True),
        ("B has 77268.", True),
        (r"$71{,}168$ is right", True),
        ("A: 77 268", True),
        ("The answer gives 772,680 parameters.", False),
        ("The answer gives 177268.", False),
        ("A layer of 77 and one of 268.", False),
    ],
)
def test_a_hidden_number_is_found_however_it_is_grouped(sentence: str, given_away: bool) -> None:
    """A student's own number that only contains a hidden one gives nothing away."""
    assert holds_a_hidden_number(sentence) is given_away


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdicts]:
    """What was said of all chosen cases, graded in one run."""
    jobs = os.cpu_count() or 1
    return {case.name: said for case, said in graded(CHOSEN, tmp_path_factory.mktemp("corpus"), jobs=jobs)}


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: case.name)
def test_a_case_gets_the_verdict_that_it_must_get(case: Case, seen: dict[str, Verdicts]) -> None:
    """No correct variant loses a point, no mutant slips through, and one mistake costs once."""
    assert not differences(case, seen[case.name]), case.about


def test_what_the_checks_say_fits_on_one_page_and_gives_no_answer_away(seen: dict[str, Verdicts], tmp_path: Path) -> None:
    """Every verdict that costs or waits has a whole sentence; none holds a number of 4.2, a name of the reference's or a traceback."""
    said = [
        Said(check, verdicts.outcomes[check], sentence, case.name, case.about)
        for case in CHOSEN
        for verdicts in (seen[case.name],)
        for check, sentence in verdicts.sentences.items()
        if verdicts.outcomes[check] != "passed"
    ]
    for one in said:
        assert one.sentence.rstrip()[-1] in ".!?)", one
        assert len(one.sentence) <= LONGEST_SENTENCE, one
        assert "Traceback" not in one.sentence, one
        assert "reference." not in one.sentence, one
        assert not (one.check.startswith("q4_2") and holds_a_hidden_number(one.sentence)), one
    (tmp_path / "sentences.html").write_text(page(said), encoding="utf-8")
    assert {one.check[:2] for one in said} == {"q1", "q2", "q3", "q4"}


def test_the_corpus_holds_correct_variants_and_mutants_of_every_question() -> None:
    """Both kinds are there for each question, at least forty correct variants and a hundred and ten mutants in all."""
    kinds = {(case.question, case.is_correct) for case in cases()}
    assert kinds == {(question, correct) for question in (1, 2, 3, 4) for correct in (True, False)}
    correct = sum(case.is_correct for case in cases())
    assert correct >= 40
    assert len(cases()) - correct >= 110


def test_each_check_has_two_mutants_that_fail_it_and_nothing_else() -> None:
    """Of every check it is shown twice that it can fail, and alone."""
    checks = plan(ROOT / "tests" / "checks", tuple(question.number for question in QUESTIONS)).checks
    alone = Counter(case.fails[0] for case in cases() if len(case.fails) == 1 and not (case.reviews or case.not_run))
    assert {spec.id: alone[spec.id] for spec in checks if alone[spec.id] < 2} == {}


def test_a_confusion_counts_what_was_right_what_was_said_and_what_was_left_to_a_person() -> None:
    """A false alarm and a miss are wrong; the share of review is one of points."""
    confusion = Confusion()
    points = {"q1_1.one": 30, "q1_1.two": 10}
    confusion.add({"q1_1.one": "passed", "q1_1.two": "passed"}, {"q1_1.one": "passed", "q1_1.two": "review"}, points, in_share=True)
    confusion.add({"q1_1.one": "failed", "q1_1.two": "passed"}, {"q1_1.one": "passed", "q1_1.two": "passed"}, points, in_share=False)
    assert confusion.rows() == [("1.1", "pass", "2", "", "1", "", ""), ("1.1", "fail", "1", "", "", "", "")]
    assert confusion.review_share == 0.25
    assert confusion.wrong == 2


def test_the_page_of_sentences_shows_each_sentence_once_and_escapes_it() -> None:
    """One section for a check and an outcome; what a student wrote cannot break the page."""
    said = [Said("q1_1.one", "failed", "You wrote <b>.", name, "Wrote <b>.") for name in ("first", "second")]
    made = page(said)
    assert made.count("You wrote &lt;b&gt;.") == 1
    assert "first, and 1 more" in made
    assert "<b>" not in made
