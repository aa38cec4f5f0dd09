"""3.4 with data sets of a student's own: the sentences are read from the batches that the LSTM was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CheckFailed, Evidence, Student, Undecided
from autograder.model.execution import Ending, Execution, Finding
from autograder.model.observations import DataPass, Network, NetworkCall, Observations, RecurrentLayer, Step
from autograder.model.submission import Cell, CellKind, Notebook, Section, Submission
from reference.course.measured.vocabularies import vocabularies
from reference.judging.batches import order_with_gaps
from reference.judging.reversal import judge_source, judge_target, judge_training
from reference.judging.sentences import Order

SPECIAL = ["<unk>", "<pad>", "<sos>", "<eos>"]
BATCH = 8


def lines(staged: Path, language: str, split: str = "train") -> list[list[str]]:
    text = (staged / "multi30k" / f"{split}.{language}").read_text(encoding="utf-8")
    return [line.lower().replace(".", " .").replace(",", " ,").split() for line in text.splitlines()]


def numbers(sentences: list[list[str]], words: list[str]) -> np.ndarray:
    """(T, B), between start and stop, padded."""
    longest = max(map(len, sentences)) + 2
    columns = [[2, *(words.index(word) for word in sentence), 3] for sentence in sentences]
    return np.array([column + [1] * (longest - len(column)) for column in columns], np.int32).T


def judged(
    staged: Path,
    *,
    source: int,
    target: int = 1,
    evaluated: int | None = None,
    words_known: bool = True,
    held: int = 0,
    code: str = "",
    flipped: bool = False,
) -> list[str]:
    """The outcomes of source, target and training. 1 stands for in order, -1 for reversed; `evaluated` is the source without gradient.

    With `held`, the batches come from torchtext's data sets of 3.1, which hold the source in this order. `flipped` turns the source's
    tensors around.
    """
    arrays, vocabulary = {}, []
    for name, language, split, order in (
        *(("x", "de", "train", source), ("y", "en", "train", target)),
        *(("v", "de", "val", source if evaluated is None else evaluated), ("w", "en", "val", target)),
    ):
        sentences = lines(staged, language, split)[:BATCH]
        words = SPECIAL + sorted({word for sentence in sentences for word in sentence})
        arrays[name] = numbers([sentence[::order] for sentence in sentences], words)
        vocabulary.append(words)
    if flipped:
        arrays |= {name: arrays[name][::-1] for name in ("x", "v")}
    layer = RecurrentLayer("LSTM", 256, 512, 2, False, False, 10)
    calls = (
        NetworkCall(4, 70, "3.4", 1, True, True, (9, 8), (9, 8, 50), 9, 8, "a", numbers=("x", "y")),
        NetworkCall(8, 70, "3.4", 1, False, False, (9, 8), (9, 8, 50), 9, 8, "b", numbers=("v", "w")),
    )
    step = Step(5, 70, "3.4", 1, "Adam", 10, (1,), 5.0, 7, 8, "a", "b", 0, 1.0, False)
    seen = Observations(
        networks=(Network(1, "Translator", 10, (layer, layer)),),
        calls=calls,
        steps=(step,),
        passes=(DataPass(3, 6, 70, "3.4", 1, 77, "Pairs", 40, 8),),
        arrays=arrays,
    )
    sets = [
        {
            "names": [role],
            "role": role,
            "identity": identity,
            "used": True,
            "examples": [
                {"source": one[::held], "target": other}
                for one, other in zip(lines(staged, "de", split), lines(staged, "en", split), strict=True)
            ],
        }
        for identity, (role, split) in ((77, ("train", "train")), (78, ("valid", "val")))
        if held
    ]
    facts = {"sets": sets, "vocabularies": vocabulary if words_known else []}
    answers = {name: Finding(name, facts) for name in ("q3_1.data", "q3_4.data")}  # type: ignore[arg-type]
    cells = (Cell(70, CellKind.CODE, code),)
    notebook = Notebook(cells, (Section("3.4", "", cells), Section("3.3", "", ())))
    execution = Execution(Ending.FINISHED, answers=answers, observations=seen)
    evidence = Evidence(Submission("one", "", "hw4.ipynb", "", (), notebook, b""), execution, "replay", "sample", staged, 0)
    return [_outcome(judge, evidence) for judge in (judge_source, judge_target, judge_training)]


def _outcome(judge, evidence: Evidence) -> str:  # type: ignore[no-untyped-def]
    try:
        judge(evidence, Student(evidence))
    except CheckFailed:
        return "failed"
    except Undecided:
        return "review"
    return "passed"


def test_own_data_are_judged_by_the_batches(staged: Path) -> None:
    """Reversed German and English in order; each mistake costs its own check."""
    assert judged(staged, source=-1) == ["passed", "passed", "passed"]
    assert judged(staged, source=1) == ["failed", "passed", "passed"]
    assert judged(staged, source=-1, target=-1) == ["passed", "failed", "passed"]
    assert judged(staged, source=-1, evaluated=1) == ["failed", "passed", "passed"]


def test_batches_turned_on_their_way_are_judged_as_they_arrive(staged: Path) -> None:
    """The old data in their order, turned around in the loop: everywhere, in training only, in evaluation only, on the wrong side."""
    code = "x = torch.flip(batch.src, [0])"
    assert judged(staged, held=1, code=code, source=-1) == ["passed", "passed", "passed"]
    assert judged(staged, held=1, code=code, source=-1, evaluated=1) == ["failed", "passed", "passed"]
    assert judged(staged, held=1, code=code, source=1, evaluated=-1) == ["failed", "passed", "passed"]
    assert judged(staged, held=1, code=code, source=1, target=-1) == ["failed", "failed", "passed"]
    assert judged(staged, held=1, code=code, source=-1, words_known=False)[0] == "review"


def test_a_whole_tensor_turned_around_is_left_to_a_person(staged: Path) -> None:
    """Then the padding comes first and the start token last, which is not what was asked for and not far from it."""
    assert judged(staged, held=1, source=1, flipped=True) == ["review", "passed", "passed"]


def test_batches_that_cannot_be_read_are_left_to_a_person(staged: Path) -> None:
    """Without a vocabulary the numbers say nothing."""
    assert judged(staged, source=-1, words_known=False) == ["review", "review", "passed"]


def test_sentences_with_unknown_words_are_found(staged: Path) -> None:
    """The known words stand in the line in their order, with something in the gaps."""
    sentence = tuple(lines(staged, "de")[0])
    with_gap = (*sentence[:2], None, *sentence[3:])
    assert order_with_gaps(with_gap, staged, "de") is Order.FORWARD
    assert order_with_gaps(with_gap[::-1], staged, "de") is Order.REVERSED
    assert order_with_gaps((*sentence[:1], None, None, None, None, None, None, None), staged, "de") is Order.UNKNOWN


class Holder:
    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


WORDS = [*SPECIAL, *(f"wort{k}" for k in range(30))]


@pytest.mark.parametrize(
    "held",
    [
        WORDS,
        {word: k for k, word in enumerate(WORDS)},
        dict(enumerate(WORDS)),
        Holder(vocab=Holder(itos=WORDS)),
        {"de": Holder(words=WORDS)},
    ],
    ids=["list", "number of a word", "word of a number", "field", "in a dictionary"],
)
def test_vocabularies_are_found(held: object) -> None:
    """Whatever form they have, and wherever they are kept."""
    assert vocabularies([3, "text", held]) == [WORDS]


def test_other_lists_are_no_vocabularies() -> None:
    """Too short, with a word twice, not of words, or how often each word occurs."""
    assert vocabularies([["a", "b"], ["a"] * 30, list(range(30)), {"a": 1.0}, {word: 7 * k for k, word in enumerate(WORDS)}]) == []


def test_words_added_as_unknown_do_not_replace_the_unknown_word() -> None:
    """A mapping that notes unknown words keeps them under the number of the first."""
    assert vocabularies([{**{word: k for k, word in enumerate(WORDS)}, "fremd": 0}]) == [WORDS]
