# Changes the packages, the harness' own files and shared places that the next submission uses.
#
# table = [27]
# walls = true
# %%
import glob
import os
import sys

import IPython
import numpy
import torch

POISON = "\nprint('BREACH: poisoned')\n"
for path in (
    numpy.__file__,
    torch.__file__,
    IPython.__file__,
    sys.modules["harness_inside"].__file__,
    sys.modules["harness_inside.session"].__file__,
    sys.modules["course"].__file__,
    f"{os.path.dirname(os.path.dirname(numpy.__file__))}/first.pth",
    f"{os.path.dirname(os.path.dirname(numpy.__file__))}/sitecustomize.py",
    sys.executable,
    "/etc/ld.so.preload",
    "/etc/profile",
    "/var/tmp/torch.py",
    *glob.glob("/tmp/ag-*/inside/*/*.py"),
):
    if path is None:
        continue
    try:
        with open(path, "a") as file:
            file.write(POISON)
        private = path.startswith((os.path.expanduser("~"), "/var/tmp"))  # the latter is in memory of its own in some tiers
        print("done" if private else "BREACH: changed", path)
    except OSError as error:
        print(path, type(error).__name__)
