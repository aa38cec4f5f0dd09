"""Homework 4, solved to be read. One file a question, in this order:

1. `masked_autoencoder`  a network paints the hidden half of a digit (1.1 to 1.3)
2. `add_two_digits`      a plain RNN and an LSTM remember one digit of a long sequence (2.2)
3. `text`                sentences become padded batches of word numbers (3.1)
4. `translation`         an encoder reads German, a decoder writes English (3.2, 3.3)
5. `reversed_source`     the same translator reads the German backwards (3.4)
6. `network_sizes`       how many weights a fully-connected and a recurrent network hold (4.2)

Each runs alone at a small scale (`python -m reference.translation`), prints what it learned and draws it.
`recorded` holds the figures of full runs, `training` and `recording` make them.
`data` finds MNIST and Multi30k or makes a sample that stands in for them.

In comments, a shape stands after each line that changes one: B batch, T time steps, V vocabulary, E embedding, H hidden, L layers.
"""
