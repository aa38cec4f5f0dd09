"""3.4: judges which way round the sentences of the data sets stand, and what was trained on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Absent, Finding
from autograder.model.observations import Observations, Step
from reference.judging.batches import Batch, read_batches
from reference.judging.found import found
from reference.judging.mistaken import mistaken
from reference.judging.sentences import ROLES, DataSet, Order, are_characters, cut_as, data_sets, orders, words_lost
from reference.judging.training import recurrent_kinds, review_when_stopped, trained

QUESTION = "3.4"
FEW_KNOWN = 0.4  # of a training set's words in its own vocabulary: some 0.8 of 256 pairs and 0.97 of all, under 0.2 in the other language's
NAMED = {"source": "German", "target": "English"}
NAMES = {"train": "training", "valid": "validation", "test": "test"}
FEW_LOST = 0.02  # of a data set's examples; nothing but repeated words may be lost, which few sentences have
MOSTLY = 0.9  # of a data set's examples; some lines hold characters that a tokenizer may change


@lru_cache(maxsize=1)
def reversed_sets(evidence: Evidence, student: Student) -> Mapping[str, DataSet]:
    """The data sets of 3.4 by role: those made since 3.1, of these the ones that were used; else what the names hold now."""
    answer = student.answer("q3_4.data")
    if isinstance(answer, Absent):
        evidence.missing(QUESTION, "No data with reversed German sentences were made here.")
    sets = data_sets(found(student, evidence, QUESTION, "q3_4.data"))
    if not sets:
        review("The translation data have a form that could not be read, so a person has to look at it.")
    earlier = earlier_sets(student)
    made = [one for one in sets if one.identity not in {old.identity for old in earlier}]
    new = _of_one_group([one for one in made if one.held] or made, evidence)
    choice = [one for one in new if one.used] or new or list(sets)
    if not any(one.role == "train" or not one.role for one in choice):
        choice = new or list(sets)
    by_role = {one.role: one for one in choice if one.role}
    nameless = sorted((one for one in choice if not one.role), key=lambda one: -one.size)
    by_role |= dict(zip([role for role in ROLES if role not in by_role], nameless, strict=False))
    for one in new or sets:  # a split that was not iterated over is still judged
        by_role.setdefault(one.role or "train", one)
    if "train" not in by_role:  # made again without its training part: the old one is what there is to train on
        by_role |= {one.role: one for one in sets if one.role == "train"}
    return by_role


def _of_one_group(new: list[DataSet], evidence: Evidence) -> list[DataSet]:
    """Where the data were made several times, to compare both orders, those with the source reversed; else the latest."""
    groups: dict[int, list[DataSet]] = {}
    for one in new:
        groups.setdefault(one.group, []).append(one)
    whole = [group for group in groups.values() if len(group) > 1]
    if len(whole) < 2:
        return new
    turned = [group for group in whole if all(_reversed_share(one, evidence) > 0.5 for one in group)]
    return (turned or whole)[-1]


def _reversed_share(one: DataSet, evidence: Evidence) -> float:
    return _share(orders(one.examples, "source", evidence.data_folder), Order.REVERSED)


@lru_cache(maxsize=1)
def earlier_sets(student: Student) -> tuple[DataSet, ...]:
    answer = student.answer("q3_1.data")
    return data_sets(answer) if isinstance(answer, Finding) else ()


def is_new(sets: Mapping[str, DataSet], student: Student) -> bool:
    """Whether the data were made again for 3.4, or hold reversed sentences since 3.1 was edited."""
    old = {one.identity for one in earlier_sets(student)}
    return any(one.identity not in old for one in sets.values())


def flips_batches(evidence: Evidence) -> bool:
    """Whether code of 3.4 turns tensors around: then the sentences may be reversed on their way to the network, which no data set shows."""
    return any(re.search(r"\bflip(?:ud|lr)?\s*\(", cell.source) for cell in evidence.section(QUESTION).code)


@lru_cache(maxsize=1)
def read_by_lstm(evidence: Evidence, student: Student) -> tuple[Batch, ...]:
    """The first batches of the networks that were trained in 3.4."""
    observed = evidence.observed(QUESTION)
    networks = {identity for step in observed.steps for identity in step.networks}
    return read_batches(evidence, student, networks)


def _judged_by_batches(evidence: Evidence, student: Student, side: str, wanted: Order) -> bool:
    """Decides about data of the student's own making, which only show in the batches; False when there are sets to judge instead."""
    if not _trained_on_own_data(evidence, student):
        return False
    batches = read_by_lstm(evidence, student)
    orders = {batch.with_gradient: batch.order(side) for batch in reversed(batches)}
    training = orders.get(True, Order.UNKNOWN)
    if training is Order.UNKNOWN:
        review(f"The {NAMED[side]} sentences come from data of the student's own making that could not be read, so a person looks at them.")
    example = next(batch.examples[side] for batch in batches if batch.with_gradient)
    require(
        training is wanted,
        f"The {NAMED[side]} sentences that the network was trained on are {'not reversed' if side == 'source' else 'not in their order'}: "
        f"the first one reads “{example}”.",
    )
    require(
        orders.get(False, wanted) in (wanted, Order.UNKNOWN),
        f"Only the training data have the {NAMED[side]} sentences {wanted.value}; those that the network is evaluated on do not.",
    )
    return True


