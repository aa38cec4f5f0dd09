"""`make hostile`: every attack in `tests/hostile/` against every tier of isolation that this machine offers, as a table.

`python -m tests.hostile NAME...` tries only attacks with such names, `--tier NAME` only such tiers; `python -m tests.hostile killed`
kills the grader itself. Exits with 1 where an attack earned something, reached something, left something behind or ended the grader.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile import killed
from hostile.canaries import SECRET_NAME
from hostile.case import Case, cases
from hostile.column import Result, run
from hostile.elsewhere import Column, columns, environment_in
from submissions.case import ROOT


def main() -> None:
    if sys.argv[1:2] == ["killed"]:
        sys.exit(killed.main(sys.argv[2:]))
    options = _options()
    chosen = [case for case in cases() if not options.names or any(name in case.name for name in options.names)]
    if not chosen:
        sys.exit(f"No attack has a name with {' or '.join(options.names)} in it.")
    if options.here:
        for result in run(options.here, chosen, neighbour=not options.no_neighbour):
            print(json.dumps([result.case, result.seconds, result.problems, result.skipped]), flush=True)
        return
    console = Console()
    began = time.monotonic()
    wanted = [column for column in columns() if not options.tier or any(column.title.startswith(name) for name in options.tier)]
    results: dict[str, dict[str, Result]] = {}
    for column in wanted:
        if column.missing:
            console.print(f"{column.title}: left out. {column.missing}", soft_wrap=True, highlight=False)
            continue
        results[column.title] = {}
        for result in measured(column, chosen, neighbour=not options.no_neighbour):
            results[column.title][result.case] = result
            for problem in result.problems:
                console.print(f"[red]{result.case}, {column.title}:[/red] ", problem, soft_wrap=True, highlight=False, markup=True)
    console.print(table(chosen, results))
    tried = [result for column in results.values() for result in column.values() if not result.skipped]
    failed = sum(bool(result.problems) for result in tried)
    missing = sum(len(chosen) - len(column) for column in results.values())
    console.print(
        f"{len(chosen)} attacks, {len(results)} tiers, {len(tried)} runs in {time.monotonic() - began:.0f} s; {failed} failed"
        + (f"; {missing} have no result, because the grader ended" if missing else "")
        + "."
    )
    sys.exit(1 if failed or missing or not tried else 0)


def measured(column: Column, chosen: Sequence[Case], *, neighbour: bool) -> Iterator[Result]:
    """What a process of its own, laid out as the column asks, says of each case."""
    command = [*column.prefix, sys.executable, "-m", "tests.hostile", "--here", column.tier, *(case.name for case in chosen)]
    secret = f"canary{secrets.token_hex(10)}"
    with tempfile.TemporaryDirectory(prefix="h-", ignore_cleanup_errors=True) as place:  # short, for sockets
        environment = {**os.environ, **environment_in(place, column.user), SECRET_NAME: secret}
        command += [] if neighbour else ["--no-neighbour"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                case, seconds, problems, skipped = json.loads(line)
                yield Result(case, seconds, tuple(problems), skipped)


def table(chosen: Sequence[Case], results: dict[str, dict[str, Result]]) -> Table:
    """One row a case, one column a tier: seconds where all is as it must be."""
    made = Table(title="Attacks and tiers, seconds each")
    made.add_column("attack")
    made.add_column("of the list")
    for title in results:
        made.add_column(title, justify="right")
    for case in chosen:
        cells = [_word(column.get(case.name)) for column in results.values()]
        made.add_row(case.name, " ".join(map(str, case.table)) or "own", *cells)
    return made


def _word(result: Result | None) -> str:
    if result is None:
        return "[red]no result[/red]"
    if result.skipped:
        return "[dim]needs walls[/dim]"
    return f"[red]failed {result.seconds:.1f}[/red]" if result.problems else f"[green]{result.seconds:.1f}[/green]"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of attacks; all without one")
    parser.add_argument("--tier", action="append", help="only tiers whose title begins so; may be given several times")
    parser.add_argument("--no-neighbour", action="store_true", help="grade no honest submission beside each attack")
    parser.add_argument("--here", metavar="TIER", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
