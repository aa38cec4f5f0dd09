"""Judges a student's translator: the loop that hands words and states on, apart from mistakes of its encoder and decoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks import Evidence, Student, require, review
from autograder.model.execution import Finding
from reference.judging.agreed import is_complete, same_scores
from reference.judging.expected import Array, Expected, Translation, log_softmax
from reference.judging.found import found, names, pointing_at, prefix
from reference.probes import CASES, KINDS


def judge_translator(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    """Requires the right scores with and without teacher forcing, and that a ratio of one half does both."""
    with pointing_at(f"{KINDS[question]}Translator", evidence, question):
        _judge_cases(question, evidence, student, reference)


def _judge_cases(question: str, evidence: Evidence, student: Student, reference: Expected) -> None:
    name = f"{KINDS[question]}Translator"
    undecided = ""
    findings: list[Finding] = []
    for case in CASES:
        probe = f"{prefix(question)}.translator.{case.name}"
        finding = found(student, evidence, question, probe)
        shape = (case.target_steps, case.batch, case.target)
        _require_shape(name, finding, shape)
        undecided = judge_scores(name, finding, reference.translator(probe), reference, probe) or undecided
        findings.append(finding)
    _require_drawing(name, findings)
    if undecided:
        review(undecided)


def _require_shape(name: str, finding: Finding, shape: tuple[int, int, int]) -> None:
    if not is_complete(finding):
        review(f"What was measured of {name} is incomplete, so a person has to look at it.")
    for label in ("forced", "greedy"):
        seen = finding.arrays[label].shape
        hint = " The row of the first word is missing." if seen == (shape[0] - 1, *shape[1:]) else ""
        require(seen == shape, f"{name} returned scores of shape {seen} instead of {shape}, (target words, batch, vocabulary).{hint}")
        require(
            not finding.arrays[label][0].any(),
            f"{name}'s first row of scores is not zero: nothing is predicted for the start word, so row t belongs to target word t.",
        )


def judge_scores(name: str, finding: Finding, expected: Translation, reference: Expected, probe: str) -> str:
    """What stays undecided about one case, "" when it is right."""
    forced, greedy = finding.arrays["forced"], finding.arrays["greedy"]
    right_forced = _right(finding, "forced", expected.forced)
    right_greedy = _right(finding, "greedy", expected.greedy)
    if right_forced and right_greedy:
        cut_off = " and the ".join(names(finding, "cut_off"))
        require(
            not cut_off, f"{name}'s scores are right, but no gradient goes back from them to the {cut_off}, which therefore cannot learn."
        )
        partly = " and the ".join(names(finding, "partly_cut_off"))
        require(
            not partly,
            f"{name}'s scores are right, but on the way back from them part of the gradient to the {partly} is lost, as when a state is "
            "detached between two words.",
        )
        return ""
    if same_scores(forced, greedy):
        always = right_forced or same_scores(forced, expected.forced)
        require(not always, f"{name} gives the true words to the decoder even when the teacher forcing ratio is 0.")
        require(not right_greedy, f"{name} gives its own guesses to the decoder even when the teacher forcing ratio is 1.")
    require(
        not _turned(finding, expected),
        f"{name} uses the teacher forcing ratio the wrong way round: at 1 it follows its own guesses, at 0 the true words.",
    )
    if not finding.facts.get("stand_in") and not right_forced:
        for hint, carried in (
            (" The state that the decoder returns is not handed to its next step.", (False, False)),
            (" The cell state that the decoder returns is not handed to its next step.", (True, False)),
            (" The hidden state that the decoder returns is not handed to its next step.", (False, True)),
        ):
            if same_scores(forced, reference.translator(probe, carried=carried).forced):
                require(False, f"{name}'s scores with teacher forcing are wrong from the second word on.{hint}")
    if "unrolled_forced" not in finding.arrays:
        return f"{name}'s scores could not be compared: its encoder and decoder have an interface of their own. A person looks at it."
    wrong, label = ("with teacher forcing", "forced") if not right_forced else ("without teacher forcing", "greedy")
    step = _first_difference(finding.arrays[label], finding.arrays[f"unrolled_{label}"])
    require(
        False,
        f"{name}'s scores {wrong} are not those of its decoder called word by word from the encoder's state: "
        f"they differ from target word {step} on." + _where_to_look(step, right_forced, finding.arrays[label][step]),
    )
    return ""


def _where_to_look(step: int, right_forced: bool, seen: Array) -> str:
    if step == 1:
        return " Already the first step is another, so look at what the encoder is given and how its state reaches the decoder."
    if right_forced:
        return " With teacher forcing they are right, so look at how the next word is chosen from the scores."
    if not seen.any():
        return " That row is all zero: no scores were written to it."
    return " The first steps are right, so look at which word and which state go into the next one."


def _right(finding: Finding, label: str, expected: Array) -> bool:
    """Equal to the reference, or to the student's own encoder and decoder called step by step: their mistakes cost elsewhere."""
    seen = finding.arrays[label]
    unrolled = finding.arrays.get(f"unrolled_{label}")
    return (not finding.facts.get("stand_in") and same_scores(seen, expected)) or (unrolled is not None and same_scores(seen, unrolled))


def _turned(finding: Finding, expected: Translation) -> bool:
    """Forced and greedy exchanged."""
    forced, greedy = finding.arrays["forced"], finding.arrays["greedy"]
    pairs = [(expected.forced, expected.greedy)] if not finding.facts.get("stand_in") else []
    if "unrolled_forced" in finding.arrays and "unrolled_greedy" in finding.arrays:
        pairs.append((finding.arrays["unrolled_forced"], finding.arrays["unrolled_greedy"]))
    return any(same_scores(forced, own) and same_scores(greedy, true) for true, own in pairs)


def _require_drawing(name: str, findings: Sequence[Finding]) -> None:
    """At a ratio of one half neither all words are forced in every try of every case, nor none."""
    for finding in findings:
        forced, drawn = finding.arrays["forced"], finding.arrays["drawn"]
        require(
            drawn.ndim == 4 and drawn.shape[1:] == forced.shape,
            f"{name} returned scores of another shape when the teacher forcing ratio was one half.",
        )
    for label, sentence in (
        ("forced", "gives the true words to the decoder every time"),
        ("greedy", "never gives a true word to the decoder"),
    ):
        same = [same_scores(one, finding.arrays[label]) for finding in findings for one in finding.arrays["drawn"]]
        require(not all(same), f"With a teacher forcing ratio of one half, {name} {sentence} ({len(same)} of {len(same)} tries).")


def _first_difference(one: Array, other: Array) -> int:
    if one.shape != other.shape:
        return 1
    apart = np.abs(log_softmax(one) - log_softmax(other)).reshape(len(one), -1).max(axis=1)
    return int(np.argmax(apart > 1e-3))
