"""3.4: judges which way round the sentences of the data sets stand, and what was trained on them."""

from __future__ import annotations

import re
from collections import Counter

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Absent, Finding
from autograder.model.observations import Observations, Step
from reference.judging.found import found
from reference.judging.sentences import ROLES, DataSet, Order, cut_as, data_sets, orders
from reference.judging.training import mistaken, recurrent_kinds, review_when_stopped, trained

QUESTION = "3.4"
FEW_KNOWN = 0.4  # of a training set's words in its own vocabulary: some 0.8 of 256 pairs and 0.97 of all, under 0.2 in the other language's
NAMES = {"train": "training", "valid": "validation", "test": "test"}
MOSTLY = 0.9  # of a data set's examples; some lines hold characters that a tokenizer may change


def reversed_sets(evidence: Evidence, student: Student) -> dict[str, DataSet]:
    """The data sets of 3.4 by role: those made since 3.1, of these the ones that were used; else what the names hold now."""
    answer = student.answer("q3_4.data")
    if isinstance(answer, Absent):
        evidence.missing(QUESTION, "No data with reversed German sentences were made here.")
    sets = data_sets(found(student, evidence, QUESTION, "q3_4.data"))
    if not sets:
        review("The translation data have a form that could not be read, so a person has to look at it.")
    earlier = earlier_sets(student)
    new = [one for one in sets if one.identity not in {old.identity for old in earlier}]
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


def earlier_sets(student: Student) -> tuple[DataSet, ...]:
    answer = student.answer("q3_1.data")
    return data_sets(answer) if isinstance(answer, Finding) else ()


def is_new(sets: dict[str, DataSet], student: Student) -> bool:
    """Whether the data were made again for 3.4, or hold reversed sentences since 3.1 was edited."""
    old = {one.identity for one in earlier_sets(student)}
    return any(one.identity not in old for one in sets.values())


def flips_batches(evidence: Evidence) -> bool:
    """Whether code of 3.4 turns tensors around: then the sentences may be reversed on their way to the network, which no data set shows."""
    return any(re.search(r"\bflip(?:ud|lr)?\s*\(", cell.source) for cell in evidence.section(QUESTION).code)


def judge_source(evidence: Evidence, student: Student) -> None:
    """Requires every split's German sentences to be reversed."""
    sets = reversed_sets(evidence, student)
    wrong = {}
    for role, one in sets.items():
        counted = orders(one.examples, "source", evidence.data_folder)
        if _share(counted, Order.UNKNOWN) > 1 - MOSTLY:
            review("The German sentences in the data sets could not be told from the given ones, so a person has to look at them.")
        if _share(counted, Order.REVERSED) < MOSTLY:
            wrong[role] = (one, counted)
    if not wrong:
        _require_german(sets)
        return
    if flips_batches(evidence):
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


def _require_german(sets: dict[str, DataSet]) -> None:
    cut = {cut_as(one, "source") for one in sets.values()}
    require(cut != {"en"}, "The German sentences are reversed, but the English tokenizer cuts them into words.")


def judge_target(evidence: Evidence, student: Student) -> None:
    """Requires every split's English sentences in order, cut by the English tokenizer, in data made for this question."""
    sets = reversed_sets(evidence, student)
    source = [orders(one.examples, "source", evidence.data_folder) for one in sets.values()]
    is_made = is_new(sets, student) or any(_share(counted, Order.REVERSED) > 0.5 for counted in source)
    if not is_made and not flips_batches(evidence):
        evidence.missing(
            QUESTION, "No data with reversed German sentences were made here, so there are no English sentences that belong to them."
        )
    for role in sorted(sets, key=lambda role: role != "train"):
        one = sets[role]
        counted = orders(one.examples, "target", evidence.data_folder)
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


def trained_in(evidence: Evidence, student: Student) -> str:
    """3.3 when the cells of 3.1 were edited in place and everything was run again, without another training in 3.4; else 3.4."""
    if evidence.observed(QUESTION).steps:
        return QUESTION
    earlier = [one for one in earlier_sets(student) if one.role in ("train", "")]
    return "3.3" if any(_share(orders(one.examples, "source", evidence.data_folder), Order.REVERSED) > 0.5 for one in earlier) else QUESTION


def judge_training(evidence: Evidence, student: Student) -> None:
    """Requires that an LSTM was trained, on the data of this question."""
    sets = reversed_sets(evidence, student)
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
    for side, language in (("source", "German"), ("target", "English")):
        known = min((one.known[side] for one in sets.values() if one.identity in training and side in one.known), default=1.0)
        require(
            known >= FEW_KNOWN,
            f"The vocabulary knows only {known:.0%} of the {language} words that the LSTM was trained on: it was built from others.",
        )
    old = {one.identity for one in earlier_sets(student)}
    require(not training <= old, "The LSTM was trained on the data of 3.1 again, not on those that were made for this question.")


def _training_data(observed: Observations, steps: list[Step]) -> set[int]:
    """The data sets over which passes went while these steps were taken."""
    orders_of_steps = [step.order for step in steps]
    return {one.dataset for one in observed.passes if any(one.order < order < one.end_order for order in orders_of_steps)}


def _share(counted: Counter[Order], order: Order) -> float:
    return counted[order] / counted.total() if counted.total() else 0.0


def _start(one: DataSet, side: str) -> str:
    tokens = one.examples[0][side]
    return " ".join(tokens[:8]) + (" …" if len(tokens) > 8 else "")
