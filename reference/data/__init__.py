"""Where MNIST and Multi30k come from, and how much of them a run gets to see.

`find` decides which data to use, `stage` writes as much of it as asked for into one folder, `fetch` downloads, `verify` checks what is
there. A data folder looks like this (plain files in place of the `.gz` ones are fine):

    mnist/      train-images-idx3-ubyte.gz  train-labels-idx1-ubyte.gz  t10k-images-idx3-ubyte.gz  t10k-labels-idx1-ubyte.gz
    multi30k/   train.de.gz  train.en.gz  val.de.gz  val.en.gz  test_2016_flickr.de.gz  test_2016_flickr.en.gz

A staged folder looks like this:

    mnist.npz   train_images uint8 (N, 28, 28), train_labels int64 (N,), test_images, test_labels
    multi30k/   train.de  train.en  val.de  val.en  test2016.de  test2016.en    UTF-8, a sentence a line
"""

from reference.data.fetching import fetch, verify
from reference.data.sources import Source, find, where
from reference.data.staging import stage

__all__ = ["Source", "fetch", "find", "stage", "verify", "where"]
