"""2.2: which networks were trained on what, and what was plotted (replayed); stored pictures count where the replay saw none."""

from __future__ import annotations

from autograder.checks import Evidence, Show, Student, check, require, review
from autograder.model.execution import Finding
from autograder.model.observations import Network, Observations
from reference.judging.answers import Answers, answers, require_last_of_all
from reference.judging.curves import Measure, PlotLine, Split, lines
from reference.judging.experiment import (
    CLASSES,
    HIDDEN,
    KINDS,
    LAYERS,
    LENGTHS,
    TOKENS,
    Run,
    carried_over,
    classes,
    embeds_tokens,
    evaluates_one_set_only,
    head,
    mixed_up,
    runs_of_idle_networks,
    runs_without_steps,
    training_runs,
    validates_on_training_data,
)
from reference.judging.given import not_trained
from reference.judging.learning import require_learning
from reference.judging.readings import WRONG_LABELS, readings, shows_training_accuracy

QUESTION = "2.2"
NO_EXPERIMENT = "There is no experiment yet: no recurrent network was trained in 2.2."
NO_STEPS = "The networks were called and a loss was computed, but no optimizer took a step, so they cannot learn."
TELLING = 3  # different values in a curve that is not repeated by chance
MISTAKEN = 2  # curves that are too many to show another accuracy by chance
MOST_CURVES = len(LENGTHS) * len(KINDS)


def networks_tried(observed: Observations) -> tuple[Run, ...]:
    """The training runs, and what would have been some: that nothing steps, or one network does not, is counted at the lengths."""
    return (*training_runs(observed), *runs_of_idle_networks(observed)) or runs_without_steps(observed)


def runs_of(evidence: Evidence) -> tuple[Run, ...]:
    """The training runs of 2.2; ends the check when nothing was tried."""
    runs = networks_tried(evidence.observed(QUESTION))
    if not runs:
        not_trained(evidence, QUESTION, NO_EXPERIMENT)
    return runs


@check(question=QUESTION, points=30, evidence="replayed")
def check_networks_are_as_specified(evidence: Evidence, student: Student) -> None:
    """An RNN and an LSTM are compared, both with hidden size 128, 2 layers, and the same layers around them."""
    runs = runs_of(evidence)
    networks = {run.network.id: run.network for run in runs}
    kinds = {run.kind for run in runs}
    for network in networks.values():
        for wrong in wrong_sizes(network):
            require(False, wrong)
    if kinds != set(KINDS):
        evidence.missing(
            QUESTION, f"A plain RNN and an LSTM should be compared, but what was trained is {' and '.join(sorted(kinds))} only."
        )
    heads = {head(network) for network in networks.values()}
    require(
        len(heads) == 1 or len({tuple(shapes for _, shapes in one) for one in heads}) == 1,
        "Everything but the recurrent layer should be the same in both networks, but their other layers differ: "
        + " against ".join(", ".join(f"{name} {shapes[0]}" for name, shapes in one) or "none" for one in sorted(heads)[:2])
        + ".",
    )
    if not any(map(mixed_up, runs)):  # counted at the lengths, as is everything that mixes the sequences of a batch
        for said in answers_of(evidence, student):
            require_last_of_all(said)
    for network in networks.values():
        layer = network.recurrent[0]
        if layer.bidirectional:
            review("A network reads the sequence in both directions, which was not asked for, so a person has to look at it.")
        if layer.input_size != TOKENS and not embeds_tokens(network):
            review(
                f"A network reads {layer.input_size} values a step instead of the {TOKENS} of a one-hot token, so a person has to "
                f"look at it."
            )


def answers_of(evidence: Evidence, student: Student) -> tuple[Answers, ...]:
    """What the trained networks answered to the grader's sequences, as far as they could be asked."""
    answer = student.answer("q2_2.networks")
    return tuple(answers(evidence.observed(QUESTION), answer)) if isinstance(answer, Finding) else ()


def wrong_sizes(network: Network) -> list[str]:
    """What differs from the sizes asked for, one sentence each."""
    found = []
    kind = network.recurrent[0].kind
    if kind not in KINDS:
        found.append(f"A plain RNN and an LSTM should be compared, but a {kind} was trained.")
    hidden = {layer.hidden_size for layer in network.recurrent}
    if hidden != {HIDDEN}:
        found.append(f"The hidden size should be {HIDDEN}, but the {kind} has {', '.join(map(str, sorted(hidden)))}.")
    # Two layers may also be written as two modules of one layer.
    layers = sum(layer.num_layers for layer in network.recurrent)
    if layers != LAYERS:
        found.append(f"Both networks should have {LAYERS} recurrent layers, but the {kind} has {layers}.")
    if classes(network) not in (CLASSES, 0):
        found.append(f"There should be {CLASSES} outputs, one for each sum from 0 to 18, but the {kind} has {classes(network)}.")
    return found


