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


@pytest.mark.parametrize("version", [1, 2])
def test_whose_memory_was_used_up_is_told_apart(version: int, tmp_path: Path) -> None:
    """A kill is the group's own doing only where it was full; what was counted before, or cannot be read, tells nothing."""

    def count(kills: int, full: int) -> None:
        if version == 1:
            (tmp_path / "memory.oom_control").write_text(f"oom_kill_disable 0\nunder_oom 0\noom_kill {kills}\n")
            (tmp_path / "memory.failcnt").write_text(f"{full}\n")
        else:
            (tmp_path / "memory.events").write_text(f"low 0\nmax 9\noom {full}\noom_kill {kills}\noom_group_kill 0\n")

    def told() -> tuple[bool, bool]:
        return kills.happened(), kills.at_its_limit()

    count(kills=2, full=5)
    kills = memory.Kills(tmp_path)
    assert told() == (False, False)
    count(kills=3, full=5)
    assert told() == (True, False)
    count(kills=3, full=6)
    assert told() == (True, True)
    for file in tmp_path.iterdir():
        file.unlink()
    assert told() == (False, False)
    unread = memory.Kills(tmp_path)
    count(kills=3, full=6)
    assert not unread.happened()


def test_without_control_groups_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not known then why a process ended."""
    monkeypatch.setattr(memory, "_parent", lambda: None)
    assert not memory.around().happened()
