"""Some of the cases of `make fuzz`, as many as fit into a while."""

from __future__ import annotations

import time

from fuzz import run

SECONDS = 20.0


def test_spoiled_input_ends_in_a_row() -> None:
    """Notebooks, zips and reports spoiled at random raise nothing, and what comes out is whole and inert."""
    begin = time.monotonic()
    tried, failures = run(0, 2_000, until=lambda: time.monotonic() - begin > SECONDS)
    assert tried >= 9
    assert not failures, "\n".join(f"{failure.number}: {failure.said}" for failure in failures)
