"""`make fuzz`: notebooks, zips and reports spoiled at random go through intake, evidence and reports; none may raise, each is a row.

Every case is made from its number and the seed alone, so that one that fails can be
made again: `python -m tests.fuzz --first NUMBER --count 1`.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
import json
import os
import re
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import sample_reports as samples
from inert import look_at
from stored_notebooks import QUESTIONS, code, coded, markdown, png, shown, stdout

from autograder.intake.find import find
from autograder.kernel.record import notebook_file
from autograder.kernel.replay import not_replayed
from autograder.model.execution import CellRun, CellStatus
from autograder.model.grading import GradeReport, ManualItem, ManualSpec, Status
from autograder.model.submission import Rejected, Submission
from autograder.reported import answers, copied, figures, numbers, order, pdf_text, printed, syntax, wording
from autograder.reports.table import FORMULA_STARTS
from autograder.reports.write import write, write_results, write_table

PATIENCE_SECONDS = 20.0  # of CPU, for one case
STEP = 100  # cases between two words on how far it is
TEXTS = (
    "",
    "## 1.1 Again\nloss: 0.1234 after 3 epochs",
    "## 1.2\n" * 40,
    "<script>alert(1)</script><svg onload=alert(1)><img src=x onerror=alert(1)>",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\ \x1b[2J\x1b]0;never ended",
    "\u202egnp.exe\u2066\u200b\ufeff\U000e0041",
    "half \ud800 a pair \udfff",
    "nul \x00 bell \x07 eight bits \x9b31m",
    '=HYPERLINK("https://evil.example";"x")',
    "x;=1+1",
    "@SUM(A1)\r\n-1\t+1",
    "../../etc/passwd",
    "C:\\con",
    "![x](../../etc/passwd) ![y](data:image/svg+xml,<svg/>) [z](javascript:alert(1))",
    "{{ 7*7 }} {% raw %} %s {0} ${x}",
    "]]> --> </style></title></pre>",
    "$$x_1$$ **a *b** c* `d\n```\n~~~",
    "a" * 5_000,
    "(" * 3_000,
    "-" * 3_000 + "1",
    "x\n" * 3_000,
    "Z" + "\u0301" * 300,
    "%%writefile /etc/x\n!rm -rf ~\nget_ipython()",
    "def f(:\n\tx = 1\n  y\x00",
    "1e999 1_000 ١٢٣ 12.345.678,9 nan inf 10**9**9",
    "data:image/png;base64," * 50,
    "李明 \u0600\u06dd ด้่ 👩\u200d🔬",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**70,
    1e300,
    float("nan"),
    float("inf"),
    [],
    {},
    [None],
    [[[[]]]],
    {"a": {"b": []}},
    "x",
)
NAMES = (
    "hw.ipynb",
    "HW.ipynb",
    "a/hw.ipynb",
    "../hw.ipynb",
    "/etc/hw.ipynb",
    "a\\..\\hw.ipynb",
    "con.ipynb",
    "=1+1.ipynb",
    "<b>.ipynb",
    "\u202egnp.ipynb",
    "\x1b[2J.ipynb",
    "李" * 80 + ".ipynb",
    "a" * 251 + ".txt",
    "doejane_LATE_12_34_hw.ipynb",
    "doejane_12_35_notes.pdf",
    "submission_metadata.yml",
    "submission_1/hw.ipynb",
    "__MACOSX/._hw.ipynb",
    "inner.zip",
    "plot.png",
    "a/",
    "a",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A case that raised, or whose reports are not what they should be."""

    number: int
    kind: str
    said: str


def run(first: int, count: int, *, seed: int = 0, until: Callable[[], bool] = lambda: False) -> tuple[int, list[Failure]]:
    """Try `count` cases from the number `first` on, or until there is no time; returns how many were tried and those that failed."""
    failures: list[Failure] = []
    tried = 0
    for number in range(first, first + count):
        if until():
            break
        tried += 1
        kind, attempt = (("notebook", of_notebook), ("zip", of_zip), ("report", of_report))[number % 3]
        begin = time.process_time()
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            try:
                attempt(Random(f"{seed} {number}"), Path(folder))
            except Exception:  # noqa: BLE001 - whatever is raised is what is looked for
                failures.append(Failure(number, kind, traceback.format_exc()))
        if (spent := time.process_time() - begin) > PATIENCE_SECONDS:
            failures.append(Failure(number, kind, f"took {spent:.0f} s"))
    return tried, failures


