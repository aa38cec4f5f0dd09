"""Reports to render: one like many, one with every outcome and hostile text, one rejected, one still in progress."""

from __future__ import annotations

import dataclasses
import io
import math
import random

from PIL import Image, ImageDraw

from autograder import score
from autograder.model.execution import CellRun, CellStatus
from autograder.model.grading import (
    Band,
    CheckResult,
    CheckSpec,
    Curve,
    Exhibit,
    Flag,
    GradeReport,
    ManualItem,
    ManualSpec,
    Outcome,
    Panel,
    Question,
    Run,
    Score,
    Status,
    Visibility,
)
from autograder.model.submission import Figure, FigureOrigin

RUN = Run("replay", "cpu", "sample digits", "none", 0, "Homework 9: shapes and sums", "2026.1")
SECRET = "SECRET-7341"
QUESTIONS = (
    Question("1.1", "A bigger circle"),
    Question("1.2", "In words"),
    Question("2.1", "Theory"),
    Question("2.2", "Experiment"),
    Question("3.1", "Data"),
    Question("3.2", "Sizes"),
)


def check(
    name: str,
    title: str,
    points: int,
    outcome: Outcome = Outcome.PASSED,
    sentence: str = "",
    *,
    evidence: str = "",
    hidden: bool = False,
    detail: str = "",
    exhibits: tuple[Exhibit, ...] = (),
) -> CheckResult:
    """A result whose id starts with its question: q1_1.round is of 1.1."""
    question = name.split(".")[0].removeprefix("q").replace("_", ".")
    visibility = Visibility.HIDDEN if hidden else Visibility.VISIBLE
    spec = CheckSpec(name, question, title, points, visibility, evidence)
    return CheckResult(spec, outcome, sentence or title, detail, exhibits, 0.01)


def manual(name: str, title: str, points: int, answer: str) -> ManualItem:
    question = name.split(".")[0].removeprefix("q").replace("_", ".")
    return ManualItem(ManualSpec(name, question, title, points), bool(answer), answer)


def report(checks: tuple[CheckResult, ...], marks: tuple[ManualItem, ...], **other: object) -> GradeReport:
    """A report whose scores follow from its checks."""
    specs = [item.spec for item in marks]
    made = GradeReport(
        id="ann-lee_1042",
        student="Ann Lee",
        notebook="hw9.ipynb",
        sha256="5f0c" * 16,
        files=("hw9.ipynb", "hw9.pdf"),
        status=Status.GRADED,
        reason="",
        run=RUN,
        questions=QUESTIONS,
        score=score.total(checks, specs),
        scores=score.by_question(checks, specs, QUESTIONS),
        checks=checks,
        manual=marks,
        flags=(),
        seconds={"start": 0.42, "replay": 12.9, "probes": 0.914, "checks": 0.5, "total": 15.123},
        peak_memory_mb=640.4,
        replayed_notebook=b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n',
        log=("kernel started", "kernel ended"),
    )
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]


def disc(shift: float, *, left_dark: bool = False) -> tuple[tuple[float, ...], ...]:
    """28 by 28 pixels with a soft ring in it."""

    def value(row: int, column: int) -> float:
        if left_dark and column < 14:
            return 0.0
        distance = math.hypot(row - 13.5, (column - 13.5 - shift) * 1.25)
        return round(max(0.0, 1 - abs(distance - 8) / 2.4), 3)

    return tuple(tuple(value(row, column) for column in range(28)) for row in range(28))


