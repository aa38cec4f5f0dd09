"""`make accuracy`: grades the corpus and prints, for each question, how many verdicts are right, and each wrong one by name.

`SEEDS=10 make accuracy` repeats it with ten seeds of the grader. `python -m tests.accuracy NAME...` grades only cases with such names.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from submissions.corpus import FLAG, cases, differences, graded

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autograder" / "accuracy"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of cases; all without one")
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "1")))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-cache", action="store_true")
    options = parser.parse_args()
    chosen = [case for case in cases() if not options.names or any(name in case.name for name in options.names)]

    console = Console()
    began = time.perf_counter()
    counts: Counter[tuple[int, str]] = Counter()
    wrong = 0
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            results = graded(chosen, Path(folder), jobs=options.jobs, seed=seed, cache_folder=None if options.no_cache else CACHE)
            for case, outcomes in results:
                different = differences(case, outcomes)
                wrong += bool(different)
                for check, (expected, seen) in different.items():
                    word = _word(expected, seen)
                    console.print(f"[red]{word}[/red] {case.name} (seed {seed}): {check} should be {expected}, was {seen}", highlight=False)
                counts[case.question, "correct variants" if case.is_correct else "mutants"] += 1
                counts[case.question, "wrong"] += bool(different)
                counts[case.question, "verdicts"] += sum(not name.startswith(FLAG) for name in outcomes)
                counts[case.question, "review"] += sum(seen == "review" for seen in outcomes.values()) if case.is_correct else 0

    table = Table(title=f"{len(chosen)} cases, {options.seeds} seed(s), {time.perf_counter() - began:.0f} s")
    columns = ("correct variants", "mutants", "verdicts", "wrong", "review")
    for heading in ("question", *columns):
        table.add_column(heading, justify="right")
    for question in sorted({case.question for case in chosen}):
        table.add_row(str(question), *(str(counts[question, column]) for column in columns))
    console.print(table)
    sys.exit(1 if wrong else 0)


def _word(expected: str, seen: str) -> str:
    if expected in ("passed", "not raised"):
        return "false alarm"
    return "miss" if seen in ("passed", "not raised") else "other outcome"


if __name__ == "__main__":
    main()
