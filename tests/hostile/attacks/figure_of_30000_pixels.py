# Draws a figure of 30,000 by 30,000 pixels, and one of a thousand axes.
#
# cell_seconds = 6
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
plt.figure(figsize=(300, 300), dpi=100)
plt.plot([0, 1])
plt.show()
# %%
figure, axes = plt.subplots(30, 30, figsize=(3, 3))
plt.show()
# %%
for _ in range(300):
    plt.figure()
    plt.plot(np.random.rand(1000))
# %%
import zlib
import struct
import base64

from IPython.display import display


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
picture += chunk(b"IDAT", zlib.compress(b"\0" * 30_000_000)) + chunk(b"IEND", b"")
display({"image/png": base64.b64encode(picture).decode()}, raw=True)
