"""Judges how a translator was trained: its size, and the settings that the handout gives, as seen in the replay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import CellStatus, Finding
from autograder.model.observations import DataPass, Network, Observations, Step
from autograder.reported import printed
from reference.judging.clipping import judge_clipping
from reference.judging.expected import Expected
from reference.judging.lessons import judge_lessons
from reference.judging.mistaken import Mistaken, mistaken
from reference.judging.sentences import data_sets
from reference.probes import KINDS

HANDOUT_VOCABULARIES = (7855, 5893)
LENIENCE = 0.01  # the vocabularies depend a little on the tokenizer's version
HIDDEN, EMBEDDING, LAYERS, EPOCHS = 512, 256, 2, 10


def trained(observed: Observations, steps: Iterable[Step], kind: str, mistaken_kinds: frozenset[str] = frozenset()) -> dict[int, Network]:
    """The networks moved by `steps` that have recurrent layers of `kind` and no others, but for those that a class has by mistake.

    A recurrence by hand has no such layers: it counts where there are embeddings for two languages.
    """
    identities = {identity for step in steps for identity in step.networks}
    networks = (observed.network(identity) for identity in identities)
    return {
        network.id: network
        for network in networks
        if network is not None
        and (network.recurrent or sum(name == "Embedding" for name, _ in network.leaves) == 2)
        and {layer.kind for layer in network.recurrent} <= {kind} | mistaken_kinds
    }


def review_when_stopped(evidence: Evidence, question: str) -> None:
    """Undecided when the training was reported, but an error stopped it in the replay: the error is charged where its cause is judged."""
    if printed.losses(evidence.section(question)):
        for run in evidence.runs(question):
            if run.status is CellStatus.ERROR:
                review(f"Losses are printed, but cell {run.index} stopped when run again ({run.error}), so a person looks at it.")


def judge_parameter_count(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    """Requires the trained network's count to follow from its sizes; without a replay, the reported count."""
    kind = KINDS[question]
    observed = evidence.observed(question)
    networks = trained(observed, observed.steps, kind)
    vocabularies = replayed_vocabularies(student)
    wrong = mistaken(question, student)
    for network in networks.values():
        expected = _expected_count(network, kind, vocabularies, wrong, reference)
        if expected is None:
            continue
        require(
            network.parameter_count == expected,
            f"When the notebook was executed at small sizes, its {kind} translator had {network.parameter_count:,} parameters; "
            f"an embedding, an nn.{kind} and a linear layer over these vocabularies and sizes have {expected:,}."
            + _other_words(network, vocabularies),
        )
        return
    reported = _reported_counts(evidence.section(question).printed)
    if not reported:
        evidence.missing(question, f"No {kind} translator was trained here, and no parameter count was printed.")

    def sized(source: int, target: int) -> int:
        given = {"source_embedding": EMBEDDING, "target_embedding": EMBEDDING, "hidden": HIDDEN, "layers": LAYERS}
        return reference.parameter_count(kind, source=source, target=target, **given)

    # Recurrences by hand, on one side or on both, may have one bias where torch's layers have two.
    fewer = {side * LAYERS * HIDDEN * {"RNN": 1, "LSTM": 4}[kind] for side in (range(3) if networks else (0,))}
    if any(sized(*pair) - bias in reported for pair in printed_vocabularies(evidence) for bias in fewer):
        return
    low, high = (sized(*(round(size * factor) for size in HANDOUT_VOCABULARIES)) for factor in (1 - LENIENCE, 1 + LENIENCE))
    require(
        any(low <= count <= high for count in reported),
        f"The printed count is {', '.join(f'{count:,}' for count in reported[:3])}; "
        f"with the given sizes and vocabularies an {kind} translator has between {low:,} and {high:,}.",
    )


def _other_words(network: Network, vocabularies: set[tuple[int, int]]) -> str:
    """What embeddings tell that are not made for the vocabularies."""
    own = tuple(shapes[0][0] for name, shapes in network.leaves if name == "Embedding" and shapes)
    if len(own) != 2 or len(vocabularies) != 1 or set(own) == set(*vocabularies):
        return ""
    source, target = next(iter(vocabularies))
    return f" Its embeddings are for {own[0]} and {own[1]} words; the vocabularies have {source} (German) and {target} (English)."


def replayed_vocabularies(student: Student) -> set[tuple[int, int]]:
    """The vocabulary sizes (source, target) of the data sets that were there in the replay."""
    answer = student.answer("q3_1.data")
    sets = answer.facts.get("sets") if isinstance(answer, Finding) else None
    sizes = [one.get("vocabulary") for one in sets if isinstance(one, dict)] if isinstance(sets, list) else []
    return {(size["source"], size["target"]) for size in sizes if isinstance(size, dict) and size.get("source") and size.get("target")}  # type: ignore[misc]


