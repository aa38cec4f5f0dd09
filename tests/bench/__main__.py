"""`make bench`: what grading costs, always beside something else in the same run on the same machine.

Absolute times depend on the machine; the ratios are the figures to quote. `python -m tests.bench isolation` runs one part.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from tests.bench import isolation, notebook, peers, training, workers

SHARED = notebook.ROOT.parent / "shared"
PARTS = {"notebook": notebook.bench, "isolation": isolation.bench, "training": training.bench}
BATCHES = {"workers": workers.bench, "peers": peers.bench}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *BATCHES, []], help="what to measure; all if none is named")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured; medians are printed")
    parser.add_argument("--notebook", type=Path, default=None)
    parser.add_argument("--number", type=int, default=20, help=f"how many copies of the notebook are graded in {' and '.join(BATCHES)}")
    options = parser.parse_args()
    seed = SHARED / "submissions" / "seed" / "hw4.ipynb"
    chosen = options.notebook or (seed if seed.exists() else notebook.ROOT / "examples" / "correct" / "hw4.ipynb")
    data = SHARED / "data" if (SHARED / "data").exists() else None
    for part in options.parts or [*PARTS, *BATCHES]:
        if part in BATCHES:
            BATCHES[part](Console(), options.runs, chosen, data, options.number)
        else:
            PARTS[part](Console(), options.runs, chosen, data)


if __name__ == "__main__":
    main()