@check(question=QUESTION, points=45, evidence="replayed")
def check_both_are_trained_on_all_lengths(evidence: Evidence, student: Student) -> None:
    """Both networks are trained on sequences of lengths 5, 10 and 30."""
    runs = runs_of(evidence)
    observed = evidence.observed(QUESTION)
    trained = training_runs(observed)
    if not trained:
        not_trained(evidence, QUESTION, NO_STEPS)
    said = answers_of(evidence, student)
    for run in runs:
        # With the axes mixed up, the layer takes the batch for the sequence.
        if mixed_up(run):
            require(
                False,
                f"The {run.kind} should read {run.steps[0].batch} tokens one after the other, but it took the {run.length} examples "
                f"of a batch for time steps: the batch and time axes are mixed up.",
            )
    for answer in said:
        require(
            not answer.mix_sequences,
            f"Each sequence should get an answer of its own, but a token of one sequence changes what the {answer.kind} answers to another "
            f"one of the batch: the batch and time axes are mixed up.",
        )
    for run in trained:
        unheard = max((len(answer.unheard_layers) for answer in said if answer.kind == run.kind), default=0)  # counted at the networks
        require_learning(run, unheard)
    of_sums = {run.network.id for run in runs if classes(run.network) == CLASSES}  # other outputs are counted at the networks
    for read in readings(observed):
        require(
            read.network not in of_sums or read.share_of_wrong_labels <= WRONG_LABELS,
            f"Each sequence should be learned with its own label, but at length {read.length} the loss asks for another sum than the "
            f"sequence's own in {read.share_of_wrong_labels:.0%} of the cases.",
        )
    seen = {(run.kind, run.length) for run in trained}
    kinds = sorted({run.kind for run in runs})
    if len(kinds) == 1:  # the missing kind was counted at the networks; two networks a length are still asked for
        missing = [f"length {length}" for length in LENGTHS if len({run.network.id for run in runs if run.length == length}) < 2]
    else:
        missing = [f"the {kind} on length {length}" for length in LENGTHS for kind in kinds if (kind, length) not in seen]
    if missing:
        lengths = ", ".join(map(str, sorted({run.length for run in runs})))
        evidence.missing(
            QUESTION, f"Both networks should be trained on lengths 5, 10 and 30. Not seen: {'; '.join(missing)}. Lengths seen: {lengths}."
        )


@check(question=QUESTION, points=15, evidence="replayed")
def check_experiments_are_independent(evidence: Evidence) -> None:
    """Every length starts with a new network and a new optimizer."""
    runs_of(evidence)
    for carried in carried_over(training_runs(evidence.observed(QUESTION))):
        earlier, later = carried.earlier, carried.later
        require(
            False,
            f"Each length should start with a new network and a new optimizer, but the {carried.what} of the {earlier.kind} that had "
            f"been trained on "
            f"length {earlier.length} was used again for length {later.length}.",
        )


def curves_expected(runs: tuple[Run, ...]) -> int:
    """One for each network and length that was trained: what was never trained is counted elsewhere."""
    return max(1, min(MOST_CURVES, len({(run.kind, run.length) for run in runs})))


def curves_drawn(evidence: Evidence) -> tuple[PlotLine, ...]:
    """The lines of all plots. With fewer sequences there are fewer steps, so what is noted every 100 steps may be noted only once."""
    return lines(evidence.observed(QUESTION), fewest=1 if evidence.execution.changes else 2)


def unseen_pictures(evidence: Evidence, observed: Observations) -> bool:
    """Whether the notebook holds pictures, or figures were drawn, whose lines were not seen."""
    with_lines = {figure.cell for figure in observed.figures if any(axes.lines for axes in figure.axes)}
    stored = any(figure.cell not in with_lines for figure in evidence.section(QUESTION).figures)
    drawn = any(not axes.lines and not axes.images for figure in observed.figures for axes in figure.axes)
    return stored or (drawn and not with_lines)