def _trained_on_own_data(evidence: Evidence, student: Student) -> bool:
    """Whether the steps of 3.4 were taken on batches of no data set that a probe could read, and none such was made for 3.4."""
    observed = evidence.observed(QUESTION)
    answer = student.answer("q3_4.data")
    sets = data_sets(answer) if isinstance(answer, Finding) else ()
    old = {one.identity for one in earlier_sets(student)}
    if not observed.steps or any(one.identity not in old for one in sets):
        return False
    return not _training_data(observed, list(observed.steps)) & {one.identity for one in sets}


def _orders_given(evidence: Evidence, student: Student, side: str) -> dict[bool, set[Order]]:
    """In which orders the networks were given the sentences of a side, with gradient and without, as far as that could be read."""
    found: dict[bool, set[Order]] = {}
    for batch in read_by_lstm(evidence, student):
        if (order := batch.order(side)) is not Order.UNKNOWN:
            found.setdefault(batch.with_gradient, set()).add(order)
    return found


def judge_source(evidence: Evidence, student: Student) -> None:
    """Requires every split's German sentences to be reversed."""
    if _judged_by_batches(evidence, student, "source", Order.REVERSED):
        return
    sets = reversed_sets(evidence, student)
    wrong = {}
    for role, one in sets.items():
        counted = orders(one.examples, "source", evidence.data_folder)
        _require_all_words(one, counted, role, "source", evidence)
        if _share(counted, Order.UNKNOWN) > 1 - MOSTLY:
            review("The German sentences in the data sets could not be told from the given ones, so a person has to look at them.")
        if _share(counted, Order.REVERSED) < MOSTLY:
            wrong[role] = (one, counted)
    if not wrong:
        _require_german(sets)
        return
    given = _orders_given(evidence, student, "source") if len(wrong) == len(sets) else {}
    if given.get(True) == {Order.REVERSED}:
        require(
            given.get(False, {Order.REVERSED}) == {Order.REVERSED},
            "Only the training data have the German sentences reversed, on their way to the network; those that it is evaluated on do not.",
        )
        if any("source" in batch.turned_whole for batch in read_by_lstm(evidence, student)):
            review(
                "The German sentences are turned around on their way to the network, start tokens and padding too: a person looks at it."
            )
        return
    if flips_batches(evidence) and given.get(True) != {Order.FORWARD}:
        review("The data sets hold the sentences in order, but this question's code turns tensors around, so a person has to look at it.")
    role = "train" if "train" in wrong else next(iter(wrong))
    one, counted = wrong[role]
    example = f"the first source sentence reads “{_start(one, 'source')}”"
    if set(wrong) != set(sets):
        right = " and ".join(NAMES[name] for name in sets if name not in wrong)
        others = " and ".join(NAMES[name] for name in sets if name in wrong)
        require(False, f"Only the {right} sentences are reversed: in the {others} data {example}.")
    if _share(counted, Order.OTHER) > 0.5:
        require(False, f"The German sentences are changed, but are not their words in reversed order: {example}.")
    made = "" if is_new(sets, student) else " No data were made again for this question."
    require(False, f"The German sentences are not reversed: {example}.{made}")


def _require_all_words(one: DataSet, counted: Counter[Order], role: str, side: str, evidence: Evidence) -> None:
    """The sentences are cut into words, and none of these is left out."""
    example = f"the first one in the {NAMES[role]} data reads “{_start(one, side)}”"
    require(
        not are_characters(one.examples, side), f"The {NAMED[side]} sentences are cut into single characters, not into words: {example}."
    )
    lost = words_lost(one.examples, side, evidence.data_folder) if _share(counted, Order.UNKNOWN) > FEW_LOST else 0.0
    require(lost <= FEW_LOST, f"{lost:.0%} of the {NAMED[side]} sentences have lost words: {example}.")


def _require_german(sets: Mapping[str, DataSet]) -> None:
    cut = {cut_as(one, "source") for one in sets.values()}
    require(cut != {"en"}, "The German sentences are reversed, but the English tokenizer cuts them into words.")


