"""The fixture `reference`: expected values on the grader's side, computed from the probes' own inputs."""

from __future__ import annotations

import pytest

from autograder.checks import Evidence
from reference.judging.expected import Expected


@pytest.fixture
def reference(evidence: Evidence) -> Expected:
    return Expected(evidence)