def lay_out(show: Show, title: str, found: list[PlotLine]) -> None:
    """Show the curves under the words that stand at them."""
    named: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    for line in found[: 2 * MOST_CURVES]:
        words = " · ".join(part for part in (line.surroundings.strip(), line.label) if part) or "line"
        named[words if words not in named else f"{words} ({len(named) + 1})"] = (line.x, line.y)
    if named:
        show.curves(title, named, x_label="as plotted", y_label="")


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_loss_curves(evidence: Evidence, show: Show) -> None:
    """For each length and network there is a curve of the loss."""
    observed = evidence.observed(QUESTION)
    drawn = curves_drawn(evidence)
    losses = different([line for line in drawn if line.measure is Measure.LOSS])
    lay_out(show, f"Loss, drawn again from {evidence.extent} sequences", losses)
    runs = networks_tried(observed)
    if runs and len(losses) >= curves_expected(runs):
        return
    unclear = any(line.measure is Measure.UNKNOWN for line in drawn)
    if unclear or unseen_pictures(evidence, observed):
        review(f"{len(losses)} curves of a loss were recognised. A person has to look at the other plots.")
    if not runs or not drawn:
        evidence.missing(QUESTION, "No curve of the loss is shown yet.")
    evidence.missing(
        QUESTION, f"A curve of the loss should be shown for each of the {curves_expected(runs)} training runs, but {len(losses)} were seen."
    )


def different(found: list[PlotLine]) -> list[PlotLine]:
    """The curves without those that repeat an earlier one point by point, where that cannot be by chance."""
    kept: dict[object, PlotLine] = {}
    for line in found:
        kept.setdefault(line.y if len(set(line.y)) >= TELLING else id(line), line)
    return list(kept.values())


def same_curves(accuracies: list[PlotLine]) -> bool:
    """Whether every curve named as validation is also there as one named as training, point by point."""
    training = {line.y for line in accuracies if line.split is Split.TRAINING}
    validation = {line.y for line in accuracies if line.split is Split.VALIDATION}
    return bool(validation) and validation <= training


def require_validation(observed: Observations, runs: tuple[Run, ...], accuracies: list[PlotLine]) -> None:
    """Requires that what is called the validation accuracy is measured on other sequences than were trained on."""
    require(
        not validates_on_training_data(observed, runs),
        "The validation accuracy should be measured on sequences that were not trained on, but the networks were only ever tried on their "
        "own training data.",
    )
    validation = [line for line in accuracies if line.split is Split.VALIDATION]
    certain = sum(len(set(line.y)) for line in validation) >= TELLING * len(LENGTHS)
    require(
        not (same_curves(accuracies) and (certain or evaluates_one_set_only(observed, runs))),
        "The validation accuracy should be measured on other sequences than the training accuracy, but both curves are the same, point by "
        "point.",
    )
    read = tuple(readings(observed))
    mistaken = sum(any(shows_training_accuracy(line.y, one) for one in read) for line in validation)
    require(
        mistaken < MISTAKEN,
        f"The validation accuracy should be measured on sequences that were not trained on, but {mistaken} of {len(validation)} curves "
        f"with that name show, point by point, the accuracy on those that the network learned from.",
    )


@check(question=QUESTION, points=30, evidence="replayed")
def check_shows_accuracy_curves(evidence: Evidence, show: Show) -> None:
    """For each length and network there are curves of the accuracy on training and on validation data."""
    observed = evidence.observed(QUESTION)
    drawn = curves_drawn(evidence)
    accuracies = [line for line in drawn if line.measure is Measure.ACCURACY]
    lay_out(show, f"Accuracy, drawn again from {evidence.extent} sequences", accuracies)
    runs = networks_tried(observed)
    expected = curves_expected(runs)
    training = sum(line.split is Split.TRAINING for line in accuracies)
    validation = sum(line.split is Split.VALIDATION for line in accuracies)
    unknown = len(accuracies) - training - validation
    if runs and len(accuracies) >= 2 * expected and training + unknown >= expected and validation + unknown >= expected:
        require_validation(observed, runs, accuracies)
        return
    if any(line.measure is Measure.UNKNOWN for line in drawn) or unseen_pictures(evidence, observed):
        review(f"{len(accuracies)} curves of an accuracy were recognised. A person has to look at the other plots.")
    if not runs or not drawn:
        evidence.missing(QUESTION, "No curve of the accuracy is shown yet.")
    evidence.missing(
        QUESTION,
        f"Curves of the training and of the validation accuracy should be shown for each of the {expected} training runs, but of "
        f"{len(accuracies)} "
        f"accuracy curves {training} are named as training and {validation} as validation.",
    )
