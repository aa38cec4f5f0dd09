"""Attacks: the list is complete, and a dozen of them are tried in the strongest tier of isolation that this machine offers."""

from __future__ import annotations

import base64

import pytest
from hostile.__main__ import measured
from hostile.canaries import forms
from hostile.case import Case, cases
from hostile.column import Result
from hostile.elsewhere import columns

QUICK = (
    "answers_instead_of_the_probe",
    "calls_home",
    "dumps_environments",
    "ends_its_own_kernel",
    "forged_stored_outputs",
    "kills_everybody",
    "leaves_a_daemon_without_a_name",
    "lying_tensor",
    "malformed_messages",
    "no_notebooks",
    "reads_hidden_files",
    "rewrites_the_results",
    "ships_modules",
)
REQUIRED = frozenset(range(1, 30))  # of the list of required results; the thirtieth is about the grader, not about a notebook


def test_every_required_result_has_an_attack() -> None:
    """Each number of the list is there, with at least fifteen attacks of our own, and each says in a sentence what it does."""
    assert frozenset(number for case in cases() for number in case.table) == REQUIRED
    assert len(cases()) >= 45
    assert sum(not case.table for case in cases()) >= 15
    assert len({case.name for case in cases()}) == len(cases())
    assert all(case.about.endswith(".") for case in cases())


def test_what_an_attack_hides_is_found() -> None:
    """A value is recognised as it is, reversed, in hexadecimal and in base 64, wherever it begins."""
    value = "canary0123456789abcdef"
    for text in (value, value[::-1], value.encode().hex(), *(base64.b64encode(f"{'x' * n}{value}yz".encode()).decode() for n in range(3))):
        assert any(form in f"before {text} after".encode() for form in forms(value)), text


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """What the strongest tier that is to be had here made of the quick ones."""
    column = next(column for column in columns() if not column.missing)
    chosen = [case for case in cases() if case.name in QUICK]
    return {result.case: result for result in measured(column, chosen, neighbour=False)}


@pytest.mark.parametrize("case", [case for case in cases() if case.name in QUICK], ids=lambda case: case.name)
def test_an_attack_earns_reaches_and_leaves_nothing(case: Case, results: dict[str, Result]) -> None:
    """The verdicts are those of the notebook without the attack; no canary is reached, nothing is left, the grader stays as it was."""
    result = results[case.name]
    if result.skipped:
        pytest.skip(result.skipped)
    assert not result.problems, "\n".join(result.problems)
