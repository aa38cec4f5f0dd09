# Takes modules away, puts others in their places, and leaves nothing of the interpreter's own.
#
# budget = 15
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import sys
import types

fake = types.ModuleType("torch")
fake.__getattr__ = lambda name: fake
for name in list(sys.modules):
    if name.split(".")[0] in ("torch", "numpy", "harness_inside", "course", "json", "IPython"):
        sys.modules[name] = fake
sys.meta_path.clear()
sys.path.clear()
sys.path_hooks.clear()
# %%
import sys

sys.modules.clear()
