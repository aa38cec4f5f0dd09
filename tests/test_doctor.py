"""What the doctor says of a machine, and that it says what to do."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import psutil
import pytest

from autograder import devices, doctor
from autograder.doctor import Health, Line, examine
from autograder.kernel.isolation.choice import TIERS

ROOT = Path(__file__).resolve().parents[1]


def by_subject(lock: Path, *, jobs: int = 1, folder: Path | None = None) -> dict[str, Line]:
    return {line.subject: line for line in examine(lock, "embedded sample", folder, jobs)}


def test_a_machine_that_is_set_up_is_well(tmp_path: Path) -> None:
    """Python, packages and each tier have a line; what is missing says what to do."""
    found = by_subject(ROOT / "requirements.lock", folder=tmp_path)
    assert found["Python"].health is Health.GOOD
    assert found["Packages"].health is Health.GOOD, found["Packages"]
    assert found["Data"].said == f"embedded sample in {tmp_path}"
    assert {f"Isolation: {tier}" for tier in (*TIERS[:-1], "auto")} <= set(found)
    assert all(line.advice for line in found.values() if line.health is not Health.GOOD)


def test_other_packages_than_the_pinned_ones_are_named(tmp_path: Path) -> None:
    """A wrong version and an absent package are told with what was tested."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("pytest==0.1\nno-such-package==2.0\n", encoding="utf-8")
    line = by_subject(lock)["Packages"]
    assert line.health is Health.MISSING
    assert "(tested with 0.1)" in line.said
    assert "no-such-package absent (tested with 2.0)" in line.said
    assert by_subject(tmp_path / "absent")["Packages"].health is Health.MISSING


def test_gpus_are_named_without_importing_torch_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What torch finds in a process of its own, in the environment that was given (fabricated)."""
    found = (devices.Gpu("0", "a", "Fabricated", 24_576.0), devices.Gpu("1", "b", "Fabricated", 24_576.0))
    monkeypatch.setattr(doctor, "gpus_of", lambda environment: found if environment else ())
    said = {line.subject: line.said for line in examine(tmp_path / "absent", "sample", None, 1, {"CUDA_VISIBLE_DEVICES": "0,1"})}
    assert said["GPU"] == "Fabricated with 24 GB, Fabricated with 24 GB; --mode full computes on them"
    assert by_subject(tmp_path / "absent")["GPU"].said.startswith("none")


def test_too_little_memory_disk_or_python_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The advice is a command where there is one."""
    monkeypatch.setattr(psutil, "virtual_memory", lambda: namedtuple("memory", "available")(3.2e9))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: namedtuple("usage", "free")(1e9))
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 1))
    found = by_subject(ROOT / "requirements.lock", jobs=8)
    assert found["Memory"].advice.endswith("--jobs 2")
    assert "TMPDIR" in found["Disk"].advice
    assert found["Python"].health is Health.BROKEN
    assert found["Data"].advice.endswith("data fetch")
