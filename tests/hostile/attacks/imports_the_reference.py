# Puts the grader's folder on the path and hands in the reference's own function.
#
# table = [1, 7]
# into = "wrong"
# walls = true
# [outcomes]
# "q1_1.*" = "failed|not_run|review"
# %% mask
import sys

sys.path.insert(0, places["root"])
for name in [name for name in sys.modules if name.split(".")[0] in ("reference", "autograder")]:
    del sys.modules[name]
from reference.masked_autoencoder import mask_left_half as apply_mask
