"""Whether work that grows with the square of a length is told from work that grows with the length."""

from __future__ import annotations

from linear import is_linear


def test_squares_are_told_from_lines() -> None:
    """A search through the whole text for every tenth character of it, and one search."""
    text = "x" * 400_000
    assert not is_linear(lambda some: [some.count("y") for _ in range(len(some) // 10)], text)
    assert is_linear(lambda some: [some.count("y") for _ in range(1_000)], text)
