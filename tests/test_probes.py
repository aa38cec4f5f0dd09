"""The plan of probes: the same for the same seed, fit to tell right from wrong for every seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import Evidence
from autograder.model.execution import Ending, Execution
from autograder.model.submission import Notebook, Submission
from reference import probes
from reference.judging.expected import THIN_MARGIN, Expected


def test_one_seed_gives_one_plan(staged: Path) -> None:
    """Names are unique; inputs and weights repeat for a seed and differ for another."""
    one, again, other = probes.plan(5, staged), probes.plan(5, staged), probes.plan(6, staged)
    assert [probe.name for probe in one] == [probe.name for probe in other]
    assert len({probe.name for probe in one}) == len(one)
    for probe, same, different in zip(one, again, other, strict=True):
        assert all(np.array_equal(probe.arrays[name], same.arrays[name]) for name in probe.arrays)
        assert not probe.arrays or not all(np.array_equal(probe.arrays[name], different.arrays[name]) for name in probe.arrays)


def test_mask_probes_are_strictly_positive(staged: Path) -> None:
    """A zero in the result is the mask's."""
    for probe in probes.plan(0, staged):
        if probe.measurement == "apply_mask" and probe.name != probes.DIGITS_PROBE:
            assert probe.arrays["images"].min() > 0


def test_how_many_images_a_mask_is_given_cannot_be_known(staged: Path) -> None:
    """From seed to seed a mask is tried on other numbers of images, and once on real digits."""
    sizes = [[len(probe.arrays["images"]) for probe in probes.plan(seed, staged)[:4]] for seed in range(12)]
    assert {one for one, *_ in sizes} == {1}
    assert all(len({drawn[k] for drawn in sizes}) > 3 for k in (1, 2, 3))


@pytest.mark.parametrize("case", probes.CASES, ids=lambda case: case.name)
def test_no_axis_can_pass_for_another(case: probes.Case) -> None:
    """All sizes within a case differ."""
    sizes = [getattr(case, name) for name in case.__dataclass_fields__ if name != "name"]
    assert len(set(sizes)) == len(sizes)


def test_every_seed_tells_forced_from_greedy(staged: Path) -> None:
    """Over 100 seeds at least two cases of each kind have no close choice, and forced and greedy translations always differ."""
    for seed in range(100):
        evidence = Evidence(Submission("", "", "", "", (), Notebook((), ()), b""), Execution(Ending.FINISHED), "replay", "", staged, seed)
        reference = Expected(evidence)
        for question in ("q3_2", "q3_3"):
            found = [reference.translator(f"{question}.translator.{case.name}") for case in probes.CASES]
            assert sum(one.margin > THIN_MARGIN for one in found) >= 2
            assert all(np.abs(one.forced - one.greedy).max() > 0.01 for one in found)
