"""What measures others: processor time is counted of everything that a command starts; other graders get tests that can fail."""

from __future__ import annotations

import doctest
import sys
from typing import Any

import pytest
import torch
from bench import measure
from bench.measure import measured
from bench.peers import TESTS, nbgrader_cell, otter_test

BUSY = "import time\nuntil = time.process_time() + 0.6\nwhile time.process_time() < until: pass\n"
ORPHAN = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {BUSY!r}])
"""


def mask(images: torch.Tensor, size: int, *, left: bool = True) -> torch.Tensor:
    masked = images.clone()
    half = slice(size // 2) if left else slice(size // 2, None)
    masked[..., half] = 0
    return masked


def doctest_failures(code: str, names: dict[str, Any]) -> int:
    """How many lines of an otter-grader test fail with these names in the notebook."""
    written: dict[str, Any] = {}
    exec(otter_test("some", code), written)
    (case,) = written["test"]["suites"][0]["cases"]
    test = doctest.DocTestParser().get_doctest(case["code"], names, "some", None, None)
    return doctest.DocTestRunner(verbose=False).run(test, out=lambda _: None).failed


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("mask", {"apply_mask": mask}, {"apply_mask": lambda images, size: mask(images, size, left=False)}),
        ("losses", {"training_loss": [5.7 - step / 10 for step in range(10)]}, {"training_loss": [5.7] * 10}),
        (
            "network_sizes",
            {"net": torch.nn.Linear(71_168, 1, bias=False), "cell": torch.nn.Linear(77_268, 1, bias=False)},
            {"net": torch.nn.Linear(71_168, 1, bias=False)},
        ),
    ],
)
def test_other_graders_get_tests_that_tell_right_from_wrong(name: str, right: dict[str, Any], wrong: dict[str, Any]) -> None:
    """The same code passes and fails as otter-grader's doctest and as nbgrader's cell."""
    assert not doctest_failures(TESTS[name], right)
    assert doctest_failures(TESTS[name], wrong)
    cell = nbgrader_cell(name, TESTS[name])
    assert cell.metadata["nbgrader"]["grade"]
    exec(cell.source, dict(right))
    with pytest.raises(AssertionError):
        exec(cell.source, dict(wrong))


@pytest.mark.skipif(sys.platform != "linux", reason="uses prctl")
def test_what_outlives_a_command_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that its parent never waits for, and that ends after it."""
    monkeypatch.setattr(measure, "_LEFT_SECONDS", 120.0)
    cost = measured([sys.executable, "-c", ORPHAN])
    assert 0.6 <= cost.cpu_seconds < 3
    assert cost.wall_seconds < 60
