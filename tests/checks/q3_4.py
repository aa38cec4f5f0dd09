"""3.4: the source reversed, the target not, and an LSTM trained on it. The data sets are probed, the training is replayed."""

from __future__ import annotations

from autograder.checks import Evidence, Show, Student, by_a_person, check
from autograder.reported import answers, printed
from reference.judging.plots import judge_loss_plot, judge_reported_loss
from reference.judging.reversal import judge_source, judge_target, judge_training, trained_in

QUESTION = "3.4"


@check(question=QUESTION, points=20, evidence="probed")
def check_source_reversed(evidence: Evidence, student: Student) -> None:
    """Each source sentence of every split is its German words in reversed order."""
    judge_source(evidence, student)


@check(question=QUESTION, points=15, evidence="probed")
def check_target_in_english_order(evidence: Evidence, student: Student) -> None:
    """Each target sentence is its English words in their order, cut by the English tokenizer."""
    judge_target(evidence, student)


@check(question=QUESTION, points=10, evidence="replayed")
def check_lstm_trained_on_it(evidence: Evidence, student: Student) -> None:
    """An LSTM translator was trained on the reversed data."""
    judge_training(evidence, student)


@check(question=QUESTION, points=5, evidence="reported")
def check_reported_loss(evidence: Evidence, student: Student, show: Show) -> None:
    """The last training loss that the notebook reports is below 5.0."""
    own = printed.losses(evidence.section(QUESTION))
    judge_reported_loss(QUESTION if own else trained_in(evidence, student), evidence, show)


@check(question=QUESTION, points=10, evidence="reported")
def check_loss_plot(evidence: Evidence) -> None:
    """The section shows a plot of the losses by epoch."""
    judge_loss_plot(QUESTION, evidence)


@by_a_person(question=QUESTION, points=40)
def answer_explanation(evidence: Evidence) -> str:
    """Says how the performance changed with the source reversed, and why."""
    return answers.answer(evidence.section(QUESTION), "EXPLANATION")
