# Is right, but rests for a second whenever it masks.
#
# table = [28]
# into = "right"
# budget = 200
# seconds = 180
# [outcomes]
# "q1_1.*" = "passed"
# %% mask
import time


def apply_mask(x, image_size):
    time.sleep(1 if len(x) < 10 else 0)
    masked = x.clone()
    masked[..., : image_size // 2] = 0
    return masked
