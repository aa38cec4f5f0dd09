"""`python -m tests.public_agreement [NAME...]`: makes the public checks on the corpus, as students have them, and compares verdicts.

A public check must give the outcome that the case names for the harness, or leave open what only a replay shows. With `--sentences` the
harness grades the cases too, and both must say the same of what is wrong, numbers measured for other inputs apart.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from submissions.case import ROOT, Case
from submissions.corpus import cases, graded

from autograder.assignment import load
from autograder.packaging.archive import write_files
from autograder.packaging.student import student_files

QUESTIONS = (1, 3)  # that have public checks
Said = dict[str, tuple[str, str, float]]


def build(folder: Path) -> Path:
    """A student package in `folder`, unpacked."""
    write_files(folder / "homework", student_files(load(ROOT / "reference" / "assignment.toml")))
    return folder / "homework"


def public_verdicts(package: Path, chosen: Sequence[Case], folder: Path) -> Iterator[tuple[Case, Said]]:
    """What the public checks say of each case."""
    command = [sys.executable, str(Path(__file__).with_name("public_driver.py"))]
    environment = {"PYTHONPATH": str(package), "PATH": "", "HOME": str(folder), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        for case in chosen:
            path = folder / f"{case.name}.ipynb"
            path.write_bytes(case.content())
            print(path, file=driver.stdin, flush=True)
            yield case, json.loads(driver.stdout.readline())
        driver.stdin.close()


def disagreements(case: Case, said: Said) -> dict[str, str]:
    """Each public check whose verdict contradicts the harness's."""
    return {
        check: f"{outcome}, but the harness says {case.expected(check)}: {sentence}"
        for check, (outcome, sentence, _) in said.items()
        if outcome not in (case.expected(check), "review", "not_run")
    }


def alike(sentence: str) -> str:
    """A sentence without the numbers in it, and without where a cell stopped, which is only known where cells are run."""
    return re.sub(r"\d[\d.]*", "#", re.sub(r" Cell \d+ stopped with .*", "", sentence))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sentences", action="store_true")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="every Nth case, from the Kth on")
    options = parser.parse_args()
    first, every = map(int, options.part.split("/"))
    chosen = [
        case for case in cases() if case.question in QUESTIONS and (not options.names or any(one in case.name for one in options.names))
    ][first - 1 :: every]
    wrong, counted, slowest = 0, Counter[str](), 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        public = {}
        for case, said in public_verdicts(build(folder), chosen, folder):
            public[case.name] = said
            for check, difference in disagreements(case, said).items():
                wrong += 1
                print(f"{case.name}: {check} {difference}", flush=True)
            for check, (outcome, _, seconds) in said.items():
                counted["agreed" if outcome == case.expected(check) else "left open"] += 1
                slowest = max(slowest, seconds)
                if outcome != case.expected(check) and outcome in ("review", "not_run"):
                    print(f"  left open: {case.name}: {check}, harness: {case.expected(check)}: {said[check][1]}", flush=True)
        if options.sentences:
            for case, verdicts in graded(chosen, folder, jobs=1):
                for check, (outcome, sentence, _) in public[case.name].items():
                    own = verdicts.sentences.get(check, "")
                    if outcome == verdicts.outcomes.get(check) == "failed" and alike(own) != alike(sentence):
                        wrong += 1
                        print(f"{case.name}: {check} says\n  {sentence}\nand the harness\n  {own}")
    print(f"{len(chosen)} cases: {dict(counted)}, {wrong} contradictions; the slowest check took {slowest:.2f} s.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
