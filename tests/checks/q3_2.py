"""3.2: translation with an RNN. The three classes are probed, the training is replayed, losses and plot are reported."""

from __future__ import annotations

from autograder.checks import Evidence, Show, Student, check
from reference.judging.decoders import judge_decoder
from reference.judging.encoders import judge_encoder
from reference.judging.expected import Expected
from reference.judging.plots import judge_loss_plot, judge_reported_loss
from reference.judging.training import judge_parameter_count, judge_settings
from reference.judging.translators import judge_translator


@check(question="3.2", points=20, evidence="probed", public=True)
def check_encoder(evidence: Evidence, student: Student, reference: Expected) -> None:
    """RNNEncoder returns the hidden state of every layer after the last word."""
    judge_encoder("3.2", evidence, student, reference)


@check(question="3.2", points=25, evidence="probed", public=True)
def check_decoder(evidence: Evidence, student: Student, reference: Expected) -> None:
    """RNNDecoder turns one word and a hidden state into the scores of the next word and the new state."""
    judge_decoder("3.2", evidence, student, reference)


@check(question="3.2", points=20, evidence="probed", public=True)
def check_translator(evidence: Evidence, student: Student, reference: Expected) -> None:
    """RNNTranslator starts from the encoder's state and goes on word by word, with and without teacher forcing."""
    judge_translator("3.2", evidence, student, reference)


@check(question="3.2", points=5, evidence="replayed")
def check_parameter_count(evidence: Evidence, student: Student, reference: Expected) -> None:
    """The translator has as many parameters as one with these layers and vocabularies must have."""
    judge_parameter_count("3.2", evidence, student, reference)


@check(question="3.2", points=5, evidence="replayed")
def check_given_settings_kept(evidence: Evidence, student: Student) -> None:
    """The training keeps the given settings: 10 epochs, Adam, clipping at 1, padding ignored, the given sizes."""
    judge_settings("3.2", evidence, student)


@check(question="3.2", points=15, evidence="reported")
def check_reported_loss(evidence: Evidence, show: Show) -> None:
    """The last training loss that the notebook reports is below 5.0."""
    judge_reported_loss("3.2", evidence, show)


@check(question="3.2", points=10, evidence="reported")
def check_loss_plot(evidence: Evidence) -> None:
    """The section shows a plot of the losses by epoch."""
    judge_loss_plot("3.2", evidence)