def _expected_count(network: Network, kind: str, vocabularies: set[tuple[int, int]], wrong: Mistaken, reference: Expected) -> int | None:
    """From the network's own sizes and the data's vocabularies; None when it is not made of one encoder's and one decoder's layers."""
    layers = [layer for layer in network.recurrent if not layer.bidirectional]
    if len(layers) != 2 or len({(layer.hidden_size, layer.num_layers) for layer in layers}) != 1:
        return None
    embeddings = [shapes[0] for name, shapes in network.leaves if name == "Embedding" and shapes]
    if len(embeddings) != 2:
        return None
    own = (embeddings[0][0], embeddings[1][0])
    # Parts may be registered in either order; which embedding is the source's shows in the vocabularies.
    source, target = next(
        (pair for pair in vocabularies if pair in (own, own[::-1])), own if not vocabularies else next(iter(vocabularies))
    )
    sizes = [layer.input_size for layer in layers]
    source_embedding, target_embedding = sizes if own[0] == source or own[1] != source else sizes[::-1]
    # Embeddings that are not for the vocabulary that was passed are their class's mistake, not the count's.
    surplus = sum(rows * width for rows, width in embeddings) - source * source_embedding - target * target_embedding
    return (surplus if wrong.vocabulary else 0) + reference.parameter_count(
        kind,
        source=source,
        target=target,
        source_embedding=source_embedding,
        target_embedding=target_embedding,
        hidden=layers[0].hidden_size,
        layers=layers[0].num_layers,
    )


def printed_vocabularies(evidence: Evidence) -> list[tuple[int, int]]:
    """Pairs of numbers that 3.1 prints and that may be vocabulary sizes, those of lines about vocabularies first."""
    section = evidence.submission.notebook.section("3.1")
    lines = sorted(section.printed.splitlines() if section else (), key=lambda line: re.search(r"vocab|unique", line, re.I) is None)
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{2,6}\b", "\n".join(lines))]
    likely = list(dict.fromkeys(number for number in numbers if 50 <= number <= 50_000))[:30]
    pairs = [(source, target) for source in likely for target in likely]
    return sorted(pairs, key=lambda pair: pair != tuple(likely[:2]))


def _reported_counts(printed: str) -> list[int]:
    """Whole numbers of seven and more digits, with or without separators."""
    found = re.findall(r"\d{1,3}(?:[,.\u2009\u00a0 ']\d{3}){2,}|\d{7,}", printed)
    return [int(re.sub(r"\D", "", number)) for number in found]


def judge_settings(question: str, evidence: Evidence, student: Student) -> None:
    """Requires ten epochs of Adam with clipped gradients, cross entropy without the padding, and the given sizes."""
    kind = KINDS[question]
    observed = evidence.observed(question)
    wrong = mistaken(question, student)
    networks = trained(observed, observed.steps, kind, wrong.kinds)
    if not networks:
        seen = recurrent_kinds(observed)
        review_when_stopped(evidence, question)
        evidence.missing(question, f"No training of an {kind} translator was seen{f', only of {seen}' if seen else ''}.")
    steps = [step for step in observed.steps if set(step.networks) & set(networks)]
    where = f"cell {steps[-1].cell}"
    _require_sizes(list(networks.values()), evidence.execution.constants, wrong)
    _require_all_parameters(max(networks.values(), key=lambda network: network.parameter_count), steps)
    optimizers = Counter(step.optimizer_class for step in steps)
    require(set(optimizers) == {"Adam"}, f"The given optimizer is Adam; the training in {where} used {', '.join(sorted(optimizers))}.")
    _require_training_split(observed, steps, student)
    _require_epochs(observed, steps)
    judge_clipping(steps, where)
    _require_own_gradients(steps, where)
    judge_lessons(observed, networks, _padding(student))


def recurrent_kinds(observed: Observations) -> str:
    identities = {identity for step in observed.steps for identity in step.networks}
    found = {layer.kind for identity in identities if (network := observed.network(identity)) for layer in network.recurrent}
    return " and ".join(f"nn.{kind}" for kind in sorted(found))


def _require_sizes(networks: list[Network], constants: Mapping[str, tuple[float, float]], wrong: Mistaken) -> None:
    """The layers have the given sizes, or the values that replay gave to constants whose written values are the given ones."""
    written = {used: original for original, used in constants.values()}
    for network in networks:
        one_by_one = len(network.recurrent) > 2  # a module for each layer: those above the first read states, not words
        for layer in network.recurrent:
            reads_words = not one_by_one or layer.input_size != layer.hidden_size
            for seen, given, what, judged in (
                (layer.hidden_size, HIDDEN, "hidden size", not wrong.hidden),
                (layer.input_size, EMBEDDING, "embedding size", reads_words and not wrong.embedding),
                (layer.num_layers, LAYERS, "number of layers", not wrong.layers and not one_by_one),
            ):
                value = seen if seen == given else written.get(seen, seen)
                require(not judged or value == given, f"The given {what} is {given}; the {layer.kind} was trained with {value:g}.")


