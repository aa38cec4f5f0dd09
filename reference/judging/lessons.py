"""Judges what a translator was taught: the cross entropy of each word of the target but the start token, the padding left out.

Told by the gradients that came back to the translator's output, so it does not matter how the loss is written. Where there are none,
because encoder and decoder were called one by one, the calls of torch's losses are what there is.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from autograder.checks import require
from autograder.model.observations import Observations

Array = np.ndarray
ODD = 0.01  # share of words that may be asked for wrongly: a gradient of a word that is known already may vanish in float32


def judge_lessons(observed: Observations, networks: Collection[int], padding: int | None) -> None:
    """Requires cross entropy on the right words. `padding` is the padding's number in the target vocabulary, None when not known."""
    numbers = {call.order: [observed.arrays[name] for name in call.numbers if name in observed.arrays] for call in observed.calls}
    compared = False
    for lesson in observed.lessons:
        if lesson.network not in networks or not lesson.taught or lesson.scores == "probabilities":
            continue  # probabilities are the decoder's mistake, and charged there
        require(lesson.rule == "cross_entropy", "The given loss is the cross entropy; the gradients of this training are not those of one.")
        pair = aligned(observed.arrays[lesson.taught], numbers.get(lesson.call, ())[1:])
        if pair is not None:
            _require_words(*pair, padding)
            compared = True
    _require_scores(observed)
    if not compared:
        _require_loss_calls(observed, padding)


def aligned(taught: Array, candidates: Collection[Array]) -> tuple[Array, Array] | None:
    """What was taught, and the target sentences, both (T, B): the target is the array of these sizes whose first row is all the same."""
    for words in candidates:
        if words.ndim != 2 or taught.ndim != 2 or sorted(words.shape) != sorted(taught.shape):
            continue
        starts = [np.all(one[0] == one[0, 0]) for one in (words, words.T)]
        turned = words if starts[0] else words.T if starts[1] else None
        if turned is None or len(turned) < 2:
            continue
        layouts = [one for one in (taught, taught.T) if one.shape == turned.shape]
        return max(layouts, key=lambda one: int(np.sum(one[1:] == turned[1:]))), turned
    return None


def _require_words(taught: Array, words: Array, padding: int | None) -> None:
    asked, target = taught[1:] >= 0, words[1:]
    require(bool(asked.any()), "The loss does not depend on what the translator predicts.")
    other = asked & (taught[1:] != target)
    if padding is not None:
        other &= target != padding
    if other.sum() > ODD * asked.sum():
        require(
            False,
            f"For {other.sum() / asked.sum():.0%} of the target's words, the loss asks for another word than the one that stands there."
            + _shifted(taught, words, other),
        )
    require(not (taught[0] >= 0).any(), "The loss also counts the first row, which holds the start token and is given, not predicted.")
    if padding is None:
        return
    is_padding = target == padding
    ignored = "nothing" if not (~asked & ~is_padding).any() else "other words"
    require(
        not (asked & is_padding).any(),
        f"The loss is to ignore the padding, word number {padding}; it ignored {_left_out(asked, target, is_padding) or ignored}.",
    )
    left_out = _left_out(asked, target, is_padding)
    require(not left_out, f"The loss is to ignore nothing but the padding, word number {padding}; it also ignored {left_out}.")


def _shifted(taught: Array, words: Array, other: Array) -> str:
    """Whether the words asked for are mostly the neighbours of the right ones."""
    for side, asked, neighbours, wrong in (
        ("before", taught[1:], words[:-1], other),
        ("after", taught[1:-1], words[2:], other[:-1]),
    ):
        if int(np.sum(wrong & (asked == neighbours))) > 0.5 * other.sum():
            return f" It is mostly the word {side} it."
    return ""


def _left_out(asked: Array, target: Array, is_padding: Array) -> str:
    """The words other than the padding that the loss does not count, in words."""
    left_out = ~asked & ~is_padding
    numbers = np.unique(target[left_out])
    if not len(numbers):
        return ""
    return f"word number {numbers[0]}" if len(numbers) == 1 else f"{left_out.sum()} of {np.sum(~is_padding)} words"


def _require_scores(observed: Observations) -> None:
    """A softmax between the translator's scores and a loss that takes the softmax itself; or none before one that takes logarithms."""
    raw = any(lesson.scores == "scores" for lesson in observed.lessons)
    for loss in observed.losses:
        rows = observed.arrays.get(loss.first)
        if rows is None or not loss.with_gradient or rows.ndim < 2 or not raw:
            continue
        sums = rows.sum(axis=1)
        is_softmax = bool((rows >= 0).all()) and bool((np.abs(sums - 1) < 1e-3).all())
        require(
            loss.kind != "cross_entropy" or not is_softmax,
            "The scores go through a softmax before the cross entropy, which takes a softmax of its own.",
        )


def _require_loss_calls(observed: Observations, padding: int | None) -> None:
    losses = [loss for loss in observed.losses if loss.with_gradient]
    if not losses:
        return
    kinds = {loss.kind for loss in losses}
    require(kinds <= {"cross_entropy", "nll_loss"}, f"The given loss is the cross entropy; the training used {', '.join(sorted(kinds))}.")
    ignored = {loss.ignore_index for loss in losses}
    if padding is not None:
        require(
            ignored <= {padding},
            f"The loss is to ignore the padding, word number {padding}; it ignored {_ignored(ignored - {padding})}.",
        )


def _ignored(numbers: set[int | None]) -> str:
    words = [str(number) for number in sorted(number for number in numbers if number is not None and number >= 0)]
    return f"word number {' and '.join(words)}" if words else "nothing"
