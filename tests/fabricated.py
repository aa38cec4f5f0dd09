"""Evidence made by hand, so that checks are tested without a kernel: what a notebook holds, what was seen, what probes brought back."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np

from autograder.checks import CheckFailed, Evidence, NotRun, Show, Student, Undecided
from autograder.model.execution import Answer, CellRun, CellStatus, Ending, Execution
from autograder.model.grading import Outcome
from autograder.model.observations import (
    Axes,
    DataPass,
    DrawnFigure,
    Line,
    LossCall,
    Network,
    NetworkCall,
    Observations,
    RecurrentLayer,
    Scalar,
    Step,
    Transform,
    TransformCall,
)
from autograder.model.submission import Cell, CellKind, Figure, FigureOrigin, Notebook, Output, Section, Submission
from reference.judging.expected import Expected

ROOT = Path(__file__).resolve().parents[1]
KEPT = 8  # examples kept of a call


def checks(name: str) -> ModuleType:
    """A file of tests/checks as a module."""
    path = ROOT / "tests" / "checks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tested_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def fingerprint(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16]


class Seen:
    """Notes records as the observers in a kernel would, one after the other."""

    def __init__(self) -> None:
        self.cell, self.question, self.order = 1, "1.1", 0
        self.networks: list[Network] = []
        self.calls: list[NetworkCall] = []
        self.losses: list[LossCall] = []
        self.steps: list[Step] = []
        self.passes: list[DataPass] = []
        self.transforms: list[Transform] = []
        self.transform_calls: list[TransformCall] = []
        self.figures: list[DrawnFigure] = []
        self.scalars: list[Scalar] = []
        self.arrays: dict[str, np.ndarray] = {}

    def at(self, question: str, cell: int) -> Seen:
        self.question, self.cell = question, cell
        return self

    def _place(self) -> tuple[int, int, str]:
        self.order += 1
        return self.order, self.cell, self.question

    def _keep(self, values: np.ndarray | None) -> str:
        if values is None:
            return ""
        name = f"array{len(self.arrays)}"
        self.arrays[name] = np.array(values)
        return name

    def network(self, recurrent: Sequence[RecurrentLayer] = (), leaves: Sequence[tuple[str, tuple[tuple[int, ...], ...]]] = ()) -> int:
        count = sum(layer.parameter_count for layer in recurrent)
        self.networks.append(Network(len(self.networks) + 1, "Net", count, tuple(recurrent), tuple(leaves)))
        return len(self.networks)

    def call(
        self, network: int, given: np.ndarray, returned: np.ndarray, *, gradient: bool = True, length: int = 0, kept: bool = True
    ) -> None:
        self.calls.append(
            NetworkCall(
                *self._place(),
                network=network,
                training=gradient,
                with_gradient=gradient,
                input_shape=given.shape,
                output_shape=returned.shape,
                length=length,
                batch=len(given),
                fingerprint=fingerprint(given),
                input=self._keep(given[:KEPT]) if kept else "",
                output=self._keep(returned[:KEPT]) if kept else "",
            )
        )

    def loss(self, first: np.ndarray, second: np.ndarray, *, kind: str = "mse_loss", value: float = 0.05) -> None:
        self.losses.append(
            LossCall(
                *self._place(),
                kind=kind,
                first_shape=first.shape,
                second_shape=second.shape,
                first_fingerprint=fingerprint(first),
                second_fingerprint=fingerprint(second),
                ignore_index=None,
                with_gradient=True,
                value=value,
                first=self._keep(first[:KEPT]),
                second=self._keep(second[:KEPT]),
            )
        )

    def step(
        self,
        network: int,
        *,
        optimizer: int = 1,
        before: str = "",
        after: str = "",
        length: int = 0,
        batch: int = 64,
        steps_before: int | None = None,
    ) -> None:
        earlier = sum(step.optimizer == optimizer for step in self.steps)
        self.steps.append(
            Step(
                *self._place(),
                optimizer=optimizer,
                optimizer_class="Adam",
                optimizer_parameter_count=sum(known.parameter_count for known in self.networks if known.id == network),
                networks=(network,),
                loss=0.05,
                length=length,
                batch=batch,
                before=before,
                after=after,
                steps_before=earlier if steps_before is None else steps_before,
                clipped_to=None,
                fast_forwarded=False,
            )
        )

    def data_pass(self) -> None:
        """The beginning of a pass over a loader; it ends with the next one."""
        order, cell, question = self._place()
        self.passes.append(DataPass(order, order + 1000, cell, question, 1, 1, "MNIST", 256, 64))

    def transform(
        self,
        degrees: tuple[float, ...] | None = (-10.0, 10.0),
        translate: tuple[float, ...] | None = (0.2, 0.2),
        shear: tuple[float, ...] | None = (-5.0, 5.0),
        scale: tuple[float, ...] | None = None,
    ) -> int:
        identity = len(self.transforms) + 1
        self.transforms.append(Transform(*self._place(), identity, "RandomAffine", degrees, translate, scale, shear))
        return identity

    def transformed(self, transform: int, given: np.ndarray, returned: np.ndarray) -> None:
        self.transform_calls.append(
            TransformCall(*self._place(), transform, fingerprint(given), fingerprint(returned), self._keep(given), self._keep(returned))
        )

    def images(self, *values: np.ndarray) -> None:
        """A figure with one axes an image."""
        axes = tuple(Axes("", "", "", (), (self._keep(one),), (one.shape,)) for one in values)
        self.figures.append(DrawnFigure(*self._place(), axes))

    def plot(self, *axes: tuple[str, Mapping[str, Sequence[float]]]) -> None:
        """A figure; each axes has a title and labelled lines."""
        drawn = tuple(
            Axes(title, "", "", tuple(Line(label, tuple(map(float, range(len(y)))), tuple(y)) for label, y in lines.items()), (), ())
            for title, lines in axes
        )
        self.figures.append(DrawnFigure(*self._place(), drawn))

    def scalar(self, tag: str, value: float, step: int) -> None:
        self.scalars.append(Scalar(*self._place(), tag, value, step))

    def observations(self) -> Observations:
        return Observations(
            networks=tuple(self.networks),
            calls=tuple(self.calls),
            losses=tuple(self.losses),
            steps=tuple(self.steps),
            passes=tuple(self.passes),
            transforms=tuple(self.transforms),
            transform_calls=tuple(self.transform_calls),
            figures=tuple(self.figures),
            scalars=tuple(self.scalars),
            arrays=self.arrays,
        )


def code(index: int, source: str = "train()", printed: str = "", figures: int = 0, count: int | None = None) -> Cell:
    """A code cell that printed something and drew so many figures."""
    pictures = tuple(Figure(index, FigureOrigin.OUTPUT, "image/png", b"") for _ in range(figures))
    outputs = tuple(Output("stream", "stdout", text) for text in [printed] if text)
    outputs += tuple(Output("display_data", "", "", (picture,)) for picture in pictures)
    return Cell(index, CellKind.CODE, source, outputs, count, pictures)


def markdown(index: int, source: str, figures: int = 0) -> Cell:
    """A markdown cell with so many pictures pasted in."""
    pictures = tuple(Figure(index, FigureOrigin.ATTACHMENT, "image/png", b"") for _ in range(figures))
    return Cell(index, CellKind.MARKDOWN, source, figures=pictures)


def evidence(
    sections: Mapping[str, Sequence[Cell]],
    seen: Seen | None = None,
    answers: Mapping[str, Answer] | None = None,
    *,
    folder: Path = Path("nowhere"),
    runs: Sequence[CellRun] | None = None,
    mode: str = "replay",
    files: tuple[str, ...] = ("hw4.ipynb",),
) -> Evidence:
    """One submission. Every code cell ended well unless `runs` says otherwise."""
    cells = tuple(cell for part in sections.values() for cell in part)
    notebook = Notebook(cells, tuple(Section(question, "", tuple(part)) for question, part in sections.items()))
    ran = [
        CellRun(cell.index, question, CellStatus.OK, 0.1)
        for question, part in sections.items()
        for cell in part
        if cell.kind is CellKind.CODE
    ]
    observations = (seen or Seen()).observations()
    execution = Execution(Ending.FINISHED, tuple(ran if runs is None else runs), observations, answers or {})
    submission = Submission("ann", "Ann", "hw4.ipynb", "0" * 64, files, notebook, b"{}")
    return Evidence(submission, execution, mode, "sample", folder, 0)


def outcome(check: Callable[..., object], given: Evidence) -> tuple[Outcome, str]:
    """How a check ends, and its sentence."""
    available = {
        "evidence": given,
        "student": Student(given),
        "reference": Expected(given),
        "show": Show(),
    }
    wanted = check.__code__.co_varnames[: check.__code__.co_argcount]  # type: ignore[attr-defined]
    try:
        check(**{name: available[name] for name in wanted})
    except CheckFailed as verdict:
        return Outcome.FAILED, verdict.sentence
    except Undecided as verdict:
        return Outcome.REVIEW, verdict.sentence
    except NotRun as verdict:
        return Outcome.NOT_RUN, verdict.sentence
    return Outcome.PASSED, ""
