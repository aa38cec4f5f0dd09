"""Whether a lock is one holder's at a time, and whether a folder for locks is nobody else's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from autograder.errors import HarnessError
from autograder.locks import held_if_free, own_folder


def test_a_lock_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    """The second finds it taken, and has it once the first is done."""
    with held_if_free(tmp_path / "lock") as first, held_if_free(tmp_path / "lock") as second:
        assert first
        assert not second
    with held_if_free(tmp_path / "lock") as third:
        assert third


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everybody may write, somebody else could have made it first."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert own_folder("mine").stat().st_mode & 0o777 == 0o700
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "theirs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HarnessError, match="somebody else"):
        own_folder("theirs")
