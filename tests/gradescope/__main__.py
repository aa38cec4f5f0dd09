"""`make gradescope`: the zip is built, set up and graded in a stand-in for Gradescope; says what each submission came to, and what it took.

With `--wheels FOLDER`, setup.sh's own pip installs everything from the wheels of that folder; else this machine's packages are mounted.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    parser.add_argument("--only", default="", help="part of a label")
    parser.add_argument("--kills", type=int, default=3)
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
            for trial in _trials(folder, stand_in.member(package, "gradescope.toml")):
                if chosen.only in trial.label:
                    wrong += _told(trial, stand_in.run(built, trial.submission, folder, **trial.options), planned)
            if chosen.only in "killed" and SEED.is_dir():
                for _ in range(chosen.kills):
                    after = random.uniform(0.5, 60)
                    trial = Trial(f"killed after {after:.1f} s", SEED, finished=None)
                    wrong += _told(trial, stand_in.run(built, SEED, folder, kill_after=after), planned)
    return 1 if wrong else 0


@dataclass(frozen=True)
class Trial:
    """A submission and what it must come to, where that is known; `options` are those of the stand-in's run."""

    label: str
    submission: Path
    score: float | None = None
    possible: float | None = None
    most_mb: float = MOST_MB
    finished: bool | None = True
    said: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def _trials(folder: Path, settings: str) -> list[Trial]:
    template, empty, greedy = folder / "template", folder / "empty", folder / "greedy"
    for place in (template, empty, greedy):
        place.mkdir()
    (template / "hw4.ipynb").write_bytes((ROOT / "student_template" / "hw4.ipynb").read_bytes())
    correct = ROOT / "examples" / "correct"
    notebook = json.loads((correct / "hw4.ipynb").read_text(encoding="utf-8"))
    notebook["cells"].append(
        {**notebook["cells"][4], "id": "greedy", "source": "kept = [b'x' * (50 << 20) for _ in range(30)]", "outputs": []}
    )
    (greedy / "hw4.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    impatient = re.sub(r"(?m)^total_seconds = \d+", "total_seconds = 25", settings)
    trials = [
        Trial("solution", correct, 7.10, 7.10),
        Trial("without Landlock", correct, 7.10, 7.10, options={"landlock": False}),
        Trial("template", template, 0.0),
        Trial("broken", ROOT / "examples" / "broken"),
        Trial("nothing handed in", empty, 0.0),
        Trial("too much memory", greedy, 7.10, 7.10, most_mb=768, said="more memory than there is here"),
        Trial("out of time", correct, finished=False, said="The run was ended after", options={"settings": impatient}),
    ]
    return [Trial("seed", SEED, 6.80, 7.10), *trials] if SEED.is_dir() else trials


def _told(trial: Trial, ran: stand_in.Ran, planned: int) -> bool:
    """Print a line; whether something is wrong."""
    jsonschema.validate(ran.results, SCHEMA)
    problems = [] if len(ran.results["tests"]) == planned else [f"{len(ran.results['tests'])} rows instead of {planned}"]
    earned, of = ran.score, ran.results["extra_data"]["score"]["auto_possible"]
    problems += [f"{earned} instead of {trial.score}"] if trial.score is not None and earned != trial.score else []
    problems += [f"of {of} instead of {trial.possible}"] if trial.possible is not None and of != trial.possible else []
    problems += [f"more than {trial.most_mb:.0f} MB"] if ran.peak_mb > trial.most_mb else []
    problems += [f"more than {MOST_SECONDS} s"] if ran.seconds > MOST_SECONDS else []
    if trial.finished is not None and ran.results["extra_data"]["finished"] is not trial.finished:
        problems.append("is not finished" if trial.finished else "is said to be finished")
    if ran.results["extra_data"].get("status") == "needs_review":
        problems.append("the grader failed")
    problems += [f"does not say {trial.said!r}"] if trial.said not in ran.output else []
    print(
        f"{trial.label:22}{earned:5.2f} of {of:.2f}{ran.seconds:8.1f} s{ran.processor_seconds:8.1f} s of a processor{ran.peak_mb:7.0f} MB  "
        f"{'; '.join(problems) or 'as it must be'}",
        flush=True,
    )
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
