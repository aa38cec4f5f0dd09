"""`make accuracy`: grades the corpus and prints, for each question, which verdicts are right, and each wrong one by name.

`make accuracy SEEDS=10` grades a sample with ten seeds of the grader. `python -m tests.accuracy NAME...` grades only cases with such names.
Exits with 1 when a verdict is wrong. results/sentences.html has everything that the checks said.
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from accuracy.confusion import SEEN, Confusion, word
from accuracy.sentences import Said, page
from submissions.case import QUESTIONS, ROOT, Case
from submissions.corpus import cases, graded
from submissions.verdicts import Verdicts, differences

from autograder.checks.plan import plan

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autograder" / "accuracy"
SAMPLE = 48  # cases that are graded when several seeds are asked for
MOST_REVIEW = 0.03  # of the correct variants' automatic points


def main() -> None:
    options = _options()
    chosen = [case for case in cases() if not options.names or any(name in case.name for name in options.names)]
    if not chosen:
        sys.exit(f"No case has a name with {' or '.join(options.names)} in it.")
    if options.sample and len(chosen) > options.sample:
        chosen = [chosen[place * len(chosen) // options.sample] for place in range(options.sample)]
    console = Console()
    began = time.perf_counter()
    said: list[tuple[Case, Verdicts]] = []
    wrong = 0
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            cache_folder = None if options.no_cache else CACHE
            for case, verdicts in graded(chosen, Path(folder), jobs=options.jobs, seed=seed, cache_folder=cache_folder):
                said.append((case, verdicts))
                different = differences(case, verdicts)
                wrong += bool(different)
                for name, (expected, seen) in different.items():
                    line = f"{case.name} (seed {seed}): {name} should be {expected}, was {seen}: {verdicts.sentences.get(name, '')}"
                    console.print(f"[red]{word(expected, seen)}[/red] {line}", highlight=False, soft_wrap=True)
    confusion = counted(said)
    took = f"{len(chosen)} cases, {options.seeds} seed{'s' if options.seeds > 1 else ''}, {time.perf_counter() - began:.0f} s"
    table = Table(title=took)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in HEADINGS[:2] else "right")
    for row in confusion.rows():
        table.add_row(*row)
    console.print(table)
    summary = summed_up(said, confusion, wrong)
    console.print("\n".join(summary), highlight=False, soft_wrap=True)
    _write_sentences(said)
    if options.record:
        options.record.write_text(recorded(took, confusion, summary), encoding="utf-8")
    sys.exit(1 if wrong or confusion.review_share > MOST_REVIEW else 0)


HEADINGS = ("question", "the check must", *(seen.replace("_", " ") for seen in SEEN))


def counted(said: Sequence[tuple[Case, Verdicts]]) -> Confusion:
    """All verdicts of all cases, against what they had to be."""
    planned = plan(ROOT / "tests" / "checks", tuple(question.number for question in QUESTIONS))
    points = {spec.id: spec.points for spec in planned.checks}
    confusion = Confusion()
    for case, verdicts in said:
        expected = {check: case.expected(check) for check in verdicts.outcomes}
        confusion.add(expected, verdicts.outcomes, points, in_share=case.costs_nothing)
    return confusion


def summed_up(said: Sequence[tuple[Case, Verdicts]], confusion: Confusion, wrong: int) -> list[str]:
    """What the table does not show, in sentences."""
    correct = sum(case.is_correct for case, _ in said)
    undecided = sum(case.costs_nothing for case, _ in said) - correct
    seconds, check, case_name = max((value, check, case.name) for case, verdicts in said for check, value in verdicts.seconds.items())
    whole, of_case = max((sum(verdicts.seconds.values()) + verdicts.probe_seconds, case.name) for case, verdicts in said)
    return [
        f"{correct} correct variants and {len(said) - correct} others were graded; {wrong} cases have a wrong verdict or flag.",
        f"{100 * confusion.review_share:.2f} % of the automatic points of the correct variants, and of the {undecided} cases that a person "
        "has to decide in part, were left to a person.",
        f"The slowest check took {seconds:.2f} s of CPU time ({check}, {case_name}).",
        f"The checks and probes of one case took at most {whole:.1f} s together ({of_case}).",
    ]


def recorded(took: str, confusion: Confusion, summary: Sequence[str]) -> str:
    """The page docs/accuracy.md."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    rows = ["| " + " | ".join(row) + " |" for row in (HEADINGS, ("---",) * 2 + ("---:",) * len(SEEN), *confusion.rows())]
    head = f"# Accuracy\n\n`make accuracy` on {datetime.date.today()}, commit {commit}: {took}.\n"
    explained = (
        "Each number counts verdicts of checks over the cases in `tests/submissions/`, each judged by the checks of its own question.\n"
        "A verdict off its row's meaning (a correct solution not passed, a mistake not failed) is wrong."
    )
    return "\n".join([head, *(f"- {line}" for line in summary), "", explained, "", *rows, ""])


def _write_sentences(said: Sequence[tuple[Case, Verdicts]]) -> None:
    lines = [
        Said(check, verdicts.outcomes[check], sentence, case.name, case.about)
        for case, verdicts in said
        for check, sentence in verdicts.sentences.items()
        if verdicts.outcomes[check] != "passed"
    ]
    lines += [Said(flag, "flag", sentence, case.name, case.about) for case, verdicts in said for flag, sentence in verdicts.flags.items()]
    path = ROOT / "results" / "sentences.html"
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(lines), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of cases; all without one")
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "1")))
    parser.add_argument("--sample", type=int, default=None, help="so many cases, spread evenly; all, but with several seeds a sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-cache", action="store_true")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write the table as a page")
    options = parser.parse_args()
    if options.sample is None and options.seeds > 1 and not options.names:
        options.sample = SAMPLE
    return options


if __name__ == "__main__":
    main()
