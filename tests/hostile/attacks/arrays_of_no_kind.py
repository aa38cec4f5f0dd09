# Sends arrays of objects, headers that promise 10^18 values, numbers that are none, and archives that unpack without end.
#
# table = [23]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed|not_run|review"
# %% mask
import base64
import io
import json
import pickle
import sys
import zipfile

from numpy.lib import format as npy


def packed(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("masked.npy", content)
        archive.writestr("after.npy", content)
    return file.getvalue()


def header(text):
    raw = text.encode() + b" " * (118 - len(text) - 1) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(raw).to_bytes(2, "little") + raw


ARRAYS = [
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000000,), }"),
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 28), }"),
    header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }") + pickle.dumps([print]),
    header("__import__('os').system('touch /tmp/evaluated')"),
    b"\0" * 300_000_000,
]
module = sys.modules["harness_inside.wire"]
calls = iter(range(10_000))


def forged(body, arrays):
    content = ARRAYS[next(calls) % len(ARRAYS)]
    return {"body": json.dumps(body, default=str), "arrays": base64.b64encode(packed(content)).decode()}


module.pack = forged


def apply_mask(x, image_size=28):
    return torch.full_like(x, float("nan"))