def picture(size: tuple[int, int] = (420, 300), form: str = "PNG", seed: int = 0) -> bytes:
    """A stored figure: a falling line in a frame."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 20, size[0] - 20, size[1] - 40), outline="black")
    noise = random.Random(seed)
    points = [(40 + x, size[1] - 50 - 220 * math.exp(-x / 90) - noise.random() * 6) for x in range(0, size[0] - 60, 6)]
    draw.line(points, fill="#1f77b4", width=2)
    draw.rectangle((0, 0, 2 * seed, 4), fill="black")
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def falling(label: str, start: float, end: float, steps: int = 30, seed: int = 1) -> Curve:
    noise = random.Random(seed)
    y = (end + (start - end) * math.exp(-step / (steps / 5)) * (1 + 0.08 * noise.uniform(-1, 1)) for step in range(steps))
    return Curve(label, tuple(map(float, range(1, steps + 1))), tuple(round(value, 5) for value in y))


def plots() -> Exhibit:
    x = tuple(map(float, range(1, 31)))
    low = tuple(0.013 + 0.045 * math.exp(-step / 6) for step in range(30))
    high = tuple(0.018 + 0.055 * math.exp(-step / 6) for step in range(30))
    band = Band("the reference's five runs", x, low, high)
    curves = (falling("printed in your notebook", 0.0634, 0.0149), falling("replayed at a small scale", 0.081, 0.031, seed=2))
    return Exhibit("Loss in each epoch", curves=curves, band=band, x_label="epoch", y_label="loss")


def circles(*, hidden: bool = False) -> Exhibit:
    panels = (
        Panel("the grader's picture", disc(0)),
        Panel("your circle", disc(0, left_dark=True)),
        Panel("the reference's", disc(0, left_dark=True)),
    )
    return Exhibit("One of 64 fresh pictures", panels=panels, hidden=hidden)


def ordinary() -> GradeReport:
    """Most passed, two failed, one undecided, answers waiting."""
    checks = (
        check("q1_1.left", "The left half of every picture is dark.", 20, evidence="probed", exhibits=(circles(),)),
        check("q1_1.right", "The right half is kept.", 10, evidence="probed"),
        check("q1_1.argument", "The argument is left alone.", 10, evidence="probed"),
        check("q1_1.trained", "The network is trained on the circles.", 15, evidence="replayed"),
        check("q1_1.loss", "The reported loss is at most 0.03.", 10, evidence="reported", exhibits=(plots(),)),
        check(
            "q1_1.secret",
            f"{SECRET} title",
            15,
            evidence="probed",
            hidden=True,
            detail=f"{SECRET} detail",
            exhibits=(circles(hidden=True),),
        ),
        check("q1_2.shown", "A reconstruction is shown.", 30, evidence="reported"),
        check(
            "q2_2.independent",
            "The experiments are independent of one another.",
            15,
            Outcome.FAILED,
            "The network that had been trained at length 5 was trained on at length 10. Each length should start with a new network and "
            "a new optimizer: build both inside the loop over the lengths.",
            evidence="replayed",
            detail=f"step 41: before=ab12, network 3 {SECRET}",
        ),
        check("q2_2.curves", "Loss curves are shown for each length.", 30, evidence="reported"),
        check(
            "q2_2.accuracy",
            "Accuracy curves are shown for training and validation.",
            30,
            Outcome.REVIEW,
            "The accuracies were logged to TensorBoard only, so a person has to look for the curves.",
            evidence="reported",
        ),
        check("q3_1.vocabulary", "The vocabularies have the expected sizes.", 0, evidence="probed"),
        check("q3_2.first", "The size of the first network is right.", 15, evidence="reported"),
        check(
            "q3_2.second",
            "The size of the second network is right.",
            15,
            Outcome.FAILED,
            "You wrote 77,330 for the second network. Count the weights and the biases of each linear layer once more.",
            evidence="reported",
        ),
    )
    marks = (
        manual(
            "q1_2.explanation",
            "Says why the right half can be filled in.",
            50,
            "The *code* holds what all circles share:\n\n- a centre\n- a **radius**",
        ),
        manual("q2_1.answer", "Says why gradients vanish.", 50, "Because the factor `w**t` goes to zero.\n\n1. first\n2. second"),
        manual("q3_2.reasoning", "Derives the sizes.", 40, ""),
    )
    flags = (
        Flag("out_of_order", "Some cells were executed out of order, so the stored outputs may come from other code.", 12),
        Flag("needs_later_import", "The notebook uses nn before the cell that imports it.", 31),
    )
    stored = {
        "1.1": (Figure(11, FigureOrigin.OUTPUT, "image/png", picture()), Figure(12, FigureOrigin.FILE, "image/svg+xml", b"<svg/>")),
        "2.2": tuple(Figure(40 + n, FigureOrigin.ATTACHMENT, "image/jpeg", picture(form="JPEG", seed=n)) for n in range(5)),
    }
    cells = (
        CellRun(10, "1.1", CellStatus.OK, 1.234),
        CellRun(
            12, "1.1", CellStatus.ERROR, 0.1, "NameError: name 'nn' is not defined", f"Traceback\n  {SECRET}\nNameError: nn", attempts=2
        ),
        CellRun(40, "2.2", CellStatus.TIMEOUT, 20.0, "interrupted after 20 s"),
        CellRun(44, "", CellStatus.NOT_RUN, 0.0),
    )
    notes = ("SIZE was 100 and is 12.", "Data sets are cut to 256 pictures.", "Not run: !pip install torchtext==0.9.1")
    return report(checks, marks, flags=flags, figures=stored, cells=cells, notes=notes)


HOSTILE = "<script>alert(1)</script>\u202egnp.exe\x1b[31mred\x1b[0m\x00 ]]> {{ 7*7 }} \ud800 <img src=x onerror=alert(1)> https://evil.example/x.png"


def hostile() -> GradeReport:
    """Every outcome, and text that tries what it can."""
    curves = (
        Curve(HOSTILE, (1.0, 2.0, 3.0), (math.nan, math.inf, 2.0)),
        Curve("huge", (0.0, 1.0), (1e300, 2.0)),
        Curve("one point", (1.0,), (1.0,)),
        *(Curve(f"more {number}", (0.0, 1.0), (0.0, number)) for number in range(9)),
    )
    exhibits = (
        Exhibit(HOSTILE, curves=curves, x_label=HOSTILE, y_label=HOSTILE, band=Band(HOSTILE, (1.0,), (0.0,), (2.0,))),
        Exhibit("nothing finite", curves=(Curve("empty", (math.nan,), (1.0,)),)),
        Exhibit("odd", panels=(Panel(HOSTILE, ()), Panel("ragged", ((math.nan, 2.0, -1.0), (0.5,))))),
        Exhibit(f"{SECRET} exhibit", panels=(Panel(SECRET, ((0.5,),)),), hidden=True),
    )
    checks = (
        check("q1_1.passed", "Passes.", 10, evidence="probed", detail=SECRET),
        check("q1_1.failed", "Fails.", 20, Outcome.FAILED, HOSTILE, evidence="reported", detail=SECRET, exhibits=exhibits),
        check("q1_2.review", "Cannot be told.", 30, Outcome.REVIEW, HOSTILE * 500),
        check("q2_1.error", "Is ours.", 40, Outcome.ERROR, "This check could not be made.", detail=f"Traceback\n{SECRET}"),
        check("q2_2.not_run", "Was not run.", 50, Outcome.NOT_RUN, "The time for this notebook was over before this check."),
        check("q3_1.hidden", f"{SECRET} title", 5, Outcome.FAILED, f"{SECRET} sentence", hidden=True, evidence="probed", exhibits=exhibits),
        check("q3_2.hidden", f"{SECRET} title", 5, Outcome.REVIEW, f"{SECRET} sentence", hidden=True),
    )
    answer = f"# {HOSTILE}\n[click](javascript:alert(1)) ![x](https://evil.example/x.png)\n<b>bold</b> **x<i>y** `<u>`\n```\n<script>\n"
    marks = (manual("q1_2.answer", "Explains.", 100, answer), manual("q2_1.answer", HOSTILE, 25, "**" * 9_000 + "_*" * 5_000))
    figures = {
        "1.1": (
            Figure(1, FigureOrigin.OUTPUT, "image/png", b"\x89PNG\r\n\x1a\nbroken"),
            Figure(2, FigureOrigin.OUTPUT, "image/png", b""),
            Figure(3, FigureOrigin.DATA_URI, "image/svg+xml", b"<svg onload='alert(1)'/>"),
            *(Figure(n, FigureOrigin.OUTPUT, "image/png", picture((60, 60), seed=n)) for n in range(4, 24)),
        )
    }
    return report(
        checks,
        marks,
        id="=cmd_1",
        student=f"@{HOSTILE}",
        notebook=HOSTILE,
        files=(HOSTILE, "+SUM(A1)"),
        status=Status.NEEDS_REVIEW,
        reason=f"The grader itself failed on q2_1.error. {HOSTILE}",
        flags=(Flag("shouting", HOSTILE, 3), Flag("flag_failed", f"ValueError {SECRET}"), Flag("shouting", "Again.")),
        figures=figures,
        cells=(CellRun(1, "1.1", CellStatus.KILLED, math.nan, HOSTILE, f"{HOSTILE} {SECRET}"),),
        notes=(HOSTILE,),
        log=(HOSTILE, SECRET),
        seconds={"total": math.inf},
        replayed_notebook=b"",
    )


def rejected() -> GradeReport:
    """Nothing could be read."""
    sentence = "Nothing could be graded: bob.ipynb is not JSON."
    checks = tuple(
        dataclasses.replace(item, outcome=Outcome.NOT_RUN, sentence=sentence, exhibits=(), detail="") for item in ordinary().checks
    )
    marks = tuple(dataclasses.replace(item, answer_found=False, answer_markdown="") for item in ordinary().manual)
    return report(
        checks,
        marks,
        id="bob",
        student="",
        sha256="",
        status=Status.REJECTED,
        reason="bob.ipynb is not JSON. Save the notebook again and hand it in once more.",
        seconds={},
        replayed_notebook=b"",
    )


def in_progress() -> GradeReport:
    """The first checks are made, the others are not yet."""
    whole = ordinary()
    waiting = tuple(
        dataclasses.replace(item, outcome=Outcome.NOT_RUN, sentence="This check has not been made yet.") for item in whole.checks[3:]
    )
    return report((*whole.checks[:3], *waiting), whole.manual, seconds={})


def nothing_asked() -> GradeReport:
    """An assignment without a single check."""
    return report((), (), score=Score(0, 0, 0))
