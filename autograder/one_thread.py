"""Imported for its effects, as the first of all modules, by processes that others are forked from: one thread and no bytecode.

A fork beside a thread can hang, and numpy's linear algebra starts its threads when it is imported.
"""

from __future__ import annotations

import os
import sys

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
sys.dont_write_bytecode = True