def of_notebook(random: Random, folder: Path) -> None:
    """A folder of students, one of them with a spoiled notebook, graded as far as that goes without a kernel."""
    put(folder / "all" / "ann" / "hw.ipynb", json.dumps(notebook()).encode())
    put(folder / "all" / "eve" / "hw.ipynb", spoiled_notebook(random))
    put(folder / "all" / "eve" / "plot.png", spoiled_bytes(random, png()))
    put(folder / "all" / "eve" / "hw.pdf", spoiled_bytes(random, PDF))
    litter(random, folder / "all" / random.choice(("", "eve")))
    by_id = {report.id: report.status for report in graded([folder / "all"], folder)}
    assert by_id["ann"] is Status.GRADED
    assert "eve" in by_id


def of_zip(random: Random, folder: Path) -> None:
    """A spoiled zip, named on the command line or lying among other submissions."""
    packed = spoiled_zip(random)
    if random.random() < 0.5:
        assert graded([put(folder / f"eve{random.choice(('.zip', '.ZIP', ''))}", packed)], folder)
        return
    put(folder / "all" / "ann.ipynb", json.dumps(notebook()).encode())
    put(folder / "all" / "bob.ipynb", json.dumps(notebook()).encode())
    put(folder / "all" / f"eve{random.choice(('.zip', ''))}", packed)
    by_id = {report.id: report.status for report in graded([folder / "all"], folder)}
    assert by_id["ann"] is by_id["bob"] is Status.GRADED


def of_report(random: Random, folder: Path) -> None:
    """A report with spoiled texts and numbers in all places that student code or files can reach."""
    sample = random.choice((samples.ordinary, samples.hostile, samples.rejected, samples.in_progress))()
    written([spoiled_report(random, sample)], folder / "out")


def graded(paths: Sequence[Path], folder: Path) -> list[GradeReport]:
    """What a run in static mode makes of `paths`, with the notebooks' own texts where checks would put theirs."""
    items = find(paths, unpack_folder=folder / "unpacked", questions=QUESTIONS)
    assert len({item.id.lower() for item in items}) == len(items)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", item.id) for item in items)
    reports = [report_of(item) for item in items]
    written(reports, folder / "out")
    return reports


def report_of(item: Submission | Rejected) -> GradeReport:
    """A report that shows everything of a submission that reports ever show."""
    told = {"id": item.id, "student": item.student, "notebook": item.notebook_name, "files": item.files, "sha256": item.sha256}
    if isinstance(item, Rejected):
        assert item.reason
        return dataclasses.replace(samples.rejected(), reason=item.reason, **told)
    execution = not_replayed(item)
    look_at_evidence(item)
    cells = [cell for cell in item.notebook.cells if cell.kind.value == "code"]
    texts = {cell.index: "\n".join(output.text for output in cell.outputs) for cell in cells}
    return samples.report(
        samples.ordinary().checks[:3],
        tuple(
            ManualItem(ManualSpec(f"q.{section.question}", section.question, "Explains.", 10), True, answers.answer(section))
            for section in item.notebook.sections
            if section.question in {question.number for question in samples.QUESTIONS}
        ),
        **told,
        figures={section.question: section.figures for section in item.notebook.sections},
        cells=tuple(CellRun(cell.index, "1.1", CellStatus.ERROR, 0.1, texts[cell.index][:500], texts[cell.index]) for cell in cells),
        notes=tuple(f"Not run: {cell.source}" for cell in cells),
        log=tuple(cell.source for cell in cells),
        replayed_notebook=notebook_file(item, {run.index: run for run in execution.cells}, {}),
    )


def look_at_evidence(item: Submission) -> None:
    """Read from a notebook and what came with it all that checks and flags read."""
    execution = not_replayed(item)
    list(copied.logs(item, execution))
    list(copied.figures(item, execution))
    order.out_of_order(item.notebook)
    order.later_names(item.notebook)
    for section in item.notebook.sections:
        answers.answers(section, "")
        printed.losses(section)
        figures.real(section)
        numbers.located(section.printed)
    for cell in item.notebook.cells:
        syntax.names_of(cell.source)
        wording.readable(cell.source)
        numbers.numbers(cell.source)
    for name, path in item.companions.items():
        if name.endswith(".pdf"):
            pdf_text.text(path.read_bytes())


