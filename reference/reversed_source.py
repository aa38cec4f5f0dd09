"""3.4: the LSTM of 3.3 reads the German backwards.

Section 3.3 of Sutskever et al. (2014): with the source reversed, its first words, which are wanted first, are read last. The average
distance between a word and its translation stays the same, but many become short, and short ones are learned first. Only the source is
reversed, after tokenising it as German; the target stays English in English order.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from reference.showing import draw_curves, small_data
from reference.text import read
from reference.translation import build, train, translate


def main(*, pairs: int = 1500, epochs: int = 8) -> None:
    """Train the same LSTM on both orders, small, and compare."""
    folder = small_data(pairs=pairs, validation_pairs=100, test_pairs=50)
    curves: dict[str, Sequence[float]] = {}
    for order, reverse in (("forwards", False), ("backwards", True)):
        corpus = read(folder, reverse_source=reverse)
        random.seed(0)
        torch.manual_seed(0)
        model = build("LSTM", corpus, embedding_size=64, hidden_size=128, dropout=0.1)
        losses = train(model, corpus, epochs=epochs, batch_size=32)
        curves |= {f"{order}, training": losses.training, f"{order}, validation": losses.validation}
        source, target = corpus.test.encoded[0]
        print(f"{order}: training loss {losses.training[-1]:.3f}, validation {losses.validation[-1]:.3f}")
        print(f"    {corpus.source.decode(source)}\n    is  {corpus.target.decode(target)}\n    got {translate(model, corpus, source)}")
    draw_curves("reversed_source", curves, x_label="epoch", y_label="cross entropy a word")


if __name__ == "__main__":
    main()
