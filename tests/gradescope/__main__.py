"""`make gradescope`: the zip is built, set up and graded in a stand-in for Gradescope; says what each submission came to, and what it took.

With `--wheels FOLDER`, setup.sh's own pip installs everything from the wheels of that folder; else this machine's packages are mounted.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

from tests.gradescope import stand_in

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "tests" / "schemas" / "gradescope_results.json").read_text(encoding="utf-8"))
MOST_MB, MOST_SECONDS = 700, 240
SEED = ROOT.parent / "shared" / "submissions" / "seed"


def main() -> int:
    """Grade them all; 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.gradescope")
    parser.add_argument("--wheels", type=Path)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    if reason := stand_in.missing():
        print(reason)
        return 2
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="gradescope-") as name:
        folder = Path(name)
        package = folder / "autograder.zip"
        subprocess.run([sys.executable, "-m", "autograder", "package", "gradescope", "-o", str(package)], cwd=ROOT, check=True)
        planned = len(json.loads(stand_in.member(package, "planned.json"))["tests"])
        with stand_in.image(package, folder, chosen.wheels) as built:
            for label, submission, score, possible in _submissions(folder):
                if chosen.only not in label:
                    continue
                ran = stand_in.run(built, submission, folder)
                wrong += _told(label, ran, planned, score, possible)
            if chosen.only in "killed" and SEED.is_dir():
                for _ in range(3):
                    after = random.uniform(0.5, 60)
                    ran = stand_in.run(built, SEED, folder, kill_after=after)
                    wrong += _told(f"killed after {after:.1f} s", ran, planned, None, None)
    return 1 if wrong else 0


def _submissions(folder: Path) -> list[tuple[str, Path, float | None, float | None]]:
    """A name, a folder, and what it must come to (points earned and possible), where that is known."""
    template = folder / "template"
    template.mkdir()
    (template / "hw4.ipynb").write_bytes((ROOT / "student_template" / "hw4.ipynb").read_bytes())
    empty = folder / "empty"
    empty.mkdir()
    listed = [("seed", SEED, 6.80, 7.10)] if SEED.is_dir() else []
    return [
        *listed,
        ("solution", ROOT / "examples" / "correct", 7.10, 7.10),
        ("template", template, 0.0, None),
        ("broken", ROOT / "examples" / "broken", None, None),
        ("nothing handed in", empty, 0.0, None),
    ]


def _told(label: str, ran: stand_in.Ran, planned: int, score: float | None, possible: float | None) -> bool:
    """Print a line; whether something is wrong."""
    jsonschema.validate(ran.results, SCHEMA)
    problems = [] if len(ran.results["tests"]) == planned else [f"{len(ran.results['tests'])} rows instead of {planned}"]
    earned, of = ran.score, ran.results["extra_data"]["score"]["auto_possible"]
    problems += [f"{earned} instead of {score}"] if score is not None and earned != score else []
    problems += [f"of {of} instead of {possible}"] if possible is not None and of != possible else []
    problems += [f"more than {MOST_MB} MB"] if ran.peak_mb > MOST_MB else []
    problems += [f"more than {MOST_SECONDS} s"] if ran.seconds > MOST_SECONDS else []
    print(
        f"{label:22}{earned:5.2f} of {of:.2f}{ran.seconds:8.1f} s{ran.peak_mb:7.0f} MB  {'; '.join(problems) or 'as it must be'}",
        flush=True,
    )
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
