"""Imports what the homework's notebooks need, once, in the process that their kernels are forked from.

Nothing is computed here: a fork after parallel work of torch's hangs. The inline backend of matplotlib is left out, because it looks for
its shell when it is imported.
"""

from __future__ import annotations

import importlib

from .environment import import_torchvision

import_torchvision()
for _name in (
    "torch._dynamo",  # which the first optimizer imports, for two seconds
    "torchvision.transforms.v2",
    "matplotlib.pyplot",
    "matplotlib.animation",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "spacy.lang.de",
    "spacy.lang.en",
    "torchtext.data",
    "torchtext.datasets",
    "tqdm.auto",
):
    importlib.import_module(_name)
importlib.import_module("spacy").blank("xx")  # registers what the first pipeline of a kernel would import
