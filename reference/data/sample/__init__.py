"""A stand-in for MNIST and Multi30k that needs no download: digits drawn from fonts, captions made by a grammar.

`digits.draw(count, seed)` and `captions.pairs(count, seed)` always give the same for the same arguments, and a shorter request gives the
beginning of a longer one. The figures of a full homework cannot be reached on it; that the networks learn can be seen.
"""
