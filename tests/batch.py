"""`make batch`: a Canvas zip of 200 submissions made of the corpus, graded by one command; prints rows, rate, CPU and memory.

Every fourth is correct, the others are mutants, broken files, hostile code, copies, late, anonymous or re-uploads. Exits with 1 when a row
is lost or too many, when a verdict is not the one that the case must have, when Canvas would read anything but scores of who was graded, or
when the summary is not as small and quick as it should be.

`--kills 10`: afterwards the same zip is graded into another folder and killed (kill -9) ten times at random moments; nothing may be graded
twice, and the table must be that of the undisturbed run, times aside. `--go-on` keeps what an earlier run has done.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import canvas_import
import nbformat
from bench.measure import measured
from rich.console import Console
from rich.table import Table
from submissions.case import SOLUTION, Case
from submissions.corpus import cases

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "import os\nos._exit(1)",
    "raise SystemExit",
    "open('/etc/passwd').read(); import socket; socket.create_connection(('example.org', 80), 1)",
    "import sys\nsys.stdout.write('x' * 50_000_000)",
    "import shutil, os\nshutil.rmtree(os.path.expanduser('~/nothing-here'), ignore_errors=True)",
)
BROKEN = (b"", b"{", b"\x00" * 1000, b'{"cells": 3}', b"%PDF-1.4")


@dataclass
class Cohort:
    """The zip's files, and what each row must be: a status, and of a case its own checks' outcomes."""

    files: dict[str, bytes] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    case: dict[str, Case] = field(default_factory=dict)
    people: list[tuple[str, int]] = field(default_factory=list)


def cohort(number: int, *, seed: int = 0) -> Cohort:
    """`number` submissions as Canvas would give them, the same for the same seed."""
    choice, made = random.Random(seed), Cohort()
    correct = [case for case in cases() if case.is_correct]
    wrong = [case for case in cases() if case.fails]
    whole = SOLUTION.read_bytes()
    for index in range(number):
        name, user, upload = f"student{chr(97 + index % 26)}{chr(97 + index // 26)}", 20_000 + index, 700_000 + 10 * index
        late = "LATE_" if index % 9 == 4 else ""
        anonymous = index % 20 == 7
        begin = f"{late}anon_A{index}" if anonymous else f"{name}_{late}{user}"
        id = f"anon_A{index}" if anonymous else f"{name}_{user}"
        made.people.append((name, user))
        kind = index % 10
        if kind in (0, 4, 8):
            content, made.case[id] = (lambda case: (case.content(), case))(choice.choice(correct))
        elif kind in (1, 2, 5, 6):
            content, made.case[id] = (lambda case: (case.content(), case))(choice.choice(wrong))
        elif kind == 3:
            content = BROKEN[index // 10 % len(BROKEN)]
        elif kind == 7:
            notebook = nbformat.reads(whole.decode(), as_version=4)
            notebook.cells.insert(3, nbformat.v4.new_code_cell(HOSTILE[index // 10 % len(HOSTILE)], id="hostile"))
            content = nbformat.writes(notebook).encode()
        else:
            content = whole  # copies of one another
        made.status[id] = "rejected" if kind == 3 else "graded"
        made.files[f"{begin}_{upload}_hw4.ipynb"] = content
        if index % 8 == 1 and kind != 3:  # handed in again: the one above is the newer
            made.files[f"{begin}_{upload - 5}_hw4-1.ipynb"] = BROKEN[1]
        if index % 5 == 2:
            made.files[f"{begin}_{upload + 1}_hw4.pdf"] = b"%PDF-1.4 nothing to read"
    return made


def gradebook(made: Cohort) -> bytes:
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 4 (77)\r\n    Points Possible,,,,,11.00\r\n"
    return (head + "".join(f'"{name.title()}, S",{user},S{user},{name},A,\r\n' for name, user in made.people)).encode()


def chromium(page: Path) -> float | None:
    """Seconds until a headless browser has loaded and laid out the page; None where there is no browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        return None
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as profile:
        command = [found, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=True)
    return time.perf_counter() - begun


def problems(made: Cohort, out: Path) -> list[str]:
    """What is not as it must be."""
    rows = {row["submission"]: row for row in csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())}
    said = [f"no row: {id}" for id in made.status.keys() - rows.keys()] + [
        f"a row too many: {id}" for id in rows.keys() - made.status.keys()
    ]
    said += [
        f"{id} is {rows[id]['status']}, not {status}" for id, status in made.status.items() if id in rows and rows[id]["status"] != status
    ]
    for id, case in made.case.items():
        if id in rows:
            report = json.loads((out / id / "report.json").read_text(encoding="utf-8"))
            for check in report["checks"]:
                if check["question"].startswith(f"{case.question}.") and check["outcome"] != case.expected(check["id"]):
                    said.append(f"{id} ({case.name}): {check['id']} is {check['outcome']}, not {case.expected(check['id'])}")
    return said


