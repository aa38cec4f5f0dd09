"""What a step of the LSTM translator's training costs: the notebook's own loop beside the reference's, in turn, on the same batches."""

from __future__ import annotations

import ast
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from reference import data as data_sets
from reference import text, translation
from reference.solution import ANSWERS, answered
from reference.training import stretches

STEPS = 30
CELLS = ("q3-3-model", "q3-2-settings")  # the translator, filled in, and the loop that the notebook is given with
NAMES = {"LSTMEncoder", "LSTMDecoder", "LSTMTranslator", "token_loss", "train"}
Epoch = Callable[[list[Any]], float]


@dataclass
class _Runner:
    """One way to train, with random numbers of its own."""

    name: str
    epoch: Epoch
    state: tuple[object, torch.Tensor]
    losses: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    wall_seconds: list[float] = field(default_factory=list)

    def step(self, batch: text.Batch) -> None:
        """One step, as an epoch of one batch."""
        random.setstate(self.state[0])  # type: ignore[arg-type]
        torch.set_rng_state(self.state[1])
        cpu, wall = time.process_time(), time.perf_counter()
        self.losses.append(self.epoch([batch]))
        self.cpu_seconds.append(time.process_time() - cpu)
        self.wall_seconds.append(time.perf_counter() - wall)
        self.state = random.getstate(), torch.get_rng_state()


@dataclass
class _NotebookBatch:
    src: torch.Tensor
    trg: torch.Tensor


def bench(console: Console, runs: int, notebook: Path, data: Path | None) -> None:
    """Thirty steps of each loop at full size; the medians of their costs, the ratio, and how far their losses are apart."""
    with tempfile.TemporaryDirectory() as temporary:
        corpus = text.read(data_sets.stage(data_sets.find(data, {}), None, Path(temporary)))
    batches = corpus.training.batches(128, shuffled_by=random.Random(0))[:STEPS]
    runners = _runners(corpus)
    for batch in batches:
        for runner in runners:
            runner.step(batch)
    first = runners[0]
    table = Table(title=f"LSTM translator, {len(corpus.source)} and {len(corpus.target)} words, {len(batches)} steps, 1 thread, in turn")
    for heading in ("", "CPU s a step", "wall s a step", "CPU ratio", "wall ratio", "losses apart"):
        table.add_column(heading, justify="right" if heading else "left")
    for runner in runners:
        cpu, wall = median(runner.cpu_seconds), median(runner.wall_seconds)
        ratios = (sum(first.cpu_seconds) / sum(runner.cpu_seconds), sum(first.wall_seconds) / sum(runner.wall_seconds))
        apart = max(abs(one - other) for one, other in zip(first.losses, runner.losses, strict=True))
        table.add_row(runner.name, f"{cpu:.2f}", f"{wall:.2f}", *(f"{ratio:.2f}" for ratio in ratios), f"{apart:.1e}")
    console.print(table)


def _runners(corpus: text.Corpus) -> list[_Runner]:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random.seed(0)
    readable, fast = translation.build("LSTM", corpus), translation.build("LSTM", corpus)
    theirs = _notebook()
    own = theirs["LSTMTranslator"](
        theirs["LSTMEncoder"](len(corpus.source), 256, 512, 2), theirs["LSTMDecoder"](len(corpus.target), 256, 512, 2), "cpu"
    )
    for model in (fast, own):
        model.load_state_dict(readable.state_dict())
    criterion = nn.CrossEntropyLoss(ignore_index=text.PADDING)
    of_own, of_readable = torch.optim.Adam(own.parameters()), torch.optim.Adam(readable.parameters())
    of_fast = torch.optim.Adam(fast.parameters(), fused=True)
    ways: dict[str, Epoch] = {
        "the notebook's loop": lambda batches: theirs["train"](own, [_NotebookBatch(*batch) for batch in batches], of_own, criterion, 1),
        "the reference, readable": lambda batches: translation.train_epoch(readable, batches, of_readable, clip=1.0),
        "the reference, in stretches": lambda batches: stretches.train_epoch(fast, batches, of_fast, clip=1.0),
    }
    return [_Runner(name, epoch, (random.getstate(), torch.get_rng_state())) for name, epoch in ways.items()]


def _notebook() -> dict[str, Any]:
    """The classes and functions of the finished notebook that train its LSTM translator."""
    cells = {cell.name: cell.source for cell in answered(ANSWERS)}
    defined: dict[str, Any] = {}
    exec("import random\nfrom typing import Union\nimport torch\nfrom torch import nn\n", defined)
    for name in CELLS:
        wanted = [node for node in ast.parse(cells[name]).body if getattr(node, "name", "") in NAMES]
        exec(compile(ast.Module(wanted, []), name, "exec"), defined)
    return defined
