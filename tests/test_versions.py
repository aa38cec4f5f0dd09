"""Versions of checks: comments and layout change none, anything else does, also in what a check imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.checks.versions import versions

WRITTEN = '''
from shared_code import total


def check_one(evidence):
    """A sentence."""
    found = [1, [total, 2]]
    if evidence:
        found = found[0]
        return -found
    return "a" + 'b'


def check_two(evidence):
    return evidence
'''


def version(folder: Path, check: str, shared_code: str = "def total(a, b=1):\n    return a\n") -> dict[str, str]:
    """The versions of a file of checks that imports another file."""
    checks = folder / "checks"
    checks.mkdir(exist_ok=True)
    (checks / "one.py").write_text(check)
    (folder / "shared_code.py").write_text(shared_code)
    return versions(checks, (folder,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    found = [1, [total, 2]]\n", "    # why\n    found = [  # what\n        1,\n        [total, 2],\n    ]\n\n"),
        ("return -found", "return (-found)"),
        ("\"a\" + 'b'", '"a" + "b"'),
        ("\n\n\ndef check_two", "\ndef check_two"),
    ],
)
def test_comments_and_layout_change_no_version(tmp_path: Path, before: str, after: str) -> None:
    """What is written otherwise and says the same has the same version."""
    assert before in WRITTEN
    assert version(tmp_path, WRITTEN.replace(before, after)) == version(tmp_path, WRITTEN)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[1, [total, 2]]", "[1.0, [total, 2]]"),
        ("[1, [total, 2]]", "[True, [total, 2]]"),
        ("[1, [total, 2]]", "['1', [total, 2]]"),
        ("[1, [total, 2]]", "[[1, total], 2]"),
        ("[1, [total, 2]]", "[1, [total], 2]"),
        ("[1, [total, 2]]", "(1, [total, 2])"),
        ("        return -found\n", "    return -found\n"),
        ("return -found", "return +found"),
        ("return -found", "found"),
        ("found = found[0]", "found: int = found[0]"),
        ("found = found[0]", "del found[0]"),
        ("\"a\" + 'b'", "\"a\" + b'b'"),
        ("\"a\" + 'b'", "\"a\" 'b'"),
        ("A sentence.", "Another sentence."),
        ("def check_one(evidence)", "def check_one(evidence, /)"),
        ("def check_one(evidence)", "def check_one(evidence=None)"),
        ("def check_one(evidence)", "async def check_one(evidence)"),
        ("import total", "import total as total"),
    ],
)
def test_a_changed_check_has_another_version_alone(tmp_path: Path, before: str, after: str) -> None:
    """Kinds, values, places and order of the parts all count, for the check that was changed."""
    first, second = version(tmp_path, WRITTEN), version(tmp_path, WRITTEN.replace(before, after, 1))
    assert first.keys() == second.keys()
    assert first["one.one"] != second["one.one"]
    assert (first["one.two"] == second["one.two"]) == ("import" not in before)


@pytest.mark.parametrize(
    ("shared_code", "same"),
    [
        ("def total(a, b=1):  # of both\n    return a\n", True),
        ("def total(a, b=2):\n    return a\n", False),
        ("def total(a, b=1):\n    import also\n    return a\n", False),
    ],
)
def test_what_a_check_imports_counts(tmp_path: Path, shared_code: str, same: bool) -> None:
    """A module behind a check counts as the check itself does."""
    assert (version(tmp_path, WRITTEN, shared_code) == version(tmp_path, WRITTEN)) is same


def test_what_an_imported_module_imports_counts(tmp_path: Path) -> None:
    """So does one that is imported only within a function of such a module, and a file beside it."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "inner.py").write_text("value = 1\n")
    shared_code = "def total():\n    from package import inner\n    return inner.value\n"
    first = version(tmp_path, WRITTEN, shared_code)
    (package / "inner.py").write_text("value = 2\n")
    second = version(tmp_path, WRITTEN, shared_code)
    (package / "table.json").write_text("{}")
    third = version(tmp_path, WRITTEN, shared_code)
    assert len({first["one.one"], second["one.one"], third["one.one"]}) == 3
