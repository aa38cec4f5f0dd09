"""What a translator was taught, on records of gradients: the words of the target, without the start and the padding."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks import CheckFailed
from autograder.model.observations import Lesson, LossCall, NetworkCall, Observations
from reference.judging.lessons import judge_lessons

X = np.array([[2, 2, 2, 2], [5, 6, 7, 8], [3, 3, 3, 3]])
Y = np.array([[2, 2, 2, 2], [5, 6, 7, 8], [9, 3, 6, 6], [3, 1, 0, 3], [1, 1, 3, 1]])
RIGHT = np.where(Y == 1, -1, Y)
RIGHT[0] = -1


def observed(
    taught: np.ndarray, *, y: np.ndarray = Y, rule: str = "cross_entropy", scores: str = "scores", first: np.ndarray | None = None
) -> Observations:
    call = NetworkCall(1, 52, "3.2", 1, True, True, X.shape, (*y.shape, 20), 3, 4, "a", numbers=("x", "y"))
    arrays = {"x": X, "y": y, "taught": taught}
    losses: tuple[LossCall, ...] = ()
    if first is not None:
        arrays["first"] = first
        losses = (LossCall(2, 52, "3.2", "cross_entropy", first.shape, (len(first),), "a", "b", 1, True, 3.0, first="first"),)
    return Observations(calls=(call,), lessons=(Lesson(3, 52, "3.2", 1, 1, rule, scores, "taught"),), losses=losses, arrays=arrays)


def verdict(seen: Observations, padding: int | None = 1) -> str:
    try:
        judge_lessons(seen, {1}, padding)
    except CheckFailed as failed:
        return failed.sentence
    return ""


def test_the_right_words_pass_in_both_layouts() -> None:
    """(T, B) as in the handout, and (B, T) of a translator with the batch first."""
    assert verdict(observed(RIGHT)) == ""
    assert verdict(observed(RIGHT.T, y=Y.T)) == ""
    assert verdict(observed(RIGHT), padding=None) == ""


def shifted(by: int) -> np.ndarray:
    rolled = np.roll(Y, by, axis=0)
    rolled[0] = -1
    return np.where(Y == 1, -1, rolled)


@pytest.mark.parametrize(
    ("taught", "words"),
    [
        (np.where(Y == 0, -1, Y), "first row"),
        (np.where(np.arange(5)[:, None] == 0, -1, Y), "ignored nothing"),
        (np.where((Y == 0) | (np.arange(5)[:, None] == 0), -1, Y), "ignored word number 0"),
        (np.where(Y == 0, -1, RIGHT), "also ignored word number 0"),
        (shifted(1), "the word before it"),
        (np.full_like(Y, -1), "does not depend"),
    ],
    ids=["start counted", "padding counted", "another word ignored", "one more ignored", "one place off", "nothing"],
)
def test_other_words_are_caught(taught: np.ndarray, words: str) -> None:
    """Each with what was seen."""
    assert words in verdict(observed(taught))


def test_another_loss_is_caught_and_a_decoder_s_softmax_is_not_charged_here() -> None:
    """What the decoder does to its scores belongs to the decoder's own check."""
    assert "not those of one" in verdict(observed(RIGHT, rule="other"))
    assert verdict(observed(RIGHT, rule="other", scores="probabilities")) == ""


def test_a_softmax_in_the_loop_is_caught() -> None:
    """The loss function is given probabilities, made of scores."""
    rows = np.full((8, 20), 0.05, np.float32)
    assert "softmax of its own" in verdict(observed(RIGHT, first=rows))
    assert verdict(observed(RIGHT, first=rows - 1)) == ""
