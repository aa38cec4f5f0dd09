"""Who shares code and answers beyond what everybody was given."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from stored_notebooks import code, loaded, markdown

from autograder.model.similarity import Excerpt, Similarities
from autograder.model.submission import Person, Received, Submission
from autograder.similarity import tokens
from autograder.similarity.compare import compare

ROOT = Path(__file__).resolve().parents[1]
GIVEN = loaded(
    markdown("## 1.1 Write a function that adds up all numbers and say in your own words how it works and why it ends."),
    code("import torch\n" * 20),
)


def written(seed: int, statements: int = 40) -> str:
    """Code that nobody else has written."""
    choice = random.Random(seed)
    names = ("view", "sum", "mean", "step", "cat", "relu", "item", "size")
    lines = (
        f"value_{choice.randint(0, 99)} = data.{choice.choice(names)}({choice.randint(0, 99)}).{choice.choice(names)}({choice.random():.3})"
        for _ in range(statements)
    )
    return "\n".join(lines)


def said(seed: int, words: int = 80) -> str:
    choice = random.Random(-seed)
    return " ".join("".join(choice.choices("aeiorstnlm", k=choice.randint(2, 8))) for _ in range(words))


def submission(id: str, *parts: tuple[str, str], user: str = "") -> Submission:
    cells = [code(text) if kind == "code" else markdown(text) for kind, text in parts]
    given = [markdown(GIVEN.cells[0].source), code(GIVEN.cells[1].source)]
    received = Received((Person(id, user),)) if user else Received()
    return Submission(id, id, "hw.ipynb", id, (), loaded(*given, *cells), b"", received=received)


def compared(submissions: Sequence[Submission]) -> Similarities:
    return compare(submissions, GIVEN.cells)


def alike(submissions: Sequence[Submission]) -> list[set[str]]:
    return [{pair.one, pair.other} for pair in compared(submissions).pairs]


def shared(excerpt: Excerpt) -> str:
    return "".join(piece.text for piece in excerpt.pieces if piece.shared)


def test_a_copy_is_found_whatever_its_names_and_layout() -> None:
    """Renamed, commented and laid out anew, with an import of one's own; the others are not accused."""
    renamed = written(1).replace("value_", "mine").replace("data.", "frame .").replace("\n", "  # so\n\n")
    found = compared(
        [
            submission("ann", ("code", written(1))),
            submission("bob", ("code", "import os\n" + renamed)),
            *(submission(f"x{number}", ("code", written(number))) for number in range(2, 8)),
        ]
    )
    (pair,) = found.pairs
    assert {pair.one, pair.other} == {"ann", "bob"}
    assert pair.code > 0.9
    assert pair.text == 0
    assert found.groups == (("ann", "bob"),)
    assert found.compared == 8


def test_a_copied_answer_is_found() -> None:
    """Words in another order of cells, in capitals and with other markup."""
    one = submission("ann", ("text", said(1)), ("code", written(1)))
    other = submission("bob", ("code", written(2)), ("text", "**" + said(1).upper().replace(" ", "  ") + "**"), ("text", said(3)))
    (pair,) = compared([one, other, submission("cid", ("text", said(4)))]).pairs
    assert pair.text == 1.0
    assert pair.code == 0


def test_passages_stand_side_by_side() -> None:
    """Both cells whole, with what both have marked; what only one has is not."""
    one = submission("ann", ("code", "only_here = 1\n" + written(1)))
    other = submission("bob", ("code", written(2)), ("code", written(1, 25) + "\n" + written(5, 20)))
    (pair,) = compared([one, other]).pairs
    (passage, *_) = pair.passages
    assert passage.kind == "code"
    assert (passage.one.cell, passage.other.cell) == (2, 3)
    assert "".join(piece.text for piece in passage.one.pieces) == one.notebook.cells[2].source
    assert "".join(piece.text for piece in passage.other.pieces) == other.notebook.cells[3].source
    assert written(1, 24).splitlines()[10] in shared(passage.one)
    assert written(1, 24).splitlines()[10] in shared(passage.other)
    assert "only_here" not in shared(passage.one)
    assert written(5, 20).splitlines()[10] not in shared(passage.other)


def test_what_was_given_and_what_all_say_is_nobodys_own() -> None:
    """The template alone, and a passage that a whole class shares, make no pair."""
    assert compared([submission("ann"), submission("bob")]).pairs == ()
    in_class = written(99)
    assert alike([submission(f"s{number}", ("code", in_class), ("code", written(number))) for number in range(20)]) == []


def test_many_copies_of_one_whole_notebook_are_still_seen() -> None:
    """Copies of each other count as one when it is asked what the whole class shares."""
    copies = [submission(f"c{number:02}", ("code", written(1))) for number in range(15)]
    others = [submission(f"s{number}", ("code", written(number + 2))) for number in range(5)]
    assert compared([*copies, *others]).groups == (tuple(f"c{number:02}" for number in range(15)),)


def test_two_submissions_of_one_student_are_no_pair() -> None:
    """Handing in again is no copying."""
    assert alike([submission("a", ("code", written(1)), user="7"), submission("b", ("code", written(1)), user="7")]) == []


@pytest.mark.parametrize(
    "parts", [[], [("code", "")], [("code", "x = '''never closed \"\n" * 50)], [("text", "Ü " * 9), ("code", "\ud800" * 40)]]
)
def test_odd_notebooks_do_no_harm(parts: list[tuple[str, str]]) -> None:
    """Nothing, next to nothing, and what cannot be parsed."""
    assert len(compared([submission("ann", *parts), submission("bob", *parts)]).pairs) <= 1
    assert compared([]).pairs == ()


def test_tokens_of_code() -> None:
    """Names are one, attributes and numbers stay, strings are one, comments do not count."""
    first, second = (tokens.of_code(text) for text in ("net = model.fit(x, 1.5e3, 'a') # why", 'y=data.fit(w,1.5e3,r"""b\n"c""")'))
    assert first.values.tolist() == second.values.tolist()
    assert tokens.of_code("model.fit(x)").values.tolist() != tokens.of_code("model.eval(x)").values.tolist()


def test_another_process_finds_the_same() -> None:
    """Python's own hashes differ from one process to the next; what is flagged does not."""
    program = (
        "import sys; sys.path[:0] = ['tests']\n"
        "from test_similarity import *\n"
        "two = [submission('a', ('code', written(1))), submission('b', ('code', written(1, 30)))]\n"
        "print([(p.one, p.other, p.code) for p in compared(two).pairs])"
    )
    runs = {
        subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."})
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert b"'a', 'b'" in runs.pop()
