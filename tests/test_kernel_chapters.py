"""Which sections run in one kernel when all is computed, and that a replay in chapters is one execution, interrupted or not."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from test_kernel_replay import ENVIRONMENT, MEASUREMENTS, asked, printed, submission

from autograder.kernel.carried import carried, read
from autograder.kernel.chapters import replay_in_chapters
from autograder.kernel.parts import chapters_of
from autograder.kernel.progress import Loop
from autograder.kernel.replay import ReplaySettings
from autograder.model.execution import CellStatus, Ending, Execution, Finding

TRAIN = "def train(model, data):\n    for x in data:\n        model(x).sum().backward()\n    return 1.0"


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("model = nn.Linear(2, 2)\nfor _ in range(3):\n    model(x).backward()", "model(y)", {"model"}),
        ("model = nn.Linear(2, 2)\nfor _ in range(3):\n    model(x).backward()", "model = nn.Linear(1, 1)\nmodel(y)", set()),
        ("losses = []\nfor e in range(3):\n    losses.append(e)", "plot(losses)", {"losses"}),
        ("best = train(net, batches)", "print(best)", {"best"}),
        ("net = Net()\nbest = train(net, batches)", "def show():\n    return net\nshow()", {"net"}),
        ("loader = DataLoader(data)\nfor e in range(2):\n    train(net, loader)", "for x in loader:\n    print(x)", set()),
        ("criterion = nn.CrossEntropyLoss()\nfor e in range(2):\n    criterion(a, b)", "criterion(c, d)", set()),
        ("with open('f') as f:\n    text = f.read()", "len(text)", {"text"}),
        ("for e in range(3):\n    history['a'] = e", "history", {"history"}),
        ("for i in range(3):\n    loss = i", "for i in range(3):\n    loss = i\n    print(loss)", set()),
        ("for i in range(3):\n    count = i", "count += 1", {"count"}),
        ("for x in data:\n    total = x", "[x for x in other]", set()),
        ("SIZE = 3\nsize = [SIZE]", "print(SIZE, size)", set()),
        ("def step():\n    global seen\n    seen = 1\nwith context:\n    step()", "print(seen)", {"seen"}),
        ("this is not python", "neither is this", set()),
        ("x = " + "1 + " * 400 + "1", "x = " + "1 + " * 400 + "1", set()),
        ("def f(a, a):\n    return b", "def f(a):\n    print(b)\n    global b", set()),
    ],
)
def test_what_one_chapter_leaves_for_another_is_told_from_the_source(before: str, after: str, names: set[str]) -> None:
    """What was trained, filled or computed is carried when it is read before it is made anew; what definitions bring back is not."""
    shared = [TRAIN, "class Net(nn.Module):\n    pass"]
    assert carried([before], [*shared, before, after]) & read([after]) == names


def test_sections_join_when_they_go_on_with_the_same_things() -> None:
    """Declared groups, sections that come back, and whatever was carried over make one chapter; the others stand alone."""
    one = submission(
        "import torch",
        *("# 1.1", "a = torch.zeros(1)\nfor _ in range(2):\n    a += 1"),
        *("# 1.2", "b = 1"),
        *("# 2.1", "c = 1"),
        *("# 2.2", "print(a)"),
        *("# 3.1", "d = 1"),
    )

    def questions(*together: tuple[str, ...]) -> list[list[str]]:
        return [[part.question for part in chapter.parts] for chapter in chapters_of(one, together)]

    assert questions() == [["", "1.1", "1.2", "2.1", "2.2"], ["3.1"]]
    again = submission("# 1.1", "a = 1", "# 1.2", "b = 1", "# 2.1", "c = 1", "# 1.2", "d = 1", "# 3.1", "e = 1")
    assert [[part.question for part in chapter.parts] for chapter in chapters_of(again, [("2.1", "3.1")])] == [
        ["1.1"],
        ["1.2", "2.1", "1.2", "3.1"],
    ]
    apart = chapters_of(submission("x = 1", "# 1.1", "y = x", "# 2.1", "z = y"), [])
    assert [(len(chapter.setup), len(chapter.before), chapter.is_last) for chapter in apart] == [(0, 0, False), (1, 1, True)]


class Kept:
    """Checkpoints in memory, which can be taken away from."""

    def __init__(self) -> None:
        self.chapters: dict[int, Execution] = {}

    def read(self, number: int) -> Execution | None:
        return self.chapters.get(number)

    def keep(self, number: int, execution: Execution) -> None:
        self.chapters[number] = execution


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    course, data = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("data")
    (course / "__init__.py").write_text("")
    (course / "environment.py").write_text(ENVIRONMENT)
    (course / "measurements.py").write_text(MEASUREMENTS)
    return course, data


def in_chapters(places: tuple[Path, Path], kept: Kept | None = None, *, budget: float = 600, told: list[Loop] | None = None) -> Execution:
    settings = ReplaySettings(places[0], constants={"WIDTH": 1e9}, fast_forward=False, deterministic=True)
    return replay_in_chapters(
        NOTEBOOK,
        settings=settings,
        together=(),
        probes=[asked("double", "2.1"), asked("late", "4.1")],
        data_folder=places[1],
        seed=3,
        budget_seconds=budget,
        checkpoints=kept,
        looping=None if told is None else told.append,
    )


NOTEBOOK = submission(
    "import random, torch\nfrom torch import nn\nWIDTH = 512\nprint('set up')",  # 0
    "# 1.1",
    """
    network = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    def loss_of(n):
        return network(torch.rand(8, 1)).sum()
    """,
    """
    losses = []
    for epoch in range(4):
        for batch in range(25):
            optimizer.zero_grad()
            loss = loss_of(batch)
            loss.backward()
            optimizer.step()
            __import__('time').sleep(0.05)
        losses.append(loss.item())
    print(losses, random.random())
    """,  # 3
    "# 2.1",
    "def double(x):\n    return 2 * x * helper()\nprint(WIDTH, torch.rand(1), random.random())",  # 5
    "early = defined_later()",  # 6
    "# 3.1",
    "def helper():\n    return 1\ndef defined_later():\n    return 3",  # 8
    "print(globals().get('losses'), globals().get('double', len)(4))",  # 9
    "import os\nos._exit(1)",  # 10
)


def plain(execution: Execution) -> object:
    """What must not depend on interruptions."""
    cells = [dataclasses.replace(run, seconds=0.0) for run in execution.cells]
    steps = [(step.order, step.cell, step.optimizer, step.loss, step.before, step.after) for step in execution.observations.steps]
    return (cells, steps, execution.constants, execution.changes, execution.ending, json.loads(execution.notebook))


def test_an_interrupted_replay_goes_on_and_comes_to_the_same(places: tuple[Path, Path]) -> None:
    """Chapters that are kept are not run again, and the whole is the same as without the interruption; progress is told meanwhile."""
    kept, told = Kept(), list[Loop]()
    whole = in_chapters(places, kept, told=told)
    assert [run.status for run in whole.cells] == [
        *[CellStatus.OK] * 7,
        CellStatus.KILLED,
    ]
    assert whole.ending is Ending.DIED
    assert whole.constants == {"WIDTH": (512.0, 512.0)}
    assert printed(whole, 9) == "[] 8\n"  # what a loop filled is not there, what was defined is
    assert len(whole.observations.steps) == 100
    assert not any(step.fast_forwarded for step in whole.observations.steps)
    assert isinstance(whole.answers["2.1.double"], Finding)
    assert set(whole.answers) == {"2.1.double", "4.1.late"}
    assert whole.determinism["deterministic_algorithms"] is True
    assert whole.determinism["computed_on"] == "processor"
    assert told[-1].question == "1.1"
    assert [place.name for place in told[-1].places] == ["epoch", "batch"]
    assert (told[-1].places[0].rounds, told[-1].places[1].rounds) == (4, 25)
    assert sorted(kept.chapters) == [0, 1, 2]
    del kept.chapters[2]
    resumed = in_chapters(places, kept)
    assert "2 of 3 chapters were taken" in resumed.log[0]
    assert plain(resumed) == plain(whole)


def test_the_budget_is_of_all_chapters_together(places: tuple[Path, Path]) -> None:
    """What is over budget is not kept, and what comes after it was not run; the time of kept chapters counts."""
    kept = Kept()
    in_chapters(places, kept, budget=300)
    first = kept.chapters[0]
    late = Kept()
    late.chapters[0] = dataclasses.replace(first, seconds={"replay": 297.0})
    execution = in_chapters(places, late, budget=300)
    assert execution.ending is Ending.OVER_BUDGET
    assert {run.index: run.status for run in execution.cells}[9] is CellStatus.NOT_RUN
    assert set(late.chapters) == {0}
