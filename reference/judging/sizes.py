"""4.2: the numbers of parameters of the two networks, and which numbers are only parts of them."""

from __future__ import annotations

LETTERS, LANGUAGES, HIDDEN = 26, 18, 256
SMALLEST = 1000  # smaller numbers are layer sizes


def fully_connected(characters: int) -> tuple[int, int]:
    """Parameters of network A, with biases and without."""
    weights = characters * LETTERS * HIDDEN + HIDDEN * LANGUAGES
    return weights + HIDDEN + LANGUAGES, weights


def recurrent() -> tuple[int, int]:
    """Parameters of network B, two linear layers on letter and hidden state, with biases and without."""
    weights = (LETTERS + HIDDEN) * (HIDDEN + LANGUAGES)
    return weights + HIDDEN + LANGUAGES, weights


RIGHT = frozenset({*fully_connected(10), *fully_connected(20), *recurrent()})
GROWTH = 10 * LETTERS * HIDDEN  # of network A from 10 to 20 characters
# Parts of the right sums, which are not themselves answers.
PARTS = frozenset(
    product + bias
    for product, biases in (
        (10 * LETTERS * HIDDEN, (0, HIDDEN)),
        (20 * LETTERS * HIDDEN, (0, HIDDEN)),
        (HIDDEN * LANGUAGES, (0, LANGUAGES)),
        ((LETTERS + HIDDEN) * HIDDEN, (0, HIDDEN)),
        ((LETTERS + HIDDEN) * LANGUAGES, (0, LANGUAGES)),
        (LETTERS * HIDDEN, (0, HIDDEN)),
        (HIDDEN * HIDDEN, (0, HIDDEN)),
        (LETTERS * LANGUAGES, (0, LANGUAGES)),
    )
    for bias in biases
)