def _require_all_parameters(network: Network, steps: list[Step]) -> None:
    """The optimizers that move a network hold all of its parameters between them."""
    held = sum({step.optimizer: step.optimizer_parameter_count for step in steps if network.id in step.networks}.values())
    require(
        held >= network.parameter_count,
        f"The optimizer holds only {held:,} of the translator's {network.parameter_count:,} parameters (at the replay's small sizes); "
        "the others are never trained.",
    )


def _require_training_split(observed: Observations, steps: list[Step], student: Student) -> None:
    """The steps were taken on the training data of 3.1, as far as its data sets are known by role."""
    answer = student.answer("q3_1.data")
    roles = {one.identity: one.role for one in data_sets(answer)} if isinstance(answer, Finding) else {}
    went_over = {one.dataset for one in observed.passes if any(one.order < step.order < one.end_order for step in steps)}
    wrong = {roles[identity] for identity in went_over if roles.get(identity) in ("valid", "test")}
    others = " and ".join({"valid": "validation", "test": "test"}[role] for role in sorted(wrong))
    require(not wrong, f"Steps were taken on the {others} data (cell {steps[-1].cell}); only the training data are to be learned from.")


def _require_epochs(observed: Observations, steps: list[Step]) -> None:
    orders = [step.order for step in steps]
    passes = [one for one in observed.passes if any(one.order < order < one.end_order for order in orders)]
    if "passes" in observed.truncated or "steps" in observed.truncated:
        return
    runs = max(1, sum(step.steps_before == 0 for step in steps))
    if not passes:
        _require_whole_lists(observed, steps, runs)
    epochs = len(passes) or _times_given(observed, steps)
    if not epochs:
        return  # batches made by hand: nothing says where an epoch ends
    times = f"{epochs} times{f' in {runs} runs' if runs > 1 else ''} (cell {steps[-1].cell})"
    require(epochs == EPOCHS * runs, f"The given number of epochs is {EPOCHS}; the training went over its data {times}.")
    _require_whole_passes(observed, passes)


def _require_whole_lists(observed: Observations, steps: list[Step], runs: int) -> None:
    """Where batches were taken from an iterator before the network was given any, it was given as many as the epochs have."""
    before = [one for one in observed.passes if one.end_order < steps[0].order]
    if not before or "calls" in observed.truncated or not observed.calls:
        return
    size = before[-1].batch_size
    batches = EPOCHS * runs * (before[-1].dataset_size // size if size else 0)
    networks = {identity for step in steps for identity in step.networks}
    given = [call for call in observed.calls if call.with_gradient and call.network in networks]
    require(
        len(given) >= batches or any(call.batch != size for call in given),
        f"{EPOCHS} epochs are to go over all of the training data each time; in cell {steps[-1].cell} the network was given {len(given)} "
        f"batches in all, and {EPOCHS} epochs have {batches}.",
    )


def _times_given(observed: Observations, steps: list[Step]) -> int:
    """How often each batch was given, where they are the same in every epoch; 0 where that cannot be told."""
    networks = {identity for step in steps for identity in step.networks}
    given = Counter(call.fingerprint for call in observed.calls if call.with_gradient and call.network in networks)
    times = set(given.values())
    return times.pop() if len(times) == 1 and max(given.values()) > 1 and "calls" not in observed.truncated else 0


def _require_whole_passes(observed: Observations, passes: list[DataPass]) -> None:
    """An epoch gives the network every full batch of the data."""
    if "calls" in observed.truncated or not observed.calls:
        return
    for one in passes:
        calls = sum(call.with_gradient and one.order < call.order < one.end_order for call in observed.calls)
        batches = one.dataset_size // one.batch_size if one.batch_size else 0
        require(
            calls >= batches,
            f"An epoch is to go over all of the training data; in cell {one.cell} the loop ended after {calls} of {batches} batches.",
        )


def _require_own_gradients(steps: list[Step], where: str) -> None:
    """Each step moves the weights, along its own gradients only."""
    taken = [step for step in steps if not step.fast_forwarded]
    still = sum(step.before == step.after != "" for step in taken)
    require(
        not taken or still < len(taken),
        f"The optimizer's steps in {where} change no weight: nothing has come back from the loss when they are taken.",
    )
    carried = sum(step.carried_over for step in taken)
    require(
        not carried,
        f"Gradients are to be set to zero between steps; {carried} of {len(taken)} steps in {where} also used those of the step before.",
    )


def _padding(student: Student) -> int | None:
    answer = student.answer("q3_1.data")
    sets: Any = answer.facts.get("sets") if isinstance(answer, Finding) else None
    numbers = {one["padding"]["target"] for one in sets} if isinstance(sets, list) and sets else set()
    return numbers.pop() if len(numbers) == 1 and min(numbers) >= 0 else None
