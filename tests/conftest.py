"""What several test files share: measuring probes on student code in a process that is laid out like a kernel's run folder."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from autograder.kernel import probe as probes
from autograder.kernel import wire
from autograder.model.execution import Answer, Probe

ROOT = Path(__file__).resolve().parents[1]
Measure = Callable[..., dict[str, Answer]]


@pytest.fixture(scope="session")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measure]:
    """Runs student code (`goes_on`: after the last) and measures probes on what it defines; one process for all tests."""
    inside = tmp_path_factory.mktemp("run") / "inside"
    inside.mkdir()
    (inside / "harness_inside").symlink_to(ROOT / "autograder" / "kernel" / "inside")
    (inside / "course").symlink_to(ROOT / "reference" / "course")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(ROOT / "tests" / "probed" / "driver.py"), str(inside)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=inside) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        to, back = process.stdin, process.stdout

        def measured(source: str, asked: Sequence[Probe], goes_on: bool = False) -> dict[str, Answer]:
            requests = [wire.encode(*probes.request(probe)) for probe in asked]
            to.write(json.dumps({"source": source, "requests": requests, "goes_on": goes_on}) + "\n")
            to.flush()
            line = back.readline()
            assert line, "the process that measures has died; its error is on standard error"
            replies = [wire.unpacked(fields, base64.b64decode(numbers)) for fields, numbers in json.loads(line)]
            return {probe.name: probes.answer(probe, body, arrays) for probe, (body, arrays) in zip(asked, replies, strict=True)}

        yield measured
        to.close()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few drawn digits and sentences, in the shape that is staged for a kernel."""
    folder = tmp_path_factory.mktemp("staged")
    random = np.random.default_rng(0)
    images = (random.random((80, 28, 28)) * 255).astype(np.uint8)
    labels = np.arange(80) % 10
    np.savez(folder / "mnist.npz", train_images=images, train_labels=labels, test_images=images[::-1], test_labels=labels)
    texts = folder / "multi30k"
    texts.mkdir()
    german = ["Ein Mann geht's ruhig an.", "Zwei Kinder spielen im Schnee.", "Eine Frau liest z.B. ein Buch.", "Drei Hunde laufen schnell."]
    english = [
        "A man's taking it easy.",
        "Two children don't play in the snow.",
        "A woman reads a book, for instance.",
        "Three dogs run fast.",
    ]
    for split in ("train", "val", "test2016"):
        for language, sentences in (("de", german), ("en", english)):
            lines = [sentence.replace("Ein", f"Ein{'' if k == 0 else k}") for k in range(10) for sentence in sentences]
            (texts / f"{split}.{language}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
