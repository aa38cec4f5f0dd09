"""What measures others: processor time is counted of everything that a command starts, whoever waits for it."""

from __future__ import annotations

import sys

import pytest
from bench.measure import measured

BUSY = "import time\nuntil = time.process_time() + 0.6\nwhile time.process_time() < until: pass\n"
ORPHAN = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {BUSY!r}])
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses prctl")


def test_what_outlives_a_command_is_counted() -> None:
    """A process that its parent never waits for, and that ends after it."""
    cost = measured([sys.executable, "-c", ORPHAN])
    assert 0.6 <= cost.cpu_seconds < 3
    assert cost.wall_seconds < 5