def written(reports: Sequence[GradeReport], out: Path) -> None:
    """Write everything and look at it with other eyes: what is read back is whole, inert, and no more than the text it was."""
    for number, report in enumerate(reports):
        folder = out / str(number)
        write_results(report, folder)
        write(report, folder)
        look_at(folder, report)
    write_table(reports, samples.QUESTIONS, out)
    rows = list(csv.reader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8"), newline="")))
    assert len(rows) == len(reports) + 1
    assert not [cell for row in rows for cell in (row[0], row[1], row[8]) if cell.startswith(FORMULA_STARTS)]


def notebook() -> dict[str, Any]:
    """A notebook with cells and outputs of every kind."""
    picture = coded(png())
    cells = [
        markdown("# Homework\n\nIntroduction"),
        markdown(
            f"### 1.1 A\n\nText ![a](attachment:a.png) ![b](plot.png) <img src='data:image/png;base64,{picture}'>",
            {"a.png": {"image/png": picture}},
        ),
        code("for epoch in range(3):\n    print(epoch)", stdout("epoch 1, loss: 0.52341\nepoch 2, loss: 0.4102\n"), count=1),
        code("plt.plot(x)", shown({"image/png": picture, "text/plain": "<Figure>"}), count=2),
        code("x", shown({"text/html": "<b>1</b>", "application/javascript": "1", "image/svg+xml": "<svg/>"}, "execute_result"), count=3),
        markdown("### 1.2 B\n\n**ANSWER** because 1,234 weights"),
        code("1 / 0", {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m", "v"]}, count=4),
        {"cell_type": "raw", "metadata": {}, "source": ["raw\n", "text"]},
        markdown("## Question 2\n\n### 2.1 C"),
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": cells}


OLD: dict[str, Any] = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {
            "metadata": {},
            "cells": [{"cell_type": "heading", "level": 3, "source": "1.1"}, {"cell_type": "code", "input": "x", "outputs": []}],
        }
    ],
}
PDF = (
    b"%PDF-1.4\n1 0 obj <</Font <</F1 2 0 R>> >> endobj\n2 0 obj <</ToUnicode 3 0 R>> endobj\n3 0 obj <<>>\nstream\n1 beginbfchar <41> "
    b"<0041> endbfchar 1 beginbfrange <42> <50> <0042> <51> <52> [<0051> <0052>] endbfrange\nendstream endobj\n4 0 obj <<>>\nstream\n"
    b"BT /F1 9 Tf (AB\\103) Tj <4142> Tj ET\nendstream endobj\n"
)


def spoiled_notebook(random: Random) -> bytes:
    """A notebook's file with a few values changed, and sometimes a few bytes."""
    tree: Any = notebook() if random.random() < 0.85 else json.loads(json.dumps(OLD))
    for _ in range(random.choice((1, 2, 4, 12))):
        change(random, tree)
    if random.random() < 0.02:
        tree["cells"] = json.loads("[" * 900 + "]" * 900)
    content = json.dumps(tree, ensure_ascii=random.random() < 0.7).encode(random.choice(("utf-8", "utf-8-sig", "utf-16")), "surrogatepass")
    return spoiled_bytes(random, content) if random.random() < 0.3 else content


def change(random: Random, tree: Any) -> None:
    """Put something else in a place of the tree, or take it away, or have it twice."""
    place = tree
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = random.choice(keys)
        if not isinstance(place[key], (dict, list)) or random.random() < 0.15:
            break
        place = place[key]
    what = random.random()
    if what < 0.5:
        place[key] = random.choice(TEXTS)
    elif what < 0.75:
        place[key] = json.loads(json.dumps(random.choice(VALUES)))
    elif what < 0.85:
        del place[key]
    elif isinstance(place, list):
        place.insert(random.randrange(len(place) + 1), json.loads(json.dumps(place[key])))
    else:
        place[random.choice(TEXTS)] = json.loads(json.dumps(place[key]))


def spoiled_bytes(random: Random, content: bytes) -> bytes:
    """The bytes with some changed, cut out or put in."""
    kept = bytearray(content)
    for _ in range(random.choice((1, 1, 3, 10))):
        place = random.randrange(len(kept) + 1)
        match random.randrange(4):
            case 0:
                kept[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del kept[place : place + random.choice((1, 4, 50))]
            case 2:
                kept[place:place] = random.choice(
                    (b"\0", b"\xff\xfe", b'"', b"}]", b"[" * 2_000, b"\\ud800", b"endobj", random.randbytes(8))
                )
            case _:
                del kept[place if random.random() < 0.1 else len(kept) :]
    return bytes(kept)


def spoiled_zip(random: Random, depth: int = 0) -> bytes:
    """A zip of odd names and spoiled files, and sometimes itself spoiled."""
    packed = io.BytesIO()
    how = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(packed, "w", how) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for _ in range(random.choice((0, 1, 3, 8))):
            name = random.choice(NAMES) if random.random() < 0.8 else random.choice(TEXTS).encode("utf-8", "replace").decode()[:300]
            entry = zipfile.ZipInfo(name or "x")
            entry.compress_type, entry.create_system = how, random.choice((0, 3))
            entry.external_attr = random.choice((0, 0, 0o100644, 0o120777, 0o010644, 0o060644, 0o040755)) << 16
            content = spoiled_zip(random, depth + 1) if name.endswith(".zip") and depth < 2 else spoiled_notebook(random)
            file.writestr(entry, b"" if name.endswith("/") else content)
        file.comment = random.choice(TEXTS).encode("utf-8", "replace")[:200]
    return spoiled_bytes(random, packed.getvalue()) if random.random() < 0.4 else packed.getvalue()


def spoiled_report(random: Random, report: GradeReport) -> GradeReport:
    """The report with some of its texts, numbers and bytes changed, its questions, scores and plan apart."""
    kept = {"id", "questions", "score", "scores", "run", "spec", "sha256", "replayed_notebook", "question"}

    def spoil(value: Any) -> Any:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return dataclasses.replace(value, **{name: spoil(part) for name, part in fields.items() if name not in kept})
        if isinstance(value, Mapping):
            return {key: spoil(part) for key, part in value.items()}
        if isinstance(value, tuple):
            return tuple(spoil(part) for part in value if random.random() > 0.01) if len(value) < 200 else value
        if isinstance(value, (Enum, bool)) or random.random() < 0.6:
            return value
        if isinstance(value, str):
            return random.choice(TEXTS)
        if isinstance(value, float):
            return random.choice((value, 0.0, -1.0, 1e300, 1e-300, float("nan"), float("inf"), float("-inf")))
        return spoiled_bytes(random, value) if isinstance(value, bytes) else value

    spoiled: GradeReport = spoil(report)
    return spoiled


def litter(random: Random, folder: Path) -> None:
    """Links, pipes and files of any name, as far as the system lets them be made."""
    for _ in range(random.choice((0, 1, 4))):
        name = random.choice((*NAMES, *TEXTS)).replace("/", "").replace("\0", "").encode("utf-8", "replace")
        place = os.fsencode(folder) + b"/" + (name[:255] or b"x")
        if os.path.lexists(place):
            continue  # perhaps a pipe, at which writing would wait
        with suppress(OSError):
            match random.randrange(5):
                case 0:
                    os.symlink(random.choice((place, os.fsencode(folder), b"/etc/passwd", b"hw.ipynb")), place)
                case 1:
                    os.mkfifo(place)
                case 2:
                    os.mkdir(place)
                case _:
                    Path(os.fsdecode(place)).write_bytes(spoiled_notebook(random))


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--count", type=int, default=2_000, help="how many cases")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    begin = time.monotonic()
    end = asked.first + asked.count
    failed = 0
    for first in range(asked.first, end, STEP):
        _, failures = run(first, min(STEP, end - first), seed=asked.seed)
        for failure in failures:
            print(f"case {failure.number} ({failure.kind}):\n{failure.said}")
        failed += len(failures)
        print(f"{min(first + STEP, end):,} of {end:,} cases, {time.monotonic() - begin:.0f} s, {failed} failed", flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
