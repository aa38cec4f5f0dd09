"""Whose memory was used up when the system kills something: told by the counts of control groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.kernel.isolation import memory


@pytest.mark.parametrize("name", ["memory.events.local", "memory.oom_control"])
def test_a_kill_in_the_surroundings_is_seen_from_then_on(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container bounds all of its processes together: what it killed before does not count, and neither do groups below it."""
    monkeypatch.setattr(memory, "_parent", lambda: tmp_path)
    (tmp_path / name).write_text("low 0\noom 3\noom_kill 2\n")
    surroundings = memory.around()
    assert not surroundings.happened()
    (tmp_path / "memory.events").write_text("oom_kill 9\n")
    assert not surroundings.happened()
    (tmp_path / name).write_text("low 0\noom 4\noom_kill 3\n")
    assert surroundings.happened()


def test_without_control_groups_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not known then why a process ended."""
    monkeypatch.setattr(memory, "_parent", lambda: None)
    assert not memory.around().happened()