def judge_target(evidence: Evidence, student: Student) -> None:
    """Requires every split's English sentences in order, cut by the English tokenizer, in data made for this question."""
    if _judged_by_batches(evidence, student, "target", Order.FORWARD):
        return
    sets = reversed_sets(evidence, student)
    source = [orders(one.examples, "source", evidence.data_folder) for one in sets.values()]
    is_made = is_new(sets, student) or any(_share(counted, Order.REVERSED) > 0.5 for counted in source)
    is_made = is_made or Order.REVERSED in _orders_given(evidence, student, "source").get(True, set())
    if not is_made and not flips_batches(evidence):
        evidence.missing(
            QUESTION, "No data with reversed German sentences were made here, so there are no English sentences that belong to them."
        )
    for role in sorted(sets, key=lambda role: role != "train"):
        one = sets[role]
        counted = orders(one.examples, "target", evidence.data_folder)
        _require_all_words(one, counted, role, "target", evidence)
        if _share(counted, Order.UNKNOWN) > 1 - MOSTLY:
            review("The English sentences in the data sets could not be told from the given ones, so a person has to look at them.")
        german = cut_as(one, "target") == "de"
        example = f"the first one in the {role} data reads “{_start(one, 'target')}”"
        if _share(counted, Order.REVERSED) >= 0.5:
            tokenizer = "German" if german else "English"
            require(
                False,
                f"The English sentences stand backwards: {example}. The target field was built with the reversed {tokenizer} tokenizer; "
                "only the German source was to be reversed, the target keeps tokenize_en.",
            )
        require(_share(counted, Order.FORWARD) >= MOSTLY, f"The English sentences do not have their words in order: {example}.")
        require(not german, f"The English sentences are in order, but the target field cuts them with the German tokenizer: {example}.")
    require(
        _orders_given(evidence, student, "target").get(True) != {Order.REVERSED},
        "The data sets hold the English sentences in order, but they are turned around before the network is given them.",
    )


def trained_in(evidence: Evidence, student: Student) -> str:
    """3.3 when the cells of 3.1 were edited in place and everything was run again, without another training in 3.4; else 3.4."""
    if evidence.observed(QUESTION).steps:
        return QUESTION
    earlier = [one for one in earlier_sets(student) if one.role in ("train", "")]
    return "3.3" if any(_reversed_share(one, evidence) > 0.5 for one in earlier) else QUESTION


def judge_training(evidence: Evidence, student: Student) -> None:
    """Requires that an LSTM was trained, on the data of this question."""
    sets = {} if _trained_on_own_data(evidence, student) else reversed_sets(evidence, student)
    question = trained_in(evidence, student)
    observed = evidence.observed(question)
    networks = trained(observed, observed.steps, "LSTM", mistaken("3.3", student).kinds)
    if not networks:
        kinds = recurrent_kinds(observed)
        review_when_stopped(evidence, question)
        evidence.missing(question, f"No LSTM was trained on the reversed data{f'; what was trained has {kinds} layers' if kinds else ''}.")
    called = {call.network for call in observed.calls if call.with_gradient}
    require(
        not called or "calls" in observed.truncated or bool(called & set(networks)),
        "The optimizer holds the parameters of another network than the one that the sentences go through, so that one is never trained.",
    )
    steps = [step for step in observed.steps if set(step.networks) & set(networks)]
    training = _training_data(observed, steps)
    if question != QUESTION or not training or not is_new(sets, student):
        return
    for side, language in NAMED.items():
        known = min((one.known[side] for one in sets.values() if one.identity in training and side in one.known), default=1.0)
        require(
            known >= FEW_KNOWN,
            f"The vocabulary knows only {known:.0%} of the {language} words that the LSTM was trained on: it was built from others.",
        )
    old = {one.identity for one in earlier_sets(student)}
    require(not training <= old, "The LSTM was trained on the data of 3.1 again, not on those that were made for this question.")
    chosen = {one.identity for one in sets.values()}
    other = data_sets(found(student, evidence, QUESTION, "q3_4.data"))
    require(
        bool(training & chosen) or not training <= {one.identity for one in other},
        "The LSTM was trained on other data than those with the German sentences reversed.",
    )
    is_reversed = all(_reversed_share(one, evidence) > 0.5 for one in sets.values())
    require(
        not (is_reversed and _orders_given(evidence, student, "source").get(True) == {Order.FORWARD}),
        "The data sets hold the German sentences reversed, but they are turned around once more before the network is given them.",
    )


def _training_data(observed: Observations, steps: list[Step]) -> set[int]:
    """The data sets over which passes went while these steps were taken."""
    orders_of_steps = [step.order for step in steps]
    return {one.dataset for one in observed.passes if any(one.order < order < one.end_order for order in orders_of_steps)}


def _share(counted: Counter[Order], order: Order) -> float:
    return counted[order] / counted.total() if counted.total() else 0.0


def _start(one: DataSet, side: str) -> str:
    tokens = one.examples[0][side]
    return " ".join(tokens[:8]) + (" …" if len(tokens) > 8 else "")
