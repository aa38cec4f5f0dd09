"""2.2 once more, on fabricated evidence: the data behind an accuracy, what an optimizer was given, and which layer is the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from fabricated import Seen, evidence, outcome
from test_checks_q2 import FAILED, NAMES, PASSED, SECTION, ended, experiment, layer, leaves, plotted, q2_2, tokens

from reference.judging.experiment import classes, training_runs, validates_on_training_data


def test_looking_through_the_training_data_again_is_no_validation() -> None:
    """Batches of any size show it when nothing but the data set that was trained on is gone through."""
    seen = experiment(validate_on="validation")
    runs = training_runs(evidence(SECTION, seen).observed("2.2"))
    assert not validates_on_training_data(evidence(SECTION, seen).observed("2.2"), runs)
    for dataset, expected in ((1, True), (2, False)):
        seen = Seen().at("2.2", 1)
        network = seen.network([layer("RNN")], leaves("RNN"))
        for number, stepped in ((1, True), (dataset, False)):
            begin = len(seen.passes)
            seen.data_pass()
            seen.call(network, tokens(5, number + 7 * begin, 8), np.zeros((8, 19)), gradient=stepped, length=5)
            if stepped:
                seen.step(network, before="a", after="b", length=5)
            seen.data_pass()
            first, last = seen.passes[begin : begin + 2]
            seen.passes[begin:] = [replace(first, dataset=number, end_order=last.order)]
        observed = evidence(SECTION, seen).observed("2.2")
        assert validates_on_training_data(observed, training_runs(observed)) is expected


def test_an_optimizer_without_the_recurrent_weights_is_caught() -> None:
    """Only the linear layer would learn."""
    seen = experiment()
    seen.steps[:] = [replace(step, optimizer_parameter_count=2451) for step in seen.steps]
    found = ended(plotted(seen))
    assert found == {name: FAILED if name == NAMES[1] else PASSED for name in NAMES}
    assert "2,451 parameters" in outcome(q2_2.check_both_are_trained_on_all_lengths, evidence(SECTION, seen))[1]


def test_the_head_may_be_made_before_an_embedding() -> None:
    """The outputs are those of the layer that has one for each sum."""
    seen = Seen()
    network = seen.network([layer("RNN", inputs=32)], [("Linear", ((19, 128),)), ("Linear", ((32, 11),)), ("RNN", ((128, 32),))])
    assert classes(seen.networks[network - 1]) == 19


def test_a_loop_that_never_steps_costs_once() -> None:
    """Networks and plots are judged as they are; only the training is missing."""
    seen = plotted(experiment())
    seen.steps.clear()
    seen.loss(np.zeros((8, 19)), np.zeros(8), kind="cross_entropy")
    found = ended(seen)
    assert found == {name: FAILED if name == NAMES[1] else PASSED for name in NAMES}
    assert outcome(q2_2.check_both_are_trained_on_all_lengths, evidence(SECTION, seen))[1] == q2_2.NO_STEPS
