"""The two networks of 4.2, counted by formula and one by one."""

from __future__ import annotations

import pytest
import torch

from reference.network_sizes import FullyConnected, RecurrentCell, fully_connected_size, parameter_count, recurrent_size


@pytest.mark.parametrize(
    ("characters", "bias", "expected"), [(10, True, 71_442), (10, False, 71_168), (20, True, 138_002), (20, False, 137_728)]
)
def test_the_fully_connected_network(characters: int, bias: bool, expected: int) -> None:
    """Network A grows with the number of characters."""
    assert fully_connected_size(characters, bias=bias) == parameter_count(FullyConnected(characters, bias=bias)) == expected


@pytest.mark.parametrize(("bias", "expected"), [(True, 77_542), (False, 77_268)])
def test_the_recurrent_network(bias: bool, expected: int) -> None:
    """Network B has one size for all lengths."""
    assert recurrent_size(bias=bias) == parameter_count(RecurrentCell(bias=bias)) == expected


def test_both_give_scores_for_all_languages() -> None:
    """A batch of four names of ten letters: (4, 18) from both."""
    x = torch.zeros(4, 10, 26)
    assert FullyConnected(10, bias=True)(x).shape == (4, 18)
    cell, hidden = RecurrentCell(bias=True), torch.zeros(4, 256)
    for letter in x.unbind(1):
        scores, hidden = cell(letter, hidden)
    assert scores.shape == (4, 18)
    assert hidden.shape == (4, 256)
