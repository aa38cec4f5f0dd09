"""Makes the public checks of an unpacked student package on notebooks: `python public_driver.py` with the package on the path.

Reads one path a line, answers with one line of JSON: outcome, sentence and seconds by check. Each notebook has a process of its own, forked
from this one, which has imported torch.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from pathlib import Path

import torch

from autograder.errors import SubmissionError
from autograder.intake import read
from autograder.student.command import verdicts
from autograder.student.live import public_checks, questions

LONGEST_SECONDS = 60


def said(path: Path) -> dict[str, tuple[str, str, float]]:
    """What each public check of the questions that the notebook holds says about it."""
    content = path.read_bytes()
    held = {section.question for section in read.notebook(content, questions(), {}, name=path.name).sections}
    found = {}
    for question in dict.fromkeys(spec.question for spec in public_checks()):
        if question in held:
            began = time.perf_counter()
            made = list(verdicts(content, path.name, question=question))
            seconds = (time.perf_counter() - began) / len(made)
            found |= {one.spec.id: (one.outcome.value, one.sentence, round(seconds, 3)) for one in made}
    return found


def main() -> None:
    torch.set_num_threads(1)
    vision = importlib.util.spec_from_file_location("vision", Path(__file__).parents[1] / "reference" / "vision.py")
    module = importlib.util.module_from_spec(vision)
    vision.loader.exec_module(module)
    module.transforms()  # a torchvision that was built for another torch needs help
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            import signal

            signal.alarm(LONGEST_SECONDS)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            try:
                answer = json.dumps(said(Path(line.strip())))
            except SubmissionError as error:
                answer = json.dumps({"refused": str(error)})
            os.write(writer, answer.encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as answered:
            content = answered.read()
        os.waitpid(child, 0)
        print(content.decode() or "{}", flush=True)


main()