def canvas_problems(made: Cohort, out: Path) -> list[str]:
    """What an import of canvas.csv would do that it should not: scores for who has none, others than the table's."""
    students = {user: (f"S{user}", name, f"{name.title()}, S") for name, user in made.people}
    read = canvas_import.read((out / "canvas.csv").read_bytes(), canvas_import.Course(students, {77: "Homework 4"}))
    rows = {row["submission"]: row for row in csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())}
    own = {user: rows.get(f"{name}_{user}") for name, user in made.people}
    wanted = {(user, 77): row["score_after_late"] for user, row in own.items() if row and row["status"] == "graded"}
    found = {place: new for place, (_, new) in read.changes.items()}
    differ = sorted(place for place in found.keys() | wanted.keys() if found.get(place) != wanted.get(place))
    return [f"canvas.csv: user {place[0]} would get {found.get(place)}, not {wanted.get(place)}" for place in differ]


def killed(command: list[str], out: Path, undisturbed: Path, kills: int, environment: dict[str, str], seconds: float) -> list[str]:
    """What went wrong in a run that was killed so often, each time at a random moment of as long as a run takes."""
    chance, said, finished = random.Random(kills), [], 0
    for number in range(kills):
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(2, max(4.0, 1.6 * seconds / kills)))
            process.kill()
        before, finished = finished, len(grades(out))
        if finished < before:
            said.append(f"after kill {number + 1} there were {finished} grades, {before} before")
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    given = grades(out)
    said += [f"{id} was graded {given.count(id)} times" for id in sorted(set(given)) if given.count(id) != 1]
    if table(out) != table(undisturbed):
        said.append("the table of the killed run is not that of the undisturbed one")
    print(f"killed {kills} times, {finished} of {len(given)} were done at the last; {len(said)} problems")
    return said


def grades(out: Path) -> list[str]:
    """The submission of each grade that was ever given."""
    with contextlib.closing(sqlite3.connect(out / "grades.db")) as connection, contextlib.suppress(sqlite3.OperationalError):
        return [str(row[0]) for row in connection.execute("SELECT submission FROM grades")]
    return []  # killed before the tables were made


def table(out: Path) -> list[dict[str, str]]:
    """grades.csv, times aside."""
    return [{**row, "seconds": ""} for row in csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", default="replay", help="static: only rows are compared, since nothing is executed")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--go-on", action="store_true")
    options = parser.parse_args()
    made = cohort(options.number, seed=options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = Path(temporary), ROOT / "results" / "batch"
        if not options.go_on:
            shutil.rmtree(out, ignore_errors=True)
        with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in made.files.items():
                packed.writestr(name, content)
        (folder / "gradebook.csv").write_bytes(gradebook(made))
        command = [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(folder / "submissions.zip"),
            "--out",
            str(out),
            "-q",
            "--mode",
            options.mode,
        ]
        command += ["--jobs", str(options.jobs), "--fill-canvas", str(folder / "gradebook.csv")]
        # The verdicts of the corpus are those on the embedded sample: no other data is found from here.
        environment = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HW4_DATA": "", "XDG_CACHE_HOME": str(folder / "cache")}
        cost = measured(command, **environment)
        if options.mode == "static":
            made.case.clear()
        wrong = problems(made, out) + canvas_problems(made, out)
        summary = out / "summary.html"
        shown = Table(title=f"{options.number} submissions, {options.jobs} at a time")
        shown.add_column("measured")
        shown.add_column("", justify="right")
        loaded = chromium(summary)
        figures = {
            "wall seconds": f"{cost.wall_seconds:.0f}",
            "submissions a minute": f"{60 * options.number / cost.wall_seconds:.1f}",
            "CPU seconds": f"{cost.cpu_seconds:.0f}",
            "CPU use": f"{cost.cpu_seconds / cost.wall_seconds:.2f} cores",
            "peak memory, MB of PSS": f"{cost.memory_mb:.0f}",
            "summary.html, kB": f"{summary.stat().st_size / 1000:.0f}",
            "summary.html in headless Chromium, seconds": "no browser" if loaded is None else f"{loaded:.2f}",
            "wrong": str(len(wrong)),
        }
        for name, value in figures.items():
            shown.add_row(name, value)
        Console().print(shown)
        if options.kills:
            other = out.with_name("batch-killed")
            shutil.rmtree(other, ignore_errors=True)
            command[command.index(str(out))] = str(other)
            wrong += killed(command, other, out, options.kills, {**os.environ, **environment}, cost.wall_seconds)
        for sentence in wrong:
            print(sentence)
        sys.exit(1 if wrong or summary.stat().st_size > 2_000_000 or (loaded or 0) > 2 else 0)


if __name__ == "__main__":
    main()
