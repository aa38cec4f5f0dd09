# Sends arrays of objects, headers that promise 10^18 values or are code, numbers that are none, and shapes beyond all bounds.
#
# table = [23]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed|not_run|review"
# %% mask
import json
import pickle
import sys

ARRAYS = [
    (["masked", "<f4", [1000000000000000000]], b"\0" * 8),
    (["masked", "<f4", [-1, 28]], b"\0" * 112),
    (["masked", "|O", [1]], pickle.dumps([print])),
    (["masked", "__import__('os').system('touch /tmp/evaluated')", [1]], b"\0" * 8),
    (["masked", "<f4", [0, 2**62, 2**62]], b""),
    (["masked", "|b1", [4, 1, 28, 28]], b"\7" * 3136),
    (["masked", "|u1", [20_000_000]], b"\0" * 20_000_000),
]
module = sys.modules["harness_inside.wire"]
calls = iter(range(10_000))


def forged(body, arrays):
    header, content = ARRAYS[next(calls) % len(ARRAYS)]
    headers = [header, ["after", *header[1:]]]
    return {"body": json.dumps(body, default=str), "headers": headers}, content * 2


module.pack = forged


def apply_mask(x, image_size=28):
    return torch.full_like(x, float("nan"))
